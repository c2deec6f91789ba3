/**
 * Vectors of scalars modulo l, the order of ristretto255, on the ring kernel: the proofs of §5 work on some ten thousand of them at a time.
 * A vector is a `BigUint64Array` with four words per scalar, least significant first, every scalar reduced. The kernel's time does not depend on the values.
 */
import { TacitError } from '../errors.ts';
import { ORDER } from '../crypto/ristretto.ts';
import { kernel, type Ptr } from './kernel.ts';
import { modulo } from './modulus.ts';

/** Four little-endian words per scalar. */
export type ScalarVector = BigUint64Array;

const WORDS = 4;
const BYTES = 32;
const RADIX = 1n << 256n;
const MASK = (1n << 64n) - 1n;

function words(value: bigint): BigUint64Array {
  return BigUint64Array.of(value & MASK, (value >> 64n) & MASK, (value >> 128n) & MASK, value >> 192n);
}

const ONE_M = words(RADIX % ORDER);
const RADIX_M = words((RADIX * RADIX) % ORDER);
/** -15 and c(15-c) for c = 1..7, in Montgomery form. */
const VANISHING = (() => {
  const out = new BigUint64Array(8 * WORDS);
  for (let c = 0; c < 8; c++) out.set(words(modulo((c === 0 ? -15n : BigInt(c * (15 - c))) * RADIX, ORDER)), c * WORDS);
  return out;
})();

function countOf(a: ScalarVector): number {
  if (a.length % WORDS !== 0) throw new TacitError('fhe/scalar-vector', 'a scalar has four words');
  return a.length / WORDS;
}

function sameCount(a: ScalarVector, b: ScalarVector): number {
  if (a.length !== b.length) throw new TacitError('fhe/scalar-vector', 'vectors of different lengths');
  return countOf(a);
}

/** Runs `body(result, n)` with room for `n` scalars in a frame and reads them back. */
function produce(n: number, body: (r: Ptr) => void): ScalarVector {
  const k = kernel();
  return k.frame(() => {
    const r = k.alloc(n * BYTES);
    body(r);
    return k.read(r, n * WORDS);
  });
}

export const scalarField = {
  order: ORDER,

  /** Any integers, reduced. */
  from(values: readonly bigint[]): ScalarVector {
    const out = new BigUint64Array(values.length * WORDS);
    values.forEach((value, i) => out.set(words(modulo(value, ORDER)), i * WORDS));
    return out;
  },

  get(a: ScalarVector, i: number): bigint {
    const at = i * WORDS;
    const [w0, w1, w2, w3] = [a[at], a[at + 1], a[at + 2], a[at + 3]];
    if (w0 === undefined || w1 === undefined || w2 === undefined || w3 === undefined) {
      throw new TacitError('fhe/scalar-vector', 'no such scalar', { index: i });
    }
    return w0 | (w1 << 64n) | (w2 << 128n) | (w3 << 192n);
  },

  toBigInts(a: ScalarVector): bigint[] {
    return Array.from({ length: countOf(a) }, (_, i) => scalarField.get(a, i));
  },

  /** 32 bytes per scalar; `undefined` unless every one is reduced. */
  decode(bytes: Uint8Array): ScalarVector | undefined {
    if (bytes.length % BYTES !== 0) return undefined;
    const out = new BigUint64Array(bytes.slice().buffer);
    for (let i = 0; i < out.length; i += WORDS) {
      // Below 2^252 is below l; the few above are compared in full.
      if (out[i + 3]! >> 60n !== 0n && scalarField.get(out, i / WORDS) >= ORDER) return undefined;
    }
    return out;
  },

  encode(a: ScalarVector): Uint8Array {
    countOf(a);
    return new Uint8Array(a.slice().buffer);
  },

  /** 64 uniform bytes each, least significant first, reduced: bias below 2^-250. */
  fromWide(bytes: Uint8Array): ScalarVector {
    if (bytes.length % 64 !== 0) throw new TacitError('fhe/scalar-vector', 'a wide scalar has 64 bytes');
    const n = bytes.length / 64;
    const k = kernel();
    return produce(n, (r) => {
      k.run.scalarsReduceWide(r, k.putBytes(bytes), n, k.put(ONE_M), k.put(RADIX_M), k.alloc(BYTES));
    });
  },

  addVec(a: ScalarVector, b: ScalarVector): ScalarVector {
    const n = sameCount(a, b);
    const k = kernel();
    return produce(n, (r) => k.run.scalarsAdd(r, k.put(a), BYTES, k.put(b), BYTES, n));
  },

  /** Every scalar plus one integer. */
  addScalar(a: ScalarVector, b: bigint): ScalarVector {
    const n = countOf(a);
    const k = kernel();
    return produce(n, (r) => k.run.scalarsAdd(r, k.put(a), BYTES, k.put(words(modulo(b, ORDER))), 0, n));
  },

  negVec(a: ScalarVector): ScalarVector {
    const n = countOf(a);
    const k = kernel();
    return produce(n, (r) => k.run.scalarsNegate(r, k.put(a), n));
  },

  subVec(a: ScalarVector, b: ScalarVector): ScalarVector {
    return scalarField.addVec(a, scalarField.negVec(b));
  },

  mulVec(a: ScalarVector, b: ScalarVector): ScalarVector {
    const n = sameCount(a, b);
    const k = kernel();
    return produce(n, (r) => {
      const y = k.put(b);
      k.run.scalarsMont(y, y, BYTES, k.put(RADIX_M), 0, n);
      k.run.scalarsMont(r, k.put(a), BYTES, y, BYTES, n);
    });
  },

  /** Every scalar times one integer. */
  mulScalar(a: ScalarVector, b: bigint): ScalarVector {
    const n = countOf(a);
    const k = kernel();
    return produce(n, (r) => k.run.scalarsMont(r, k.put(a), BYTES, k.put(words(modulo(b * RADIX, ORDER))), 0, n));
  },

  /** `sum a_i b_i`. */
  dot(a: ScalarVector, b: ScalarVector): bigint {
    const n = sameCount(a, b);
    const k = kernel();
    const sum = produce(1, (r) => {
      k.run.scalarsDot(r, k.put(a), k.put(b), n, k.alloc(BYTES));
      k.run.scalarsMont(r, r, 0, k.put(RADIX_M), 0, 1);
    });
    return scalarField.get(sum, 0);
  },

  sum(a: ScalarVector): bigint {
    const n = countOf(a);
    const k = kernel();
    return scalarField.get(
      produce(1, (r) => k.run.scalarsSum(r, k.put(a), n)),
      0,
    );
  },

  /**
   * `sums[class][p] = sum of y_k a_k^p over the k of that class`, p = 0..top, `(top+1)` scalars a class: the tables from which the aggregated
   * coefficients of a product over digits are made, one class per digit value.
   */
  powerSums(y: ScalarVector, a: ScalarVector, classes: Uint8Array, classCount: number, top: number): ScalarVector {
    const n = sameCount(y, a);
    if (classes.length !== n) throw new TacitError('fhe/scalar-vector', 'one class per scalar is needed');
    for (const index of classes) {
      if (index >= classCount) throw new TacitError('fhe/scalar-vector', 'a class is out of range', { index });
    }
    const k = kernel();
    return produce(classCount * (top + 1), (r) => {
      const base = k.put(a);
      k.run.scalarsMont(base, base, BYTES, k.put(RADIX_M), 0, n);
      k.run.scalarsPowerSums(r, k.put(y), base, k.putBytes(classes), n, top, k.alloc(BYTES));
    });
  },

  /** `sum of y_k prod over c = 0..15 of (g_k - c)`: zero terms exactly where g_k is a base-16 digit. */
  vanishingSum(g: ScalarVector, y: ScalarVector): bigint {
    const n = sameCount(g, y);
    const k = kernel();
    const sum = produce(1, (r) => {
      const radix = k.put(RADIX_M);
      const x = k.put(g);
      const weights = k.put(y);
      k.run.scalarsMont(x, x, BYTES, radix, 0, n);
      k.run.scalarsMont(weights, weights, BYTES, radix, 0, n);
      k.run.scalarsVanishingSum(r, x, weights, n, k.put(VANISHING), k.alloc(3 * BYTES));
      k.run.scalarsMont(r, r, 0, k.put(words(1n)), 0, 1);
    });
    return scalarField.get(sum, 0);
  },
} as const;
