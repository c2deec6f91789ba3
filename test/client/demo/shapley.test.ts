import { expect } from 'chai';
import * as fc from 'fast-check';
import { closedFormShapley, innerProduct, shapleyByDefinition, spearman } from '../../../client/demo/shapley.ts';

const coordinate = fc.integer({ min: -127, max: 127 });
const vector = (length: number) =>
  fc.array(coordinate, { minLength: length, maxLength: length }).map((v) => Int8Array.from(v));

/** `n^2 * n!` times the Shapley value of `v(S) = 2<u_S/n, g> - |u_S/n|^2`, over all orders of arrival, in integers. */
function byOrders(updates: readonly Int8Array[], g: Int8Array): bigint[] {
  const n = BigInt(updates.length);
  const value = (members: readonly number[]): bigint => {
    const wide = Array.from(g, (_, j) => members.reduce((total, i) => total + (updates[i]?.[j] as number), 0));
    return 2n * n * innerProduct(wide, g) - innerProduct(wide, wide);
  };
  const phi = updates.map(() => 0n);
  const arrive = (before: number[], rest: number[]): void => {
    for (const next of rest) {
      const after = [...before, next];
      // every order that begins like this shares the marginal contribution: count the orders of the others
      phi[next] = (phi[next] as bigint) + factorial(rest.length - 1) * (value(after) - value(before));
      arrive(
        after,
        rest.filter((i) => i !== next),
      );
    }
  };
  arrive([], Array.from(updates.keys()));
  return phi;
}

function factorial(k: number): bigint {
  return k < 2 ? 1n : BigInt(k) * factorial(k - 1);
}

describe('client/demo/shapley', () => {
  it('the closed form is the Shapley value, exactly, part by part', () => {
    const game = fc
      .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 4 }))
      .chain(([n, d]) =>
        fc.tuple(
          fc.array(fc.tuple(vector(d), vector(d + 1)), { minLength: n, maxLength: n }),
          vector(d),
          vector(d + 1),
        ),
      );
    fc.assert(
      fc.property(game, ([updates, g0, g1]) => {
        const closed = closedFormShapley(updates, [g0, g1]);
        const orders = factorial(updates.length);
        const parts = [g0, g1].map((g, part) =>
          byOrders(
            updates.map((u) => u[part] as Int8Array),
            g,
          ),
        );
        const brute = updates.map((_, i) => (parts[0]?.[i] as bigint) + (parts[1]?.[i] as bigint));
        expect(closed.map((phi) => phi * orders)).to.deep.equal(brute);
      }),
      { numRuns: 60 },
    );
  });

  it('a duplicate earns what its original earns, and the values add up to that of all together', () => {
    fc.assert(
      fc.property(fc.array(vector(6), { minLength: 2, maxLength: 8 }), vector(6), (vectors, g) => {
        const updates = [...vectors, vectors[0] as Int8Array].map((u) => [u]);
        const phi = closedFormShapley(updates, [g]);
        expect(phi.at(-1)).to.equal(phi[0]);
        const sum = Array.from(g, (_, j) => updates.reduce((total, [u]) => total + (u?.[j] as number), 0));
        const all = 2n * BigInt(updates.length) * innerProduct(sum, g) - innerProduct(sum, sum);
        expect(phi.reduce((a, b) => a + b)).to.equal(all);
      }),
      { numRuns: 50 },
    );
  });

  it('refuses updates of different shapes', () => {
    expect(() => closedFormShapley([[new Int8Array(2)], [new Int8Array(3)]], [new Int8Array(2)])).to.throw('shape');
    expect(() => closedFormShapley([[new Int8Array(2)]], [])).to.throw('parts');
  });

  it('the definition over coalition values gives the textbook answers', () => {
    // the glove game: player 0 has a left glove, 1 and 2 a right one each
    const gloves = Array.from({ length: 8 }, (_, s) => Number((s & 1) !== 0 && (s & 6) !== 0));
    const [left, right, other] = shapleyByDefinition(gloves);
    expect(left).to.be.closeTo(2 / 3, 1e-12);
    expect(right).to.be.closeTo(1 / 6, 1e-12);
    expect(other).to.be.closeTo(1 / 6, 1e-12);
    expect(() => shapleyByDefinition([0, 1, 2])).to.throw('2^n');
  });

  it("Spearman's correlation knows order, ties and nothing else", () => {
    expect(spearman([1, 2, 3], [10, 200, 3000])).to.equal(1);
    expect(spearman([1, 2, 3], [3, 2, 1])).to.equal(-1);
    // one tied pair of four: ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4
    expect(spearman([5, 6, 6, 7], [1, 2, 3, 4])).to.be.closeTo(4.5 / Math.sqrt(4.5 * 5), 1e-12);
    expect(() => spearman([1], [1])).to.throw('two values');
    expect(() => spearman([1, 1], [1, 2])).to.throw('ranks');
  });
});
