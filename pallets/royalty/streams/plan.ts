/** Who gets what of an amount that an asset has earned: computed the same for a distribution and for whoever asks beforehand. */
import { at } from '../../../primitives/at.ts';
import { largestRemainder, WHOLE } from '../../../primitives/money.ts';
import type { Asset, Passed, Share } from '../../ownership/index.ts';
import { parentsOf, portfolioOf } from '../../registry/index.ts';
import type { Context } from '../../support/index.ts';
import { split, splitClaims } from './split.ts';
import type { Stream } from './types.ts';

export interface Payment {
  readonly account: Uint8Array;
  readonly amount: bigint;
}

export interface Plan {
  /** What is divided now. */
  readonly amount: bigint;
  readonly passed: readonly Passed[];
  /** For the contributors of the model. */
  readonly pool: bigint;
  readonly owed: readonly Payment[];
  /** What the asset itself and its people keep of what the payments burned: it speaks for the use of `$Data`. */
  readonly used: bigint;
  /** What is kept of the stream afterwards. */
  readonly stream: Stream;
}

/** What is to be divided. */
export interface Income {
  readonly asset: Asset;
  readonly amount: bigint;
  readonly burned: bigint;
}

/** What decides the division besides the lineage. */
export interface Sides {
  readonly stream: Stream;
  readonly shares: readonly Share[];
  /** Basis points of the contributors; 0 of anything but a model. */
  readonly contributors: number;
}

/** What the parents leave, divided: what other assets get of it, and people. */
interface Left {
  readonly items: readonly { to: Asset; amount: bigint }[];
  readonly pool: bigint;
  readonly owed: readonly Payment[];
  readonly carries: Pick<Stream, 'sides' | 'curators' | 'items'>;
}

const sum = (list: readonly { amount: bigint }[]): bigint => list.reduce((all, { amount }) => all + amount, 0n);
const big = (list: readonly number[]): bigint[] => list.map(BigInt);
const small = (list: readonly bigint[]): number[] => list.map(Number);

/** Divides what an asset has earned: parents first, then its people. */
export function planOf(ctx: Context, income: Income, sides: Sides): Plan {
  const { asset, amount } = income;
  const { stream } = sides;
  const links = parentsOf(ctx, asset);
  const claimants = links.map(({ shareBps, ceiling }, place) => {
    return { bps: shareBps, ceiling, paid: stream.paid[place] ?? 0n };
  });
  const first = splitClaims(amount, claimants, big(stream.links));
  const left = divideRest(ctx, asset, first.rest, sides);
  const toParents = links.map(({ parent }, place) => ({ to: parent, amount: at(first.paid, place) }));
  const passed = withBurned(income, [...toParents, ...left.items]);
  const given = sum(passed) + left.pool + sum(left.owed);
  return {
    amount,
    passed,
    pool: left.pool,
    owed: left.owed,
    used: amount === 0n ? 0n : (income.burned * (left.pool + sum(left.owed))) / amount,
    stream: {
      divided: stream.divided + amount,
      waiting: stream.waiting + amount - given,
      paid: claimants.map(({ paid }, place) => paid + at(first.paid, place)),
      links: small(first.carries),
      ...left.carries,
    },
  };
}

/** What was burned goes along with the money, rounded down. */
function withBurned({ amount, burned }: Income, parts: readonly { to: Asset; amount: bigint }[]): Passed[] {
  const some = parts.filter((part) => part.amount > 0n);
  return some.map((part) => ({ ...part, burned: (burned * part.amount) / amount }));
}

function divideRest(ctx: Context, asset: Asset, rest: bigint, sides: Sides): Left {
  if (asset.tag === 'Portfolio') return dividePortfolio(ctx, asset.value, rest, sides);
  const weights = [BigInt(sides.contributors), BigInt(WHOLE - sides.contributors)];
  const { parts, carries } = split(rest, weights, big(sides.stream.sides));
  const owed = dividedAmong(at(parts, 1), sides.shares);
  return { items: [], pool: at(parts, 0), owed, carries: { sides: small(carries), curators: [], items: [] } };
}

/** Co-owners come and go: what they get is divided each time, by largest remainder. */
function dividedAmong(amount: bigint, shares: readonly Share[]): Payment[] {
  const parts = largestRemainder(
    amount,
    shares.map(({ bps }) => BigInt(bps)),
  );
  return shares.map(({ account }, place) => ({ account, amount: at(parts, place) })).filter((part) => part.amount > 0n);
}

function dividePortfolio(ctx: Context, id: bigint, rest: bigint, { stream }: Sides): Left {
  const { items = [], curators = [], curatorsBps = 0 } = portfolioOf(ctx, id) ?? {};
  const bps = curators.length === 0 ? 0 : curatorsBps;
  const both = split(rest, [BigInt(bps), BigInt(WHOLE - bps)], big(stream.sides));
  const weightsOf = (list: readonly { weight: number | bigint }[]): bigint[] =>
    list.map(({ weight }) => BigInt(weight));
  const toCurators = split(at(both.parts, 0), weightsOf(curators), stream.curators);
  const toItems = split(at(both.parts, 1), weightsOf(items), stream.items);
  return {
    items: items.map(({ data }, place) => ({
      to: { tag: 'Data' as const, value: data },
      amount: at(toItems.parts, place),
    })),
    pool: 0n,
    owed: curators
      .map(({ account }, place) => ({ account, amount: at(toCurators.parts, place) }))
      .filter(({ amount }) => amount > 0n),
    carries: { sides: small(both.carries), curators: [...toCurators.carries], items: [...toItems.carries] },
  };
}
