/**
 * Attesters. Anybody who puts up the bond is listed; only governance's admission makes a word count, and it ends by time, by dismissal, or when the attester
 * leaves. Admissions are kept for good, so that what counted in a block can be told at any later one.
 */
import { present } from '../../primitives/at.ts';
import { reserve, slashReserved, unreserve } from '../balances/index.ts';
import { parameter } from '../parameters/index.ts';
import { type Context, ensure } from '../support/index.ts';
import { type Registry, state } from './state.ts';
import { type Admission, ALL_KINDS, ATTESTS, type Attester, type ClaimKind } from './types.ts';

const isPart = (kinds: number, of: number): boolean => kinds > 0 && (kinds & ~of) === 0;

/** An attester that has not left. */
function active({ store, errors }: Registry, who: Uint8Array): Attester {
  const found = store.attesters.get(who);
  ensure(found, errors.NotAttester);
  ensure(found.free === undefined, errors.HasLeft);
  return found;
}

/** The admission of an attester that holds now, and its number. */
export function admissionNow(
  { ctx, store }: Registry,
  who: Uint8Array,
): { number: number; admission: Admission } | undefined {
  const number = store.admissionCount.get(who) - 1;
  const admission = number < 0 ? undefined : store.admissions.get(who, number);
  return admission !== undefined && holdsAt(admission, ctx.block) ? { number, admission } : undefined;
}

/** Whether an account is an attester that is admitted for a kind now. */
export function isAdmittedFor(ctx: Context, who: Uint8Array, kind: ClaimKind): boolean {
  const now = admissionNow(state.use(ctx), who);
  return now !== undefined && (now.admission.kinds & ATTESTS[kind.tag]) !== 0;
}

/** Whether an admission or a claim holds in a block, by its beginning and what ended it first. */
export function holdsAt(
  { from, until, ended }: { from: number; until: number; ended: number | undefined },
  block: number,
): boolean {
  return from <= block && block < until && (ended === undefined || block < ended);
}

export function registerAttester(registry: Registry, who: Uint8Array, name: string, kinds: number): void {
  const { ctx, store, events, errors } = registry;
  ensure(!store.attesters.has(who), errors.AlreadyAttester);
  ensure(isPart(kinds, ALL_KINDS), errors.BadKinds);
  const bond = parameter(ctx, 'AttesterBond');
  reserve(ctx, who, bond);
  store.attesters.put(who, { name, kinds, bond, free: undefined, disputes: 0 });
  events.AttesterRegistered({ attester: who, name, bond });
}

export function raiseBond(registry: Registry, who: Uint8Array, amount: bigint): void {
  const { ctx, store, events } = registry;
  const found = active(registry, who);
  reserve(ctx, who, amount);
  const bond = found.bond + amount;
  store.attesters.put(who, { ...found, bond });
  events.BondRaised({ attester: who, bond });
}

/** The bond stands behind an attester's word: what disputes have taken of it is put up again before it speaks anew. */
export function ensureBonded({ ctx, errors }: Registry, { bond }: Attester): void {
  ensure(bond >= parameter(ctx, 'AttesterBond'), errors.BondTooSmall);
}

/** Admits an attester for some of the kinds that it offers, or for longer. */
export function admitAttester(registry: Registry, who: Uint8Array, kinds: number, until: number): void {
  const { ctx, store, events, errors } = registry;
  const found = active(registry, who);
  ensure(isPart(kinds, found.kinds), errors.BadKinds);
  ensure(until > ctx.block, errors.BadTime);
  ensureBonded(registry, found);
  const now = admissionNow(registry, who);
  if (now === undefined) {
    const count = store.admissionCount.get(who);
    store.admissions.put(who, count, { kinds, from: ctx.block, until, ended: undefined });
    store.admissionCount.put(who, count + 1);
  } else {
    ensure(now.admission.kinds === kinds && until > now.admission.until, errors.AlreadyAdmitted);
    store.admissions.put(who, now.number, { ...now.admission, until });
  }
  events.AttesterAdmitted({ attester: who, kinds, until });
}

function endAdmission(registry: Registry, who: Uint8Array): boolean {
  const now = admissionNow(registry, who);
  if (now === undefined) return false;
  registry.store.admissions.put(who, now.number, { ...now.admission, ended: registry.ctx.block });
  return true;
}

export function dismissAttester(registry: Registry, who: Uint8Array): void {
  ensure(endAdmission(registry, who), registry.errors.NotAdmitted);
  registry.events.AttesterDismissed({ attester: who });
}

/** Leaves: its word counts no more at once; its bond stays at stake for a while. */
export function leaveAttesters(registry: Registry, who: Uint8Array): void {
  const { ctx, store, events } = registry;
  const found = active(registry, who);
  endAdmission(registry, who);
  const free = ctx.block + Number(parameter(ctx, 'AttesterUnbonding'));
  store.attesters.put(who, { ...found, free });
  events.AttesterLeft({ attester: who, free });
}

export function withdrawBond(registry: Registry, who: Uint8Array): void {
  const { ctx, store, events, errors } = registry;
  const found = store.attesters.get(who);
  ensure(found, errors.NotAttester);
  ensure(found.free !== undefined, errors.NotLeft);
  ensure(ctx.block >= found.free, errors.TooEarly);
  ensure(found.disputes === 0, errors.StillDisputed);
  store.attesters.remove(who);
  unreserve(ctx, who, found.bond);
  events.BondWithdrawn({ attester: who, bond: found.bond });
}

/** What an attester has at stake, also after it has left; undefined if it has taken its bond. */
export function attesterBond(ctx: Context, who: Uint8Array): bigint | undefined {
  return state.use(ctx).store.attesters.get(who)?.bond;
}

/** Disputes about claims of an attester that are open. */
export function openDisputesOf(ctx: Context, who: Uint8Array): number {
  return state.use(ctx).store.attesters.get(who)?.disputes ?? 0;
}

/** One dispute about its claims more, or less: while there are any, its bond stays. */
export function bindAttester(ctx: Context, who: Uint8Array, by: 1 | -1): void {
  const { store } = state.use(ctx);
  const found = present(store.attesters.get(who), 'the attester, whose bond is bound');
  store.attesters.put(who, { ...found, disputes: found.disputes + by });
}

/** Burns of an attester's bond, at most what there is of it. @returns how much */
export function slashAttester(ctx: Context, who: Uint8Array, amount: bigint): bigint {
  const { store, events } = state.use(ctx);
  const found = store.attesters.get(who);
  const most = found === undefined || found.bond > amount ? amount : found.bond;
  if (found === undefined || most === 0n) return 0n;
  const burned = slashReserved(ctx, who, most);
  store.attesters.put(who, { ...found, bond: found.bond - burned });
  events.AttesterSlashed({ attester: who, amount: burned });
  return burned;
}
