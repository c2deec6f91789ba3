/**
 * Vectors over `F_t`, t the plaintext modulus, and over its cubic extension `K = F_t[Y]/(Y^3 - 3)` (§5.2). A vector over `F_t` is a `BigUint64Array` of words
 * below t; one over K has three words an element. The kernel's time does not depend on the values.
 */
import { TacitError } from '../errors.ts';
import type { Prg } from '../crypto/prg.ts';
import { kernel, type Ptr } from '../fhe/kernel.ts';
import { modulo } from '../fhe/modulus.ts';
import { PLAIN_MODULUS } from '../fhe/params.ts';
import { decodeResidues, encodeResidues, residueBytes } from '../fhe/wire.ts';
import { barycentricWeights } from './barycentric.ts';

/** Words below t. */
export type PlainVector = BigUint64Array;
/** Three words below t for each element `a0 + a1 Y + a2 Y^2`. */
export type CubicVector = BigUint64Array;

/** Degree of K over `F_t`: words per element. */
export const CUBIC = 3;
const WORD = 8;
const CUBIC_BYTES = CUBIC * WORD;
const MODULI = [PLAIN_MODULUS] as const;
const PLAIN_BITS = BigInt(PLAIN_MODULUS.toString(2).length);

/** Bytes of `count` elements of `F_t`, packed. */
export function plainBytes(count: number): number {
  return residueBytes(MODULI, count);
}

/** Canonical bytes: 50 bits an element, least significant first, zero bits to the end of the last byte. Throws `fhe/unreduced`. */
export function encodePlain(words: PlainVector): Uint8Array<ArrayBuffer> {
  return encodeResidues(MODULI, words);
}

/** Strict inverse of {@link encodePlain}. Throws `fhe/length`, `fhe/unreduced`, `fhe/padding`. */
export function decodePlain(bytes: Uint8Array, count: number): PlainVector {
  return decodeResidues(MODULI, bytes, count);
}

/** Writes uniform elements of `F_t`, a word each: 50 bits of the key stream; while one of them is not below t, all are drawn again. */
export function uniformPlainAt(prg: Prg, words: Ptr, count: number): void {
  const k = kernel();
  const length = plainBytes(count);
  k.frame(() => {
    const bytes = k.alloc(length + 2 * WORD);
    do {
      k.fill(bytes, length, (target) => prg.into(target));
      k.run.unpack(words, bytes, count, PLAIN_BITS);
    } while (k.run.firstUnreduced(words, count, PLAIN_MODULUS) >= 0);
  });
}

/** `count` elements of {@link uniformPlainAt}. */
export function uniformPlain(prg: Prg, count: number): PlainVector {
  return produce(count, (r) => uniformPlainAt(prg, r, count));
}

/** A point of K that is not in `F_t`: no point of interpolation, and a basis 1, rho, rho^2 of K. */
export function uniformPoint(prg: Prg): CubicVector {
  for (;;) {
    const point = uniformPlain(prg, CUBIC);
    if (point[1] !== 0n || point[2] !== 0n) return point;
  }
}

/** Any integer as an element of K. */
export function cubic(value: bigint): CubicVector {
  return BigUint64Array.of(modulo(value, PLAIN_MODULUS), 0n, 0n);
}

function sameLength(a: BigUint64Array, b: BigUint64Array): number {
  if (a.length !== b.length) throw new TacitError('linear/length', 'vectors of different lengths');
  return a.length;
}

/** Runs `body(result)` with room for `words` words in a frame and reads them back. */
function produce(words: number, body: (r: Ptr) => void): BigUint64Array {
  const k = kernel();
  return k.frame(() => {
    const r = k.alloc(WORD * words);
    body(r);
    return k.read(r, words);
  });
}

/** Word by word, hence over both fields. */
export function addPlain(a: BigUint64Array, b: BigUint64Array): BigUint64Array {
  const n = sameLength(a, b);
  return produce(n, (r) => kernel().run.plainAdd(r, kernel().put(a), kernel().put(b), n));
}

/** Word by word, hence over both fields. */
export function subPlain(a: BigUint64Array, b: BigUint64Array): BigUint64Array {
  const n = sameLength(a, b);
  return produce(n, (r) => kernel().run.plainSub(r, kernel().put(a), kernel().put(b), n));
}

/** `sum of factor_i * vector_i`, word by word. */
export function linearPlain(terms: readonly (readonly [factor: bigint, vector: BigUint64Array])[]): BigUint64Array {
  const n = terms[0]?.[1].length ?? 0;
  const k = kernel();
  return produce(n, (r) => {
    for (const [factor, vector] of terms) {
      if (vector.length !== n) throw new TacitError('linear/length', 'vectors of different lengths');
      k.frame(() => k.run.plainScaleAdd(r, k.put(vector), modulo(factor, PLAIN_MODULUS), n));
    }
  });
}

/** `sum of k_i a_i` with `k` over K and `a` over `F_t`; `k` may be longer. */
export function dotPlain(k: CubicVector, a: PlainVector): CubicVector {
  if (k.length < CUBIC * a.length) throw new TacitError('linear/length', 'fewer weights than elements');
  const kern = kernel();
  return produce(CUBIC, (r) => kern.run.plainDot(r, kern.put(k), kern.put(a), a.length));
}

/** `sum of k_i a_i` over K. */
export function dotCubic(k: CubicVector, a: CubicVector): CubicVector {
  const n = sameLength(k, a) / CUBIC;
  const kern = kernel();
  return produce(CUBIC, (r) => kern.run.cubicDot(r, kern.put(k), kern.put(a), n, kern.alloc(CUBIC_BYTES)));
}

/** The product of two elements of K. */
export function mulCubic(a: CubicVector, b: CubicVector): CubicVector {
  const k = kernel();
  return produce(CUBIC, (r) => k.run.cubicMul(r, k.put(a), k.put(b)));
}

/** Per element of K its product with the element of `F_t` at the same place. */
export function scaleEach(a: CubicVector, by: PlainVector): CubicVector {
  const k = kernel();
  return produce(a.length, (r) => k.run.cubicWeigh(r, k.put(a), k.put(cubic(1n)), k.put(by), by.length));
}

const barycentric = new Map<number, PlainVector>();

function weightsOf(count: number): PlainVector {
  let weights = barycentric.get(count);
  if (weights === undefined) {
    weights = barycentricWeights(count);
    barycentric.set(count, weights);
  }
  return weights;
}

/** Runs `body` with the reciprocals of `rho - x` for the points `x = first..first+count-1`, and the product of the differences. */
function atPoints<T>(rho: CubicVector, first: number, count: number, body: (reciprocals: Ptr, all: Ptr) => T): T {
  const k = kernel();
  return k.frame(() => {
    const reciprocals = k.alloc(CUBIC_BYTES * count);
    const all = k.alloc(CUBIC_BYTES);
    const from = k.put(subPlain(rho, cubic(BigInt(first - 1))));
    k.run.cubicReciprocals(reciprocals, all, from, count, k.alloc(2 * CUBIC_BYTES));
    return body(reciprocals, all);
  });
}

/** Lagrange coefficients at `rho`: what the values at the points `first..first+count-1` are multiplied by. `rho` is not in `F_t`. */
export function lagrangeAt(rho: CubicVector, first: number, count: number): CubicVector {
  const k = kernel();
  return atPoints(rho, first, count, (reciprocals, all) => {
    const r = k.alloc(CUBIC_BYTES * count);
    k.run.cubicWeigh(r, reciprocals, all, k.put(weightsOf(count)), count);
    return k.read(r, CUBIC * count);
  });
}

/** `1 / prod over x = 1..count of (rho - x)`. */
export function vanishingReciprocal(rho: CubicVector, count: number): CubicVector {
  const k = kernel();
  return atPoints(rho, 1, count, (reciprocals) => {
    const r = k.alloc(CUBIC_BYTES);
    k.write(r, cubic(1n));
    for (let i = 0; i < count; i++) k.run.cubicMul(r, r, reciprocals + CUBIC_BYTES * i);
    return k.read(r, CUBIC);
  });
}
