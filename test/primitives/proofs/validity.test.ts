import { expect } from 'chai';
import { modOrder, ORDER } from '../../../primitives/crypto/ristretto.ts';
import { ringOf } from '../../../primitives/fhe/ring.ts';
import { scalarField } from '../../../primitives/fhe/scalar-kernel.ts';
import type { Ciphertext } from '../../../primitives/fhe/types.ts';
import type { LaneSpec } from '../../../primitives/proofs/lane.ts';
import { digitsOf } from '../../../primitives/proofs/lane.ts';
import { completeNorm } from '../../../primitives/proofs/norm.ts';
import { encodeDeltas } from '../../../primitives/proofs/payload.ts';
import { challengeOf, digitWeights, statementHash } from '../../../primitives/proofs/transcript.ts';
import { checkTables, linearExpansion, publicSide, secretSide } from '../../../primitives/proofs/validity.ts';
import { type Forged, forge, type Lies, withTrueChallenges } from './support/forger.ts';
import { decrypt, testRound } from './support/round.ts';

const round = testRound('tacit-test-256-n4');
const { params } = round;
const tables = checkTables(params, round.context, round.keys.publicKey, round.beacon);
const ring = ringOf(params);

const account = new Uint8Array(32).fill(7);
const plainLane: LaneSpec = { lane: 'usage', part: 0, values: 8, digits: 2, offset: 0 };
const updates = [3, -4, 0, 5, 1, -1, 2, 6];
const normSq = BigInt(updates.reduce((sum, u) => sum + u * u, 0));
const updateLane: LaneSpec = { lane: 'update', part: 1, values: 12, digits: 2, offset: 128, normSq: normSq + 30n };
const updateDigits = Array.from(digitsOf(updateLane, completeNorm(updates, normSq + 30n)), BigInt);
const digits = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 15, 0].map(BigInt);
const digitSum = digits.reduce((sum, d, k) => sum + d * (k % 2 ? 16n : 1n), 0n);

const binding = (spec: LaneSpec) => ({ context: round.context, spec, account });

/** Equations that fail, with the pieces of all subsets added up in the clear. */
function failures({ submission, expansions }: Forged): string[] {
  const pieces = expansions.map((expansion) =>
    secretSide(tables, submission, linearExpansion(params, submission.binding.spec, expansion)),
  );
  const want = publicSide(tables, submission);
  const failing = new Set<string>();
  params.dataPrimes.forEach((q, prime) => {
    for (let at = 4 * prime; at < 4 * prime + 4; at++) {
      const sum = pieces.reduce((total, piece) => total + piece.q[at]!, 0n) % q;
      if (sum !== want.q[at]) failing.add(`${at % 2 === 0 ? 'c1' : 'c0'} mod prime ${prime}`);
    }
  });
  const sum = modOrder(pieces.reduce((total, piece) => total + piece.l, 0n));
  if (sum !== want.l) failing.add('proof');
  return [...failing].sort();
}

const all = (side: string): string[] => [0, 1, 2].map((prime) => `${side} mod prime ${prime}`);
const run = (spec: LaneSpec, lie: readonly bigint[], lies?: Lies): string[] =>
  failures(forge(round, binding(spec), lie, lies));
const changed = (at: number, value: bigint): bigint[] => digits.with(at, value);
/** Adds an integer to one coefficient, modulo every prime. */
const shifted = (poly: BigUint64Array, coefficient: number, by: bigint): BigUint64Array => {
  const out = poly.slice();
  params.dataPrimes.forEach((q, prime) => {
    const at = prime * params.degree + coefficient;
    out[at] = (((out[at]! + by) % q) + q) % q;
  });
  return out;
};

describe('the validity check', () => {
  it('accepts honest payloads, and they decrypt to their values', () => {
    const plain = forge(round, binding(plainLane), digits);
    expect(failures(plain)).deep.equal([]);
    const opened = decrypt(round, plain.submission.payload.ciphertext);
    expect(opened.values.slice(0, 8)).deep.equal([19, 20, 149, 98, 53, 133, 121, 15]);
    expect(opened.values.slice(8).every((value) => value === 0)).equal(true);
    expect(opened.noise < 10n * params.freshSigma).equal(true);
    const update = forge(round, binding(updateLane), updateDigits);
    expect(failures(update)).deep.equal([]);
    expect(decrypt(round, update.submission.payload.ciphertext).values.slice(0, 8)).deep.equal(updates);
  });

  describe('ciphertexts that are not what their seeds say', () => {
    const c1 = (change: (poly: BigUint64Array) => BigUint64Array): Lies => ({
      ciphertext: (ct) => ({ c0: ct.c0, c1: change(ct.c1) }),
    });
    const c0 = (change: (poly: BigUint64Array) => BigUint64Array): Lies => ({
      ciphertext: (ct) => ({ c0: change(ct.c0), c1: ct.c1 }),
    });
    const cases: [string, Lies, string[]][] = [
      ['a crafted c1, the oracle for the round key', c1((p) => shifted(p, 0, 1n << 150n)), all('c1')],
      ['a negated c1', c1((p) => ring.negate(p)), all('c1')],
      [
        'c1 wrong modulo one prime only',
        c1((p) => shifted(p, 1, 7n * params.dataPrimes[0]! * params.dataPrimes[1]!)),
        ['c1 mod prime 2'],
      ],
      ['a half-integer plaintext', c0((p) => shifted(p, 0, params.q / (2n * params.t))), all('c0')],
      ['noise of 2^60', c0((p) => shifted(p, 2, 1n << 60n)), all('c0')],
      ['noise larger by one', c0((p) => shifted(p, 2, 1n)), all('c0')],
      ['a value in an unused coefficient', c0((p) => shifted(p, 100, params.q / params.t)), all('c0')],
    ];
    for (const [name, lies, want] of cases) {
      it(`refuses ${name}`, () => expect(run(plainLane, digits, lies)).deep.equal(want));
    }

    describe('without the check', () => {
      const valuesOf = (ct: Ciphertext): number[] => decrypt(round, ct).values;
      const honest = forge(round, binding(plainLane), digits).submission.payload.ciphertext;

      it('opening a crafted c1 gives the round key', () => {
        const crafted = { c0: honest.c0, c1: shifted(honest.c1, 0, params.q / params.t + 1n) };
        const plain = valuesOf(honest);
        const leaked = valuesOf(crafted).map((value, k) => value - plain[k]!);
        const first = params.dataPrimes[0]!;
        const secret = Array.from(round.secret.subarray(0, params.degree), (s) =>
          Number(2n * s > first ? s - first : s),
        );
        expect(leaked).deep.equal(secret);
      });

      it('a half-integer is a value outside the digits: twice it is odd', () => {
        const half = { c0: shifted(honest.c0, 0, params.q / (2n * params.t)), c1: honest.c1 };
        const twice = { c0: ring.scale(half.c0, 2n), c1: ring.scale(half.c1, 2n) };
        expect(valuesOf(twice)[0]).equal(2 * valuesOf(honest)[0]! + 1);
      });

      it('one submitter’s noise exceeds the bound that openings are made for', () => {
        const noisy = { c0: shifted(honest.c0, 2, 1n << 60n), c1: honest.c1 };
        expect(decrypt(round, honest).noise < 10n * params.freshSigma).equal(true);
        expect(decrypt(round, noisy).noise > 10n * params.freshSigma).equal(true);
      });
    });

    it('refuses deltas other than those in the ciphertext', () => {
      const postedDeltas = (deltas: bigint[]): bigint[] => deltas.with(0, deltas[0]! + 1n);
      expect(run(plainLane, digits, { postedDeltas })).deep.equal([...all('c0'), 'proof']);
    });
  });

  describe('digits that are not digits', () => {
    for (const [name, at, value] of [
      ['16', 5, 16n],
      ['-1', 6, -1n],
      ['a digit plus t, equal to it in the plaintext', 2, 4n + params.t],
    ] as const) {
      it(`refuses ${name}`, () => expect(run(plainLane, changed(at, value))).deep.equal(['proof']));
    }

    it('refuses a response that is not the digit’s', () => {
      const responses = (honest: bigint[], x: bigint): bigint[] => honest.with(1, modOrder(honest[1]! + x));
      expect(run(plainLane, digits, { responses })).deep.equal(['proof']);
    });

    it('refuses moving sixteen from one digit of a value to the next', () => {
      // The value, and with it the ciphertext, stays the same: only the digit identity can see it.
      expect(run(plainLane, digits.with(0, digits[0]! + 16n).with(1, digits[1]! - 1n))).deep.equal(['proof']);
    });
  });

  describe('claims of a lane', () => {
    it('refuses a norm off by one', () => {
      for (const off of [-1n, 1n]) {
        expect(run({ ...updateLane, normSq: updateLane.normSq! + off }, updateDigits)).deep.equal(['proof']);
      }
    });

    it('refuses a total off by one and accepts the true one', () => {
      for (const off of [-1n, 0n, 1n]) {
        const verdict = run({ ...plainLane, total: digitSum + off }, digits);
        expect(verdict).deep.equal(off === 0n ? [] : ['proof']);
      }
    });

    it('checks norm and total together', () => {
      const values = completeNorm(updates, normSq + 30n);
      const total = BigInt(values.reduce((a, b) => a + b));
      expect(run({ ...updateLane, total }, updateDigits)).deep.equal([]);
      expect(run({ ...updateLane, total: total + 1n }, updateDigits)).deep.equal(['proof']);
    });
  });

  describe('guards, and what happens without them', () => {
    it('deltas are bounded integers: with delta + l every equation holds and the plaintext is arbitrary', () => {
      const forged = forge(round, binding(plainLane), changed(3, 1n + ORDER));
      expect(failures(forged)).deep.equal([]);
      expect(decrypt(round, forged.submission.payload.ciphertext).values[1]).not.within(0, 255);
      // The guard: such a delta has no encoding.
      expect(() => encodeDeltas(forged.submission.payload.deltas)).to.throw('2^95');
    });

    it('x covers the C_j: else C_0 is chosen last and any digit passes', () => {
      const lie = digits.with(0, 16n).with(1, 99n);
      const forged = forge(round, binding(plainLane), lie, {
        weakChallenges: (statement) => {
          const h0 = statementHash(statement);
          return { weights: digitWeights(h0, 16), challenge: challengeOf(h0, new Uint8Array()) };
        },
        termsAfterChallenge: (needed, terms, x) => {
          const have = terms.reduceRight((sum, term) => modOrder(sum * x + term), 0n);
          return terms.with(0, modOrder(terms[0]! + needed - have));
        },
      });
      expect(failures(forged)).deep.equal([]);
      expect(failures(withTrueChallenges(forged))).deep.equal(['proof']);
    });

    it('y covers the deltas: else digits are fitted to known weights', () => {
      // Sixteen-fold products of non-digits are multiples of 16!, so sum y_k binom(d_k, 16) = 0 is a generalised birthday problem: feasible with thousands of
      // digits mod l, instant at the reduced modulus of this model.
      const modulus = 65_521;
      const weight = (k: number, salt: number): number => ((k + 1) * 2_654_435_761 + salt * 40_503 * (k + 7)) % modulus;
      const excess = [0, 1, 17, 153]; // binom(d, 16) of d = digit, 16, 17, 18
      const sums = new Map<number, number[]>();
      const combine = (from: number, visit: (choice: number[], sum: number) => boolean): boolean => {
        for (let code = 0; code < 4 ** 6; code++) {
          const choice = Array.from({ length: 6 }, (_, i) => Math.floor(code / 4 ** i) % 4);
          const sum = choice.reduce((total, e, i) => total + weight(from + i, 1) * excess[e]!, 0) % modulus;
          if (visit(choice, sum)) return true;
        }
        return false;
      };
      combine(0, (choice, sum) => {
        sums.set(sum, choice);
        return false;
      });
      let forgedChoice: number[] = [];
      const found = combine(6, (choice, sum) => {
        const left = sums.get((modulus - sum) % modulus);
        if (left === undefined || (sum === 0 && choice.every((e) => e === 0))) return false;
        forgedChoice = [...left, ...choice];
        return true;
      });
      const residue = (salt: number): number =>
        forgedChoice.reduce((total, e, k) => total + weight(k, salt) * excess[e]!, 0) % modulus;
      expect(found && forgedChoice.some((e) => e > 0)).equal(true);
      expect(residue(1)).equal(0);
      expect(residue(2), 'weights drawn after the deltas').not.equal(0);
      // The guard: another delta, other weights, even where the ciphertext is the same.
      const weightsOf = (lie: readonly bigint[]): Uint8Array =>
        scalarField.encode(forge(round, binding(plainLane), lie).submission.weights);
      const moved = digits.with(0, digits[0]! + 16n).with(1, digits[1]! - 1n);
      expect(weightsOf(moved)).not.deep.equal(weightsOf(digits));
    });

    it('expansion is bound to the account: copied seeds and payload are another contribution', () => {
      const honest = forge(round, binding(plainLane), digits);
      const seeds = params.subsets.map((_, A) => new Uint8Array(32).fill(A + 1));
      const original = forge(round, binding(plainLane), digits, { seeds });
      const thief = { ...binding(plainLane), account: new Uint8Array(32).fill(9) };
      const copy = forge(round, thief, digits, { seeds });
      const stolen = { ...original.submission, binding: thief };
      expect(failures(honest)).deep.equal([]);
      expect(failures(original)).deep.equal([]);
      expect(failures({ ...copy, submission: stolen })).include.members([...all('c0'), ...all('c1'), 'proof']);
      // Without the binding the very same pieces pass.
      expect(failures({ ...original, submission: stolen })).deep.equal([]);
    });
  });

  describe('the random coefficients', () => {
    it('differ per functional and with the beacon', () => {
      const other = checkTables(
        params,
        round.context,
        round.keys.publicKey,
        round.beacon.with(0, round.beacon[0]! ^ 1),
      );
      const [first, second] = tables.functionals;
      expect(first!.chi).not.deep.equal(second!.chi);
      for (const [i, { chi }] of other.functionals.entries()) expect(chi).not.deep.equal(tables.functionals[i]!.chi);
      expect(other.responses).not.deep.equal(tables.responses);
      expect(new Set([tables, other].flatMap(({ identity, norm, total }) => [identity, norm, total])).size).equal(6);
    });
  });

  it('the random coefficients belong to one round of one chain', () => {
    const { context } = round;
    const others = [
      context,
      { ...context, genesis: new Uint8Array(32) },
      { ...context, paramsId: 'another' },
      { ...context, term: context.term + 1 },
      { ...context, round: context.round + 1 },
    ].map((one) => checkTables(params, one, round.keys.publicKey, round.beacon));
    const drawn = [
      ...others.flatMap(({ identity, norm, total }) => [identity, norm, total]),
      ...others.flatMap(({ functionals }) => functionals.map(({ chi }) => chi.subarray(0, 4).join())),
      ...others.map(({ responses }) => responses.subarray(0, 4).join()),
    ];
    expect(new Set(drawn).size).equal(6 * others.length);
  });

  describe('the zero seed', () => {
    const seeds = params.subsets.map((_, A) => new Uint8Array(32).fill(A));
    it('passes where the submitter really used it', () => {
      expect(run(plainLane, digits, { seeds })).deep.equal([]);
    });

    it('drops a submission whose box is garbage, without any vote', () => {
      const honest = forge(round, binding(plainLane), digits, { seeds: seeds.map((seed) => seed.map((b) => b + 1)) });
      const zero = forge(round, binding(plainLane), digits, { seeds });
      const expansions = honest.expansions.with(0, zero.expansions[0]!);
      expect(failures({ ...honest, expansions })).include.members([...all('c0'), ...all('c1'), 'proof']);
    });
  });
});
