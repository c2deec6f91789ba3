import { expect } from 'chai';
import { powMod } from '../../../primitives/fhe/modulus.ts';
import {
  type FheParams,
  fheParams,
  fheParamsFor,
  floodBits,
  noiseBound,
  openedNoiseLimit,
  quorum,
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

  const budgetHolds = (params: FheParams, weightNorm: bigint): boolean =>
    openedNoiseLimit(params, weightNorm) < params.q / (2n * params.t);

  it('have room for the flood of the largest functional, by calculation alone', () => {
    for (const params of SETS) {
      const { maxWeightNorm, subsets, degree, lambda, freshSigma } = params;
      expect(budgetHolds(params, maxWeightNorm), params.id).to.equal(true);
      expect(budgetHolds(params, 64n * maxWeightNorm), `${params.id} has a limit at all`).to.equal(false);
      // Ten deviations include the roundings of the encoder: half a unit for each subset's pad and for the delta, on every coefficient.
      const count = subsets.length;
      const variance = 14 * degree * count * count;
      expect(Number(freshSigma)).to.be.closeTo(Math.sqrt(variance), 1);
      expect(((count + 1) / 2) * Math.sqrt(degree)).to.be.lessThan(Number(freshSigma) / 5);
      // The flood of one subset alone, unknown to any f members, is 2^lambda times the noise.
      expect(1n << BigInt(floodBits(params, maxWeightNorm))).to.satisfy(
        (width: bigint) => width >= noiseBound(params, maxWeightNorm) << BigInt(lambda),
      );
      expect(floodBits(params, 1n)).to.be.lessThan(floodBits(params, maxWeightNorm));
      expect(floodBits(params, maxWeightNorm)).to.be.lessThan(127);
    }
  });

  it('are known by their names only', () => {
    expect(fheParamsFor(7)).to.equal(fheParams('tacit-8192-n7'));
    expect(codeOf(() => fheParams('tacit-8192-n5'))).to.equal('fhe/unknown-params');
    expect(codeOf(() => fheParamsFor(5))).to.equal('fhe/unknown-params');
  });
});
