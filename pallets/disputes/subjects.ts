/** What a report may be about, and whose it is. */
import { assetName, type Asset, titleOf } from '../ownership/index.ts';
import { type Context, ensure } from '../support/index.ts';
import type { Disputes } from './state.ts';
import type { Kind, Subject } from './types.ts';

const OF_ASSETS: readonly Kind[] = ['Copy', 'Unlicensed', 'Misleading', 'Harmful'];

/** The asset that a subject is, or that a grant is of; and who answers for it. Fails with `UnknownAsset`, `UnknownGrant`, `WrongKind`. */
export function respondentOf(disputes: Disputes, subject: Subject, kind: Kind): { who: Uint8Array; asset: Asset } {
  const { ctx, errors } = disputes;
  ensure(OF_ASSETS.includes(kind), errors.WrongKind);
  const title = titleOf(ctx, subject.value);
  ensure(title, errors.UnknownAsset);
  return { who: title.owner, asset: subject.value };
}

/** Owner and co-owners of an asset as they are now. */
export function holdersOf(ctx: Context, asset: Asset): Uint8Array[] {
  const title = titleOf(ctx, asset);
  return title === undefined ? [] : [title.owner, ...title.shares.map(({ account }) => account)];
}

export function subjectName(subject: Subject): string {
  return assetName(subject.value);
}
