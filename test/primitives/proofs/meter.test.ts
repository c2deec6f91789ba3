import { expect } from 'chai';
import { array, assert as hold, bigInt, constant, integer, nat, property, tuple } from 'fast-check';
import type { RoundContext } from '../../../primitives/fhe/params.ts';
import { linearClaim } from '../../../primitives/linear/claim.ts';
import { linearPlain, subPlain } from '../../../primitives/linear/field.ts';
import { digitsOf, laneBytes, type LaneSpec } from '../../../primitives/proofs/lane.ts';
import { checkMeter, meets, meterVector } from '../../../primitives/proofs/meter.ts';
import { lanesOf, laneSpecOf, ruleWithoutScores, sumOfMeter } from '../../../primitives/round/index.ts';

const frame = { openBlocks: 1, maxExtensions: 0 };
const specOf = (bounds: readonly bigint[], total: bigint): LaneSpec => {
  const rule = ruleWithoutScores({ ...frame, kMin: 1 });
  return laneSpecOf(lanesOf(rule, sumOfMeter({ ...frame, total, bounds }))[0]!);
};

const plan = integer({ min: 1, max: 6 }).chain((k) =>
  tuple(
    array(bigInt({ min: 1n, max: 1n << 40n }), { minLength: k, maxLength: k }),
    array(nat({ max: 2 ** 31 - 1 }), { minLength: k, maxLength: k }),
    constant(k),
  ),
);

describe('a meter', () => {
  it('has a vector for any counts, with the bit that is true, and no other bit fits', () => {
    hold(
      property(plan, ([bounds, counts, k]) => {
        const total = counts.reduce((sum, count) => sum + BigInt(count), 0n);
        const spec = specOf(bounds, total);
        checkMeter(spec);
        const vector = meterVector(spec, counts);
        digitsOf(spec, vector);
        expect(meets(spec, vector)).to.equal(true);
        bounds.forEach((bound, g) => {
          const q = vector[g] as number;
          expect(q).to.equal(BigInt(counts[g] as number) >= bound ? 1 : 0);
          // The other bit, and all else that then follows from the equations: something is below zero or does not fit.
          const limit = 16 ** spec.digits;
          const r = (counts[g] as number) - (1 - q) * Number(bound);
          const other = vector.slice();
          other.splice(g, 1, 1 - q);
          other.splice(k + g, 1, q);
          other.splice(2 * k + g, 1, r);
          other.splice(3 * k + g, 1, (q === 0 ? limit : Number(bound)) - 1 - r);
          expect(meets(spec, other)).to.equal(true);
          expect(() => digitsOf(spec, other))
            .to.throw()
            .with.property('code', 'proofs/value-range');
        });
      }),
    );
  });

  it('does not meet its equations with any value off by one, nor with another total', () => {
    const spec = specOf([10n, 5n], 12n);
    const vector = meterVector(spec, [10, 2]);
    vector.forEach((_, place) => {
      const off = vector.map((value, i) => (i === place ? value + 1 : value));
      expect(meets(spec, off), `${place}`).to.equal(false);
    });
    expect(meets({ ...spec, total: 13n }, vector)).to.equal(false);
    expect(() => meterVector(spec, [1]))
      .to.throw()
      .with.property('code', 'proofs/value-count');
  });

  it('is refused where bounds, total, values or offset are none of a meter', () => {
    const spec = specOf([10n, 5n], 12n);
    checkMeter(spec);
    const { total: _, ...without } = spec;
    const off: LaneSpec[] = [
      { ...spec, bounds: [10n, 0n] },
      { ...spec, bounds: [16n, 5n] },
      { ...spec, bounds: [10n] },
      { ...spec, values: 9 },
      { ...spec, offset: 1 },
      { ...spec, total: 16n },
      without,
    ];
    for (const one of off)
      expect(() => checkMeter(one))
        .to.throw()
        .with.property('code', 'proofs/bad-lane');
  });

  it('of one digit has just one vector for each count, of all that are digits', () => {
    const digits = Array.from({ length: 16 }, (_, digit) => digit);
    for (const bound of [1n, 2n, 7n, 14n, 15n]) {
      for (const count of [0n, 1n, 6n, 7n, 13n, 14n, 15n]) {
        const spec: LaneSpec = { ...specOf([bound], count), digits: 1 };
        const found = digits.flatMap((q) =>
          digits.flatMap((r) => digits.map((s) => [q, 1 - q, r, s]).filter((vector) => meets(spec, vector))),
        );
        // `q + q' = 1` leaves no other `q'`; where it is below zero it is no digit.
        const proper = found.filter(([, other = -1]) => other >= 0);
        expect(proper, `${count} of ${bound}`).to.deep.equal([meterVector(spec, [Number(count)])]);
      }
    }
  });

  it('is checked with weights that nobody knew: other ones for each equation, and with anything of the round or the beacon', () => {
    const spec = specOf([10n, 5n], 12n);
    const context = { genesis: new Uint8Array(32).fill(1), paramsId: 'one', term: 2, round: 3 };
    const beacon = new Uint8Array(32).fill(4);
    const variants: [RoundContext, Uint8Array][] = [
      [context, beacon],
      [context, new Uint8Array(32).fill(5)],
      [{ ...context, genesis: new Uint8Array(32).fill(2) }, beacon],
      [{ ...context, paramsId: 'other' }, beacon],
      [{ ...context, term: 3 }, beacon],
      [{ ...context, round: 4 }, beacon],
    ];
    const weights = variants.flatMap(([as, of]) => {
      const { coefficients, right } = linearClaim(spec, as, of)!;
      // One digit a value. `q'` and `s` of each count stand in one equation each, with coefficient 1; so does `r` of a count in two of them.
      const at = (place: number) => coefficients.subarray(3 * place, 3 * place + 3);
      const own = [2, 3, 6, 7].map(at);
      const [one, two, three, four] = own as [BigUint64Array, BigUint64Array, BigUint64Array, BigUint64Array];
      const total = subPlain(at(4), three);
      expect(subPlain(at(5), four)).to.deep.equal(total);
      const rest = linearPlain([
        [1n, one],
        [1n, two],
        [9n, three],
        [4n, four],
        [12n, total],
      ]);
      expect(right).to.deep.equal(rest);
      return [...own, total].map(String);
    });
    expect(new Set(weights).size).to.equal(5 * variants.length);
  });

  it('is bound to its bounds in every hash', () => {
    const bytes = [specOf([10n, 5n], 12n), specOf([5n, 10n], 12n), specOf([10n, 6n], 12n)].map((spec) =>
      laneBytes(spec).join(),
    );
    expect(new Set(bytes).size).to.equal(3);
  });
});
