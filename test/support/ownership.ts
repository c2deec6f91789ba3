/** What accounts accept that others have offered them. */
import { type Asset, ownership } from '../../pallets/ownership/index.ts';

const id = (account: Uint8Array) => ({ tag: 'Id' as const, value: account });
export const acceptTitle = (asset: Asset, from: Uint8Array) =>
  ownership.call.accept({ asset, from: id(from), what: { tag: 'Title' } });
export const acceptShare = (asset: Asset, from: Uint8Array, bps: number) =>
  ownership.call.accept({ asset, from: id(from), what: { tag: 'Share', value: bps } });
