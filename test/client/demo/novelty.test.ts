import { expect } from 'chai';
import * as fc from 'fast-check';
import { noveltyScores } from '../../../client/demo/novelty.ts';
import { Draw } from '../../../client/demo/draw.ts';
import { closedFormShapley, sumOfUpdates } from '../../../client/demo/shapley.ts';
import { joinParts, quantise } from '../../../client/sdk/quantise.ts';
import { MAX_PAST } from '../../../primitives/round/novelty.ts';
import { functionalPolynomial, partWeights } from '../../../primitives/round/score.ts';
import { countingItems } from '../../../primitives/round/holders.ts';
import { utf8 } from '../../../primitives/crypto/bytes.ts';

const N = 8;
const values = (length: number): fc.Arbitrary<Int8Array> =>
  fc.array(fc.integer({ min: -127, max: 127 }), { minLength: length, maxLength: length }).map((v) => Int8Array.from(v));
const parts = fc.tuple(values(5), values(6));

/** Coefficient 0 of the product in Z[x]/(x^N + 1): what the committee opens of an encrypted update. */
function opened(update: Int8Array, polynomial: BigInt64Array): bigint {
  return Array.from(polynomial).reduce((sum, weight, k) => {
    // x^k times x^j is x^(k+j), and x^N is -1.
    const value = BigInt(update[(N - k) % N] ?? 0);
    return sum + (k === 0 ? weight * value : -weight * value);
  }, 0n);
}

/** Scores as a round would open them: weights and polynomials of primitives/round, part by part. */
function openedScores(
  updates: readonly (readonly Int8Array[])[],
  direction: readonly Int8Array[],
  past: readonly (readonly Int32Array[])[],
  discount: number,
  holders: readonly string[] | undefined,
): bigint[] {
  const rule = { discount, holders: holders !== undefined };
  const names = holders ?? updates.map((_, i) => `${i}`);
  const all = updates.map((_, i) => i);
  const accepted = countingItems(rule, all, (item) => utf8(names[item] as string));
  const scores = updates.map(() => 0n);
  direction.forEach((g, part) => {
    const aggregate = Int32Array.from(g, (_, j) =>
      accepted.reduce((sum, i) => sum + (updates[i]?.[part]?.[j] as number), 0),
    );
    const pastOfPart = past.map((one) => one[part] as Int32Array);
    const v = partWeights(rule, accepted.length, { direction: g, aggregate, past: pastOfPart });
    for (const i of accepted) {
      scores[i] = (scores[i] as bigint) + opened(updates[i]?.[part] as Int8Array, functionalPolynomial(v, 1n, N));
    }
  });
  return scores;
}

describe('client/demo/novelty', () => {
  it('the plain closed form and the opened scores are the same to the last unit', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(parts, fc.constantFrom('a', 'b', 'c', 'd', 'e')), { minLength: 1, maxLength: 7 }),
        parts,
        fc.array(fc.array(parts, { minLength: 1, maxLength: 4 }), { maxLength: MAX_PAST }),
        fc.integer({ min: 0, max: 100 }),
        fc.boolean(),
        (items, direction, history, discount, isShared) => {
          const updates = items.map(([u]) => u);
          const holders = isShared ? items.map(([, holder]) => holder) : undefined;
          const past = history.map(sumOfUpdates);
          const plain = noveltyScores(updates, direction, { past, discount, holders });
          expect(plain).to.deep.equal(openedScores(updates, direction, past, discount, holders));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('without a past and with a holder each it is the closed form of today', () => {
    fc.assert(
      fc.property(fc.array(parts, { minLength: 1, maxLength: 6 }), parts, (updates, direction) => {
        const holders = updates.map((_, i) => `${i}`);
        const plain = noveltyScores(updates, direction, { past: [], discount: 75, holders });
        expect(plain).to.deep.equal(closedFormShapley(updates, direction));
      }),
    );
  });

  it('a replay of the last aggregate gets nothing at 100 %, and a fourth of today’s at 75 %', () => {
    const replay = [Int8Array.of(90, 0, 0, 0, 0)];
    const others = [[Int8Array.of(60, 60, 0, 0, 0)], [Int8Array.of(60, 0, 60, 0, 0)]];
    const direction = [Int8Array.of(80, 30, 30, 0, 0)];
    const past = [[Int32Array.of(7, 0, 0, 0, 0)]];
    const holders = ['a', 'b', 'c'];
    const at = (discount: number): bigint[] =>
      noveltyScores([...others, replay], direction, { past, discount, holders });
    const today = at(0)[2] as bigint;
    expect(today > 0n).to.equal(true);
    expect(at(100)[2]).to.equal(0n);
    expect(4n * (at(75)[2] as bigint)).to.satisfy(
      (four: bigint) => (four > today ? four - today : today - four) <= 4n * 45n,
    );
    expect((at(75)[0] as bigint) > 0n).to.equal(true);
  });
});

describe('many accounts of one holder, and replays', () => {
  const [LENGTH, NORM_SQ, HONEST] = [200, 100_000n, 7];
  const draw = new Draw('test-crowds', '1');
  const truth = Float64Array.from({ length: LENGTH }, () => draw.normal());
  const near = (noise: number): Int8Array[] =>
    quantise(
      truth.map((x) => x + noise * draw.normal()),
      NORM_SQ,
    );
  const direction = near(0.3);
  const honest = Array.from({ length: HONEST }, () => near(1));
  const past = sumOfUpdates(Array.from({ length: HONEST }, () => near(1)));
  const replay = quantise(joinParts(past, LENGTH), NORM_SQ);
  const names = honest.map((_, i) => `party ${i}`);

  /** Part of the pool that `count` accounts with one update get together. */
  const share = (update: Int8Array[], count: number, isShared: boolean, discount = 50): number => {
    const crowd = Array.from({ length: count }, () => update);
    const holders = isShared ? [...names, ...crowd.map(() => 'crowd')] : undefined;
    const scores = noveltyScores([...honest, ...crowd], direction, { past: [past], discount, holders });
    const total = scores.reduce((sum, score) => sum + score, 0n);
    const own = scores.slice(HONEST).reduce((sum, score) => sum + score, 0n);
    return Number((1_000_000n * own) / total) / 1_000_000;
  };

  for (const [what, update] of [
    ['copies of an honest update', near(1)],
    ['replays of the last aggregate', replay],
  ] as const) {
    it(`${what} by 1 to 28 accounts of one holder get what one gets, within 1.5 times`, () => {
      const one = share(update, 1, true);
      const shares = [1, 2, 4, 8, 16, 28].map((count) => share(update, count, true));
      for (const together of shares) expect(together <= 1.5 * one && together > 0).to.equal(true);
      // Eight that nobody vouches for get far more: it is not the update that tells them apart.
      expect(share(update, 8, false) > 2 * one).to.equal(true);
    });
  }

  it('a replay gets less than today with 1, 8 and 16 accounts, and nothing to speak of where all of the projection is taken out', () => {
    for (const count of [1, 8, 16]) {
      const [today, half, all] = [0, 50, 100].map((discount) => share(replay, count, false, discount));
      expect((half as number) < (today as number) && (all as number) < (half as number)).to.equal(true);
      expect(Math.abs(share(replay, count, true, 100)) < 0.02, `${count}`).to.equal(true);
    }
  });

  it('a past that an owner has made beforehand shifts pay between parties, and takes none of it from the pool', () => {
    const poisoned = (made: readonly Int32Array[], discount: number): bigint =>
      noveltyScores(honest, direction, { past: [made], discount, holders: names }).reduce(
        (sum, score) => sum + score,
        0n,
      );
    const untouched = poisoned(past, 1);
    // The owner's own direction as the past: what all have in common counts half, and the total is still far above zero.
    const made = direction.map((part) => Int32Array.from(part));
    expect(poisoned(made, 50) > untouched / 4n).to.equal(true);
    expect(poisoned(made, 50) < untouched).to.equal(true);
  });
});
