/** What attesters say of assets. A claim is never deleted: at any time one can tell which held in a block. */
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { present } from '../../primitives/at.ts';
import { burn } from '../balances/index.ts';
import { type Asset, titleOf } from '../ownership/index.ts';
import { type Context, ensure } from '../support/index.ts';
import { admissionNow, ensureBonded, holdsAt } from './attesters.ts';
import { CLAIM_FEE } from './fees.ts';
import { type Registry, state } from './state.ts';
import { ATTESTS, type Claim, type JudgedClaim } from './types.ts';

export interface NewClaim extends Pick<Claim, 'asset' | 'kind' | 'digest' | 'until'> {}

/** @returns its number */
export function makeClaim(registry: Registry, who: Uint8Array, { asset, kind, digest, until }: NewClaim): bigint {
  const { ctx, store, events, errors } = registry;
  const attester = store.attesters.get(who);
  ensure(attester, errors.NotAttester);
  const now = admissionNow(registry, who);
  ensure(now !== undefined && (now.admission.kinds & ATTESTS[kind.tag]) !== 0, errors.NotAdmitted);
  ensureBonded(registry, attester);
  ensure(titleOf(ctx, asset), errors.UnknownAsset);
  ensure(until > ctx.block, errors.BadTime);
  burn(ctx, who, CLAIM_FEE, 'keepAlive');
  const id = store.nextClaim.get();
  store.nextClaim.put(id + 1n);
  const claim = { attester: who, asset, kind, digest, admission: now.number, from: ctx.block, until };
  store.claims.put(id, { ...claim, revoked: undefined, struck: undefined });
  const place = store.assetClaimCount.get(asset);
  store.assetClaims.put(asset, place, id);
  store.assetClaimCount.put(asset, place + 1);
  events.Claimed({ id, attester: who, asset, kind });
  return id;
}

/** Whoever made a claim takes it back, also after it has left. */
export function revokeClaim({ ctx, store, events, errors }: Registry, who: Uint8Array, id: bigint): void {
  const found = store.claims.get(id);
  ensure(found, errors.UnknownClaim);
  ensure(sameBytes(found.attester, who), errors.NotYours);
  ensure(found.revoked === undefined, errors.AlreadyRevoked);
  store.claims.put(id, { ...found, revoked: ctx.block });
  events.ClaimRevoked({ id });
}

export function claimOf(ctx: Context, id: bigint): Claim | undefined {
  return state.use(ctx).store.claims.get(id);
}

/** A ruling holds that a claim is false: it holds no more. */
export function strikeClaim(ctx: Context, id: bigint): void {
  const { store, events } = state.use(ctx);
  const found = present(claimOf(ctx, id), 'the claim that is struck');
  if (found.struck !== undefined) return;
  store.claims.put(id, { ...found, struck: ctx.block });
  events.ClaimStruck({ id });
}

/** A later ruling holds that it is not: the claim is what it was, as if nothing had happened. */
export function restoreClaim(ctx: Context, id: bigint): void {
  const { store, events } = state.use(ctx);
  const found = present(claimOf(ctx, id), 'the claim that is restored');
  if (found.struck === undefined) return;
  store.claims.put(id, { ...found, struck: undefined });
  events.ClaimRestored({ id });
}

/** The first block in which a claim no longer holds, whatever a ruling says: by its time, its attester's word, or the end of the admission. */
export function claimEnd(ctx: Context, { attester, admission, until, revoked = until }: Claim): number {
  const admitted = state.use(ctx).store.admissions.get(attester, admission);
  return Math.min(until, revoked, admitted?.until ?? until, admitted?.ended ?? until);
}

/**
 * Whether a claim held in a block: neither over nor revoked then, and its attester admitted; nor struck by a ruling that stands. Of a block to come: as things stand
 * now.
 */
export function isValidAt(ctx: Context, claim: Claim, block: number): boolean {
  return holdsAt({ from: claim.from, until: claimEnd(ctx, claim), ended: claim.struck }, block);
}

/** Claims about an asset from a place on, each with whether it held in a block. */
export function claimsAt(ctx: Context, asset: Asset, block: number, from: number, limit: number): JudgedClaim[] {
  const { store } = state.use(ctx);
  const end = Math.min(store.assetClaimCount.get(asset), from + limit);
  const found: JudgedClaim[] = [];
  for (let place = from; place < end; place++) {
    const id = store.assetClaims.get(asset, place);
    const claim = id === undefined ? undefined : claimOf(ctx, id);
    if (id !== undefined && claim !== undefined) found.push({ id, claim, valid: isValidAt(ctx, claim, block) });
  }
  return found;
}
