import { expect } from 'chai';
import * as fc from 'fast-check';
import { denominationBelow, denominationsOf, isDenomination } from '../../../primitives/proofs/denominations.ts';

const all = Array.from({ length: 19 }, (_, k) => [1n, 2n, 5n].map((digit) => digit * 10n ** BigInt(k))).flat();

describe('primitives/proofs/denominations', () => {
  it('are 1, 2 and 5 times the powers of ten and nothing else', () => {
    for (const amount of all) expect(isDenomination(amount)).to.equal(true);
    const known = new Set(all);
    for (let amount = -20n; amount < 3000n; amount++) expect(isDenomination(amount)).to.equal(known.has(amount));
  });

  it('the largest that is not above a limit', () => {
    expect([0n, -5n].map(denominationBelow)).to.deep.equal([undefined, undefined]);
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 18n }), (limit) => {
        expect(denominationBelow(limit)).to.equal(all.findLast((amount) => amount <= limit));
      }),
    );
    for (const amount of all.slice(0, 40)) expect(denominationBelow(amount)).to.equal(amount);
  });

  it('an amount is paid by few of them within the bounds; what is left is dust below the least', () => {
    const bounds = { least: 20_000n, most: 1_000_000n };
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 50_000_000n }), (amount) => {
        const { amounts, dust } = denominationsOf(amount, bounds);
        expect(amounts.reduce((sum, one) => sum + one, dust)).to.equal(amount);
        expect(dust >= 0n && dust < bounds.least).to.equal(true);
        for (const one of amounts)
          expect(isDenomination(one) && one >= bounds.least && one <= bounds.most).to.equal(true);
        expect(amounts.length).to.be.at.most(Number(amount / bounds.most) + 8);
      }),
    );
    expect(denominationsOf(1_234_567n, bounds)).to.deep.equal({
      amounts: [1_000_000n, 200_000n, 20_000n],
      dust: 14_567n,
    });
    expect(denominationsOf(19_999n, bounds)).to.deep.equal({ amounts: [], dust: 19_999n });
  });

  it('bounds that admit nothing leave everything where it is', () => {
    expect(denominationsOf(500n, { least: 20n, most: 10n })).to.deep.equal({ amounts: [], dust: 500n });
    expect(denominationsOf(500n, { least: 1n, most: 0n })).to.deep.equal({ amounts: [], dust: 500n });
  });
});
