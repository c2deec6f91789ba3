/**
 * Named parameter sets of the tally (§1). A set is public, fixed, and chosen by its id in the chain specification; nothing here is secret.
 *
 * Members are numbered 0..n-1 (the Shamir abscissa of member j is j+1). A *subset* is one of the `binom(n, f)` choices of n-f members, in
 * lexicographic order; every committee secret is a sum with one summand per subset.
 */
import { TacitError } from '../errors.ts';
import { freshNoise, LARGEST_RIGHT, productNorm } from './product-noise.ts';
import { ceilSqrt } from './sqrt.ts';

/** What every derivation of a round is bound to. */
export interface RoundContext {
  /** Genesis hash of the chain, 32 bytes. */
  readonly genesis: Uint8Array;
  readonly term: number;
  readonly round: number;
  readonly paramsId: string;
}

export interface FheParams {
  readonly id: string;
  /** Committee size; always 3f+1. */
  readonly n: number;
  /** Corrupt members tolerated. */
  readonly f: number;
  /** Members of each subset, ascending; the index in this list is the subset's number. */
  readonly subsets: readonly (readonly number[])[];
  /** Ring degree N of Z[x]/(x^N + 1). */
  readonly degree: number;
  /** Values one submission may carry, one per coefficient of up to {@link MAX_POLYNOMIALS} polynomials. */
  readonly maxValues: number;
  /** Primes of Q, in SEAL's order. */
  readonly dataPrimes: readonly bigint[];
  /** SEAL's special prime P, part of the public key only. */
  readonly specialPrime: bigint;
  /** `dataPrimes` and `specialPrime`: the moduli of the key level. */
  readonly keyPrimes: readonly bigint[];
  /** Product of the data primes. */
  readonly q: bigint;
  /** Plaintext modulus, a prime in (2^49, 2^50). */
  readonly t: bigint;
  /** Statistical bits: all openings of one round together are within 2^-lambda of what shows nothing of the noise ({@link roundDistance}). */
  readonly lambda: number;
  /** Standard deviation of the noise of a fresh honest ciphertext, rounded up: C*sqrt(14 N) for C subsets. */
  readonly freshSigma: bigint;
  /**
   * Most noise that a functional of 2-norm 1 can show of a fresh ciphertext, whatever seeds and keys were chosen: by Cauchy-Schwarz, `sqrt(N)` times what a
   * coefficient can have ({@link freshNoise}).
   */
  readonly unitNoise: bigint;
  /** Largest admissible sum over fresh ciphertexts of the 2-norm of an opened functional. */
  readonly maxWeightNorm: bigint;
  /** Flood pieces are uniform in [-2^k, 2^k) for this k: the largest that the modulus has room for. */
  readonly floodBits: number;
  /** False for sets with a small ring, which only unit tests may use: a chain specification refuses them. */
  readonly secure: boolean;
  /** Whether ciphertexts are multiplied under this set (§13): `maxWeightNorm` then has room for products, and keys for them are made with the round's. */
  readonly confidential: boolean;
}

/** All (n-f)-element subsets of 0..n-1, ascending and in lexicographic order. */
export function subsetsOf(n: number, f: number): number[][] {
  const size = n - f;
  const out: number[][] = [];
  const extend = (chosen: number[], from: number): void => {
    if (chosen.length === size) {
      out.push(chosen);
      return;
    }
    for (let next = from; next <= n - (size - chosen.length); next++) extend([...chosen, next], next + 1);
  };
  extend([], 0);
  return out;
}

interface Primes {
  readonly data: readonly bigint[];
  readonly special: bigint;
}

/** SEAL's `CoeffModulus.Create(8192, [59, 59, 59, 37])`; 1 modulo 16384, hence good for every smaller ring too. */
const PRIMES: Primes = { data: [0x7fffffffff18001n, 0x7fffffffffa4001n, 0x7fffffffffcc001n], special: 0x1ffffe0001n };
/** SEAL's `CoeffModulus.Create(16384, [56, 56, 56, 56, 56, 56])`; 1 modulo 32768. */
const PRODUCT_PRIMES: Primes = {
  data: [0xffffffffd80001n, 0xffffffffe68001n, 0xffffffffeb0001n, 0xfffffffff00001n, 0xfffffffff70001n],
  special: 0xfffffffff78001n,
};
/** Polynomials of one submission, each under a public key of its own. */
export const MAX_POLYNOMIALS = 4;
/** The largest prime below 2^50. */
export const PLAIN_MODULUS: bigint = (1n << 50n) - 27n;

interface Choice {
  readonly id: string;
  readonly n: number;
  readonly degree: number;
  readonly lambda: number;
  /** log2 of `maxWeightNorm`; of a confidential set in products with the largest operands. */
  readonly weightBits: bigint;
  readonly confidential?: boolean;
}

const CHOICES: readonly Choice[] = [
  { id: 'tacit-8192-n4', n: 4, degree: 8192, lambda: 48, weightBits: 42n },
  { id: 'tacit-8192-n7', n: 7, degree: 8192, lambda: 48, weightBits: 35n },
  { id: 'tacit-8192-n10', n: 10, degree: 8192, lambda: 44, weightBits: 32n },
  { id: 'tacit-test-256-n4', n: 4, degree: 256, lambda: 48, weightBits: 42n },
  { id: 'tacit-test-256-n7', n: 7, degree: 256, lambda: 48, weightBits: 35n },
  { id: 'tacit-test-256-n10', n: 10, degree: 256, lambda: 44, weightBits: 32n },
  { id: 'tacit-16384-n4', n: 4, degree: 16384, lambda: 48, weightBits: 53n, confidential: true },
  { id: 'tacit-16384-n7', n: 7, degree: 16384, lambda: 48, weightBits: 43n, confidential: true },
  { id: 'tacit-16384-n10', n: 10, degree: 16384, lambda: 44, weightBits: 38n, confidential: true },
  { id: 'tacit-test-confidential-256-n4', n: 4, degree: 256, lambda: 48, weightBits: 53n, confidential: true },
  { id: 'tacit-test-confidential-256-n7', n: 7, degree: 256, lambda: 48, weightBits: 43n, confidential: true },
  { id: 'tacit-test-confidential-256-n10', n: 10, degree: 256, lambda: 44, weightBits: 38n, confidential: true },
];

/** Bits of modulus up to which a degree has 128-bit security with ternary secrets (Albrecht et al. 2018). */
const SECURE_BITS: ReadonlyMap<number, number> = new Map([
  [8192, 218],
  [16384, 438],
]);

/** The largest k for which C flood pieces below 2^k in size, the noise and the roundings decode rightly: below `Q/(2t)` in sum. */
function floodBitsOf(room: bigint, count: bigint): number {
  const k = (room / count).toString(2).length - 1;
  if (k < 1) throw new TacitError('fhe/params', 'the modulus has no room for a flood');
  return k;
}

function build({ id, n, degree, lambda, weightBits, confidential = false }: Choice): FheParams {
  const f = (n - 1) / 3;
  const subsets = subsetsOf(n, f);
  const count = BigInt(subsets.length);
  const primes = confidential ? PRODUCT_PRIMES : PRIMES;
  const keyPrimes = [...primes.data, primes.special];
  const product = (factors: readonly bigint[]): bigint => factors.reduce((all, prime) => all * prime, 1n);
  const ring = { degree: BigInt(degree), count, dataPrimes: primes.data, specialPrime: primes.special };
  const q = product(primes.data);
  const unitNoise = ceilSqrt(ring.degree) * freshNoise(ring);
  const unit = confidential ? productNorm({ ...ring, q, t: PLAIN_MODULUS }, 1n, LARGEST_RIGHT) : 1n;
  const maxWeightNorm = unit << weightBits;
  const room = q / (2n * PLAIN_MODULUS) - unitNoise * maxWeightNorm - count - 2n;
  return Object.freeze({
    id,
    n,
    f,
    subsets,
    degree,
    maxValues: MAX_POLYNOMIALS * degree,
    dataPrimes: primes.data,
    specialPrime: primes.special,
    keyPrimes,
    q,
    t: PLAIN_MODULUS,
    lambda,
    freshSigma: ceilSqrt(14n * BigInt(degree) * count * count),
    unitNoise,
    maxWeightNorm,
    floodBits: floodBitsOf(room, count),
    secure: product(keyPrimes).toString(2).length <= (SECURE_BITS.get(degree) ?? 0),
    confidential,
  });
}

const SETS: ReadonlyMap<string, FheParams> = new Map(CHOICES.map((choice) => [choice.id, build(choice)]));

const idsOf = (wanted: (set: FheParams) => boolean): string[] => [...SETS.values()].filter(wanted).map(({ id }) => id);

/** Ids of the sets a chain may use. */
export const SECURE_PARAMS: readonly string[] = idsOf(({ secure, confidential }) => secure && !confidential);

/** Ids of the sets for confidential mode (§13). No chain may use them yet: there is no round that multiplies. */
export const CONFIDENTIAL_PARAMS: readonly string[] = idsOf(({ secure, confidential }) => secure && confidential);

/** The parameter set of that name. Throws `fhe/unknown-params`. */
export function fheParams(id: string): FheParams {
  const set = SETS.get(id);
  if (!set) throw new TacitError('fhe/unknown-params', 'no parameter set has this id', { id });
  return set;
}

/** The set of a committee of `n` members on a real chain. Throws `fhe/unknown-params`. */
export function fheParamsFor(n: number): FheParams {
  return fheParams(`tacit-8192-n${n}`);
}

/** Posts on one polynomial that make a value count: `2f+1`, because `f` liars and one honest member always lie on one (§2). */
export function quorum(params: { readonly f: number }): number {
  return 2 * params.f + 1;
}

/** Numbers of the subsets that `member` belongs to, ascending. */
export function subsetsWith(params: FheParams, member: number): number[] {
  const out: number[] = [];
  params.subsets.forEach((members, subset) => {
    if (members.includes(member)) out.push(subset);
  });
  return out;
}

/** Bound of the noise of an opened functional before flooding: whoever chose seeds and keys, and however (§1). */
export function noiseBound(params: FheParams, weightNorm: bigint): bigint {
  return params.unitNoise * weightNorm;
}

/**
 * Largest noise an honest opening can show: the flood of all subsets, the ciphertexts' noise, and half a unit for each rounding when a mask (one
 * rounding per subset and one for its public part) and a public constant are added. Below `Q/(2t)` for every admissible weight norm.
 */
export function openedNoiseLimit(params: FheParams, weightNorm: bigint): bigint {
  const count = BigInt(params.subsets.length);
  return (count << BigInt(params.floodBits)) + noiseBound(params, weightNorm) + count + 2n;
}

/** Values that are opened with weight norms of at most `weightNorm`. */
export interface OpenedValues {
  readonly values: number;
  readonly weightNorm: bigint;
}

/**
 * Statistical distance of openings from ones that show nothing but their values, as the largest whole `b` with distance <= 2^-b. One flood piece, of
 * a subset that the adversary is outside of, is uniform over 2^(k+1) integers: a noise below B moves it by at most B/2^(k+1), and distances add up.
 */
export function distanceBits(params: FheParams, openings: readonly OpenedValues[]): number {
  const shift = openings.reduce(
    (sum, { values, weightNorm }) => sum + BigInt(values) * noiseBound(params, weightNorm),
    0n,
  );
  return params.floodBits + 1 - (shift < 1n ? 0 : (shift - 1n).toString(2).length);
}

/** What a round opens under flood, at most. */
export interface RoundOpenings {
  /** Coefficients of the aggregate: the values of all update parts. */
  readonly coefficients: number;
  /** Items that the round may accept. */
  readonly items: number;
  /** Bounds of the weight norms of the points of all counts and of one item's payout. */
  readonly countsNorm: bigint;
  readonly payoutNorm: bigint;
}

/** Items whose payouts may each have the largest weight norm, and together stay within `lambda`. */
const FULL_PAYOUTS = 32n;

/**
 * Largest weight norm of each payout in a round that may accept so many items: distances add up, so that of more than {@link FULL_PAYOUTS} each has so much less.
 * @param items places of the round
 */
export function payoutNormLimit(maxWeightNorm: bigint, items: number): bigint {
  const count = BigInt(items);
  return count > FULL_PAYOUTS ? (maxWeightNorm * FULL_PAYOUTS) / count : maxWeightNorm;
}

/** Values that the opening of a round's test encryption shows. */
export const KEY_TEST_VALUES = 8;

/** {@link distanceBits} of everything a round opens: test encryptions of all attempts, aggregate, counts, payouts. */
export function roundDistance(
  params: FheParams,
  { coefficients, items, countsNorm, payoutNorm }: RoundOpenings,
): number {
  return distanceBits(params, [
    { values: KEY_TEST_VALUES * (params.f + 1), weightNorm: 1n },
    { values: coefficients, weightNorm: BigInt(items) },
    { values: 1, weightNorm: countsNorm },
    { values: items, weightNorm: payoutNorm },
  ]);
}

/** Whether `context` names this parameter set and has a genesis hash. Throws `fhe/context`. */
export function checkContext(params: FheParams, context: RoundContext): void {
  if (context.paramsId !== params.id || context.genesis.length !== 32) {
    throw new TacitError('fhe/context', 'the round belongs to another parameter set or has no genesis hash', {
      have: params.id,
      want: context.paramsId,
    });
  }
}
