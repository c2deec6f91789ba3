/** Waivers: an owner lets one derived work pass by one clause. It names the work by its owner and its terms, for there is no work yet. */
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { reserve, unreserve } from '../balances/index.ts';
import { type Asset, ensureMay } from '../ownership/index.ts';
import { ensure } from '../support/index.ts';
import { type ClauseName, isWaivable } from './gate/index.ts';
import type { Waiver } from './records.ts';
import { type Licensing, WAIVER_DEPOSIT } from './state.ts';

export interface WaiverArgs {
  readonly asset: Asset;
  readonly owner: Uint8Array;
  readonly terms: Uint8Array;
  readonly clause: { readonly tag: ClauseName };
}

function put({ store }: Licensing, { asset, owner, terms }: WaiverArgs, waivers: Waiver[]): void {
  if (waivers.length === 0) store.waivers.remove(asset, { owner, terms });
  else store.waivers.put(asset, { owner, terms }, waivers);
}

/** Waives a clause for one work that `owner` is to make of the asset under these terms. */
export function waive(licensing: Licensing, maker: Uint8Array, args: WaiverArgs): undefined {
  const { ctx, store, events, errors } = licensing;
  const { asset, owner, terms, clause } = args;
  ensureMay(ctx, asset, maker, 'licensing');
  ensure(isWaivable(clause.tag), errors.NotWaivable);
  const before = store.waivers.get(asset, { owner, terms });
  ensure(!before.some((waiver) => waiver.clause.tag === clause.tag), errors.AlreadyWaived);
  reserve(ctx, maker, WAIVER_DEPOSIT);
  put(licensing, args, [...before, { clause, maker, deposit: WAIVER_DEPOSIT }]);
  events.Waived(args);
}

/** Takes a waiver back, before it is used: who made it, or whoever decides over the asset now. */
export function withdrawWaiver(licensing: Licensing, who: Uint8Array, args: WaiverArgs): undefined {
  const { ctx, store, events, errors } = licensing;
  const { asset, owner, terms, clause } = args;
  const before = store.waivers.get(asset, { owner, terms });
  const found = before.find((waiver) => waiver.clause.tag === clause.tag);
  ensure(found, errors.NoWaiver);
  if (!sameBytes(found.maker, who)) ensureMay(ctx, asset, who, 'licensing');
  put(
    licensing,
    args,
    before.filter((waiver) => waiver !== found),
  );
  unreserve(ctx, found.maker, found.deposit);
  events.WaiverWithdrawn(args);
}

/** Uses up the waivers for a work that has come into being: they were for one. @returns what they waived */
export function useWaivers(
  licensing: Licensing,
  parent: Asset,
  work: { asset: Asset; owner: Uint8Array; terms: Uint8Array },
): { terms: Uint8Array; clause: Waiver['clause'] }[] {
  const { ctx, store, events } = licensing;
  const { owner, terms } = work;
  const found = store.waivers.get(parent, { owner, terms });
  if (found.length === 0) return [];
  store.waivers.remove(parent, { owner, terms });
  for (const { maker, deposit } of found) unreserve(ctx, maker, deposit);
  events.WaiversUsed({ asset: parent, by: work.asset, terms });
  return found.map(({ clause }) => ({ terms, clause }));
}
