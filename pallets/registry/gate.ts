/** Provisional: what licensing will say. */
import type { RelationName } from '../licensing/types.ts';
import type { Asset } from '../ownership/index.ts';
import type { Context } from '../support/index.ts';

export function checkDerivation(
  _ctx: Context,
  d: {
    owner: Uint8Array;
    terms: Uint8Array | undefined;
    parents: readonly { asset: Asset; relation: RelationName; grant?: bigint | undefined }[];
  },
): { shareBps: number; ceiling: bigint | undefined }[] {
  return d.parents.map(() => ({ shareBps: 0, ceiling: undefined }));
}

export function setTerms(_ctx: Context, _asset: Asset, _terms: Uint8Array): void {}
export function termsOf(_ctx: Context, _asset: Asset): Uint8Array | undefined {
  return undefined;
}
