/** Scores, weights, bounds, factors, payments and rules (§7.3, §7.4, §7.7, §9.1, §9.3, §9.4, §14.9). */
import { fheParams } from '../../../primitives/fhe/params.ts';
import {
  aggregateBytes,
  aggregatePrice,
  coefficientPolynomial,
  countedFactors,
  functionalPolynomial,
  paidBy,
  paymentOf,
  priceShare,
  type PaymentTerms,
  publicTerms,
  type RoundRule,
  ruleFault,
  type ScoreBounds,
  newSquare,
  scoreBounds,
  scoredParts,
  shapleyWeights,
} from '../../../primitives/round/index.ts';
import { type Case, good, randomOf, type Vectors } from './cases.ts';

const random = randomOf('rules');
const params = fheParams('tacit-8192-n4');
const signed = (count: number): number[] => Array.from(random(count), (byte) => byte - 128);

function weights(): Case[] {
  return [1, 3, 32].map((accepted) => {
    const [direction, sum] = [signed(9), signed(9).map((value) => value * accepted)];
    const made = shapleyWeights(accepted, Int8Array.from(direction), Int32Array.from(sum));
    return good(
      'weights',
      `${accepted} items`,
      { accepted, direction, aggregate: sum },
      {
        weights: [...made],
        polynomial: [...functionalPolynomial(made, 7n, 16)],
        aggregate: aggregateBytes(Int32Array.from(sum)),
      },
    );
  });
}

function counts(): Case[] {
  return [0, 1, 15].map((index) =>
    good('countPolynomial', `item ${index}`, { index, scale: 12n, degree: 16 }, [
      ...coefficientPolynomial(index, 12n, 16),
    ]),
  );
}

function bounds(): Case[] {
  const kinds: readonly (readonly [parts: number[][], points: bigint[], factors: number[]])[] = [
    [[signed(5)], [], [1]],
    [
      [signed(5), signed(5)],
      [500n, 3n],
      [1, 4, 2],
    ],
    [[[0, 0]], [], []],
  ];
  return kinds.map(([parts, points, factors], i) => {
    const rule = { gamma: 3n, normSq: 10_001n };
    // Without a direction the weights are the opposite of the aggregate.
    const opened = parts.map((part) => {
      return { direction: new Int8Array(part.length), aggregate: Int32Array.from(part, (x) => -x), past: [] };
    });
    const made = scoreBounds(rule, scoredParts({ ...rule, discount: 0 }, 1, opened), points, { factors });
    return good('scoreBounds', `kind ${i}`, { ...rule, parts, points, factors }, { ...made });
  });
}

function factors(): Case[] {
  const lists: readonly (readonly [kMin: number, stated: number[]])[] = [
    [3, [1, 1, 1, 1]],
    [3, [4, 4, 4, 1, 1, 1]],
    [3, [4, 4, 2, 1, 1, 1]],
    [3, [16, 4, 2, 1, 1, 1]],
    [3, [4, 4, 4, 1]],
    [2, [8, 8, 3, 3, 1]],
    [3, [8, 5, 5]],
    [1, [9, 1]],
    [3, []],
  ];
  return lists.map(([kMin, stated]) =>
    good('countedFactors', `${stated.join(', ')} with kMin ${kMin}`, { kMin, stated }, countedFactors(kMin, stated)),
  );
}

function terms(): Case[] {
  const items = [
    { standing: 5n, factor: 2 },
    { standing: 0n, factor: 2 },
    { standing: 9n, factor: 1 },
  ];
  return [2, 3].map((kMin) => {
    const { points, factors: counted } = publicTerms({ base: 100n, kMin }, items);
    return good('publicTerms', `kMin ${kMin}`, { base: 100n, kMin, items }, { points, factors: counted });
  });
}

function payments(): Case[] {
  const base: PaymentTerms = { tMin: 1000n, pool: 500_000_000n, stake: 20_000_000n, maxItems: 8 };
  const wide: ScoreBounds = { phiBound: 3_000_000n, weightNorm: 40_000n };
  const kinds: readonly (readonly [
    name: string,
    terms: Partial<PaymentTerms>,
    total: bigint,
    bounds: Partial<ScoreBounds>,
  ])[] = [
    ['the stake decides', {}, 5_000_000n, {}],
    ['the pool decides', { stake: 10n ** 12n }, 5_000_000n, {}],
    [
      'of more than 32 payouts each has less noise',
      { pool: 10n ** 13n, stake: 10n ** 10n, maxItems: 1_000 },
      2_000n,
      { weightNorm: 2n ** 31n },
    ],
    ['below tMin', {}, 999n, {}],
    ['exactly tMin', {}, 1000n, {}],
    ['nothing', { tMin: 0n }, 0n, {}],
    ['below zero', { tMin: 0n }, -5n, {}],
    ['the noise decides', { pool: 10n ** 13n, stake: 10n ** 12n }, 2_000n, { weightNorm: 2n ** 36n }],
    ['no bound', {}, 5_000n, { phiBound: 0n, weightNorm: 0n }],
    ['less than a grain a point', { pool: 3n, stake: 0n }, 10n ** 12n, {}],
  ];
  return kinds.map(([name, own, total, ownBounds]) => {
    const all = { ...base, ...own };
    const bound = { ...wide, ...ownBounds };
    const payment = paymentOf(all, total, bound, params.maxWeightNorm);
    const given = { ...all, ...bound, total, maxWeightNorm: params.maxWeightNorm };
    return good('payment', name, given, { ...payment, paid: paidBy(payment, total) });
  });
}

/** Updates that share so many of their values, in two parts of nine. */
function prices(): Case[] {
  const base = signed(9);
  const sumOf = (items: number, own: number): number[] =>
    base.map((value, j) =>
      Array.from({ length: items }, () => (j < own ? random(1)[0]! - 128 : value)).reduce((sum, x) => sum + x, 0),
    );
  const normSq = base.reduce((sum, x) => sum + BigInt(x * x), 0n);
  const kinds: readonly (readonly [
    name: string,
    items: number,
    own: number,
    past: number,
    discount: number,
    paid: bigint,
  ])[] = [
    ['much in common', 5, 2, 0, 0, 0n],
    ['paid in part by scores', 5, 2, 0, 0, 40_000_000n],
    ['paid by scores', 5, 2, 0, 0, 400_000_000n],
    ['nothing in common', 5, 9, 0, 0, 0n],
    ['one item', 1, 0, 0, 0, 0n],
    ['half new', 8, 2, 1, 50, 0n],
    ['nothing new', 8, 0, 1, 100, 0n],
    ['held against three', 32, 3, 3, 75, 1n],
  ];
  return kinds.map(([name, accepted, own, count, discount, paid]) => {
    const terms = { normSq, discount, pool: 1_000_000_007n, stake: 200_000_003n };
    const parts = [0, 1].map(() => ({
      aggregate: sumOf(accepted, own),
      // The first is what all have in common, the others are anything; one more is a combination of those before it.
      past: Array.from({ length: count }, (_, k) => (k === 0 ? base : k === 1 ? signed(9) : base.map((x) => 2 * x))),
    }));
    const opened = parts.map(({ aggregate, past }) => {
      return { aggregate: Int32Array.from(aggregate), past: past.map((one) => Int32Array.from(one)) };
    });
    const news = opened.reduce((sum, { aggregate, past }) => sum + newSquare(aggregate, past, discount), 0n);
    const rule = { ...terms, parts: parts.map(({ aggregate }) => aggregate.length) };
    const price = aggregatePrice(rule, accepted, { news });
    return good(
      'aggregatePrice',
      name,
      { ...terms, accepted, parts, paid },
      { price, share: priceShare(rule, accepted, { news }, paid) },
    );
  });
}

function rules(): Case[] {
  const rule: RoundRule = {
    parts: [4096, 4096],
    normSq: 250_000n,
    reporters: [{ account: new Uint8Array(32), total: 1000n, points: 500n }],
    gamma: 1n,
    base: 10n,
    mostStanding: 1000n,
    mostFactor: 2,
    tMin: 1000n,
    pool: 500_000_000n,
    stake: 200_000_000n,
    kMin: 3,
    maxItems: 8,
    openBlocks: 100,
    maxExtensions: 3,
    directions: [new Uint8Array(32), new Uint8Array(32)],
    past: [],
    discount: 0,
    holders: false,
    sketch: undefined,
  };
  const [report] = rule.reporters;
  const kinds: Readonly<Record<string, Partial<RoundRule>>> = {
    good: {},
    'no part': { parts: [], directions: [] },
    'a hash too few': { directions: [new Uint8Array(32)] },
    'no place': { maxItems: 0 },
    'a thousand places': {
      parts: [4096],
      directions: [new Uint8Array(32)],
      reporters: [],
      mostStanding: 0n,
      maxItems: 1_000,
      stake: 2_000_000n,
      pool: 50_000_000_000n,
      kMin: 500,
    },
    'a place too many': { maxItems: 1_001 },
    'too many updates': { maxItems: 513 },
    'kMin above the places': { kMin: 9 },
    'kMin below the least': { kMin: 2 },
    'open for too long': { openBlocks: 302_400 },
    'not open': { openBlocks: 0 },
    'a total of 16^12': { reporters: [{ ...report!, total: 16n ** 12n }] },
    'counts whose digits could reach t': { reporters: [{ ...report!, total: 16n ** 12n - 1n }] },
    'a factor of 17': { mostFactor: 17 },
    'a part of too many values': { parts: [4096, 100_000] },
    'a sketch of 25 million': { sketch: { coordinates: 25_000_000, seed: new Uint8Array(32) } },
    'a sketch as long as what it is of': { sketch: { coordinates: 8184, seed: new Uint8Array(32) } },
    'a sketch without values in a part': {
      parts: [4, 4096],
      sketch: { coordinates: 25_000_000, seed: new Uint8Array(32) },
    },
    'four past rounds at the whole discount': { past: [1, 2, 3, 4], discount: 100 },
    'five past rounds': { past: [1, 2, 3, 4, 5], discount: 100 },
    'a discount of 101 hundredths': { past: [1], discount: 101 },
    'weights that fit as they are': { normSq: 4n, gamma: (2n ** 42n - 1_000n) / 96n },
    'the same, rounded for what is new': { normSq: 4n, gamma: (2n ** 42n - 1_000n) / 96n, past: [1], discount: 1 },
    'gamma is zero': { gamma: 0n },
    'counts wrap': { reporters: [{ ...report!, total: 16n ** 11n - 1n, points: 100n }] },
    'beyond the noise': { normSq: 4n, gamma: 2n ** 36n },
    'no pool': { pool: 0n },
    'too much money': { pool: 2n ** 47n },
    'a total that nobody reaches': { tMin: 2_250_001n },
    'counts mark claims': { reporters: [{ ...report!, points: 2000n }] },
    'rounding takes too much': { pool: 20n, stake: 20n, gamma: 1_000_000n },
  };
  return Object.entries(kinds).map(([name, change]) => {
    const one = { ...rule, ...change };
    const { reporters, directions, sketch, ...rest } = one;
    const counted = reporters.map(({ total, points }) => ({ total, points }));
    const given = {
      params: params.id,
      leastK: 3,
      ...rest,
      reporters: counted,
      directions: directions.length,
      coordinates: sketch?.coordinates ?? null,
    };
    return good('ruleFault', name, given, ruleFault(params, one, 3) ?? null);
  });
}

export function ruleVectors(): Vectors {
  return {
    spec: ['§7.3', '§7.7', '§9.1', '§9.3', '§9.4', '§9.8', '§14.9'],
    cases: [...weights(), ...counts(), ...bounds(), ...factors(), ...terms(), ...payments(), ...prices(), ...rules()],
  };
}
