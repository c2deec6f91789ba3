/** Amounts of money in parts of a unit: what many have a part of adds up to the last part, and nothing is rounded before it is paid. */
import { field, type Of, struct, u128 } from '../../../primitives/scale/index.ts';
import { balance } from '../../support/types.ts';

/** Parts of a unit of money, as a power of two. An index over four billion blocks at the highest yield still fits into 128 bits. */
const PART_BITS = 96n;
export const ONE = 1n << PART_BITS;

export const exact = struct('tacit_royalty::Exact', {
  units: field(balance, 'Whole units.'),
  part: field(u128, 'And so many parts of a unit, of which 2^96 are one.'),
});
export type Exact = Of<typeof exact>;

export const NOTHING: Exact = { units: 0n, part: 0n };

/** All of it in parts. */
export const partsOf = ({ units, part }: Exact): bigint => (units << PART_BITS) + part;

/** @param parts none below zero: whoever subtracts has counted */
const exactOf = (parts: bigint): Exact => ({ units: parts >> PART_BITS, part: parts & (ONE - 1n) });

/** An amount and `parts` more, or less if they are negative. */
export const plus = (amount: Exact, parts: bigint): Exact => exactOf(partsOf(amount) + parts);
