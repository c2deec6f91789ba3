/**
 * What SEAL computes for a product, a relinearisation and x -> 1/x, written from the papers (BEHZ 2016) and the steps of SEAL 4.1 in whole numbers: the noise
 * bounds (§13.3) are about this arithmetic, and SEAL must give the same words. Schoolbook, for small rings.
 */
import { at } from '../../../primitives/at.ts';
import type { EvaluationKeys, SwitchingKey } from '../../../primitives/fhe/evaluation-keys.ts';
import { invertMod, modulo } from '../../../primitives/fhe/modulus.ts';
import type { FheParams } from '../../../primitives/fhe/params.ts';
import { ringOf } from '../../../primitives/fhe/ring.ts';
import type { Ciphertext, RnsPoly } from '../../../primitives/fhe/types.ts';

/** SEAL's `m_tilde`. */
const REDUCTION = 1n << 32n;

function rows(params: FheParams, poly: RnsPoly): bigint[][] {
  return params.dataPrimes.map((_, i) => [...poly.subarray(i * params.degree, (i + 1) * params.degree)]);
}

/** The fast conversion of residues to an integer that is too large by less than L times Q. */
function converted({ dataPrimes, q }: FheParams, residues: readonly bigint[]): bigint {
  return dataPrimes.reduce((sum, prime, i) => {
    const rest = q / prime;
    return sum + ((at(residues, i) * invertMod(rest, prime)) % prime) * rest;
  }, 0n);
}

/** The integers near [-Q/2, Q/2] that a product is taken of. */
function reduced(params: FheParams, poly: RnsPoly): bigint[] {
  const { dataPrimes, q, degree } = params;
  const residues = rows(params, poly);
  // 1/q modulo 2^32 by Newton's iteration.
  let inverse = q;
  for (let bits = 3; bits < 32; bits *= 2) inverse = modulo(inverse * (2n - q * inverse), REDUCTION);
  return Array.from({ length: degree }, (_, k) => {
    const large = converted(
      params,
      dataPrimes.map((prime, i) => (REDUCTION * at(at(residues, i), k)) % prime),
    );
    const multiple = modulo(-large * inverse, REDUCTION);
    const centred = multiple >= REDUCTION / 2n ? multiple - REDUCTION : multiple;
    return (large + q * centred) / REDUCTION;
  });
}

/** The negacyclic product over the integers. */
function convolved(a: readonly bigint[], b: readonly bigint[]): bigint[] {
  const degree = a.length;
  const out = Array.from({ length: degree }, () => 0n);
  a.forEach((x, i) => {
    b.forEach((y, j) => {
      const k = i + j;
      out[k % degree] = at(out, k % degree) + (k < degree ? x * y : -x * y);
    });
  });
  return out;
}

/** `t d / Q`, rounded down as SEAL does: by less than L too low. */
function scaled(params: FheParams, values: readonly bigint[]): RnsPoly {
  const { dataPrimes, q, t, degree } = params;
  const out = ringOf(params).zero(dataPrimes.length);
  values.forEach((value, k) => {
    const large = converted(
      params,
      dataPrimes.map((prime) => modulo(t * value, prime)),
    );
    const quotient = (t * value - large) / q;
    dataPrimes.forEach((prime, i) => {
      out[i * degree + k] = modulo(quotient, prime);
    });
  });
  return out;
}

/** The three parts of a product. */
export function plainProduct(params: FheParams, left: Ciphertext, right: Ciphertext): RnsPoly[] {
  const [a0, a1, b0, b1] = [left.c0, left.c1, right.c0, right.c1].map((poly) => reduced(params, poly)) as [
    bigint[],
    bigint[],
    bigint[],
    bigint[],
  ];
  const cross = convolved(a1, b0);
  return [convolved(a0, b0), convolved(a0, b1).map((x, k) => x + at(cross, k)), convolved(a1, b1)].map((part) =>
    scaled(params, part),
  );
}

/** `round(x / P)` of a polynomial at key level, at data level. */
function dividedByP(params: FheParams, poly: RnsPoly): RnsPoly {
  const { dataPrimes, specialPrime: p, degree } = params;
  const special = poly.subarray(dataPrimes.length * degree);
  const out = ringOf(params).zero(dataPrimes.length);
  dataPrimes.forEach((prime, i) => {
    const inverse = invertMod(p, prime);
    for (let k = 0; k < degree; k++) {
      const rest = ((at(special, k) + (p - 1n) / 2n) % p) - (p - 1n) / 2n;
      out[i * degree + k] = modulo((at(poly, i * degree + k) - rest) * inverse, prime);
    }
  });
  return out;
}

/** What a key turns one polynomial into: both halves. */
function switched(params: FheParams, poly: RnsPoly, key: SwitchingKey): Ciphertext {
  const ring = ringOf(params);
  const { keyPrimes, degree } = params;
  const digits = rows(params, poly).map((digit) => {
    const out = ring.zero(keyPrimes.length);
    keyPrimes.forEach((prime, j) => digit.forEach((word, k) => (out[j * degree + k] = word % prime)));
    return out;
  });
  const half = (polys: readonly RnsPoly[]): RnsPoly => {
    const products = digits.map((digit, i) => ring.multiply(digit, at(polys, i)));
    return dividedByP(
      params,
      products.reduce((sum, product) => ring.add(sum, product)),
    );
  };
  return { c0: half(key.b), c1: half(key.a) };
}

export function plainRelinearised(
  params: FheParams,
  [c0, c1, c2]: readonly RnsPoly[],
  keys: EvaluationKeys,
): Ciphertext {
  const ring = ringOf(params);
  if (!c0 || !c1 || !c2) throw new Error('three parts');
  const more = switched(params, c2, keys.relin);
  return { c0: ring.add(c0, more.c0), c1: ring.add(c1, more.c1) };
}

export function plainReversed(params: FheParams, { c0, c1 }: Ciphertext, keys: EvaluationKeys): Ciphertext {
  const ring = ringOf(params);
  const more = switched(params, ring.reversed(c1), keys.galois);
  return { c0: ring.add(ring.reversed(c0), more.c0), c1: more.c1 };
}
