/** `$Portfolio`: what curators chose. It is minted by the pallet that had them choose, and never changes. */
import { WHOLE } from '../../primitives/money.ts';
import { toHex } from '../../primitives/crypto/hex.ts';
import { type Asset, createAsset, dataAsset, ensureLive, standingOf } from '../ownership/index.ts';
import { type Context, ensure } from '../support/index.ts';
import { ENTRY_DEPOSIT, PORTFOLIO_DEPOSIT } from './fees.ts';
import { noteChild } from './children.ts';
import { type Registry, state } from './state.ts';
import type { Portfolio, Selection } from './types.ts';

export const portfolioAsset = (id: bigint): Asset => ({ tag: 'Portfolio', value: id });

export function portfolioOf(ctx: Context, id: bigint): Portfolio | undefined {
  return state.use(ctx).store.portfolios.get(id);
}

const sumOf = (weighted: readonly { weight: bigint }[]): bigint =>
  weighted.reduce((sum, { weight }) => sum + weight, 0n);
const areDifferent = (names: readonly string[]): boolean => new Set(names).size === names.length;

function checkSelection({ errors }: Registry, { items, curators, curatorsBps }: Selection): void {
  ensure(items.length > 0 && areDifferent(items.map(({ data }) => `${data}`)), errors.BadSelection);
  ensure(areDifferent(curators.map(({ account }) => toHex(account))), errors.BadSelection);
  ensure(curatorsBps <= WHOLE && (curatorsBps === 0 || sumOf(curators) > 0n), errors.BadCurators);
}

/** Fails unless training on data is allowed by its owner, and no ruling stands against it. */
export function ensureOpen({ ctx, store, errors }: Registry, data: bigint): void {
  ensure(store.data.has(data), errors.UnknownData);
  ensureLive(ctx, dataAsset(data));
  ensure(!standingOf(ctx, dataAsset(data)).optedOut, errors.OptedOut);
}

/**
 * Mints a portfolio; its deposit is reserved of the owner. Items without weight are left out. Every other one has to be live and not opted out.
 * @returns its number
 */
export function mintPortfolio(ctx: Context, owner: Uint8Array, selection: Selection): bigint {
  const registry = state.use(ctx);
  const { store, events } = registry;
  const chosen = { ...selection, items: selection.items.filter(({ weight }) => weight > 0n) };
  checkSelection(registry, chosen);
  for (const { data } of chosen.items) ensureOpen(registry, data);
  const id = store.nextPortfolio.get();
  createAsset(ctx, portfolioAsset(id), owner, depositOfPortfolio(chosen));
  store.nextPortfolio.put(id + 1n);
  store.portfolios.put(id, { ...chosen, block: ctx.block });
  const child = { asset: portfolioAsset(id), relation: undefined, version: 0 };
  for (const { data } of chosen.items) noteChild(registry, dataAsset(data), child);
  events.PortfolioMinted({ id, owner, items: chosen.items.length });
  return id;
}

export function depositOfPortfolio({ items, curators }: Pick<Selection, 'items' | 'curators'>): bigint {
  return PORTFOLIO_DEPOSIT + ENTRY_DEPOSIT * BigInt(items.length + curators.length);
}
