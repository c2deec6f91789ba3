import { expect } from 'chai';
import * as fc from 'fast-check';
import { fheParams } from '../../../primitives/fhe/params.ts';
import { completeNorm } from '../../../primitives/proofs/norm.ts';
import {
  aggregatePrice,
  newSquare,
  noveltyWeights,
  paidBy,
  partWeights,
  paymentOf,
  priceShare,
  scoreBounds,
  scoredParts,
  totalScore,
} from '../../../primitives/round/index.ts';

const [LENGTH, NORM_SQ] = [6, 4_000];
const dot = (left: ArrayLike<number>, right: ArrayLike<number>): number =>
  Array.from(left).reduce((sum, x, j) => sum + x * (right[j] as number), 0);
const sumOf = (updates: readonly Int8Array[]): Int32Array =>
  Int32Array.from(updates[0] ?? [], (_, j) => updates.reduce((sum, u) => sum + (u[j] as number), 0));

/** A part with the norm of the rule, spare coordinates included. */
const update = fc
  .array(fc.integer({ min: -25, max: 25 }), { minLength: LENGTH, maxLength: LENGTH })
  .map((values) => Int8Array.from(completeNorm(values, BigInt(NORM_SQ))));
const past = fc.array(
  update.map((one) => Int32Array.from(one)),
  { maxLength: 4 },
);
const money = fc.bigInt({ min: 1n, max: 1n << 46n });
const rule = { parts: [LENGTH], normSq: BigInt(NORM_SQ), pool: 1_000_000n, stake: 500_000n };
type Priced = { readonly aggregate: Int32Array; readonly past: readonly Int32Array[] };
/** What of the squares of parts is new. */
const newsOf = (parts: readonly Priced[], discount = 0): { news: bigint } => ({
  news: parts.reduce((sum, { aggregate, past }) => sum + newSquare(aggregate, past, discount), 0n),
});

describe('the price of an aggregate', () => {
  it('is a fourth of pool or stakes, by what the products of all pairs of updates come to beside their squares', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(update, update), { minLength: 1, maxLength: 8 }), (items) => {
        const parts = [0, 1].map((part) => items.map((one) => one[part] as Int8Array));
        const pairs = parts.map((updates) =>
          updates.reduce((sum, u, i) => sum + updates.reduce((all, w, j) => (i === j ? all : all + dot(u, w)), 0), 0),
        );
        const common = BigInt(pairs.reduce((sum, one) => sum + one, 0));
        const squares = BigInt(2 * items.length * NORM_SQ);
        const opened = parts.map((updates) => ({ aggregate: sumOf(updates), past: [] }));
        const [ofPool, ofStake] = [
          (rule.pool * common) / (4n * (common + squares)),
          (rule.stake * common) / (4n * squares),
        ];
        const expected = common <= 0n ? 0n : ofPool < ofStake ? ofPool : ofStake;
        const two = { ...rule, parts: [LENGTH, LENGTH] };
        expect(aggregatePrice(two, items.length, newsOf(opened))).to.equal(expected);
      }),
    );
  });

  it('never takes more than a fourth of the pool, gives nobody a fourth of a stake, and goes into the pool with what is paid', () => {
    fc.assert(
      fc.property(
        fc.array(update, { minLength: 1, maxLength: 32 }),
        past,
        fc.integer({ min: 0, max: 100 }),
        money,
        money,
        fc.bigInt({ min: 0n, max: 1_000n }),
        (updates, history, discount, pool, stake, permille) => {
          const scored = newsOf([{ aggregate: sumOf(updates), past: history }], discount);
          const terms = { ...rule, pool, stake };
          const [price, n] = [aggregatePrice(terms, updates.length, scored), BigInt(updates.length)];
          expect(4n * price <= pool).to.equal(true);
          const paid = (pool * permille) / 1_000n;
          const share = priceShare(terms, updates.length, scored, paid);
          expect(4n * share < stake && paid + n * share <= pool).to.equal(true);
          // What is paid and what is owed come to the price, but for less than a unit each.
          expect(share === 0n || (paid + n * share <= price && price - paid < n * (share + 1n))).to.equal(true);
          if (paid >= price) expect(share).to.equal(0n);
        },
      ),
    );
  });

  it('is nothing for updates that have nothing in common, and for none', () => {
    const u = Int8Array.from(completeNorm([20, 0, 0, 3, 0, 1], BigInt(NORM_SQ)));
    const opposite = u.map((x) => -x);
    for (const updates of [[u], [u, opposite], [u, opposite, u, opposite]])
      expect(aggregatePrice(rule, updates.length, newsOf([{ aggregate: sumOf(updates), past: [] }]))).to.equal(0n);
    expect(priceShare(rule, 0, newsOf([]), 0n)).to.equal(0n);
    expect(priceShare(rule, 2, newsOf([{ aggregate: sumOf([u, u]), past: [] }]), 0n) > 0n).to.equal(true);
  });

  it('does not count what was open before, as far as the rule takes it out', () => {
    const u = Int8Array.from(completeNorm([20, 10, -5, 3, 0, 1], BigInt(NORM_SQ)));
    const open = { aggregate: sumOf([u, u, u, u]), past: [Int32Array.from(u)] };
    const at = (discount: number): bigint => aggregatePrice(rule, 4, newsOf([open], discount));
    // Of 16 squares of one update 8 are new, and 4 are those of the updates themselves.
    expect([at(0), at(50), at(75), at(100)]).to.deep.equal([(rule.pool * 12n) / 64n, (rule.stake * 4n) / 16n, 0n, 0n]);
  });
});

describe('an owner that has one account among its contributors', () => {
  const length = 10;
  const part = (at: Readonly<Record<number, number>>): Int8Array =>
    Int8Array.from(
      completeNorm(
        Array.from({ length }, (_, j) => at[j] ?? 0),
        BigInt(NORM_SQ),
      ),
    );
  /** A third of each square is common to all, and beside them the owner's, which has nothing of it. */
  const honest = Array.from({ length: 8 }, (_, i) => part({ 0: 36, [i + 1]: 48 }));
  const own = part({ 9: 63 });
  const terms = { ...rule, discount: 0, stake: rule.pool / 4n, gamma: 1n, tMin: 0n, maxItems: 9 };
  const opened = { aggregate: sumOf([...honest, own]), past: [] };
  /** What each item gains under a direction that is `x` along what is common and `y` along the owner's vector. */
  const gains = (x: number, y: number) => {
    const direction = Int8Array.from(own, (_, j) => (j === 0 ? x : j === 9 ? y : 0));
    const weights = partWeights(terms, 9, { ...opened, direction });
    const scored = scoredParts(terms, 9, [{ ...opened, direction }]);
    const bounds = scoreBounds(terms, scored, [], { factors: [] });
    const total = totalScore(terms, scored, 0n, { points: [] });
    const payment = paymentOf(terms, total, bounds, fheParams('tacit-8192-n4').maxWeightNorm);
    const paid = paidBy(payment, total);
    const share = priceShare(terms, 9, scored, paid);
    const gain = (update: Int8Array): number =>
      (Number(payment.rate) * dot(update, weights)) / Number(payment.grains) + Number(share);
    return { paid, share, own: gain(own), honest: honest.reduce((sum, update) => sum + gain(update), 0) };
  };

  it('takes of the others’ stakes in spite of the price [a direction along its own vector, a total just above zero]', () => {
    const { paid, share, own: owners, honest: others } = gains(14, 61);
    expect(aggregatePrice(terms, 9, newsOf([opened])) * 6n > terms.pool).to.equal(true);
    expect(paid > 0n && share > 0n).to.equal(true);
    expect(others < 0 && owners > Number(paid + 9n * share)).to.equal(true);
  });

  it('gets a stake at most by its score, and so takes no more of the others than that', () => {
    for (let x = 0; x <= 63; x++) {
      const { paid, share, own: owners, honest: others } = gains(x, Math.floor(Math.sqrt(NORM_SQ - x * x)));
      expect(owners - Number(share) <= Number(terms.stake)).to.equal(true);
      expect(Number(paid + 8n * share) - others <= Number(terms.stake) + 1).to.equal(true);
    }
  });
});

describe('what of a square is new', () => {
  it('is what weights of the same discount have of it, before they are rounded', () => {
    fc.assert(
      fc.property(update, past, fc.integer({ min: 0, max: 100 }), (one, history, discount) => {
        const vector = Int32Array.from(one);
        const square = newSquare(vector, history, discount);
        const rounded = dot(vector, noveltyWeights(vector, history, discount));
        // Half a unit a coordinate, and one for the whole.
        const most = one.reduce((sum, x) => sum + Math.abs(x), 0) / 2 + 1;
        expect(Math.abs(Number(square) - rounded) <= most && square >= 0n).to.equal(true);
      }),
    );
  });

  it('wants a discount and a past that a rule may have', () => {
    const one = Int32Array.of(1, 2);
    for (const discount of [-1, 101, 0.5]) expect(() => newSquare(one, [one], discount)).to.throw('hundredths');
    expect(() => newSquare(one, [one, one, one, one, one], 50)).to.throw('at most 4');
    expect(() => newSquare(one, [Int32Array.of(1)], 50)).to.throw('length');
  });
});
