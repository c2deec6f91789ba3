/** Titles: whose an asset is, who has which part of it, who acts for its owner. */
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { WHOLE } from '../../primitives/money.ts';
import { burn, repatriateReserved, reserve, unreserve } from '../balances/index.ts';
import { type Context, ensure } from '../support/index.ts';
import { DELEGATE_DEPOSIT, LOG_FEE, type Ownership, state } from './state.ts';
import {
  ALL_ROLES,
  type Asset,
  type LogEntry,
  MAX_DELEGATES,
  MAX_SHARES,
  type Offered,
  ROLE,
  type Role,
  type Share,
  type Title,
} from './types.ts';

/** `Model 7`: for messages, and as a key of sets. */
export const assetName = ({ tag, value }: Asset): string => `${tag} ${value}`;
export const dataAsset = (id: bigint): Asset => ({ tag: 'Data', value: id });
export const modelAsset = (id: bigint): Asset => ({ tag: 'Model', value: id });
export const sameAsset = (a: Asset, b: Asset): boolean => a.tag === b.tag && a.value === b.value;

export function titleOf(ctx: Context, asset: Asset): Title | undefined {
  return state.use(ctx).store.titles.get(asset);
}

function knownTitle({ store, errors }: Ownership, asset: Asset): Title {
  const found = store.titles.get(asset);
  ensure(found, errors.UnknownAsset);
  return found;
}

/** Adds an entry to the log of an asset, and puts its title with it. */
function putLogged({ ctx, store }: Ownership, asset: Asset, title: Title, what: LogEntry['what']): void {
  store.log.put(asset, title.entries, { block: ctx.block, what });
  store.titles.put(asset, { ...title, entries: title.entries + 1 });
}

/** A new asset: its deposit is reserved of the owner. The pallet that makes it counts its numbers. */
export function createAsset(ctx: Context, asset: Asset, owner: Uint8Array, deposit: bigint): void {
  const ownership = state.use(ctx);
  reserve(ctx, owner, deposit);
  const shares = [{ account: owner, bps: WHOLE }];
  const what = { tag: 'Created' as const, value: { owner } };
  putLogged(ownership, asset, { owner, deposit, shares, delegates: 0, entries: 0 }, what);
  ownership.events.Created({ asset, owner });
}

/** The title of an asset that `who` may decide over in a role: as its owner, or as a delegate. */
export function ensureMay(ctx: Context, asset: Asset, who: Uint8Array, role: Role): Title {
  const ownership = state.use(ctx);
  const title = knownTitle(ownership, asset);
  ensure(mayAct(ctx, asset, who, role), ownership.errors.NotAllowed);
  return title;
}

/** Whether an account may decide over an asset in a role; false of what nobody owns. */
export function mayAct(ctx: Context, asset: Asset, who: Uint8Array, role: Role): boolean {
  const title = titleOf(ctx, asset);
  return title !== undefined && (sameBytes(title.owner, who) || rolesOf(ctx, asset, who).includes(role));
}

function rolesOf(ctx: Context, asset: Asset, who: Uint8Array): Role[] {
  const bits = state.use(ctx).store.delegates.get(asset, who) ?? 0;
  return (Object.keys(ROLE) as Role[]).filter((role) => (bits & ROLE[role]) !== 0);
}

/** Whether an account owns an asset or has a part of it. */
export function isHolder(ctx: Context, asset: Asset, who: Uint8Array): boolean {
  const title = titleOf(ctx, asset);
  if (title === undefined) return false;
  return sameBytes(title.owner, who) || title.shares.some(({ account }) => sameBytes(account, who));
}

/** Reserves more of the owner for what is kept of an asset. */
export function addDeposit(ctx: Context, asset: Asset, amount: bigint): void {
  const ownership = state.use(ctx);
  const title = knownTitle(ownership, asset);
  reserve(ctx, title.owner, amount);
  ownership.store.titles.put(asset, { ...title, deposit: title.deposit + amount });
}

/** Gives back what is no longer kept. The caller has added it before. */
export function returnDeposit(ctx: Context, asset: Asset, amount: bigint): void {
  const ownership = state.use(ctx);
  const title = knownTitle(ownership, asset);
  unreserve(ctx, title.owner, amount);
  ownership.store.titles.put(asset, { ...title, deposit: title.deposit - amount });
}

/** Moves a part of `from` to `to`. Fails if `from` has less. */
function moveShare({ errors }: Ownership, shares: readonly Share[], from: Uint8Array, to: Uint8Array, bps: number) {
  const giver = shares.find(({ account }) => sameBytes(account, from));
  ensure(giver !== undefined && giver.bps >= bps, errors.NoShare);
  const kept = shares.map((share) => (share === giver ? { ...share, bps: share.bps - bps } : share));
  const receiver = kept.find(({ account }) => sameBytes(account, to));
  const moved =
    receiver === undefined
      ? [...kept, { account: to, bps }]
      : kept.map((share) => (share === receiver ? { ...share, bps: share.bps + bps } : share));
  const left = moved.filter((share) => share.bps > 0);
  ensure(left.length <= MAX_SHARES, errors.TooManyShares);
  return left;
}

/** Fails unless `from` could give this to `to` now. */
export function ensureGivable(o: Ownership, asset: Asset, from: Uint8Array, to: Uint8Array, what: Offered): void {
  const title = knownTitle(o, asset);
  if (what.tag === 'Title') ensure(sameBytes(title.owner, from), o.errors.NotAllowed);
  else ensure(what.value > 0, o.errors.BadShare);
  ensure(!sameBytes(from, to), o.errors.ToSelf);
  if (what.tag === 'Share') moveShare(o, title.shares, from, to, what.value);
}

/** The owner gives an asset away: its deposit and the owner's part go along, delegates end. The fee for the entry is paid. */
export function transferTitle(ownership: Ownership, asset: Asset, from: Uint8Array, to: Uint8Array): void {
  const { ctx, store, events, errors } = ownership;
  const title = knownTitle(ownership, asset);
  ensure(sameBytes(title.owner, from), errors.NotAllowed);
  store.delegates.clear(asset);
  // A new owner gets the deposit with the asset: nobody can make another reserve money of its own.
  const delegated = BigInt(title.delegates) * DELEGATE_DEPOSIT;
  unreserve(ctx, from, delegated);
  const deposit = title.deposit - delegated;
  repatriateReserved(ctx, from, to, deposit);
  reserve(ctx, to, deposit);
  const own = title.shares.find(({ account }) => sameBytes(account, from))?.bps ?? 0;
  const shares = own === 0 ? title.shares : moveShare(ownership, title.shares, from, to, own);
  const next: Title = { ...title, owner: to, deposit, shares, delegates: 0 };
  putLogged(ownership, asset, next, { tag: 'Transferred', value: { from, to } });
  events.Transferred({ asset, from, to });
}

/** Who has a part of what an asset earns gives of it. */
export function giveShare(
  o: Ownership,
  asset: Asset,
  from: Uint8Array,
  to: Uint8Array,
  bps: number,
  entry: 'Paid' | 'Owed',
): void {
  const title = knownTitle(o, asset);
  const shares = moveShare(o, title.shares, from, to, bps);
  if (entry === 'Owed') burn(o.ctx, from, LOG_FEE, 'keepAlive');
  putLogged(o, asset, { ...title, shares }, { tag: 'ShareGiven', value: { from, to, bps } });
  o.events.ShareGiven({ asset, from, to, bps });
}

/** The owner says what another account may do for it; 0 ends it. */
export function setDelegate(
  ownership: Ownership,
  asset: Asset,
  owner: Uint8Array,
  delegate: Uint8Array,
  roles: number,
): void {
  const { ctx, store, events, errors } = ownership;
  const title = knownTitle(ownership, asset);
  ensure(sameBytes(title.owner, owner), errors.NotAllowed);
  ensure((roles & ~ALL_ROLES) === 0, errors.BadRoles);
  ensure(!sameBytes(owner, delegate), errors.ToSelf);
  const isOne = store.delegates.has(asset, delegate);
  if (roles === 0) {
    ensure(isOne, errors.NoDelegate);
    store.delegates.remove(asset, delegate);
    store.titles.put(asset, { ...title, delegates: title.delegates - 1 });
    returnDeposit(ctx, asset, DELEGATE_DEPOSIT);
  } else {
    ensure(isOne || title.delegates < MAX_DELEGATES, errors.TooManyDelegates);
    store.delegates.put(asset, delegate, roles);
    if (!isOne) {
      store.titles.put(asset, { ...title, delegates: title.delegates + 1 });
      addDeposit(ctx, asset, DELEGATE_DEPOSIT);
    }
  }
  events.DelegateSet({ asset, delegate, roles });
}
