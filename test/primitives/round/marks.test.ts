import { expect } from 'chai';
import { Prg } from '../../../primitives/crypto/prg.ts';
import { hash32Of } from '../../../primitives/crypto/hash.ts';

/** Shapley values of the demo's eight updates, as its report shows them. */
const SCORES = [19_201_933, 17_936_206, 16_446_028, 14_553_769, 17_936_206, 1_753_326, -2_125_102, 17_852_456];
/** Largest total of eight updates of two parts of norm 10^6. */
const LARGEST = 64 * 2 * 1_000_000;

/** Claims that a reporter recognises on average whose marks rise evenly from item to item and weigh `share` of the largest total. */
function recognised(share: number): number {
  const prg = new Prg(hash32Of('test/marks', share.toString()));
  const trials = 4_000;
  const step = (share * LARGEST) / ((SCORES.length * (SCORES.length - 1)) / 2);
  let hits = 0;
  for (let trial = 0; trial < trials; trial++) {
    const draw = new DataView(prg.next(4 * SCORES.length).slice().buffer);
    const shuffled = SCORES.map((score, i) => ({ score, at: draw.getUint32(4 * i) })).sort((a, b) => a.at - b.at);
    // It knows its marks and sees amounts without names: the order of the amounts is its best guess.
    const byAmount = shuffled.map(({ score }, item) => ({ item, amount: score + item * step }));
    byAmount.sort((a, b) => a.amount - b.amount);
    hits += byAmount.filter(({ item }, rank) => item === rank).length;
  }
  return hits / trials;
}

describe('marks that a reporter puts on claims', () => {
  it('name every claim where uses outweigh updates, and few under the heaviest rule that is admitted', () => {
    expect(recognised(0)).to.be.closeTo(1, 0.1);
    expect(recognised(55)).to.equal(8);
    expect(recognised(1 / 4)).to.be.lessThan(2);
  });
});
