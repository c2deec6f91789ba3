/** Anonymous claims (specification §8): an unsigned extrinsic spends one note of a bin; nobody learns which. The whole amount is claimed in the open. */
import { present } from '../../primitives/at.ts';
import { isTacitError } from '../../primitives/errors.ts';
import { decodeBin } from '../../primitives/proofs/notes.ts';
import { checkClaimTerms, claimTask, type ClaimTerms, tagOfProof } from '../../primitives/proofs/ring.ts';
import { burn, EXISTENTIAL_DEPOSIT, transfer } from '../balances/index.ts';
import { ensure, invalid, type UnsignedValidity } from '../support/index.ts';
import { returnToPools } from './rounds.ts';
import { CLAIM_FEE, ESCROW, type Royalty } from './state.ts';
import type { BinRecord } from './types.ts';

export interface ClaimArgs {
  round: number;
  bin: number;
  /** The note's whole amount, in grains. */
  amount: bigint;
  destination: Uint8Array;
  proof: Uint8Array;
}

/** Reasons of refusal, as `InvalidTransaction::Custom` shows them. */
export const REFUSED = { unknownBin: 1, badTerms: 2, escrowTooSmall: 3, badForm: 5 } as const;

const LONGEVITY = 64n;

/** What the proof is about: all of it in grains. */
function termsOf({ amount, destination }: ClaimArgs, grains: bigint): ClaimTerms {
  return { amount, fee: CLAIM_FEE * grains, destination };
}

/** The tag, or undefined if terms or proof have not their form. */
function cheapChecks(terms: ClaimTerms, proof: Uint8Array): Uint8Array | undefined {
  try {
    checkClaimTerms(terms);
    return tagOfProof(proof);
  } catch (error) {
    if (isTacitError(error)) return undefined;
    throw error;
  }
}

/** Judges a claim in the pool and again when it is applied: the proof, some 40 ms of work, comes last. */
export function validateClaim(royalty: Royalty, claim: ClaimArgs): UnsignedValidity {
  const { ctx, store } = royalty;
  const record = store.bins.get(claim.round, claim.bin);
  if (record === undefined) return invalid(REFUSED.unknownBin);
  const terms = termsOf(claim, record.grains);
  const tag = cheapChecks(terms, claim.proof);
  if (tag === undefined) return invalid(REFUSED.badForm);
  const value = claim.amount / record.grains;
  if (value - CLAIM_FEE < EXISTENTIAL_DEPOSIT) return invalid(REFUSED.badTerms);
  if (store.tags.has(claim.round, tag)) return invalid('Stale');
  if (record.escrow < value) return invalid(REFUSED.escrowTooSmall);
  const task = { kind: 'claim' as const, parts: claimTask(decodeBin(record.bin), terms, claim.proof) };
  if (!ctx.host.verify(task)) return invalid('BadProof');
  return { priority: 1n, requires: [], provides: [tag], longevity: LONGEVITY, propagate: true };
}

/** Pays a claim that has been validated: whole units. The fractions that a bin's notes leave return to the pool with its last claim. */
export function claim(royalty: Royalty, args: ClaimArgs): void {
  const { ctx, store, events, errors } = royalty;
  const { round, bin, destination } = args;
  const tag = tagOfProof(args.proof);
  const record = store.bins.get(round, bin);
  ensure(record, errors.UnknownBin);
  ensure(!store.tags.has(round, tag), errors.AlreadyClaimed);
  const amount = args.amount / record.grains;
  ensure(record.escrow >= amount, errors.EscrowTooSmall);
  store.tags.put(round, tag, undefined);
  const left = { ...record, escrow: record.escrow - amount, claimed: record.claimed + 1 };
  store.bins.put(round, bin, left);
  transfer(ctx, ESCROW, destination, amount - CLAIM_FEE, 'allowDeath');
  burn(ctx, ESCROW, CLAIM_FEE, 'allowDeath');
  events.Claimed({ round, bin, tag, destination, amount, fee: CLAIM_FEE });
  if (left.claimed === decodeBin(left.bin).notes.length) emptyBin(royalty, round, bin, left);
}

function emptyBin(royalty: Royalty, id: number, bin: number, record: BinRecord): void {
  const { store, events } = royalty;
  const rest = record.escrow;
  if (rest === 0n) return;
  const round = present(store.rounds.get(id), 'the round of a bin');
  store.bins.put(id, bin, { ...record, escrow: 0n });
  returnToPools(royalty, id, round, rest);
  // Scores below zero round down too: where they outweigh what was paid, nothing was.
  const paid = round.paid > rest ? round.paid - rest : 0n;
  store.rounds.put(id, { ...round, paid, dust: round.dust + rest });
  events.BinEmptied({ round: id, bin, rest });
}
