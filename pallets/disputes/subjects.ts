/** What a report may be about, and whose it is. */
import { type Asset, titleOf } from '../ownership/index.ts';
import { type Context, ensure, fail } from '../support/index.ts';
import type { Disputes } from './state.ts';
import type { Kind, Subject } from './types.ts';

const OF_ASSETS: readonly Kind[] = ['Copy', 'Unlicensed', 'Misleading', 'Harmful'];

/** The asset that a subject is, or that a grant is of; and who answers for it. Fails with `UnknownAsset`, `UnknownGrant`, `WrongKind`. */
export function respondentOf(disputes: Disputes, subject: Subject, kind: Kind): { who: Uint8Array; asset: Asset } {
  const { ctx, errors } = disputes;
  ensure(OF_ASSETS.includes(kind) === (subject.tag === 'Asset'), errors.WrongKind);
  if (subject.tag === 'Grant') fail(errors.UnknownGrant);
  const title = titleOf(ctx, subject.value);
  ensure(title, errors.UnknownAsset);
  return { who: title.owner, asset: subject.value };
}

/** Owner and co-owners of an asset as they are now. */
export function holdersOf(ctx: Context, asset: Asset): Uint8Array[] {
  const title = titleOf(ctx, asset);
  return title === undefined ? [] : [title.owner, ...title.shares.map(({ account }) => account)];
}

export function revokeGrant(_disputes: Disputes, _id: bigint, _grant: bigint): void {}
