/** Anonymous claims (specification §8): an unsigned extrinsic spends one note of a bin; nobody learns which. The whole amount is claimed in the open. */
import { isTacitError } from '../../primitives/errors.ts';
import { decodeBin } from '../../primitives/proofs/notes.ts';
import { checkClaimTerms, claimTask, type ClaimTerms, tagOfProof } from '../../primitives/proofs/ring.ts';
import { burn, EXISTENTIAL_DEPOSIT, transfer } from '../balances/index.ts';
import { ensure, invalid, type UnsignedValidity } from '../support/index.ts';
import { CLAIM_FEE, ESCROW, type Royalty } from './state.ts';

export interface ClaimArgs {
  round: number;
  bin: number;
  amount: bigint;
  destination: Uint8Array;
  proof: Uint8Array;
}

/** Reasons of refusal, as `InvalidTransaction::Custom` shows them. */
export const REFUSED = { unknownBin: 1, badTerms: 2, escrowTooSmall: 3, badForm: 5 } as const;

const LONGEVITY = 64n;

function termsOf({ amount, destination }: ClaimArgs): ClaimTerms {
  return { amount, fee: CLAIM_FEE, destination };
}

/** The tag, or undefined if terms or proof have not their form. */
function cheapChecks(claim: ClaimArgs): Uint8Array | undefined {
  try {
    checkClaimTerms(termsOf(claim));
    return tagOfProof(claim.proof);
  } catch (error) {
    if (isTacitError(error)) return undefined;
    throw error;
  }
}

/** Judges a claim in the pool and again when it is applied: the proof, some 40 ms of work, comes last. */
export function validateClaim(royalty: Royalty, claim: ClaimArgs): UnsignedValidity {
  const { ctx, store } = royalty;
  const terms = termsOf(claim);
  const tag = cheapChecks(claim);
  if (tag === undefined) return invalid(REFUSED.badForm);
  if (terms.amount - terms.fee < EXISTENTIAL_DEPOSIT) return invalid(REFUSED.badTerms);
  const record = store.bins.get(claim.round, claim.bin);
  if (record === undefined) return invalid(REFUSED.unknownBin);
  if (store.tags.has(claim.round, tag)) return invalid('Stale');
  if (record.escrow < terms.amount) return invalid(REFUSED.escrowTooSmall);
  const task = { kind: 'claim' as const, parts: claimTask(decodeBin(record.bin), terms, claim.proof) };
  if (!ctx.host.verify(task)) return invalid('BadProof');
  return { priority: 1n, requires: [], provides: [tag], longevity: LONGEVITY, propagate: true };
}

/** Pays a claim that has been validated. */
export function claim(royalty: Royalty, args: ClaimArgs): void {
  const { ctx, store, events, errors } = royalty;
  const { round, bin, destination } = args;
  const { amount, fee } = termsOf(args);
  const tag = tagOfProof(args.proof);
  const record = store.bins.get(round, bin);
  ensure(record, errors.UnknownBin);
  ensure(!store.tags.has(round, tag), errors.AlreadyClaimed);
  ensure(record.escrow >= amount, errors.EscrowTooSmall);
  store.tags.put(round, tag, undefined);
  store.bins.put(round, bin, { ...record, escrow: record.escrow - amount, claimed: record.claimed + 1 });
  transfer(ctx, ESCROW, destination, amount - fee, 'allowDeath');
  burn(ctx, ESCROW, fee, 'allowDeath');
  events.Claimed({ round, bin, tag, destination, amount, fee });
}
