import { expect } from 'chai';
import * as fc from 'fast-check';
import { fheParams } from '../../../primitives/fhe/params.ts';
import { ceilSqrt } from '../../../primitives/fhe/sqrt.ts';
import {
  aggregateBytes,
  aggregateValues,
  coefficientPolynomial,
  countsNorm,
  countsPolynomial,
  functionalPolynomial,
  MAX_OPEN_BLOCKS,
  MONEY_LIMIT,
  laneSpecOf,
  lanesOf,
  paidBy,
  isPowerOf16,
  paymentOf,
  type RoundRule,
  scoreBounds,
  scoredParts,
  shapleyWeights,
  totalScore,
  type RuleFault,
  ruleFault,
} from '../../../primitives/round/index.ts';

/** The product of two integer polynomials in Z[x]/(x^N + 1). */
function negacyclic(a: ArrayLike<bigint>, b: ArrayLike<bigint>): bigint[] {
  const n = a.length;
  const out = Array.from({ length: n }, () => 0n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const k = (i + j) % n;
      const term = (a[i] as bigint) * (b[j] as bigint);
      out[k] = (out[k] as bigint) + (i + j < n ? term : -term);
    }
  }
  return out;
}

const N = 16;
const small = fc.integer({ min: -127, max: 127 });

describe('the numbers of a score', () => {
  it('a functional stands in coefficient 0 of the product with its polynomial', () => {
    fc.assert(
      fc.property(
        fc.array(small, { minLength: N, maxLength: N }),
        fc.array(small, { minLength: 1, maxLength: N }),
        (m, v) => {
          const product = negacyclic(functionalPolynomial(v, 3n, N), m.map(BigInt));
          expect(product[0]).to.equal(
            v.reduce((sum, weight, j) => sum + 3n * BigInt(weight) * BigInt(m[j] as number), 0n),
          );
        },
      ),
    );
  });

  it('so does a single coefficient', () => {
    const m = Array.from({ length: N }, (_, j) => BigInt(j * j + 1));
    for (let i = 0; i < N; i++)
      expect(negacyclic(coefficientPolynomial(i, 5n, N), m)[0]).to.equal(5n * (m[i] as bigint));
  });

  it('so do the counts of the accepted items, each times its factor', () => {
    const m = Array.from({ length: N }, (_, j) => BigInt(j * j + 1));
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 0, max: N - 1 }), { minLength: 1 }),
        fc.infiniteStream(small),
        (items, drawn) => {
          const factors = items.map(() => Math.abs(drawn.next().value as number));
          const weights = countsPolynomial(items, factors, N);
          const all = items.reduce((sum, item, i) => sum + BigInt(factors[i] as number) * (m[item] as bigint), 0n);
          expect(negacyclic(weights, m)[0]).to.equal(all);
          // Their norm is the one that the opening is held to.
          const norm = countsNorm([2n, 3n], { factors });
          expect(25n * weights.reduce((sum, one) => sum + one * one, 0n) <= norm * norm).to.equal(true);
        },
      ),
    );
    expect(countsNorm([], { factors: [3] })).to.equal(0n);
    expect(countsNorm([0n, 0n], { factors: [3] })).to.equal(0n);
  });

  it('the total is the sum of all scores, whoever has a share in U', () => {
    const update = fc.array(small, { minLength: 5, maxLength: 5 });
    const item = fc.record({
      parts: fc.tuple(update, update),
      count: fc.bigInt({ min: 0n, max: 1_000n }),
      factor: fc.integer({ min: 1, max: 16 }),
      points: fc.bigInt({ min: 0n, max: 1_000n }),
    });
    fc.assert(
      fc.property(fc.array(item, { minLength: 1, maxLength: 6 }), fc.tuple(update, update), (items, g) => {
        const sums = [0, 1].map((p) =>
          Int32Array.from(g[p]!, (_, j) => items.reduce((sum, { parts }) => sum + parts[p]![j]!, 0)),
        );
        const weights = sums.map((sum, p) => shapleyWeights(items.length, Int8Array.from(g[p]!), sum));
        const scores = items.map(({ parts, count, factor, points }) => {
          const update = parts.reduce((all, u, p) => all + u.reduce((sum, x, j) => sum + x * weights[p]![j]!, 0), 0);
          return 7n * BigInt(update) + 3n * BigInt(factor) * count + points;
        });
        const counts = items.reduce((sum, { count, factor }) => sum + 3n * BigInt(factor) * count, 0n);
        const terms = { points: items.map(({ points }) => points) };
        const all = scores.reduce((sum, one) => sum + one, 0n);
        const opened = sums.map((aggregate, p) => ({ direction: Int8Array.from(g[p]!), aggregate, past: [] }));
        const scored = scoredParts({ normSq: 1n, discount: 0 }, items.length, opened);
        expect(totalScore({ gamma: 7n }, scored, counts, terms)).to.equal(all);
      }),
    );
  });

  it('the root is the least integer whose square is enough', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 1n << 130n }), (value) => {
        const root = ceilSqrt(value);
        expect(root * root >= value && (root === 0n || (root - 1n) ** 2n < value)).to.equal(true);
      }),
    );
  });

  it('no update of the norm can score below the bound', () => {
    const vector = fc.array(small, { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(vector, vector, vector, (u, g, sum) => {
        const normSq = u.reduce((all, x) => all + BigInt(x * x), 0n);
        const weights = shapleyWeights(3, Int8Array.from(g), Int32Array.from(sum));
        const opened = { direction: Int8Array.from(g), aggregate: Int32Array.from(sum), past: [] };
        const scored = scoredParts({ normSq, discount: 0 }, 3, [opened]);
        const { phiBound } = scoreBounds({ gamma: 7n }, scored, [1n], { factors: [1] });
        const score = 7n * u.reduce((all, x, j) => all + BigInt(x * (weights[j] as number)), 0n);
        expect(-score <= phiBound && score <= phiBound).to.equal(true);
      }),
    );
  });

  it('U survives its bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })), (values) => {
        expect([...aggregateValues(aggregateBytes(Int32Array.from(values)))]).to.deep.equal(values);
      }),
    );
  });
});

describe('the payment of a round', () => {
  const bounds = { phiBound: 1_000n, weightNorm: 10n };
  const rule = { tMin: 50n, pool: 1_000_000n, stake: 5_000_000n, maxItems: 8 };
  const limit = 1n << 42n;

  it('grains are a power of 16 and nothing else', () => {
    const powers = Array.from({ length: 12 }, (_, i) => 16n ** BigInt(i));
    for (const power of powers) expect(isPowerOf16(power)).to.equal(true);
    for (const other of [-16n, -1n, 0n, 2n, 8n, 15n, 17n, 32n, 128n, 240n, 512n])
      expect(isPowerOf16(other)).to.equal(false);
  });

  it('never pays more than the pool, nor takes more than a stake [T near 0 paid many times the pool]', () => {
    fc.assert(
      fc.property(
        fc.array(fc.bigInt({ min: -1_000n, max: 1_000n }), { minLength: 1, maxLength: 32 }),
        fc.bigInt({ min: 1n, max: 1n << 45n }),
        fc.bigInt({ min: 0n, max: 1n << 40n }),
        fc.bigInt({ min: 1n, max: 1n << 40n }),
        (scores, pool, stake, weightNorm) => {
          const total = scores.reduce((sum, score) => sum + score, 0n);
          const terms = { tMin: 1n, pool, stake, maxItems: scores.length };
          const payment = paymentOf(terms, total, { phiBound: 1_000n, weightNorm }, limit);
          const { rate, grains } = payment;
          const amounts = scores.map((score) => grains * stake + rate * score);
          expect(amounts.every((amount) => amount >= 0n && amount < MONEY_LIMIT)).to.equal(true);
          expect(rate * weightNorm <= limit).to.equal(true);
          // Notes of few kinds hide each other.
          expect(isPowerOf16(grains)).to.equal(true);
          const whole = amounts.reduce((sum, amount) => sum + amount / grains, 0n);
          const escrow = paidBy(payment, total) + stake * BigInt(scores.length);
          // All claims together are covered, and leave less than a unit each.
          expect(whole <= escrow && escrow - whole < BigInt(scores.length)).to.equal(true);
          expect(paidBy(payment, total) <= pool).to.equal(true);
        },
      ),
    );
  });

  it('is nothing below the least total, or below zero', () => {
    expect(paymentOf(rule, 49n, bounds, limit).rate).to.equal(0n);
    expect(paymentOf({ ...rule, tMin: 0n }, 0n, bounds, limit).rate).to.equal(0n);
    expect(paymentOf({ ...rule, tMin: 0n }, -5n, bounds, limit).rate).to.equal(0n);
    expect(paymentOf(rule, 50n, bounds, limit).rate > 0n).to.equal(true);
  });

  it('stays within the noise that an opening can stand', () => {
    const terms = { tMin: 1n, pool: 1n << 45n, stake: 1n, maxItems: 1 };
    const narrow = { phiBound: 0n, weightNorm: 1n << 30n };
    expect(paymentOf(terms, 1n, narrow, 1n << 31n)).to.deep.equal({ rate: 2n, grains: 1n });
  });

  // Measured on the demo's round: a total of 1.2e8 points and a bound of 2.4e7.
  const demo = { phiBound: 24_000_000n, weightNorm: 90_000n };
  const demoTotal = 123_456_789n;
  for (const id of ['tacit-8192-n4', 'tacit-8192-n7', 'tacit-8192-n10']) {
    it(`pays small pools too, of ${id} [a rate in whole units paid nothing of pools under 120 TAC]`, () => {
      const { maxWeightNorm } = fheParams(id);
      for (const pool of [1n, 10n, 100n, 119n, 120n, 200n, 5_000n].map((tac) => tac * 1_000_000n)) {
        const payment = paymentOf(
          { tMin: 1n, pool, stake: 2_000_000_000n, maxItems: 8 },
          demoTotal,
          demo,
          maxWeightNorm,
        );
        expect(paidBy(payment, demoTotal) * 1_000n > pool * 990n, `${pool}`).to.equal(true);
      }
    });

    it(`pays what small stakes can carry, of ${id} [stakes under 20 TAC paid nothing]`, () => {
      const { maxWeightNorm } = fheParams(id);
      for (const stake of [1n, 10n, 19n, 40n].map((tac) => tac * 1_000_000n)) {
        const terms = { tMin: 1n, pool: 5_000_000_000n, stake, maxItems: 8 };
        const payment = paymentOf(terms, demoTotal, demo, maxWeightNorm);
        // The largest loss takes the stake, or nearly.
        const loss = (payment.rate * demo.phiBound) / payment.grains;
        expect(loss <= stake && loss * 100n > stake * 99n, `${stake}`).to.equal(true);
      }
    });
  }
});

describe('the rule of a round', () => {
  const params = fheParams('tacit-8192-n4');
  const rule: RoundRule = {
    parts: [3_929, 3_929],
    normSq: 2_000_000n,
    reporters: [{ account: new Uint8Array(32), total: 500n, points: 1_000n }],
    gamma: 1n,
    base: 0n,
    mostStanding: 0n,
    mostFactor: 1,
    tMin: 1n,
    pool: 1_000_000_000n,
    stake: 1_000_000_000n,
    kMin: 3,
    maxItems: 8,
    openBlocks: 10,
    maxExtensions: 2,
    directions: [new Uint8Array(32), new Uint8Array(32)],
    past: [],
    discount: 0,
    holders: false,
    sketch: undefined,
  };

  it('of the demo fits every committee', () => {
    for (const id of ['tacit-8192-n4', 'tacit-8192-n7', 'tacit-8192-n10']) {
      expect(ruleFault(fheParams(id), rule, 3)).to.equal(undefined);
      expect(ruleFault(fheParams(id), { ...rule, maxItems: 32 }, 3)).to.equal(undefined);
    }
  });

  it('of sketches fits as one without', () => {
    for (const coordinates of [7_851, 25_000_000, 2 ** 32 - 1]) {
      const sketch = { coordinates, seed: new Uint8Array(32) };
      expect(ruleFault(params, { ...rule, sketch }, 3)).to.equal(undefined);
    }
  });

  const reporters = (total: bigint, points = 1_000n): RoundRule['reporters'] => [
    { account: new Uint8Array(32), total, points },
  ];
  const bad: Record<string, [RuleFault, Partial<RoundRule>]> = {
    'no parts': ['BadParts', { parts: [], directions: [] }],
    'a direction too few': ['BadParts', { directions: [new Uint8Array(32)] }],
    'fewer accounts than the chain demands': ['BadCounts', { kMin: 2 }],
    'more accounts demanded than possible': ['BadCounts', { kMin: 9 }],
    'more items than a round takes': ['BadCounts', { maxItems: 1_001 }],
    'no time to contribute': ['BadWindow', { openBlocks: 0 }],
    'a round that never ends': ['BadWindow', { openBlocks: 0xffff_ffff, maxExtensions: 0 }],
    'a round that is extended forever': ['BadWindow', { openBlocks: MAX_OPEN_BLOCKS / 100, maxExtensions: 100 }],
    'a count that digits cannot prove': ['CountTooLarge', { reporters: reporters(16n ** 12n) }],
    'counts that could come to the total modulo t only': ['CountTooLarge', { reporters: reporters(16n ** 11n) }],
    'a part too long': ['BadLane', { parts: [8_193, 10] }],
    'a norm that squares could reach modulo t only': ['BadLane', { normSq: 1n << 50n }],
    'a fifth past aggregate': ['BadNovelty', { past: [1, 2, 3, 4, 5], discount: 50 }],
    'a discount of more than all': ['BadNovelty', { past: [1], discount: 101 }],
    'a sketch as long as what it is of': ['BadSketch', { sketch: { coordinates: 7_850, seed: new Uint8Array(32) } }],
    'a sketch with a part of spare coordinates alone': [
      'BadSketch',
      { parts: [3_929, 4], sketch: { coordinates: 25_000_000, seed: new Uint8Array(32) } },
    ],
    'no points for updates': ['NoPoints', { gamma: 0n }],
    'updates that are zero': ['NoPoints', { normSq: 0n }],
    'scores beyond the noise bound': ['NoiseBudget', { gamma: 1n << 40n }],
    'no factor at all': ['BadFactor', { mostFactor: 0 }],
    'a factor beyond the largest': ['BadFactor', { mostFactor: 17 }],
    'counts that wrap': ['CountsWrap', { reporters: reporters(500n, 1n << 48n) }],
    'counts that wrap at their largest factor': ['CountsWrap', { reporters: reporters(1n, 1n << 46n), mostFactor: 16 }],
    'weights beyond the noise bound though nobody counted anything': [
      'NoiseBudget',
      { reporters: reporters(0n, 1n << 60n) },
    ],
    'a base that leaves nothing to others': ['PaysNothing', { base: (1n << 64n) - 1n }],
    'public points without measure': ['MarksClaims', { mostStanding: (1n << 64n) - 1n }],
    'counts beyond the noise bound': ['NoiseBudget', { reporters: reporters(0n, 1n << 41n), normSq: 1n }],
    'factors that take counts beyond the noise bound': [
      'NoiseBudget',
      { reporters: reporters(0n, 1n << 37n), mostFactor: 16, normSq: 1n },
    ],
    'eight reporters that are beyond the noise bound together': [
      'NoiseBudget',
      { reporters: Array.from({ length: 8 }, () => reporters(0n, 1n << 38n)).flat(), normSq: 1n },
    ],
    'an empty pool [the owner took the aggregate for nothing]': ['EmptyPool', { pool: 0n }],
    'more money than amounts can carry': ['TooMuchMoney', { pool: MONEY_LIMIT }],
    'stakes beyond what amounts can carry': ['TooMuchMoney', { stake: MONEY_LIMIT / 8n }],
    'a least total that good work hardly reaches': ['UnreachableTotal', { tMin: 9n * 2_000_000n + 1n }],
    'a least total out of reach [the owner took the aggregate for nothing]': ['UnreachableTotal', { tMin: 1n << 63n }],
    'uses that outweigh the updates [a reporter marked every claim]': [
      'MarksClaims',
      { reporters: reporters(500n, 1_000_000n) },
    ],
    'uses that outweigh the updates at their largest factor': [
      'MarksClaims',
      { mostFactor: 16, maxItems: 3, kMin: 3, reporters: reporters(500n, 2_000n) },
    ],
    'public points that outweigh the updates [amounts told whose data was curated]': [
      'MarksClaims',
      { mostStanding: 2_000_000n },
    ],
    'a total that only more places than must be filled could reach': [
      'UnreachableTotal',
      { tMin: 20_000_000n, maxItems: 32 },
    ],
    'uses that only more places than must be filled could outweigh': [
      'MarksClaims',
      { reporters: reporters(500n, 20_000n), maxItems: 32 },
    ],
    'a base that leaves a point less than rounding takes': ['PaysNothing', { base: 1n << 40n, pool: 1_000_000n }],
    'a pool that rounds to nothing': ['PaysNothing', { pool: 1n, stake: 1_000_000_000_000n }],
    'a stake that rounds to nothing': ['PaysNothing', { pool: 1n << 40n, stake: 1n }],
  };
  for (const [name, [fault, changes]] of Object.entries(bad)) {
    it(`does not fit with ${name}: ${fault}`, () => {
      expect(ruleFault(params, { ...rule, ...changes }, 3)).to.equal(fault);
    });
  }

  it('takes a month of tokens as usage: totals up to 16^11 of as many items as a round has', () => {
    const month = {
      reporters: reporters(16n ** 9n, 1n),
      gamma: 2_000n,
      kMin: 8,
      pool: 2n * 10n ** 11n,
      stake: 4n * 10n ** 10n,
    };
    expect(ruleFault(params, { ...rule, ...month }, 3)).to.equal(undefined);
    const lane = lanesOf({ ...rule, ...month })
      .map(laneSpecOf)
      .at(-1);
    expect(lane?.digits).to.equal(10);
  });

  it('that is admitted never wraps, never passes the noise bound and pays in grains, whatever is sent', () => {
    const bits = (most: number) =>
      fc.integer({ min: 0, max: most }).chain((b) => fc.bigInt({ min: 0n, max: 1n << BigInt(b) }));
    let admitted = 0;
    fc.assert(
      fc.property(
        fc.record({
          id: fc.constantFrom('tacit-8192-n4', 'tacit-8192-n7', 'tacit-8192-n10'),
          parts: fc.array(fc.constantFrom(5, 8192), { minLength: 1, maxLength: 4 }),
          maxItems: fc.constantFrom(3, 8, 32),
          normSq: bits(26),
          gamma: bits(34),
          points: bits(40),
          total: bits(40),
          base: bits(40),
          mostStanding: bits(30),
          mostFactor: fc.integer({ min: 1, max: 16 }),
          discount: fc.constantFrom(0, 50, 100),
          pool: bits(46),
          stake: bits(40),
        }),
        ({ id, total, points, ...changes }) => {
          const directions = changes.parts.map(() => new Uint8Array(32));
          const drawn = { ...rule, ...changes, directions, reporters: reporters(total, points) };
          const set = fheParams(id);
          if (ruleFault(set, drawn, 3) !== undefined) return;
          admitted++;
          const { normSq, gamma, pool, stake, base, mostStanding } = drawn;
          const weight = BigInt(drawn.mostFactor) * points;
          const open = BigInt(drawn.maxItems) * (base + mostStanding);
          const [n, P] = [BigInt(drawn.maxItems), BigInt(drawn.parts.length)];
          // |u| and |g| are B, |U| at most nB: |v| = |2n*g - U| at most 3nB in each part.
          // What is new in it is no longer, but for the rounding of its coordinates: half a unit each.
          const rounding =
            drawn.discount > 0 ? drawn.parts.reduce((sum, values) => sum + ceilSqrt(BigInt(values)), 0n) / 2n : 0n;
          const phiBound = gamma * (P * 3n * n * normSq + rounding * ceilSqrt(normSq));
          const weightNorm = gamma * (P * ceilSqrt(9n * n * n * normSq) + rounding) + weight;
          expect(weight * total < set.t).to.equal(true);
          expect(weightNorm <= set.maxWeightNorm + 2n * P * gamma).to.equal(true);
          // With all places taken, at the largest factor.
          const factors = Array.from({ length: drawn.maxItems }, () => drawn.mostFactor);
          expect(countsNorm([points], { factors }) <= set.maxWeightNorm).to.equal(true);
          const best = gamma * P * n * n * normSq + weight * total + open;
          const { rate, grains } = paymentOf(drawn, best, { phiBound, weightNorm }, set.maxWeightNorm);
          expect(rate >= 31n && (pool + stake * n) * grains < MONEY_LIMIT).to.equal(true);
          // What one item may be paid, when all others score as low as they can, is below what a note can say.
          const most = grains * stake + rate * (best + (n - 1n) * phiBound);
          expect(most < set.t && grains * stake >= rate * phiBound).to.equal(true);
        },
      ),
      { numRuns: 4_000 },
    );
    expect(admitted).to.be.greaterThan(50);
  });
});
