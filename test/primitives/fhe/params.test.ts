import { expect } from 'chai';
import { powMod } from '../../../primitives/fhe/modulus.ts';
import {
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
const SETS = [...SECURE_PARAMS, 'tacit-test-256-n4', 'tacit-test-256-n7', 'tacit-test-256-n10'].map(fheParams);

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
    for (const { keyPrimes, dataPrimes, degree, t } of SETS) {
      expect(new Set(keyPrimes).size).to.equal(4);
      for (const q of keyPrimes) {
        expect(q % BigInt(2 * degree)).to.equal(1n);
        expect(isPrime(q)).to.equal(true);
      }
      expect(dataPrimes.map(bits)).to.deep.equal([59, 59, 59]);
      expect(isPrime(t)).to.equal(true);
      expect(t > 1n << 49n && t < 1n << 50n).to.equal(true);
    }
  });

  it('keep to 128-bit security: at most 218 bits of modulus at degree 8192, ternary secrets (Albrecht et al. 2018)', () => {
    for (const id of SECURE_PARAMS) {
      const { keyPrimes, degree, secure } = fheParams(id);
      expect(degree).to.equal(8192);
      expect(secure).to.equal(true);
      expect(bits(keyPrimes.reduce((product, q) => product * q))).to.equal(214);
    }
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
      expect(floodBits).to.be.lessThan(127);
    }
  });

  /** The most a round opens: items and parts, whose product is at most 1,024, parts of 8,192 values, every functional at the limit. */
  const LARGEST = [
    { coefficients: 524_288, items: 16 },
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
        const distance = 2 ** (Number(openings * unit).toString(2).length - 1) / 2 ** (floodBits + 1);
        expect(distance, `${id}, ${items} items`).to.be.at.most(2 ** -lambda);
        // With the largest norm each, many payouts would show more than that.
        const atMost = { coefficients, items, countsNorm: maxWeightNorm, payoutNorm: maxWeightNorm };
        if (items > 64 && params.secure)
          expect(roundDistance(params, atMost), `${id}, ${items} items`).to.be.below(lambda);
      }
    }
    expect([4, 7, 10].map((n) => fheParamsFor(n).lambda)).to.deep.equal([48, 48, 44]);
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
