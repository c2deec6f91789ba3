/** What an account may do with an asset. One key of the state holds all of an account's entries, so that one proof tells a gateway. */
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { type Asset, standingOf, titleOf } from '../ownership/index.ts';
import { type Context, ensure } from '../support/index.ts';
import { type Access, type AccessEntry, type Grant, MAX_HELD, MAX_SEATED } from './records.ts';
import { type Licensing, state } from './state.ts';
import { knownTerms } from './terms.ts';
import { ALL_TIERS, TIER, type Terms } from './types.ts';

/** The last block there is room for: what would end later ends never. */
const LAST_BLOCK = 0xff_ff_ff_ff;
export const later = (block: number, by: number): number => Math.min(block + by, LAST_BLOCK);

/** The most uses there is room for. */
export const MAX_USES: bigint = (1n << 64n) - 1n;
/**
 * All uses of a grant, with further ones. More than there is room for are as many as there is [a bundle may have as many, and be renewed: a count that refuses to pass
 * the end would hold up a voucher, or a report of a meter with its place, forever].
 */
export const usedWith = (used: bigint, uses: bigint): bigint => (used + uses < MAX_USES ? used + uses : MAX_USES);

/** The first block in which a grant no longer holds. */
export function untilOf({ end, revocation }: Grant, { grace }: Terms): number | undefined {
  const until = end === undefined ? undefined : later(end, grace);
  if (revocation === undefined) return until;
  return until === undefined ? revocation.from : Math.min(until, revocation.from);
}

export function entryOf(
  { store }: Licensing,
  asset: Asset,
  account: Uint8Array,
  grant: bigint,
): AccessEntry | undefined {
  return store.access.get(asset, account).find((entry) => entry.grant === grant);
}

/** Puts an entry in the place of the one by the same grant, or adds it. Fails with TooManyGrants. */
export function putEntry({ store, errors }: Licensing, asset: Asset, account: Uint8Array, entry: AccessEntry): void {
  const entries = store.access.get(asset, account);
  const place = entries.findIndex(({ grant }) => grant === entry.grant);
  if (place < 0) {
    // Held and lent ones are counted apart: seats that others assign never keep an account from buying.
    const alike = entries.filter(({ isHolder }) => isHolder === entry.isHolder);
    ensure(alike.length < (entry.isHolder ? MAX_HELD : MAX_SEATED), errors.TooManyGrants);
  }
  store.access.put(asset, account, place < 0 ? [...entries, entry] : entries.with(place, entry));
}

export function dropEntry({ store }: Licensing, asset: Asset, account: Uint8Array, grant: bigint): void {
  const rest = store.access.get(asset, account).filter((entry) => entry.grant !== grant);
  if (rest.length === 0) store.access.remove(asset, account);
  else store.access.put(asset, account, rest);
}

/** Writes what a grant allows by now into the entries of its holder and of every seat. */
export function refresh(licensing: Licensing, id: bigint, grant: Grant): void {
  const terms = knownTerms(licensing, grant.terms);
  const fresh = { tiers: terms.tiers, until: untilOf(grant, terms) };
  const accounts = [grant.holder, ...licensing.store.seats.get(id).map(({ account }) => account)];
  for (const account of accounts) {
    const entry = entryOf(licensing, grant.asset, account, id);
    if (entry !== undefined) putEntry(licensing, grant.asset, account, { ...entry, ...fresh });
  }
}

export const isValid = (entry: AccessEntry, block: number): boolean =>
  entry.tiers !== 0 && (entry.until === undefined || block < entry.until) && entry.usesLeft !== 0n;

const serves = ({ tiers }: AccessEntry): number => tiers & TIER.inference;

/**
 * The better of two comes first: one that lets the work be used, for that is what is asked before each serving; then more tiers, one's own before another's, the
 * longer, the one with more uses, the older. Anyone may give an account one more grant: by that it never loses a use that it had.
 */
function order(a: AccessEntry, b: AccessEntry): number {
  const longer = (b.until ?? LAST_BLOCK + 1) - (a.until ?? LAST_BLOCK + 1);
  const [left, right] = [a.usesLeft ?? 1n << 64n, b.usesLeft ?? 1n << 64n];
  return (
    serves(b) - serves(a) ||
    b.tiers - a.tiers ||
    Number(b.isHolder) - Number(a.isHolder) ||
    longer ||
    (left === right ? Number(a.grant - b.grant) : left > right ? -1 : 1)
  );
}

const nothing = (reason: NonNullable<Access['reason']>['tag'], grant?: bigint): Access => ({
  tiers: 0,
  until: undefined,
  usesLeft: undefined,
  grant,
  reason: { tag: reason },
});
const free = (tiers: number): Access => ({
  tiers,
  until: undefined,
  usesLeft: undefined,
  grant: undefined,
  reason: undefined,
});

/** Why an entry allows nothing in this block. */
function reasonOf({ ctx, store }: Licensing, { grant, tiers, until }: AccessEntry): Access {
  if (tiers === 0) return nothing('NotOpened', grant);
  const from = store.grants.get(grant)?.revocation?.from;
  if (from !== undefined && ctx.block >= from) return nothing('GrantRevoked', grant);
  return nothing(until !== undefined && ctx.block >= until ? 'Expired' : 'UsesExhausted', grant);
}

const TRAINING = TIER.train | TIER.fineTune;

/**
 * The best that an account may do: as the owner, by its grants, by a seat, or by terms that are open to everyone. Nobody trains on what its owner has closed to
 * training, whatever was sold before.
 */
export function access(ctx: Context, asset: Asset, account: Uint8Array): Access {
  const found = accessByLicence(ctx, asset, account);
  const tiers = standingOf(ctx, asset).optedOut ? found.tiers & ~TRAINING : found.tiers;
  if (tiers === found.tiers) return found;
  return tiers === 0 ? nothing('TrainingRefused', found.grant) : { ...found, tiers };
}

function accessByLicence(ctx: Context, asset: Asset, account: Uint8Array): Access {
  const licensing = state.use(ctx);
  const { store } = licensing;
  const title = titleOf(ctx, asset);
  if (title === undefined) return nothing('UnknownAsset');
  if (standingOf(ctx, asset).revoked) return nothing('AssetRevoked');
  if (sameBytes(title.owner, account)) return free(ALL_TIERS);
  const entries = store.access.get(asset, account).toSorted(order);
  const best = entries.find((entry) => isValid(entry, ctx.block));
  const open = store.licences.get(asset)?.openTiers ?? 0;
  if (best !== undefined && (best.tiers >= open || serves(best) > (open & TIER.inference))) {
    const { tiers, until, usesLeft, grant } = best;
    return { tiers, until, usesLeft, grant, reason: undefined };
  }
  if (open !== 0) return free(open);
  const [first] = entries;
  return first === undefined ? nothing('NoGrant') : reasonOf(licensing, first);
}

/** The grants by which an account itself may use an asset now, in all of these tiers, the best first; a seat in another's is none. */
export function grantsFor(ctx: Context, asset: Asset, account: Uint8Array, tiers: number): bigint[] {
  const held = state
    .use(ctx)
    .store.access.get(asset, account)
    .filter((one) => one.isHolder && isValid(one, ctx.block));
  return held
    .filter((one) => (one.tiers & tiers) === tiers)
    .toSorted(order)
    .map(({ grant }) => grant);
}
