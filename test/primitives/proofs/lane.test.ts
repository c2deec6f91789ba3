import { expect } from 'chai';
import * as fc from 'fast-check';
import { isTacitError } from '../../../primitives/errors.ts';
import { PLAIN_MODULUS as t } from '../../../primitives/fhe/params.ts';
import { checkLane, claimsWrap, digitsOf, type LaneSpec, laneBytes } from '../../../primitives/proofs/lane.ts';

const lane = fc.record({
  lane: fc.constantFrom('update' as const, 'usage' as const),
  part: fc.integer({ min: 0, max: 255 }),
  values: fc.integer({ min: 1, max: 64 }),
  digits: fc.integer({ min: 1, max: 4 }),
  offset: fc.integer({ min: 0, max: 15 }),
});
const claim = fc.option(fc.bigInt({ min: 0n, max: (1n << 63n) - 1n }), { nil: undefined });

describe('lanes', () => {
  it('write values in digits that add up to value + offset', () => {
    fc.assert(
      fc.property(lane, fc.infiniteStream(fc.nat()), (spec, numbers) => {
        const range = 16 ** spec.digits;
        const values = Array.from(
          { length: spec.values },
          () => ((numbers.next().value as number) % range) - spec.offset,
        );
        const digits = digitsOf(spec, values);
        for (const [v, value] of values.entries()) {
          let sum = 0;
          for (let i = 0; i < spec.digits; i++) sum += 16 ** i * digits[v * spec.digits + i]!;
          expect(sum - spec.offset).equal(value);
        }
        expect(digits.every((digit) => digit < 16)).equal(true);
      }),
    );
  });

  it('have different bytes if anything in them differs', () => {
    const withClaims = fc.tuple(lane, claim, claim).map(
      ([spec, normSq, total]): LaneSpec => ({
        ...spec,
        ...(normSq === undefined ? {} : { normSq }),
        ...(total === undefined ? {} : { total }),
      }),
    );
    const text = (spec: LaneSpec): string =>
      [spec.lane, spec.part, spec.values, spec.digits, spec.offset, spec.normSq, spec.total].join('/');
    fc.assert(
      fc.property(withClaims, withClaims, (a, b) => {
        expect(laneBytes(a).join() === laneBytes(b).join()).equal(text(a) === text(b));
      }),
    );
    // Any one field, the others equal: by chance two specifications never differ in just one.
    const full: LaneSpec = { lane: 'update', part: 1, values: 9, digits: 2, offset: 128, normSq: 5n, total: 7n };
    const others = { lane: 'counts', part: 2, values: 10, digits: 3, offset: 127, normSq: 6n, total: 8n, bounds: [1n] };
    const fields = Object.entries(others).map(([field, other]) => laneBytes({ ...full, [field]: other }).join());
    expect(new Set([laneBytes(full).join(), ...fields]).size).equal(1 + fields.length);
    const bare: LaneSpec = { lane: 'usage', part: 0, values: 1, digits: 1, offset: 0 };
    expect(laneBytes(bare)).not.deep.equal(laneBytes({ ...bare, total: 0n }));
    expect(laneBytes(bare)).not.deep.equal(laneBytes({ ...bare, normSq: 0n }));
    expect(laneBytes({ ...bare, normSq: 0n })).not.deep.equal(laneBytes({ ...bare, total: 0n }));
  });

  it('are refused where no submission could meet them', () => {
    const good: LaneSpec = { lane: 'update', part: 0, values: 128, digits: 2, offset: 128, normSq: 5n };
    const code = (over: object): string => {
      try {
        checkLane({ ...good, ...over }, 128);
      } catch (error) {
        if (isTacitError(error)) return error.code;
        throw error;
      }
      return 'none';
    };
    expect(code({})).equal('none');
    for (const over of [
      { lane: 'toString' },
      { part: 256 },
      { part: 0.5 },
      { values: 0 },
      { values: 129 },
      { digits: 0 },
      { digits: 3 },
      { values: 1, digits: 13 },
      { offset: -1 },
      { offset: 256 },
      { normSq: -1n },
      { normSq: 1n << 63n },
      { total: -1n },
      { total: 1n << 63n },
    ]) {
      expect(
        code(over),
        JSON.stringify(over, (_, v: unknown) => (typeof v === 'bigint' ? `${v}` : v)),
      ).equal('proofs/bad-lane');
    }
  });

  it('are refused where claims could wrap modulo t: an equation of integers is one modulo t only below it', () => {
    const usage = (values: number, digits: number, total = 0n): LaneSpec => {
      return { lane: 'usage', part: 0, values, digits, offset: 0, total };
    };
    const update: LaneSpec = { lane: 'update', part: 0, values: 4, digits: 2, offset: 128, normSq: 1n };
    const meter = (counts: number, digits: number): LaneSpec => {
      return { ...usage(4 * counts, digits, 1n), lane: 'meter', bounds: Array.from({ length: counts }, () => 1n) };
    };
    // 64 places of 11 digits come to at most 2^50 - 64, and t is 2^50 - 27.
    expect(claimsWrap(usage(64, 11))).equal(false);
    expect(claimsWrap(usage(65, 11))).equal(true);
    expect(claimsWrap(usage(1, 2, t - 1n))).equal(false);
    expect(claimsWrap(usage(1, 2, t))).equal(true);
    expect(claimsWrap({ ...usage(1, 2, t - 100n), offset: 100 })).equal(true);
    expect(claimsWrap({ ...update, normSq: t })).equal(true);
    // Squares of 24 bits: 4 of them stay below t, 4,096 do not.
    const wide: LaneSpec = { ...update, digits: 6, offset: 2 ** 23 };
    expect(claimsWrap(wide)).equal(false);
    expect(claimsWrap({ ...wide, values: 4096 })).equal(true);
    expect(claimsWrap(meter(256, 10))).equal(false);
    expect(claimsWrap(meter(256, 11))).equal(true);
    // Without a claim nothing can wrap: every value is below 2^48.
    const { total: _, ...counts } = usage(64, 12);
    expect(claimsWrap({ ...counts, lane: 'counts' })).equal(false);
    checkLane(usage(64, 11), 1024);
    expect(() => checkLane(usage(65, 11), 1024))
      .to.throw()
      .with.property('code', 'proofs/bad-lane');
  });

  it('have claims that no digits can meet but in integers, where they are let through', () => {
    const any = fc.record({
      values: fc.integer({ min: 1, max: 70 }),
      digits: fc.integer({ min: 1, max: 12 }),
      offset: fc.constantFrom(0, 1, 128),
      total: fc.oneof(fc.bigInt({ min: 0n, max: t - 1n }), fc.constantFrom(0n, t - 1n)),
      normSq: fc.option(fc.bigInt({ min: 0n, max: t - 1n }), { nil: undefined }),
    });
    fc.assert(
      fc.property(any, ({ normSq, ...rest }) => {
        const spec: LaneSpec = { lane: 'usage', part: 0, ...rest, ...(normSq === undefined ? {} : { normSq }) };
        if (claimsWrap(spec)) return;
        // The largest digits, and the smallest: what is equal modulo t is equal.
        const limit = 16n ** BigInt(spec.digits);
        for (const digits of [0n, limit - 1n]) {
          const sum = BigInt(spec.values) * digits;
          expect(sum < t && spec.total! + BigInt(spec.values * spec.offset) < t).equal(true);
          const own = digits - BigInt(spec.offset);
          if (normSq !== undefined) expect(BigInt(spec.values) * own * own < t).equal(true);
        }
      }),
    );
  });
});
