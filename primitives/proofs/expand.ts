/**
 * What a subset's seed stands for (§5): the small polynomials of the encryption, the pads of the digits, the masks of the digit proof and the pads of its
 * aggregated terms. The submitter expands all seeds; a member of the committee those of its own subsets.
 */
import { Prg } from '../crypto/prg.ts';
import { sampleSmall } from '../fhe/sample.ts';
import type { FheParams } from '../fhe/params.ts';
import { scalarField, type ScalarVector } from '../fhe/scalar-kernel.ts';
import type { SmallPieces } from '../fhe/types.ts';
import { DIGIT_TERMS } from './digits.ts';
import { digitCount, type LaneSpec } from './lane.ts';
import { type Binding, expansionSeed } from './transcript.ts';

export const SEED_BYTES = 32;

/** Pads are 80 bits wider than the digits they hide. */
const PAD_BITS = 84;
const PAD_BYTES = 11;
const SCALAR_WORDS = 4;

/** All that one subset contributes to a submission. */
export interface Expansion {
  /** `u_A` ternary, `e0_A`, `e1_A` centred binomial; one coefficient per degree. */
  readonly small: SmallPieces;
  /** Pads of the digits, integers in [0, 2^84), as scalars. */
  readonly pads: ScalarVector;
  /** Masks `a_k` of the digit proof. */
  readonly masks: ScalarVector;
  /** Pads of `C_0..C_15`, then of `N_0, N_1` where the lane fixes a norm. */
  readonly terms: ScalarVector;
}

/** Scalars of a proof that are not per digit: the `C_j`, and `N_0, N_1` of a fixed norm. */
export function termCount(spec: LaneSpec): number {
  return DIGIT_TERMS + (spec.normSq === undefined ? 0 : 2);
}

/** `expand(sigma_A; genesis, parameter id, term, round, lane, account, E, A, purpose)` for all purposes. */
export function expandSeed(
  params: FheParams,
  binding: Binding,
  ephemeral: Uint8Array,
  subset: number,
  seed: Uint8Array,
): Expansion {
  const stream = (purpose: string): Prg => new Prg(expansionSeed(binding, ephemeral, subset, seed, purpose));
  const digits = digitCount(binding.spec);
  return {
    small: sampleSmall(params, stream('small')),
    pads: readPads(stream('pads').next(PAD_BYTES * digits)),
    masks: scalarField.fromWide(stream('masks').next(64 * digits)),
    terms: scalarField.fromWide(stream('terms').next(64 * termCount(binding.spec))),
  };
}

function readPads(bytes: Uint8Array): ScalarVector {
  const count = bytes.length / PAD_BYTES;
  const pads = new BigUint64Array(SCALAR_WORDS * count);
  const target = new Uint8Array(pads.buffer);
  for (let k = 0; k < count; k++) {
    const from = PAD_BYTES * k;
    const to = 8 * SCALAR_WORDS * k;
    for (let i = 0; i < PAD_BYTES; i++) target[to + i] = bytes[from + i] ?? 0;
    const top = to + PAD_BYTES - 1;
    target[top] = (target[top] ?? 0) & ((1 << (PAD_BITS - 8 * (PAD_BYTES - 1))) - 1);
  }
  return pads;
}
