import { expect } from 'chai';
import * as fc from 'fast-check';
import { noveltyScores } from '../../../client/demo/novelty.ts';
import { closedFormShapley, sumOfUpdates } from '../../../client/demo/shapley.ts';
import { MAX_PAST, noveltyWeights } from '../../../primitives/round/novelty.ts';
import { functionalPolynomial, shapleyWeights } from '../../../primitives/round/score.ts';
import { copyWeights, holderCounts, WHOLE_WEIGHT } from '../../../primitives/round/copies.ts';

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
  holders: readonly string[],
): bigint[] {
  const { weights, total } = copyWeights(holderCounts(holders));
  const scores = updates.map(() => 0n);
  direction.forEach((g, part) => {
    const aggregate = Int32Array.from(g, (_, j) =>
      updates.reduce((sum, u, i) => sum + Number(weights[i]) * (u[part]?.[j] as number), 0),
    );
    const pastOfPart = past.map((one) => one[part] as Int32Array);
    const v = noveltyWeights(shapleyWeights(Number(total), g, aggregate), pastOfPart, discount, WHOLE_WEIGHT);
    updates.forEach((u, i) => {
      scores[i] =
        (scores[i] as bigint) + opened(u[part] as Int8Array, functionalPolynomial(v, weights[i] as bigint, N));
    });
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
        (items, direction, history, discount) => {
          const updates = items.map(([u]) => u);
          const holders = items.map(([, holder]) => holder);
          const past = history.map(sumOfUpdates);
          const plain = noveltyScores(updates, direction, { past, discount, holders });
          expect(plain).to.deep.equal(openedScores(updates, direction, past, discount, holders));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('without a past and with a holder each it is sixty times the closed form of today', () => {
    fc.assert(
      fc.property(fc.array(parts, { minLength: 1, maxLength: 6 }), parts, (updates, direction) => {
        const holders = updates.map((_, i) => `${i}`);
        const plain = noveltyScores(updates, direction, { past: [], discount: 75, holders });
        expect(plain).to.deep.equal(closedFormShapley(updates, direction).map((phi) => 60n * phi));
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
      (four: bigint) => (four > today ? four - today : today - four) <= 4n * 45n * 60n,
    );
    expect((at(75)[0] as bigint) > 0n).to.equal(true);
  });
});
