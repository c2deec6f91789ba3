/** What must always hold of streams. It walks the state: for tests and the audit. */
import { sumOf, WHOLE } from '../../../primitives/money.ts';
import { type Asset, assetName, earningsOf, titleOf } from '../../ownership/index.ts';
import { parentsOf, portfolioOf } from '../../registry/index.ts';
import { type Context, mustHold } from '../../support/index.ts';
import type { Royalty } from '../state.ts';
import type { Stream } from './types.ts';

const CODE = 'royalty/broken-stream';

export function checkStreams({ ctx, store }: Royalty): void {
  for (const [[asset], stream] of store.streams.entries()) checkStream(ctx, asset, stream);
}

/** Whole units in carries of parties who share `whole` parts of a unit. */
function unitsOf(name: string, carries: readonly (number | bigint)[], whole: bigint): bigint {
  const all = sumOf(carries.map(BigInt));
  mustHold(whole > 0n ? all % whole === 0n : all === 0n, CODE, `carries of ${name} are no whole units`);
  return whole > 0n ? all / whole : 0n;
}

/** Carries are exactly the units that wait, these are still among the earnings, and no parent has more than its ceiling. */
function checkStream(ctx: Context, asset: Asset, stream: Stream): void {
  const name = assetName(asset);
  const chosen = asset.tag === 'Portfolio' ? portfolioOf(ctx, asset.value) : undefined;
  const weightOf = (list: readonly { weight: bigint }[] = []): bigint => sumOf(list.map(({ weight }) => weight));
  const waiting =
    unitsOf(name, stream.links, BigInt(WHOLE)) +
    unitsOf(name, stream.sides, BigInt(WHOLE)) +
    unitsOf(name, stream.curators, weightOf(chosen?.curators)) +
    unitsOf(name, stream.items, weightOf(chosen?.items));
  mustHold(waiting === stream.waiting, CODE, `${name} has ${stream.waiting} waiting, carries are ${waiting}`);
  mustHold(earningsOf(ctx, asset) >= waiting, CODE, `what waits of ${name} is not among its earnings`);
  mustHold(titleOf(ctx, asset) !== undefined, CODE, `${name} has a stream and no title`);
  parentsOf(ctx, asset).forEach(({ ceiling }, place) => {
    const paid = stream.paid[place] ?? 0n;
    mustHold(ceiling === undefined || paid <= ceiling, CODE, `parent ${place} of ${name} has more than its ceiling`);
  });
}
