/** What the ethics panel does: suspend a model for review, for a bounded time, by a majority of its members. */
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { reserve, slashReserved, unreserve } from '../balances/index.ts';
import { lift, modelAsset, setTag, standingOf, suspend, titleOf } from '../ownership/index.ts';
import { type Context, ensure } from '../support/index.ts';
import { numberOf } from './proposals.ts';
import { type Governance, MOTION_DEPOSIT } from './state.ts';
import { MAX_MOTIONS_EACH, MAX_SPARED, MIN_MEMBERS, type Motion } from './types.ts';

function isSuspended(ctx: Context, model: bigint): boolean {
  return ctx.block < (standingOf(ctx, modelAsset(model)).suspendedUntil ?? 0);
}

/** So many members decide. Fails unless `who` is one of a panel in office. */
function ensureMember({ ctx, store, errors }: Governance, who: Uint8Array): number {
  const members = store.panel.get();
  ensure(ctx.block < store.election.get().closes && members.length >= MIN_MEMBERS, errors.NoPanel);
  ensure(
    members.some(({ account }) => sameBytes(account, who)),
    errors.NotMember,
  );
  return Math.floor(members.length / 2) + 1;
}

const sameWish = (a: Motion, model: bigint, reason: Uint8Array | undefined): boolean =>
  a.model === model &&
  (a.reason === undefined ? reason === undefined : reason !== undefined && sameBytes(a.reason, reason));

/** Motions that are not void. */
function liveMotions({ ctx, store }: Governance): Motion[] {
  return store.motions.get().filter(({ expires }) => expires > ctx.block);
}

/** Puts motions in the place of all that there are; deposits of the void ones go back. */
function keepMotions({ ctx, store }: Governance, motions: Motion[]): void {
  for (const { opener, deposit, expires } of store.motions.get())
    if (expires <= ctx.block) unreserve(ctx, opener, deposit);
  store.motions.put(motions);
}

/** Opens a motion, or approves of one that is open. Gives the motion if that was the last approval it needed; it is over then. */
function move(pallet: Governance, who: Uint8Array, model: bigint, reason: Uint8Array | undefined): Motion | undefined {
  const { ctx, events, errors } = pallet;
  const majority = ensureMember(pallet, who);
  const live = liveMotions(pallet);
  const found = live.find((each) => sameWish(each, model, reason));
  const others = live.filter((each) => each !== found);
  if (found === undefined) {
    const own = live.filter(({ opener }) => sameBytes(opener, who));
    ensure(own.length < MAX_MOTIONS_EACH, errors.TooManyMotions);
    // What comes back of void ones may pay for it.
    keepMotions(pallet, live);
    reserve(ctx, who, MOTION_DEPOSIT);
    const expires = ctx.block + numberOf(ctx, 'PanelMotion');
    const opened = { model, reason, opener: who, deposit: MOTION_DEPOSIT, approvals: [who], expires };
    pallet.store.motions.put([...others, opened]);
    events.MotionOpened({ model, who });
    return undefined;
  }
  ensure(!found.approvals.some((each) => sameBytes(each, who)), errors.AlreadyApproved);
  const next = { ...found, approvals: [...found.approvals, who] };
  const isCarried = next.approvals.length >= majority;
  keepMotions(pallet, isCarried ? others : [...others, next]);
  events.MotionApproved({ model, who });
  return isCarried ? next : undefined;
}

/** A member wants a model suspended, for a reason; the majority does it. Each model once for one reason, and once by one panel. */
export function panelSuspend(pallet: Governance, who: Uint8Array, model: bigint, reason: Uint8Array): void {
  const { ctx, store, events, errors } = pallet;
  ensureMember(pallet, who);
  ensure(titleOf(ctx, modelAsset(model)) !== undefined, errors.UnknownModel);
  ensure(!isSuspended(ctx, model) && !store.suspensions.has(model, reason), errors.AlreadySuspended);
  const spared = store.spared.get();
  ensure(spared.length < MAX_SPARED && !spared.includes(model), errors.Spared);
  const carried = move(pallet, who, model, reason);
  if (carried === undefined) return;
  const until = ctx.block + numberOf(ctx, 'PanelSuspension');
  slashReserved(ctx, carried.opener, carried.deposit);
  suspend(ctx, modelAsset(model), until);
  setTag(ctx, modelAsset(model), 'UnderReview', true);
  store.spared.put([...spared, model]);
  store.suspensions.put(model, reason, until);
  events.Suspended({ model, reason, until });
}

function free(ctx: Context, model: bigint): void {
  lift(ctx, modelAsset(model));
  setTag(ctx, modelAsset(model), 'UnderReview', false);
}

/** A member wants a suspension ended; the majority does it. */
export function panelLift(pallet: Governance, who: Uint8Array, model: bigint): void {
  const { ctx, events, errors } = pallet;
  ensureMember(pallet, who);
  ensure(isSuspended(ctx, model), errors.NotSuspended);
  const carried = move(pallet, who, model, undefined);
  if (carried === undefined) return;
  unreserve(ctx, carried.opener, carried.deposit);
  free(ctx, model);
  events.Lifted({ model });
}

/** Takes the marks of a suspension off whose time is over. Anybody may; without it the model is free all the same. */
export function endReview({ ctx, events, errors }: Governance, model: bigint): void {
  const { suspendedUntil } = standingOf(ctx, modelAsset(model));
  ensure(suspendedUntil !== undefined, errors.NotSuspended);
  ensure(ctx.block >= suspendedUntil, errors.UnderReview);
  free(ctx, model);
  events.ReviewEnded({ model });
}

/** A proposal overrules the panel: the suspension ends, motions about the model are void, and this panel suspends it no more. */
export function overrule(pallet: Governance, model: bigint): void {
  const { ctx, store, events, errors } = pallet;
  ensure(titleOf(ctx, modelAsset(model)) !== undefined, errors.UnknownModel);
  if (isSuspended(ctx, model)) free(ctx, model);
  const motions = store.motions.get();
  for (const { opener, deposit } of motions.filter((each) => each.model === model)) unreserve(ctx, opener, deposit);
  store.motions.put(motions.filter((each) => each.model !== model));
  const spared = store.spared.get();
  // Of a full list nothing is suspended any more.
  if (!spared.includes(model) && spared.length < MAX_SPARED) store.spared.put([...spared, model]);
  events.Overruled({ model });
}
