/** What everyone knows of an item's score: the consumer says it while the round is open, and nobody after that. */
import { type Context, ensure } from '../support/index.ts';
import { openRound } from './contributions.ts';
import { state } from './state.ts';
import type { Item } from './types.ts';

/** The item of an account, and its number. */
export function findItem(ctx: Context, id: number, account: Uint8Array): { index: number; item: Item } | undefined {
  const { store } = state.use(ctx);
  const index = store.itemOf.get(id, account);
  const item = index === undefined ? undefined : store.items.get(id, index);
  return index === undefined || item === undefined ? undefined : { index, item };
}

/** The item of an account in a round that is open, and its number. Fails with `UnknownRound`, `NotOpen`, `NotEnrolled`. */
export function itemInOpenRound(ctx: Context, id: number, account: Uint8Array): { index: number; item: Item } {
  const tally = state.use(ctx);
  openRound(tally, id);
  const found = findItem(ctx, id, account);
  ensure(found, tally.errors.NotEnrolled);
  return found;
}

/**
 * Gives the item of an account its public points above the base, and the factor of its counts. Fails as {@link itemInOpenRound} does, and with `BeyondRule` above
 * what the round's rule was admitted with.
 */
export function setStanding(
  ctx: Context,
  id: number,
  account: Uint8Array,
  { standing, factor }: Pick<Item, 'standing' | 'factor'>,
): void {
  const tally = state.use(ctx);
  const { store, errors } = tally;
  const { index, item } = itemInOpenRound(ctx, id, account);
  const { mostStanding, mostFactor } = openRound(tally, id).rule;
  ensure(standing <= mostStanding && factor >= 1 && factor <= mostFactor, errors.BeyondRule);
  store.items.put(id, index, { ...item, standing, factor });
}
