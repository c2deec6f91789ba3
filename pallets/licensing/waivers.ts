/** Waivers: an owner lets one derived work pass by one clause. It names the work by its owner and its terms, for there is no work yet. */
import { addDeposit, type Asset, ensureMay, returnDeposit } from '../ownership/index.ts';
import { ensure } from '../support/index.ts';
import { type ClauseName, isWaivable } from './gate/index.ts';
import { type Licensing, WAIVER_DEPOSIT } from './state.ts';

export interface WaiverArgs {
  readonly asset: Asset;
  readonly owner: Uint8Array;
  readonly terms: Uint8Array;
  readonly clause: { readonly tag: ClauseName };
}

/** Waives a clause for one work that `owner` is to make of the asset under these terms. The deposit is the asset's: it goes along with that. */
export function waive(licensing: Licensing, who: Uint8Array, args: WaiverArgs): undefined {
  const { ctx, store, events, errors } = licensing;
  const { asset, owner, terms, clause } = args;
  ensureMay(ctx, asset, who, 'licensing');
  ensure(isWaivable(clause.tag), errors.NotWaivable);
  const before = store.waivers.get(asset, { owner, terms });
  ensure(!before.some(({ tag }) => tag === clause.tag), errors.AlreadyWaived);
  addDeposit(ctx, asset, WAIVER_DEPOSIT);
  store.waivers.put(asset, { owner, terms }, [...before, clause]);
  events.Waived(args);
}

/** Takes a waiver back, before it is used. */
export function withdrawWaiver(licensing: Licensing, who: Uint8Array, args: WaiverArgs): undefined {
  const { ctx, store, events, errors } = licensing;
  const { asset, owner, terms, clause } = args;
  ensureMay(ctx, asset, who, 'licensing');
  const before = store.waivers.get(asset, { owner, terms });
  const rest = before.filter(({ tag }) => tag !== clause.tag);
  ensure(rest.length < before.length, errors.NoWaiver);
  if (rest.length === 0) store.waivers.remove(asset, { owner, terms });
  else store.waivers.put(asset, { owner, terms }, rest);
  returnDeposit(ctx, asset, WAIVER_DEPOSIT);
  events.WaiverWithdrawn(args);
}

/** Uses up the waivers for a work that has come into being: they were for one. @returns what they waived */
export function useWaivers(
  licensing: Licensing,
  parent: Asset,
  work: { asset: Asset; owner: Uint8Array; terms: Uint8Array },
): { terms: Uint8Array; clause: WaiverArgs['clause'] }[] {
  const { ctx, store, events } = licensing;
  const { owner, terms } = work;
  const found = store.waivers.get(parent, { owner, terms });
  if (found.length === 0) return [];
  store.waivers.remove(parent, { owner, terms });
  returnDeposit(ctx, parent, WAIVER_DEPOSIT * BigInt(found.length));
  events.WaiversUsed({ asset: parent, by: work.asset, terms });
  return found.map((clause) => ({ terms, clause }));
}
