/**
 * Arithmetic in R_Q = Z_Q[x]/(x^N + 1) by residues (RNS), on the ring kernel. Polynomials go in and come out in coefficient form, so that a
 * value has exactly one representation; the level (data or key) of an operation is that of its operands.
 */
import { at } from '../at.ts';
import type { Prg } from '../crypto/prg.ts';
import { TacitError } from '../errors.ts';
import { type Encoding, encodingOf } from './encoding.ts';
import { kernel, type Ptr } from './kernel.ts';
import { invertMod, type Modulus, modulo, modulusOf, montgomery, type NttTables, nttTables } from './modulus.ts';
import type { FheParams } from './params.ts';
import type { RnsPoly } from './types.ts';

export type SmallVector = Int8Array | Int16Array | Int32Array;

/** Magnitude up to which the kernel's sums of N products stay within their words. */
const MAX_SMALL = 1 << 15;

/** A polynomial transformed once for many products; opaque. */
export interface Prepared {
  readonly transformed: BigUint64Array;
}

interface Limb extends Modulus {
  readonly tables: NttTables;
}

export class Ring {
  readonly params: FheParams;
  readonly degree: number;
  readonly #limbs: readonly Limb[];
  readonly #encoding: Encoding;
  /** CRT weights of the data primes: 1 modulo its own prime, 0 modulo the others. */
  readonly #crt: readonly bigint[];

  constructor(params: FheParams) {
    this.params = params;
    this.degree = params.degree;
    this.#limbs = params.keyPrimes.map((q) => {
      const modulus = modulusOf(q);
      return { ...modulus, tables: nttTables(modulus, params.degree) };
    });
    this.#encoding = encodingOf(params);
    this.#crt = params.dataPrimes.map((q) => {
      const rest = params.q / q;
      return rest * invertMod(rest, q);
    });
  }

  /** The zero polynomial over `primes` primes: those of the data or of the key level. */
  zero(primes: number): RnsPoly {
    return new BigUint64Array(primes * this.degree);
  }

  /** Residues modulo the data primes of a polynomial at key level. */
  toDataLevel(a: RnsPoly): RnsPoly {
    this.#primes(a);
    return a.slice(0, this.params.dataPrimes.length * this.degree);
  }

  add(a: RnsPoly, b: RnsPoly): RnsPoly {
    return this.#limbwise(a, b, (r, x, y, limb) => kernel().run.add(r, x, y, this.degree, limb.q));
  }

  sub(a: RnsPoly, b: RnsPoly): RnsPoly {
    return this.#limbwise(a, b, (r, x, y, limb) => kernel().run.sub(r, x, y, this.degree, limb.q));
  }

  negate(a: RnsPoly): RnsPoly {
    return this.sub(new BigUint64Array(a.length), a);
  }

  /** `a` times an integer. */
  scale(a: RnsPoly, factor: bigint): RnsPoly {
    return this.linear([a], () => [factor], a.length / this.degree);
  }

  /**
   * `sum of factors[i] * terms[i]`, with the factors chosen per prime: how shares are made of pieces and combined.
   * @param factorsOf the integer factors, one per term, for the prime with that index
   */
  linear(
    terms: readonly RnsPoly[],
    factorsOf: (prime: number, q: bigint) => readonly bigint[],
    primes: number,
  ): RnsPoly {
    for (const term of terms) {
      if (this.#primes(term) !== primes) throw new TacitError('fhe/level', 'polynomials of different levels');
    }
    const { degree } = this;
    const k = kernel();
    const out = this.zero(primes);
    for (let i = 0; i < primes; i++) {
      const limb = this.#limb(i);
      const factors = factorsOf(i, limb.q);
      k.frame(() => {
        const sum = k.alloc(8 * degree);
        const term = k.alloc(8 * degree);
        terms.forEach((poly, index) => {
          k.write(term, this.#row(poly, i));
          k.run.scaleAdd(sum, term, montgomery(limb, at(factors, index)), degree, limb.q, limb.qinv);
        });
        out.set(k.read(sum, degree), i * degree);
      });
    }
    return out;
  }

  /** Residues of small signed coefficients; missing ones are zero. */
  fromSmall(values: SmallVector, primes: number): RnsPoly {
    this.#checkCount(values.length);
    const k = kernel();
    const out = this.zero(primes);
    k.frame(() => {
      const source = k.putSmall(values);
      const row = k.alloc(8 * values.length);
      for (let i = 0; i < primes; i++) {
        k.run.fromSmall(row, source, values.length, this.#limb(i).q);
        out.set(k.read(row, values.length), i * this.degree);
      }
    });
    return out;
  }

  /** The negacyclic transform in SEAL's order (bit-reversed): the form in which SEAL keeps keys, and nothing else here. */
  transform(a: RnsPoly): BigUint64Array {
    return this.#limbwise(a, undefined, (r, x, _, limb) => {
      const { run } = kernel();
      run.scale(r, x, limb.oneM, this.degree, limb.q, limb.qinv);
      run.ntt(r, this.degree, limb.tables.forward, limb.q);
    });
  }

  /** Transforms `a` for repeated products. */
  prepare(a: RnsPoly): Prepared {
    const transformed = this.#limbwise(a, undefined, (r, x, _, limb) => {
      const { run } = kernel();
      run.scale(r, x, limb.wordM, this.degree, limb.q, limb.qinv);
      run.ntt(r, this.degree, limb.tables.forward, limb.q);
    });
    return { transformed };
  }

  /** The negacyclic product of a prepared factor and `b`. */
  multiplyPrepared(prepared: Prepared, b: RnsPoly): RnsPoly {
    return this.#limbwise(b, prepared.transformed, (r, x, y, limb) => {
      const { run } = kernel();
      run.ntt(x, this.degree, limb.tables.forward, limb.q);
      run.mulMont(r, x, y, this.degree, limb.q, limb.qinv);
      run.intt(r, this.degree, limb.tables.inverse, limb.q, limb.tables.scale, limb.tables.scaleQuotient);
    });
  }

  /** The negacyclic product. */
  multiply(a: RnsPoly, b: RnsPoly): RnsPoly {
    return this.multiplyPrepared(this.prepare(a), b);
  }

  multiplySmall(a: RnsPoly, small: SmallVector): RnsPoly {
    return this.multiply(a, this.fromSmall(small, this.#primes(a)));
  }

  /** `v` with `<chi, a*u> = <v, u>` for every `u`: the transpose of multiplication by `a`, applied to `chi`. */
  transposeMultiply(a: RnsPoly, chi: RnsPoly): RnsPoly {
    return this.multiply(this.reversed(a), chi);
  }

  /** `a(1/x)`. It is its own transpose and its own inverse. */
  reversed(a: RnsPoly): RnsPoly {
    return this.#limbwise(a, undefined, (r, x, _, limb) => kernel().run.reverse(r, x, this.degree, limb.q));
  }

  /** `sum a_k b_k` per prime. */
  dot(a: RnsPoly, b: RnsPoly): BigUint64Array {
    const primes = this.#samePrimes(a, b);
    const k = kernel();
    return BigUint64Array.from({ length: primes }, (_, i) => {
      const limb = this.#limb(i);
      return k.frame(() => {
        const x = k.put(this.#row(a, i));
        const y = k.put(this.#row(b, i));
        k.run.scale(y, y, limb.wordM, this.degree, limb.q, limb.qinv);
        return k.run.dotMont(x, y, this.degree, limb.q, limb.qinv);
      });
    });
  }

  /** `sum a_k v_k` per prime, |v_k| <= 2^15. Throws `fhe/not-small`. */
  dotSmall(a: RnsPoly, v: SmallVector): BigUint64Array {
    this.#checkCount(v.length);
    if (v instanceof Int32Array && v.some((x) => x > MAX_SMALL || x < -MAX_SMALL)) {
      throw new TacitError('fhe/not-small', 'the kernel takes dot products with 16-bit numbers only');
    }
    const primes = this.#primes(a);
    const k = kernel();
    return k.frame(() => {
      const y = k.putSmall(v);
      const x = k.alloc(8 * this.degree);
      return BigUint64Array.from({ length: primes }, (_, i) => {
        const limb = this.#limb(i);
        k.write(x, this.#row(a, i));
        return k.run.dotSmall(x, y, v.length, limb.q, limb.qinv, limb.oneM, limb.shiftM);
      });
    });
  }

  /** Coefficients `from .. from+count-1` of `a*b`, `[prime][coefficient]`: by dot products where they are few, else by transform. */
  productCoefficients(a: RnsPoly, b: RnsPoly, from: number, count: number): BigUint64Array {
    const primes = this.#samePrimes(a, b);
    if (from < 0 || count < 0 || from + count > this.degree) {
      throw new TacitError('fhe/coefficient-range', 'no such coefficients', { from, count });
    }
    const out = new BigUint64Array(primes * count);
    // A transform costs about as much as eight dot products.
    if (count > 8) {
      const product = this.multiply(a, b);
      for (let i = 0; i < primes; i++) {
        out.set(product.subarray(i * this.degree + from, i * this.degree + from + count), i * count);
      }
      return out;
    }
    const k = kernel();
    for (let i = 0; i < primes; i++) {
      const limb = this.#limb(i);
      k.frame(() => {
        const x = k.put(this.#row(a, i));
        const y = k.put(this.#row(b, i));
        k.run.scale(y, y, limb.wordM, this.degree, limb.q, limb.qinv);
        for (let c = 0; c < count; c++) {
          out[i * count + c] = k.run.productCoefficient(x, y, from + c, this.degree, limb.q, limb.qinv);
        }
      });
    }
    return out;
  }

  /** Encoding of plaintext coefficients: `round(Q v / t)` at data level for `v` in [0, t); missing ones are zero. Throws `fhe/plain-range`. */
  encode(values: BigUint64Array): RnsPoly {
    this.#checkCount(values.length);
    const { t } = this.params;
    const { plain, half, qPlainM, limbs } = this.#encoding;
    const k = kernel();
    const out = this.zero(limbs.length);
    k.frame(() => {
      const source = k.put(values);
      if (k.run.firstUnreduced(source, values.length, t) >= 0) {
        throw new TacitError('fhe/plain-range', 'a plaintext coefficient is not below t');
      }
      const remainder = k.alloc(values.byteLength);
      const row = k.alloc(values.byteLength);
      k.run.encodeRemainder(remainder, source, values.length, qPlainM, half, t, plain.qinv);
      for (const [i, { plainInverseM, q, qinv }] of limbs.entries()) {
        k.run.encodeResidue(row, remainder, values.length, half, plainInverseM, q, qinv);
        out.set(k.read(row, values.length), i * this.degree);
      }
    });
    return out;
  }

  /** `round(Q v / t)` modulo each data prime, for any integer `v`. */
  encodeCoefficient(v: bigint): BigUint64Array {
    const { t, q: product, dataPrimes } = this.params;
    const rounded = (2n * product * modulo(v, t) + t) / (2n * t);
    return BigUint64Array.from(dataPrimes, (q) => rounded % q);
  }

  /** Uniform polynomial from the key stream: 16 bytes a coefficient, prime after prime. */
  uniform(prg: Prg, primes: number): RnsPoly {
    const out = this.zero(primes);
    for (let i = 0; i < primes; i++)
      out.set(this.#reduce128(prg.next(16 * this.degree), this.#limb(i)), i * this.degree);
    return out;
  }

  /** Unsigned 16-byte integers, least significant byte first, modulo t. */
  plainFromWide(bytes: Uint8Array): BigUint64Array {
    if (bytes.length % 16 !== 0) throw new TacitError('fhe/length', 'wide integers have 16 bytes each');
    return this.#reduce128(bytes, this.#encoding.plain);
  }

  /** Index of the first word that is not below its prime, or -1. */
  firstUnreduced(a: RnsPoly): number {
    const primes = this.#primes(a);
    const k = kernel();
    for (let i = 0; i < primes; i++) {
      const bad = k.frame(() => k.run.firstUnreduced(k.put(this.#row(a, i)), this.degree, this.#limb(i).q));
      if (bad >= 0) return i * this.degree + bad;
    }
    return -1;
  }

  /** The integer in [0, Q) with these residues modulo the data primes. */
  recompose(residues: ArrayLike<bigint>): bigint {
    let sum = 0n;
    this.#crt.forEach((weight, i) => {
      sum += weight * at(residues, i);
    });
    return sum % this.params.q;
  }

  /** `round(t y / Q) mod t` and the distance of `y` from the encoding of that value, for `y` in [0, Q). */
  scaleRound(y: bigint): { value: bigint; noise: bigint } {
    const { q, t } = this.params;
    const value = (t * y + q / 2n) / q;
    const noise = y - (2n * q * value + t) / (2n * t);
    return { value: value === t ? 0n : value, noise };
  }

  #reduce128(bytes: Uint8Array, { q, qinv, oneM, wordM }: Modulus): BigUint64Array {
    const k = kernel();
    const count = bytes.length / 16;
    return k.frame(() => {
      const source = k.putBytes(bytes);
      const r = k.alloc(8 * count);
      k.run.reduce128(r, source, count, q, qinv, oneM, wordM);
      return k.read(r, count);
    });
  }

  #limbwise(a: RnsPoly, b: BigUint64Array | undefined, body: (r: Ptr, x: Ptr, y: Ptr, limb: Limb) => void): RnsPoly {
    const primes = b === undefined ? this.#primes(a) : this.#samePrimes(a, b);
    const k = kernel();
    const out = new BigUint64Array(a.length);
    for (let i = 0; i < primes; i++) {
      k.frame(() => {
        const r = k.alloc(8 * this.degree);
        const x = k.put(this.#row(a, i));
        const y = b === undefined ? x : k.put(this.#row(b, i));
        body(r, x, y, this.#limb(i));
        out.set(k.read(r, this.degree), i * this.degree);
      });
    }
    return out;
  }

  #row(a: BigUint64Array, prime: number): BigUint64Array {
    return a.subarray(prime * this.degree, (prime + 1) * this.degree);
  }

  #limb(prime: number): Limb {
    const limb = this.#limbs[prime];
    if (!limb) throw new TacitError('fhe/level', 'a polynomial has no more primes than the key level');
    return limb;
  }

  #primes(a: RnsPoly): number {
    const primes = a.length / this.degree;
    if (primes !== this.params.dataPrimes.length && primes !== this.params.keyPrimes.length) {
      throw new TacitError('fhe/level', 'not a polynomial of the data or key level', { words: a.length });
    }
    return primes;
  }

  #samePrimes(a: RnsPoly, b: RnsPoly): number {
    if (a.length !== b.length) throw new TacitError('fhe/level', 'polynomials of different levels');
    return this.#primes(a);
  }

  #checkCount(count: number): void {
    if (count > this.degree) throw new TacitError('fhe/coefficient-range', 'more values than coefficients', { count });
  }
}

const rings = new Map<string, Ring>();

/** The ring of a parameter set in this thread; its tables are made at first use. */
export function ringOf(params: FheParams): Ring {
  let ring = rings.get(params.id);
  if (!ring) {
    ring = new Ring(params);
    rings.set(params.id, ring);
  }
  return ring;
}
