/**
 * Anonymous claims (specification §12): an unsigned extrinsic takes a round amount out of one note of a bin and puts what is left into new notes; nobody learns
 * which note it was, nor what it held.
 */
import { at } from '../../primitives/at.ts';
import { decodePoints } from '../../primitives/crypto/points.ts';
import { isTacitError } from '../../primitives/errors.ts';
import { tagOfHiddenClaim } from '../../primitives/proofs/hidden-check.ts';
import { checkHiddenTerms, type HiddenTerms } from '../../primitives/proofs/hidden-claim.ts';
import { hiddenClaimTask } from '../../primitives/proofs/hidden-task.ts';
import { burn, transfer } from '../balances/index.ts';
import { ensure, invalid, type UnsignedValidity } from '../support/index.ts';
import { appendNotes, bytesOfBin } from './bins.ts';
import { CLAIM_FEE, ESCROW, LEAST_CLAIM, type Notes } from './state.ts';
import { type BinRecord, CHUNK_CLAIMS, type NoteClass } from './types.ts';

export interface ClaimArgs {
  class: number;
  bin: number;
  /** What it takes out of the note, in units. */
  amount: bigint;
  outputs: { key: Uint8Array; commitment: Uint8Array }[];
  destination: Uint8Array;
  proof: Uint8Array;
}

/** Reasons of refusal, as `InvalidTransaction::Custom` shows them. */
export const REFUSED = { unknownBin: 1, badAmount: 2, exhausted: 3, badForm: 4 } as const;

const LONGEVITY = 64n;

const termsOf = ({ amount, destination, outputs }: ClaimArgs): HiddenTerms => ({
  amount,
  fee: CLAIM_FEE,
  destination,
  outputs,
});

/** The tag, or undefined if terms or proof have not their form: some checks of points, a hundredth of the proof's work. */
function cheapChecks({ grains }: NoteClass, { digits }: BinRecord, claim: ClaimArgs): Uint8Array | undefined {
  const terms = termsOf(claim);
  try {
    checkHiddenTerms({ grains }, terms);
    decodePoints(terms.outputs.map(({ commitment }) => commitment));
    return tagOfHiddenClaim({ bin: { digits }, terms, proof: claim.proof });
  } catch (error) {
    if (isTacitError(error)) return undefined;
    throw error;
  }
}

/** Judges a claim in the pool and again when it is applied: the proof comes last. */
export function validateClaim(notes: Notes, claim: ClaimArgs): UnsignedValidity {
  const { ctx, store } = notes;
  const known = store.classes.get()[claim.class];
  const record = store.bins.get(claim.class, claim.bin);
  if (known === undefined || record === undefined) return invalid(REFUSED.unknownBin);
  if (claim.amount < LEAST_CLAIM || claim.amount > record.largest) return invalid(REFUSED.badAmount);
  const tag = cheapChecks(known, record, claim);
  if (tag === undefined) return invalid(REFUSED.badForm);
  if (store.tags.has(tag)) return invalid('Stale');
  if (known.paid + claim.amount > known.brought) return invalid(REFUSED.exhausted);
  const bin = bytesOfBin(notes, claim.class, claim.bin, record);
  const task = { kind: 'hidden-claim' as const, parts: hiddenClaimTask(bin, termsOf(claim), claim.proof) };
  if (!ctx.host.verify(task)) return invalid('BadProof');
  return { priority: 1n, requires: [], provides: [tag], longevity: LONGEVITY, propagate: true };
}

/** Pays a claim that has been validated, and adds its change to the list of its class. */
export function claim(notes: Notes, args: ClaimArgs): void {
  const { ctx, store, events, errors } = notes;
  const { class: id, bin, amount, outputs, destination, proof } = args;
  const record = store.bins.get(id, bin);
  ensure(record, errors.UnknownBin);
  const tag = tagOfHiddenClaim({ bin: record, terms: termsOf(args), proof });
  ensure(!store.tags.has(tag), errors.AlreadyClaimed);
  const classes = store.classes.get();
  const known = at(classes, id);
  ensure(known.paid + amount <= known.brought, errors.Exhausted);
  store.tags.put(tag, undefined);
  store.classes.put(classes.with(id, { ...known, paid: known.paid + amount }));
  const first = appendNotes(notes, id, outputs);
  const number = store.claimCount.get();
  const made = { class: id, bin, tag, amount, fee: CLAIM_FEE, destination, first, outputs: outputs.length };
  store.claims.mutate(Math.floor(number / CHUNK_CLAIMS), (chunk) => [...chunk, made]);
  store.claimCount.put(number + 1);
  transfer(ctx, ESCROW, destination, amount - CLAIM_FEE, 'allowDeath');
  burn(ctx, ESCROW, CLAIM_FEE, 'allowDeath');
  events.Claimed(made);
}
