/** What must always hold of the pallet's money and state. All of it walks the state: for tests and the audit. */
import { present } from '../../primitives/at.ts';
import { TacitError } from '../../primitives/errors.ts';
import { WHOLE } from '../../primitives/money.ts';
import { type Asset, assetName, earningsOf, titleOf } from '../ownership/index.ts';
import { parentsOf, portfolioOf } from '../registry/index.ts';
import type { Context, Held } from '../support/index.ts';
import { findRound } from '../tally/index.ts';
import { state, type Royalty } from './state.ts';
import type { Stream } from './streams/types.ts';

const sum = (list: Iterable<bigint>): bigint => [...list].reduce((all, each) => all + each, 0n);
const broken = (what: string): never => {
  throw new TacitError('royalty/broken-state', what);
};

/** What the escrow account must hold: pools, live rounds with their stakes, the bins' escrows, what accounts may collect, and what was issued and not taken. */
export function obligations(ctx: Context): bigint {
  const { store } = state.use(ctx);
  let all = store.issuance.get().left;
  for (const [, pool] of store.pools.entries()) all += pool;
  for (const id of store.live.get()) {
    const round = store.rounds.get(id);
    if (round !== undefined) all += round.pool + round.stake * BigInt(findRound(ctx, id)?.items ?? 0);
  }
  for (const [, { escrow }] of store.bins.entries()) all += escrow;
  for (const [, owed] of store.owed.entries()) all += owed;
  for (const [, { left }] of store.periods.entries()) all += left;
  return all;
}

/** Deposits of rounds under way, and of rounds that are prepared. */
export function* depositsOf({ store }: Royalty): Generator<Held> {
  for (const id of store.live.get()) {
    const { owner, deposit } = present(store.rounds.get(id), 'a live round');
    yield [owner, deposit];
  }
  for (const [, queue] of store.queues.entries()) for (const { by, deposit } of queue) yield [by, deposit];
}

/** Throws unless streams add up to the last unit, and uses of data to their periods. */
export function tryState(royalty: Royalty): undefined {
  for (const [[asset], stream] of royalty.store.streams.entries()) checkStream(royalty.ctx, asset, stream);
  checkUses(royalty);
  for (const [[model], queue] of royalty.store.queues.entries())
    if (queue.length === 0 || !royalty.store.schedules.has(model)) broken(`model ${model} has a queue and no rule`);
}

/** Carries are exactly the units that wait, these are still among the earnings, and no parent has more than its ceiling. */
function checkStream(ctx: Context, asset: Asset, stream: Stream): void {
  const { items = [], curators = [] } = (asset.tag === 'Portfolio' && portfolioOf(ctx, asset.value)) || {};
  const unitsOf = (carries: readonly (number | bigint)[], whole: bigint): bigint => {
    const all = sum(carries.map(BigInt));
    if (whole > 0n && all % whole !== 0n) broken(`carries of ${assetName(asset)} are no whole units`);
    return whole > 0n ? all / whole : 0n;
  };
  const weightOf = (list: readonly { weight: bigint }[]): bigint => sum(list.map(({ weight }) => weight));
  const waiting =
    unitsOf(stream.links, BigInt(WHOLE)) +
    unitsOf(stream.sides, BigInt(WHOLE)) +
    unitsOf(stream.curators, weightOf(curators)) +
    unitsOf(stream.items, weightOf(items));
  if (waiting !== stream.waiting) broken(`${assetName(asset)} has ${stream.waiting} waiting, carries are ${waiting}`);
  if (earningsOf(ctx, asset).amount < waiting) broken(`what waits of ${assetName(asset)} is not among its earnings`);
  if (titleOf(ctx, asset) === undefined) broken(`${assetName(asset)} has a stream and no title`);
  parentsOf(ctx, asset).forEach(({ ceiling }, place) => {
    const paid = stream.paid[place] ?? 0n;
    if (ceiling !== undefined && paid > ceiling)
      broken(`parent ${place} of ${assetName(asset)} has more than its ceiling`);
  });
}

function checkUses({ store }: Royalty): void {
  const now = store.issuance.get();
  const uses = [...store.uses.entries()].map(([, use]) => use);
  for (const [[period], { open, burned, pot, left }] of store.periods.entries()) {
    const own = uses.filter((use) => use.period === period);
    const stillDue = sum(own.map((use) => (pot * use.burned) / burned));
    if (own.length !== open || stillDue > left) broken(`the pot of period ${period} does not cover its uses`);
  }
  const running = uses.filter(({ period }) => period === now.period);
  const isSame = running.length === now.uses && sum(running.map(({ burned }) => burned)) === now.burned;
  if (!isSame) broken('uses of the period that runs are miscounted');
  const known = uses.every(({ period }) => period === now.period || store.periods.has(period));
  if (!known) broken('a use belongs to no period');
}
