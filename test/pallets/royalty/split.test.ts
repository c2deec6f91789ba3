import { expect } from 'chai';
import * as fc from 'fast-check';
import { at } from '../../../primitives/at.ts';
import { WHOLE } from '../../../primitives/money.ts';
import { claimWeights, split, splitClaims } from '../../../pallets/royalty/streams/split.ts';

const amounts = fc.array(fc.bigInt({ min: 1n, max: 10n ** 15n }), { minLength: 1, maxLength: 40 });
const sum = (list: readonly bigint[]): bigint => list.reduce((all, each) => all + each, 0n);

/** Divides amounts one after the other. */
function after(list: readonly bigint[], weights: readonly bigint[]) {
  let carries: readonly bigint[] = [];
  const got = weights.map(() => 0n);
  for (const amount of list) {
    const divided = split(amount, weights, carries);
    divided.parts.forEach((part, place) => (got[place] = at(got, place) + part));
    ({ carries } = divided);
  }
  return { got, carries };
}

describe('pallets/royalty/streams/split', () => {
  const weights = fc.array(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), { minLength: 1, maxLength: 256 });

  it('gives everyone what is due of all amounts together, rounded down, in whatever portions they come', () => {
    fc.assert(
      fc.property(amounts, weights, (list, given) => {
        const all = sum(given);
        fc.pre(all > 0n);
        const { got, carries } = after(list, given);
        const total = sum(list);
        expect(got).to.deep.equal(given.map((weight) => (total * weight) / all));
        expect(got).to.deep.equal(after([total], given).got);
        expect(sum(got) + sum(carries) / all).to.equal(total);
        expect(sum(carries) % all).to.equal(0n);
        expect(total - sum(got) < BigInt(given.length)).to.equal(true);
      }),
      { numRuns: 60 },
    );
  });

  it('divides nothing among parties without weight, and keeps nothing of it', () => {
    expect(split(100n, [0n, 0n], [])).to.deep.equal({ parts: [0n, 0n], carries: [0n, 0n] });
  });

  it('promises nobody what an earlier one has', () => {
    const whole = (...bps: number[]) => claimWeights(bps.map((each) => ({ bps: each })));
    expect(whole()).to.deep.equal([10_000n]);
    expect(whole(3_000, 2_000)).to.deep.equal([5_000n, 3_000n, 2_000n]);
    expect(whole(9_000, 2_000, 5)).to.deep.equal([0n, 9_000n, 1_000n, 0n]);
  });

  it('stops at a ceiling to the unit: the rest gets what is above it, and a later party begins with nothing', () => {
    const claim = (bps: number, ceiling: bigint | undefined, paid: bigint) => ({ bps, ceiling, paid });
    const first = splitClaims(1_000n, [claim(5_000, 501n, 0n), claim(1_000, undefined, 0n)], []);
    expect(first).to.deep.include({ rest: 400n, paid: [500n, 100n] });
    const second = splitClaims(1_000n, [claim(5_000, 501n, 500n), claim(1_000, undefined, 100n)], first.carries);
    expect(second).to.deep.include({ rest: 899n, paid: [1n, 100n] });
    const third = splitClaims(
      1_000n,
      [claim(5_000, 501n, 501n), claim(1_000, undefined, 200n), claim(4_000, 0n, 0n)],
      second.carries,
    );
    expect(third).to.deep.include({ rest: 900n, paid: [0n, 100n, 0n] });
  });

  it('gives parents their part in whatever portions it comes, below their ceiling', () => {
    const parent = fc.record({
      bps: fc.integer({ min: 0, max: WHOLE }),
      ceiling: fc.option(fc.bigInt({ min: 0n, max: 10n ** 14n }), { nil: undefined }),
    });
    fc.assert(
      fc.property(amounts, fc.array(parent, { maxLength: 64 }), (list, parents) => {
        const [, ...weights] = claimWeights(parents);
        const paid = parents.map(() => 0n);
        let [carries, rest]: [readonly bigint[], bigint] = [[], 0n];
        for (const amount of list) {
          const claimants = parents.map((one, place) => ({ ...one, paid: at(paid, place) }));
          const divided = splitClaims(amount, claimants, carries);
          divided.paid.forEach((part, place) => (paid[place] = at(paid, place) + part));
          rest += divided.rest;
          ({ carries } = divided);
        }
        const total = sum(list);
        const due = parents.map(({ ceiling }, place) => {
          const part = (total * at(weights, place)) / BigInt(WHOLE);
          return ceiling !== undefined && ceiling < part ? ceiling : part;
        });
        expect(paid).to.deep.equal(due);
        expect(rest + sum(paid) + sum(carries) / BigInt(WHOLE)).to.equal(total);
      }),
      { numRuns: 60 },
    );
  });
});
