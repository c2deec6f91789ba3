import { expect } from 'chai';
import * as fc from 'fast-check';
import { fheParams } from '../../../primitives/fhe/params.ts';
import { ceilSqrt } from '../../../primitives/fhe/sqrt.ts';
import {
  aggregateBytes,
  aggregateValues,
  coefficientPolynomial,
  functionalPolynomial,
  MAX_OPEN_BLOCKS,
  MONEY_LIMIT,
  payoutRate,
  type RoundRule,
  scoreBounds,
  shapleyWeights,
  ruleFits,
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
        const { phiBound } = scoreBounds({ alpha: 1n, gamma: 7n, normSq }, [weights], 1);
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

describe('the rate of a payout', () => {
  const bounds = { phiBound: 1_000n, weightNorm: 10n };
  const rule = { tMin: 50n, pool: 1_000_000n, deposit: 5_000_000n };
  const limit = 1n << 61n;

  it('never pays more than the pool, nor takes more than a stake [T near 0 paid many times the pool]', () => {
    fc.assert(
      fc.property(
        fc.array(fc.bigInt({ min: -1_000n, max: 1_000n }), { minLength: 1, maxLength: 32 }),
        fc.bigInt({ min: 0n, max: 1n << 45n }),
        fc.bigInt({ min: 0n, max: 1n << 40n }),
        (scores, pool, deposit) => {
          const total = scores.reduce((sum, score) => sum + score, 0n);
          const rate = payoutRate({ tMin: 1n, pool, deposit }, total, bounds, limit);
          const amounts = scores.map((score) => deposit + rate * score);
          expect(amounts.every((amount) => amount >= 0n)).to.equal(true);
          const paid = amounts.reduce((sum, amount) => sum + amount, 0n);
          expect(paid <= pool + deposit * BigInt(scores.length)).to.equal(true);
        },
      ),
    );
  });

  it('is nothing below the least total, or below zero', () => {
    expect(payoutRate(rule, 49n, bounds, limit)).to.equal(0n);
    expect(payoutRate({ ...rule, tMin: 0n }, 0n, bounds, limit)).to.equal(0n);
    expect(payoutRate({ ...rule, tMin: 0n }, -5n, bounds, limit)).to.equal(0n);
    expect(payoutRate(rule, 50n, bounds, limit)).to.equal(5_000n);
  });

  it('stays within the noise that an opening can stand', () => {
    expect(
      payoutRate(
        { tMin: 1n, pool: 1n << 46n, deposit: 1n << 46n },
        1n,
        { phiBound: 1n, weightNorm: 1n << 30n },
        1n << 31n,
      ),
    ).to.equal(2n);
  });
});

describe('the rule of a round', () => {
  const params = fheParams('tacit-8192-n4');
  const rule: RoundRule = {
    parts: [3_929, 3_929],
    normSq: 2_000_000n,
    reporters: [{ account: new Uint8Array(32), total: 500n }],
    alpha: 1_000n,
    gamma: 1n,
    tMin: 1n,
    pool: 1_000_000_000n,
    stake: 1_000_000_000n,
    kMin: 3,
    maxItems: 8,
    openBlocks: 10,
    maxExtensions: 2,
    directions: [new Uint8Array(32), new Uint8Array(32)],
  };

  it('of the demo fits every committee', () => {
    for (const id of ['tacit-8192-n4', 'tacit-8192-n7', 'tacit-8192-n10']) {
      expect(ruleFits(fheParams(id), rule, 3)).to.equal(true);
      expect(ruleFits(fheParams(id), { ...rule, maxItems: 32 }, 3)).to.equal(true);
    }
  });

  const bad: Record<string, Partial<RoundRule>> = {
    'no parts': { parts: [], directions: [] },
    'a part too long': { parts: [4_097, 10] },
    'a direction too few': { directions: [new Uint8Array(32)] },
    'fewer accounts than the chain demands': { kMin: 2 },
    'more accounts demanded than possible': { kMin: 9 },
    'more items than a bin holds': { maxItems: 33 },
    'no time to contribute': { openBlocks: 0 },
    'no points for anything': { gamma: 0n, alpha: 0n },
    'points for reports that nobody makes': { gamma: 0n, reporters: [] },
    'a round that never ends': { openBlocks: 0xffff_ffff, maxExtensions: 0 },
    'a round that is extended forever': { openBlocks: MAX_OPEN_BLOCKS / 100, maxExtensions: 100 },
    'more money than amounts can carry': { pool: MONEY_LIMIT },
    'stakes beyond what amounts can carry': { stake: MONEY_LIMIT / 8n },
    'scores that wrap': { gamma: 1n << 40n },
    'usage that wraps': { alpha: 1n << 48n },
    'weights that wrap though nobody used anything': { alpha: 1n << 60n, reporters: [] },
    'one reporter twice': { reporters: [rule.reporters[0], rule.reporters[0]] as RoundRule['reporters'] },
    'more uses than digits can prove': { reporters: [{ account: new Uint8Array(32), total: 1n << 33n }] },
  };
  for (const [name, changes] of Object.entries(bad)) {
    it(`does not fit with ${name}`, () => {
      expect(ruleFits(params, { ...rule, ...changes }, 3)).to.equal(false);
    });
  }
});
