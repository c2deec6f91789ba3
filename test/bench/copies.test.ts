/** The weights that the study gives to items that count as one. */
import { expect } from 'chai';
import * as fc from 'fast-check';
import { copyWeight, holderCounts, likenessCounts } from '../../bench/fairness/copies.ts';

const dot = (left: ArrayLike<number>, right: ArrayLike<number>): bigint =>
  Array.from(left).reduce((sum, x, j) => sum + BigInt(x) * BigInt(right[j] as number), 0n);

describe('shared weights', () => {
  it('all items of a holder together weigh no more than one, and more than half of it', () => {
    for (let count = 1; count <= 60; count++) {
      const together = Math.round(60 * copyWeight(count)) * count;
      expect(together <= 60 && 2 * together > 60, `${count}`).to.equal(true);
    }
    expect(copyWeight(61)).to.equal(0);
    for (const count of [0, -1, 1.5]) expect(() => copyWeight(count)).to.throw('itself');
  });

  it('count whom each item names, itself included', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 40 }), (holders) => {
        const counts = holderCounts(holders);
        holders.forEach((holder, i) => expect(counts[i]).to.equal(holders.filter((other) => other === holder).length));
      }),
    );
  });
});

describe('likeness', () => {
  const products = (updates: readonly Int8Array[]): bigint[][] => updates.map((u) => updates.map((w) => dot(u, w)));

  it('counts copies, whatever their scale, and nothing that is opposite or at right angles', () => {
    const items = [
      Int8Array.of(3, 4),
      Int8Array.of(6, 8),
      Int8Array.of(-3, -4),
      Int8Array.of(4, -3),
      Int8Array.of(0, 0),
    ];
    expect(likenessCounts(products(items), 97)).to.deep.equal([2, 2, 1, 1, 1]);
  });

  it('has its threshold where it says: cosines of 0.6 and 0.8', () => {
    const items = [Int8Array.of(5, 0), Int8Array.of(3, 4)];
    expect(likenessCounts(products(items), 60)).to.deep.equal([2, 2]);
    expect(likenessCounts(products(items), 61)).to.deep.equal([1, 1]);
    const others = [Int8Array.of(5, 0), Int8Array.of(4, 3)];
    expect(likenessCounts(products(others), 80)).to.deep.equal([2, 2]);
    expect(likenessCounts(products(others), 81)).to.deep.equal([1, 1]);
  });

  it('an item between two others does not put them together', () => {
    const [left, between, right] = [Int8Array.of(100, 0), Int8Array.of(90, 43), Int8Array.of(62, 78)];
    expect(likenessCounts(products([left, between, right]), 85)).to.deep.equal([2, 3, 2]);
  });

  it('refuses what is no matrix of inner products', () => {
    expect(() => likenessCounts([[1n, 2n]], 90)).to.throw('inner products');
    expect(() =>
      likenessCounts(
        [
          [1n, 2n],
          [3n, 1n],
        ],
        90,
      ),
    ).to.throw('inner products');
    expect(() => likenessCounts([[-1n]], 90)).to.throw('inner products');
    expect(() => likenessCounts([[1n], [2n, 1n]], 90)).to.throw('inner products');
    expect(() => likenessCounts([[1n, 2n], [2n]], 90)).to.throw('inner products');
    for (const likeness of [0, 101, 1.5]) expect(() => likenessCounts([[1n]], likeness)).to.throw('hundredths');
  });
});
