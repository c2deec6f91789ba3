import { expect } from 'chai';
import { powMod } from '../../../primitives/fhe/modulus.ts';
import {
  CONFIDENTIAL_PARAMS,
  type FheParams,
  fheParams,
  fheParamsFor,
  distanceBits,
  noiseBound,
  openedNoiseLimit,
  quorum,
  payoutNormLimit,
  roundDistance,
  SECURE_PARAMS,
  subsetsOf,
  subsetsWith,
} from '../../../primitives/fhe/params.ts';
import { LARGEST_RIGHT, productNoise, productNorm } from '../../../primitives/fhe/product-noise.ts';
import { MAX_ITEMS } from '../../../primitives/round/limits.ts';
import { codeOf } from './support.ts';

/** Miller-Rabin with the first twelve primes as bases: exact below 3.3 * 10^24. */
function isPrime(q: bigint): boolean {
  let odd = q - 1n;
  let twos = 0;
  for (; odd % 2n === 0n; odd /= 2n) twos++;
  return [2n, 3n, 5n, 7n, 11n, 13n, 17n, 19n, 23n, 29n, 31n, 37n].every((base) => {
    let x = powMod(base, odd, q);
    if (x === 1n || x === q - 1n) return true;
    for (let i = 1; i < twos; i++) {
      x = (x * x) % q;
      if (x === q - 1n) return true;
    }
    return false;
  });
}

const bits = (x: bigint): number => x.toString(2).length;
const TEST_SETS = ['tacit-test-256', 'tacit-test-confidential-256'].flatMap((name) =>
  [4, 7, 10].map((n) => `${name}-n${n}`),
);
const SETS = [...SECURE_PARAMS, ...CONFIDENTIAL_PARAMS, ...TEST_SETS].map(fheParams);

describe('parameter sets', () => {
  it('number the subsets in lexicographic order', () => {
    expect(subsetsOf(4, 1)).to.deep.equal([
      [0, 1, 2],
      [0, 1, 3],
      [0, 2, 3],
      [1, 2, 3],
    ]);
    expect(SECURE_PARAMS.map((id) => fheParams(id).subsets.length)).to.deep.equal([4, 21, 120]);
    expect(subsetsWith(fheParamsFor(4), 1)).to.deep.equal([0, 1, 3]);
    for (const params of SETS) {
      for (let j = 0; j < params.n; j++) {
        expect(subsetsWith(params, j)).to.have.length((params.subsets.length * (params.n - params.f)) / params.n);
      }
      expect(params.n).to.equal(3 * params.f + 1);
      expect(quorum(params)).to.equal(2 * params.f + 1);
    }
  });

  it('have prime moduli that the transform and the encoder need', () => {
    for (const { keyPrimes, dataPrimes, degree, t, confidential } of SETS) {
      expect(new Set(keyPrimes).size).to.equal(confidential ? 6 : 4);
      for (const q of keyPrimes) {
        expect(q % BigInt(2 * degree)).to.equal(1n);
        expect(isPrime(q)).to.equal(true);
      }
      expect(dataPrimes.map(bits)).to.deep.equal(confidential ? [56, 56, 56, 56, 56] : [59, 59, 59]);
      expect(isPrime(t)).to.equal(true);
      expect(t > 1n << 49n && t < 1n << 50n).to.equal(true);
    }
  });

  it('keep to 128-bit security: at most 218 bits of modulus at degree 8192, 438 at 16384, ternary secrets (Albrecht et al. 2018)', () => {
    for (const id of SECURE_PARAMS) {
      const { keyPrimes, degree, secure } = fheParams(id);
      expect(degree).to.equal(8192);
      expect(secure).to.equal(true);
      expect(bits(keyPrimes.reduce((product, q) => product * q))).to.equal(214);
    }
    for (const id of CONFIDENTIAL_PARAMS) {
      const { keyPrimes, degree, secure, confidential } = fheParams(id);
      expect([degree, secure, confidential]).to.deep.equal([16384, true, true]);
      expect(bits(keyPrimes.reduce((product, q) => product * q))).to.equal(336);
      expect(SECURE_PARAMS, 'no chain may use them').to.not.include(id);
    }
    expect(CONFIDENTIAL_PARAMS).to.have.length(3);
    for (const params of SETS) if (params.degree < 8192) expect(params.secure).to.equal(false);
  });

  /** The budget once more, from n, N and the primes alone: no number of the set under test goes in but its limits. */
  function budgetOf({ n, degree, dataPrimes, t }: FheParams) {
    const binomial = (from: number, of: number): number => (of === 0 ? 1 : (binomial(from - 1, of - 1) * from) / of);
    const subsets = binomial(n, (n - 1) / 3);
    const most = 2 * degree * (21 * subsets) * subsets + 21 * subsets + (subsets + 1) / 2;
    const unit = BigInt(Math.ceil(Math.sqrt(degree) * most));
    const room = dataPrimes.reduce((product, q) => product * q) / (2n * t);
    return { subsets: BigInt(subsets), unit, room };
  }

  it('have a noise bound that is one: the sum of absolute values cannot be larger, whatever seeds and keys are chosen', () => {
    for (const params of SETS) {
      const { unit } = budgetOf(params);
      expect(noiseBound(params, 1n) >= unit, params.id).to.equal(true);
      // Not much above it either: the rest would be taken from the flood.
      expect(noiseBound(params, 1n) < unit + unit / 50n + 1n, params.id).to.equal(true);
      expect(noiseBound(params, 1n) > 10n * params.freshSigma, 'ten deviations are no bound').to.equal(true);
    }
  });

  it('have room for the largest functional under the flood, and for no flood twice as wide', () => {
    for (const params of SETS) {
      const { maxWeightNorm, floodBits, id } = params;
      const { subsets, unit, room } = budgetOf(params);
      const noise = unit * maxWeightNorm + subsets + 2n;
      expect(openedNoiseLimit(params, maxWeightNorm) < room, id).to.equal(true);
      expect((subsets << BigInt(floodBits)) + noise < room, id).to.equal(true);
      expect((subsets << BigInt(floodBits + 1)) + noise < room, `${id}: the modulus allows a wider flood`).to.equal(
        false,
      );
      expect(floodBits, 'two runs of the stream carry a piece').to.be.lessThan(255);
    }
  });

  /** The most a round opens: items and parts, whose product is at most 1,024, parts of 8,192 values, every functional at the limit. */
  const LARGEST = [
    { coefficients: 32_768, items: 32 },
    { coefficients: 32_768, items: 256 },
    { coefficients: 8_192, items: 1_000 },
  ];

  it('hide a whole round to 2^-lambda, all its openings together', () => {
    for (const params of SETS) {
      const { maxWeightNorm, lambda, floodBits, f, id } = params;
      const { unit } = budgetOf(params);
      for (const { coefficients, items } of LARGEST) {
        const payoutNorm = payoutNormLimit(maxWeightNorm, items);
        const stated = roundDistance(params, { coefficients, items, countsNorm: maxWeightNorm, payoutNorm });
        expect(stated, `${id}, ${items} items`).to.be.at.least(lambda);
        const payouts = BigInt(items) * payoutNorm;
        const openings = BigInt(8 * (f + 1)) + BigInt(coefficients * items) + maxWeightNorm + payouts;
        const distance = 2 ** (bits(openings * unit) - 1) / 2 ** (floodBits + 1);
        expect(distance, `${id}, ${items} items`).to.be.at.most(2 ** -lambda);
        // With the largest norm each, many payouts would show more than that.
        const atMost = { coefficients, items, countsNorm: maxWeightNorm, payoutNorm: maxWeightNorm };
        if (items > 64 && params.secure)
          expect(roundDistance(params, atMost), `${id}, ${items} items`).to.be.below(lambda);
      }
    }
    expect([4, 7, 10].map((n) => fheParamsFor(n).lambda)).to.deep.equal([48, 48, 44]);
  });

  it('bound a product by what its operands can hold, each term computed once more', () => {
    for (const { degree, subsets, dataPrimes, specialPrime, q, t, maxWeightNorm, confidential } of SETS) {
      if (!confidential) continue;
      const [N, C] = [BigInt(degree), BigInt(subsets.length)];
      const ring = { degree: N, count: C, dataPrimes, specialPrime, q, t };
      const fresh = 42n * N * C * C + 22n * C + 1n;
      const key = 42n * N * C * C + 21n * C;
      // digits add up to five primes of nearly the special one's size; both halves are rounded
      const switched = (error: bigint): bigint => 5n * N * error + (N * C) / 2n + 1n;
      for (const [left, right] of [
        [1n, 3_000n],
        [1_000n, 3_000n],
        [1n, 1n],
      ] as const) {
        const noises = left * fresh + right * fresh + switched(21n * C);
        const stated = productNoise(ring, left, right);
        const terms = N * t * ((N * C) / 2n + 2n) * noises + (N * t * noises) / 2n;
        const rest = 5n * (1n + N * C + (N * C) ** 2n) + switched(key);
        expect(stated >= (terms * 999n) / 1_000n && stated <= ((terms + rest) * 1_001n) / 1_000n).to.equal(true);
        expect(stated > rest && productNorm(ring, left, right) * fresh >= stated).to.equal(true);
      }
      expect(maxWeightNorm % productNorm(ring, 1n, LARGEST_RIGHT)).to.equal(0n);
    }
    expect(LARGEST_RIGHT, '2n of the direction and n of the sum').to.equal(3n * BigInt(MAX_ITEMS));
  });

  it('state the distance of a round by its own weights: the demonstration is far below the limit', () => {
    const demo = { coefficients: 7_854, items: 8, countsNorm: 1n << 17n };
    // its rate, which is in finer grains than ten members have room for, times the norm of the weights
    const payouts: [n: number, payoutNorm: bigint][] = [
      [4, 9_200_000_000n],
      [7, 9_200_000_000n],
      [10, 575_000_000n],
    ];
    expect(payouts.map(([n, payoutNorm]) => roundDistance(fheParamsFor(n), { ...demo, payoutNorm }))).to.deep.equal([
      59, 52, 49,
    ]);
    const params = fheParamsFor(4);
    const one = distanceBits(params, [{ values: 1, weightNorm: 1n << 20n }]);
    expect(distanceBits(params, [{ values: 2, weightNorm: 1n << 20n }])).to.equal(one - 1);
    expect(distanceBits(params, [])).to.equal(params.floodBits + 1);
  });

  it('are known by their names only', () => {
    expect(fheParamsFor(7)).to.equal(fheParams('tacit-8192-n7'));
    expect(codeOf(() => fheParams('tacit-8192-n5'))).to.equal('fhe/unknown-params');
    expect(codeOf(() => fheParamsFor(5))).to.equal('fhe/unknown-params');
  });
});
