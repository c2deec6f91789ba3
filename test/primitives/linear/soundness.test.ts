import { expect } from 'chai';
import { ringOf } from '../../../primitives/fhe/ring.ts';
import { PLAIN_MODULUS as t } from '../../../primitives/fhe/params.ts';
import type { Ciphertext, RnsPoly } from '../../../primitives/fhe/types.ts';
import { ciphertextOf, laneTables } from '../../../primitives/linear/member.ts';
import type { LaneSpec } from '../../../primitives/proofs/lane.ts';
import { completeNorm } from '../../../primitives/proofs/norm.ts';
import { meterVector } from '../../../primitives/proofs/meter.ts';
import type { Binding } from '../../../primitives/proofs/transcript.ts';
import { decrypt } from '../proofs/support/round.ts';
import { type Forged, forge, type Lies } from './support/forger.ts';
import { failures, postsOf, judgeLinear } from './support/judge.ts';
import { linearRound } from './support/wide.ts';
import { elementOf, elementsOf, real as M } from './support/words.ts';

const round = linearRound('tacit-test-256-n4', 2);
const { params, context } = round;
const ring = ringOf(params);
const binding = (spec: LaneSpec): Binding => ({ context, spec, account: new Uint8Array(32).fill(4) });
const digitsIn = (spec: LaneSpec, values: ArrayLike<number>): bigint[] =>
  Array.from(values as number[]).flatMap((value) =>
    Array.from({ length: spec.digits }, (_, i) => BigInt(Math.floor((value + spec.offset) / 16 ** i) % 16)),
  );

const plainLane: LaneSpec = { lane: 'counts', part: 0, values: 8, digits: 2, offset: 0 };
const digits = digitsIn(plainLane, [0, 255, 16, 15, 240, 1, 100, 99]);
const normSq = 5_000n;
const values = completeNorm([10, -20, 30, 7, 0, -1], normSq);
const updateLane: LaneSpec = { lane: 'update', part: 0, values: values.length, digits: 2, offset: 128, normSq };
const updateDigits = digitsIn(updateLane, values);

const run = (spec: LaneSpec, of: readonly bigint[], lies: Lies = {}): string[] =>
  failures(round, forge(round, binding(spec), of, lies));

/** Adds an integer to one coefficient modulo every prime. */
function shifted(poly: RnsPoly, coefficient: number, by: bigint): RnsPoly {
  const out = poly.slice();
  params.dataPrimes.forEach((q, i) => {
    const at = i * params.degree + coefficient;
    out[at] = (((out[at]! + by) % q) + q) % q;
  });
  return out;
}

describe('false submissions with linear proofs', () => {
  it('stand beside honest ones, which pass', () => {
    expect(run(plainLane, digits)).to.deep.equal([]);
    expect(run(updateLane, updateDigits)).to.deep.equal([]);
  });

  describe('digits that are none', () => {
    for (const [name, place, value] of [
      ['16', 5, 16n],
      ['minus one', 0, -1n],
      ['seventeen in the last place', 15, 17n],
      ['half of t', 3, (t + 1n) / 2n],
      ['a digit plus t is the digit: nothing is gained, and nothing is lost', 2, digits[2]! + t],
    ] as const) {
      const harmless = value - t === digits[2];
      it(harmless ? name : `are refused: ${name}`, () => {
        expect(run(plainLane, digits.with(place, value))).to.deep.equal(harmless ? [] : ['proof']);
      });
    }

    it('are refused in every row of a layout of several', () => {
      const spec: LaneSpec = { ...plainLane, values: 60 };
      const many = digitsIn(
        spec,
        Array.from({ length: 60 }, (_, v) => (v * 37) % 256),
      );
      expect(forge(round, binding(spec), many).sight.shape.rows).to.equal(3);
      expect(run(spec, many)).to.deep.equal([]);
      for (const place of [0, 61, 119]) expect(run(spec, many.with(place, 16n)), `${place}`).to.deep.equal(['proof']);
    });

    it('are refused where the value, and with it the ciphertext, stays the same', () => {
      expect(run(plainLane, digits.with(0, digits[0]! + 16n).with(1, digits[1]! - 1n))).to.deep.equal(['proof']);
    });

    it('are refused with every digit false at once', () => {
      expect(
        run(
          plainLane,
          digits.map(() => 16n),
        ),
      ).to.deep.equal(['proof']);
    });
  });

  describe('claims', () => {
    it('are refused when the norm is off by one', () => {
      for (const off of [-1n, 1n]) {
        expect(run({ ...updateLane, normSq: normSq + off }, updateDigits)).to.deep.equal(['proof']);
      }
    });

    it('are refused when the norm is right modulo t only', () => {
      // Values with squares beyond t: no digits. The layout refuses lanes whose digits could do it.
      const root = 1n << 26n;
      const large = updateDigits.with(0, 128n + root).with(1, 0n);
      expect(run({ ...updateLane, normSq: normSq + 1n }, large)).to.deep.equal(['proof']);
    });

    it('are refused when squares are made up so that they add up', () => {
      const squares = (honest: bigint[]): bigint[] => honest.with(0, honest[0]! + 1n);
      expect(run({ ...updateLane, normSq: normSq + 1n }, updateDigits, { squares })).to.deep.equal(['proof']);
      // Two places of the sum, so that the sum itself is right.
      const moved = (honest: bigint[]): bigint[] => honest.with(1, honest[1]! + 1n);
      expect(run(updateLane, updateDigits, { squares: moved })).to.deep.equal(['proof']);
    });

    it('are refused when the total is off by one, alone and beside a norm', () => {
      const sum = BigInt([0, 255, 16, 15, 240, 1, 100, 99].reduce((a, b) => a + b));
      const total = BigInt(values.reduce((a, b) => a + b));
      for (const off of [-1n, 0n, 1n]) {
        const want = off === 0n ? [] : ['proof'];
        expect(run({ ...plainLane, total: sum + off }, digits)).to.deep.equal(want);
        expect(run({ ...updateLane, total: total + off }, updateDigits)).to.deep.equal(want);
      }
    });

    it('of a meter are refused when a count hides that its bound is reached', () => {
      const meter: LaneSpec = {
        lane: 'meter',
        part: 0,
        values: 8,
        digits: 2,
        offset: 0,
        total: 17n,
        bounds: [10n, 20n],
      };
      const honest = meterVector(meter, [12, 5]);
      expect(run(meter, digitsIn(meter, honest))).to.deep.equal([]);
      // q = 0 for a count of 12 with bound 10: r = 12, s = -3.
      const hidden = [0, 0, 1, 1, 12, 5, 0, 14];
      expect(run(meter, digitsIn(meter, hidden))).to.deep.equal(['proof']);
      const negative = digitsIn(meter, hidden);
      negative[12] = -3n;
      expect(run(meter, negative)).to.deep.equal(['proof']);
      expect(run({ ...meter, total: 18n }, digitsIn(meter, honest))).to.deep.equal(['proof']);
    });
  });

  describe('proofs made up', () => {
    const lie = digits.with(3, 16n);

    it('are refused with a quotient of zeros, or with that of other digits', () => {
      expect(run(plainLane, lie, { quotient: (honest) => honest.map(() => M.k(0n)) })).to.deep.equal(['proof']);
      const other = forge(round, binding(plainLane), digits);
      const stolen = M.quotient(other.sight.shape, other.sight.table, other.sight.r);
      expect(run(plainLane, lie, { quotient: () => stolen })).to.deep.equal(['proof']);
    });

    it('are refused with opened wires that fit the quotient and are not the shared ones', () => {
      const opened: Lies['opened'] = (honest, { shape, rho, quotient, r }) => {
        // What the range equation lacks is added to the first wire.
        const wanted = M.mul(M.vanishing(shape.rows, rho), M.interpolate(quotient, shape.rows + 1, rho));
        const rest = M.rangeSum(honest.slice(1), r.slice(1));
        return [M.add(M.add(wanted, M.scale(rest, -1n)), honest[0]!), ...honest.slice(1)];
      };
      expect(run(plainLane, lie, { opened })).to.deep.equal(['proof']);
      const honestDigits: Lies['opened'] = (honest, { table, rho }) =>
        M.wiresAt([table[0]!.with(3, digits[3]!), ...table.slice(1)], rho).map((w, j) => (j === 3 ? w : honest[j]!));
      expect(run(plainLane, lie, { opened: honestDigits })).to.deep.equal(['proof']);
    });

    it('would pass if the point were known before the quotient: the point covers it', () => {
      const weakPoint = BigUint64Array.of(3n, 4n, 5n);
      const rho = elementOf(weakPoint);
      const quotient: Lies['quotient'] = (honest, { shape, table, r }) => {
        // The first value of the quotient makes it right at the known point.
        const wanted = M.mul(M.rangeSum(M.wiresAt(table, rho), r), inverseOf(M.vanishing(shape.rows, rho)));
        const have = M.interpolate(honest, shape.rows + 1, rho);
        const unit = honest.map((_, i) => M.k(i === 0 ? 1n : 0n));
        const per = M.interpolate(unit, shape.rows + 1, rho);
        const missing = M.add(wanted, M.scale(have, -1n));
        return [M.add(honest[0]!, M.mul(missing, inverseOf(per))), ...honest.slice(1)];
      };
      expect(run(plainLane, lie, { weakPoint, quotient })).to.deep.equal([]);
      // Before a verifier that derives the point, the same quotient is worth nothing.
      expect(run(plainLane, lie, { quotient })).to.deep.equal(['proof']);
    });

    it('would pass if the range challenge were known before the digits: it covers them', () => {
      // Two wires with equal weights: products of 16 and of -1 are 16! both, and one taken with the weight of minus the other cancels it.
      const wires = forge(round, binding(plainLane), digits).sight.shape.wires;
      const weak = Array.from({ length: wires }, (_, j) => M.k(j === 1 ? -1n : 1n)).flat();
      const pair = digits.with(0, 16n).with(1, 16n);
      expect(run(plainLane, pair, { weakRange: BigUint64Array.from(weak) })).to.deep.equal([]);
      expect(run(plainLane, pair)).to.deep.equal(['proof']);
    });
  });

  describe('another context', () => {
    it('is worth nothing: seeds and payload of another account, round or lane', () => {
      const seeds = params.subsets.map((_, A) => new Uint8Array(32).fill(A + 1));
      const original = forge(round, binding(plainLane), digits, { seeds });
      expect(failures(round, original)).to.deep.equal([]);
      const others: Binding[] = [
        { ...binding(plainLane), account: new Uint8Array(32).fill(9) },
        { ...binding(plainLane), context: { ...context, round: context.round + 1 } },
        binding({ ...plainLane, part: 1 }),
      ];
      for (const other of others) {
        const stolen: Forged = { ...original, submission: { ...original.submission, binding: other } };
        expect(failures(round, stolen)).to.include.members(['c0', 'c1', 'proof']);
      }
    });

    it('gives other challenges: each part of the statement counts', () => {
      const honest = forge(round, binding(plainLane), digits).submission;
      const other = forge(round, binding(plainLane), digits.with(0, 1n)).submission;
      const later = forge(round, { ...binding(plainLane), context: { ...context, round: 99 } }, digits).submission;
      expect(other.range).to.not.deep.equal(honest.range);
      expect(later.range).to.not.deep.equal(honest.range);
      expect(later.point).to.not.deep.equal(honest.point);
      expect(new Set(elementsOf(honest.range).map(String)).size).to.equal(elementsOf(honest.range).length);
    });
  });

  describe('ciphertexts', () => {
    const c0 = (change: (p: RnsPoly) => RnsPoly): Lies => ({
      ciphertext: (honest) => ({ c0: [change(honest.c0[0]!), ...honest.c0.slice(1)], c1: honest.c1 }),
    });
    const c1 = (change: (p: RnsPoly) => RnsPoly): Lies => ({
      ciphertext: (honest) => ({ c0: honest.c0, c1: change(honest.c1) }),
    });
    for (const [name, lies, want] of [
      ['a crafted c1', c1((p) => shifted(p, 0, params.q / t)), ['c1']],
      ['a c1 wrong where no value is', c1((p) => shifted(p, 200, 1n)), ['c1']],
      ['a negated c1', c1((p) => ring.negate(p)), ['c1']],
      ['a half-integer plaintext', c0((p) => shifted(p, 0, params.q / (2n * t))), ['c0']],
      ['noise of 2^60', c0((p) => shifted(p, 2, 1n << 60n)), ['c0']],
      ['noise larger by one, in the last value', c0((p) => shifted(p, 7, 1n)), ['c0']],
      ['a plaintext other than the shared digits', { encrypted: digits.with(0, digits[0]! + 1n) }, ['c0']],
    ] as const) {
      it(`are refused: ${name}`, () => expect(run(plainLane, digits, lies)).to.deep.equal(want));
    }

    it('are refused with deltas other than those in the ciphertext', () => {
      const honest = forge(round, binding(plainLane), digits);
      const { payload } = honest.submission;
      const deltas = payload.deltas.with(0, (payload.deltas[0]! + 1n) % t);
      const changed: Forged = { ...honest, submission: { ...honest.submission, payload: { ...payload, deltas } } };
      expect(failures(round, changed)).to.deep.equal(['c0', 'proof']);
    });

    describe('without the check', () => {
      const honest = ciphertextOf(forge(round, binding(plainLane), digits).submission);
      const valuesOf = (ciphertext: Ciphertext): number[] => decrypt(round, ciphertext).values.slice(0, 8);

      it('opening a crafted c1 gives the round key', () => {
        const crafted = { c0: honest.c0, c1: shifted(honest.c1, 0, params.q / t + 1n) };
        const plain = valuesOf(honest);
        const leaked = valuesOf(crafted).map((value, k) => value - plain[k]!);
        const first = params.dataPrimes[0]!;
        const secret = Array.from(round.secret.subarray(0, 8), (s) => Number(2n * s > first ? s - first : s));
        expect(leaked).to.deep.equal(secret);
      });

      it('a half-integer is a value outside the digits: twice it is odd', () => {
        const half = { c0: shifted(honest.c0, 0, params.q / (2n * t)), c1: honest.c1 };
        const twice = { c0: ring.scale(half.c0, 2n), c1: ring.scale(half.c1, 2n) };
        expect(valuesOf(twice)[0]).to.equal(2 * valuesOf(honest)[0]! + 1);
      });
    });
  });

  it('the random coefficients belong to one round of one chain, and functionals to one polynomial', () => {
    const others = [
      context,
      { ...context, genesis: new Uint8Array(32) },
      { ...context, paramsId: 'another' },
      { ...context, term: context.term + 1 },
      { ...context, round: context.round + 1 },
    ];
    const wide: LaneSpec = { ...plainLane, values: 300, digits: 1 };
    const drawn = others.flatMap((one) => {
      const { functionals } = laneTables(params, one, round.keys, round.beacon, wide).ciphertext;
      return functionals.flatMap(({ chi, used }) =>
        [chi, ...used.map((own) => own.chi)].map((p) => `${p.slice(0, 4)}`),
      );
    });
    expect(new Set(drawn).size).to.equal(drawn.length);
    expect(drawn).to.have.length(others.length * 2 * 3);
    const known = laneTables(params, context, round.keys, round.beacon, plainLane);
    const alike = laneTables(params, context, round.keys, round.beacon, { ...plainLane, part: 1 }, [known]);
    expect(alike.ciphertext).to.equal(known.ciphertext);
    expect(alike.ciphertext).to.deep.equal(
      laneTables(params, context, round.keys, round.beacon, { ...plainLane, part: 1 }).ciphertext,
    );
    const longer = laneTables(params, context, round.keys, round.beacon, { ...plainLane, values: 9 }, [known]);
    expect(longer.ciphertext).to.not.deep.equal(known.ciphertext);
  });

  it('fail with the zero seed in a box that held another, and pass where it was really used', () => {
    const seeds = params.subsets.map((_, A) => new Uint8Array(32).fill(A));
    const honest = forge(round, binding(plainLane), digits, { seeds });
    expect(failures(round, honest)).to.deep.equal([]);
    const garbage = forge(round, binding(plainLane), digits, { seeds: seeds.map((seed) => seed.map((b) => b + 1)) });
    const read: Forged = { ...garbage, seeds: garbage.seeds.with(0, new Uint8Array(32)) };
    expect(failures(round, read)).to.include.members(['c0', 'c1', 'proof']);
    expect(judgeLinear(params, postsOf(round, read)).status).to.equal('failed');
  });
});

function inverseOf(k: readonly bigint[]): readonly bigint[] {
  // a^(t^3 - 2)
  let [result, square] = [M.k(1n), k];
  for (let e = t ** 3n - 2n; e > 0n; e >>= 1n) {
    if (e & 1n) result = M.mul(result, square);
    square = M.mul(square, square);
  }
  return result;
}
