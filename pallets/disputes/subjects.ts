/** What a report may be about, whose it is, and what a ruling does to a grant. */
import { grantOf, grantUntil, revokeByRuling } from '../licensing/index.ts';
import { type Asset, titleOf } from '../ownership/index.ts';
import { type Context, ensure } from '../support/index.ts';
import type { Disputes } from './state.ts';
import type { Kind, Subject } from './types.ts';

const OF_GRANTS: readonly Kind[] = ['Misuse', 'Expired'];

/** The asset that a subject is, or that a grant is of; and who answers for it. Fails with `UnknownAsset`, `UnknownGrant`, `WrongKind`. */
export function respondentOf(disputes: Disputes, subject: Subject, kind: Kind): { who: Uint8Array; asset: Asset } {
  const { ctx, errors } = disputes;
  ensure(OF_GRANTS.includes(kind) === (subject.tag === 'Grant'), errors.WrongKind);
  if (subject.tag === 'Grant') {
    const grant = grantOf(ctx, subject.value);
    ensure(grant, errors.UnknownGrant);
    return { who: grant.holder, asset: grant.asset };
  }
  const title = titleOf(ctx, subject.value);
  ensure(title, errors.UnknownAsset);
  return { who: title.owner, asset: subject.value };
}

/** Owner and co-owners of an asset as they are now. */
export function holdersOf(ctx: Context, asset: Asset): Uint8Array[] {
  const title = titleOf(ctx, asset);
  return title === undefined ? [] : [title.owner, ...title.shares.map(({ account }) => account)];
}

/** Whether the time of a grant is over, its grace included: it was not paid for any further. */
export function isOver(ctx: Context, grant: bigint): boolean {
  const until = grantUntil(ctx, grant);
  return until !== undefined && ctx.block >= until;
}

/** Ends a grant for good; its holder may have closed it meanwhile. @param reason the digest of the dispute’s record */
export function revokeGrant({ ctx }: Disputes, grant: bigint, reason: Uint8Array): void {
  if (grantOf(ctx, grant) !== undefined) revokeByRuling(ctx, grant, reason);
}
