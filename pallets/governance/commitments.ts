/**
 * What votes holds money, and how much of it: of an account that is committed to several things the largest amount is reserved, not their sum. One unit stands for
 * one proposal once, for several at a time.
 */
import { reserve, unreserve } from '../balances/index.ts';
import { ensure } from '../support/index.ts';
import type { Governance } from './state.ts';
import { type Cause, type Commitment, MAX_COMMITMENTS } from './types.ts';

/** What commitments reserve together. */
export function heldBy(commitments: readonly Commitment[]): bigint {
  return commitments.reduce((most, { amount }) => (amount > most ? amount : most), 0n);
}

/** Whether two commitments are about the same proposal or election: of an account there is one of each. */
export function sameCause(a: Cause, b: Cause): boolean {
  if (a.tag === 'Proposal') return b.tag === 'Proposal' && a.value.id === b.value.id;
  return b.tag === 'Election' && a.value.number === b.value.number;
}

/** Puts the commitments of an account, and reserves or frees the difference. */
function put({ ctx, store, errors }: Governance, who: Uint8Array, next: readonly Commitment[]): void {
  const before = heldBy(store.commitments.get(who));
  const now = heldBy(next);
  ensure(next.length <= MAX_COMMITMENTS, errors.TooManyVotes);
  if (now > before) reserve(ctx, who, now - before);
  else unreserve(ctx, who, before - now);
  if (next.length === 0) store.commitments.remove(who);
  else store.commitments.put(who, [...next]);
}

/** The commitments of an account whose time is not over. */
function running({ ctx, store }: Governance, who: Uint8Array): Commitment[] {
  return store.commitments.get(who).filter(({ until }) => until > ctx.block);
}

/** The commitment of an account to a proposal or an election. */
export function commitmentTo(pallet: Governance, who: Uint8Array, cause: Cause): Commitment | undefined {
  return running(pallet, who).find((each) => sameCause(each.cause, cause));
}

/** Commits an account, in the place of what it has been committed to in the same matter. Fails for want of money or of a place. */
export function commit(pallet: Governance, who: Uint8Array, added: Commitment): void {
  const others = running(pallet, who).filter(({ cause }) => !sameCause(cause, added.cause));
  put(pallet, who, [...others, added]);
}

/** Ends a commitment without a lock. */
export function release(pallet: Governance, who: Uint8Array, cause: Cause): void {
  put(
    pallet,
    who,
    running(pallet, who).filter((each) => !sameCause(each.cause, cause)),
  );
}

/** Frees what locks of an account hold that are over. Anybody may ask for it. Fails with NothingToUnlock. */
export function unlock(pallet: Governance, who: Uint8Array): void {
  const { store, events, errors } = pallet;
  const left = running(pallet, who);
  ensure(left.length < store.commitments.get(who).length, errors.NothingToUnlock);
  put(pallet, who, left);
  events.Unlocked({ who });
}

/** When how much becomes free, if nothing is added: in order of the blocks. */
export function unlocks(commitments: readonly Commitment[]): { block: number; amount: bigint }[] {
  const steps: { block: number; amount: bigint }[] = [];
  let left = [...commitments];
  for (const block of [...new Set(left.map(({ until }) => until))].toSorted((a, b) => a - b)) {
    const rest = left.filter(({ until }) => until > block);
    const amount = heldBy(left) - heldBy(rest);
    if (amount > 0n) steps.push({ block, amount });
    left = rest;
  }
  return steps;
}
