/** One word-sized prime and what the kernel needs to know of it. */
import { TacitError } from '../errors.ts';
import { kernel, type Ptr } from './kernel.ts';

const WORD = 1n << 64n;

export function powMod(base: bigint, exponent: bigint, q: bigint): bigint {
  let result = 1n;
  let square = ((base % q) + q) % q;
  for (let e = exponent; e > 0n; e >>= 1n) {
    if (e & 1n) result = (result * square) % q;
    square = (square * square) % q;
  }
  return result;
}

/** The representative of `value` in [0, q). */
export function modulo(value: bigint, q: bigint): bigint {
  const rest = value % q;
  return rest < 0n ? rest + q : rest;
}

/** Inverse modulo a prime. Throws `fhe/no-inverse` for multiples of it. */
export function invertMod(value: bigint, q: bigint): bigint {
  if (modulo(value, q) === 0n) throw new TacitError('fhe/no-inverse', 'zero has no inverse');
  return powMod(value, q - 2n, q);
}

/** A prime q < 2^61; names ending in M are constants in Montgomery form, c * 2^64 mod q. */
export interface Modulus {
  readonly q: bigint;
  /** q^-1 mod 2^64. */
  readonly qinv: bigint;
  /** 1, 2^32 and 2^64 in Montgomery form. */
  readonly oneM: bigint;
  readonly shiftM: bigint;
  readonly wordM: bigint;
}

export function modulusOf(q: bigint): Modulus {
  let inverse = q;
  for (let bits = 3; bits < 64; bits *= 2) inverse = (inverse * (2n - q * inverse)) & (WORD - 1n);
  const oneM = WORD % q;
  return { q, qinv: inverse & (WORD - 1n), oneM, shiftM: (oneM << 32n) % q, wordM: (oneM * oneM) % q };
}

/** `value` in Montgomery form. */
export function montgomery({ q }: Modulus, value: bigint): bigint {
  return (modulo(value, q) << 64n) % q;
}

/** Tables of the negacyclic transform of one degree, in the kernel's memory of this thread. */
export interface NttTables {
  readonly forward: Ptr;
  readonly inverse: Ptr;
  /** N^-1 and its Shoup quotient. */
  readonly scale: bigint;
  readonly scaleQuotient: bigint;
}

/** The least primitive 2N-th root of unity: the one SEAL uses. */
export function minimalRoot(q: bigint, degree: number): bigint {
  const order = BigInt(2 * degree);
  let root = 0n;
  for (let g = 2n; ; g++) {
    root = powMod(g, (q - 1n) / order, q);
    if (powMod(root, BigInt(degree), q) === q - 1n) break;
  }
  // The primitive roots are the odd powers of any one of them.
  const square = (root * root) % q;
  let least = root;
  for (let i = 0, power = root; i < degree; i++, power = (power * square) % q) if (power < least) least = power;
  return least;
}

function bitReverse(i: number, bits: number): number {
  let out = 0;
  for (let k = 0; k < bits; k++) out = (out << 1) | ((i >> k) & 1);
  return out;
}

export function nttTables({ q }: Modulus, degree: number): NttTables {
  const k = kernel();
  const bits = Math.log2(degree);
  const root = minimalRoot(q, degree);
  const table = (base: bigint): Ptr => {
    const words = new BigUint64Array(2 * degree);
    for (let i = 0, power = 1n; i < degree; i++, power = (power * base) % q) {
      const at = 2 * bitReverse(i, bits);
      words[at] = power;
      words[at + 1] = (power << 64n) / q;
    }
    const ptr = k.allocPermanent(words.byteLength);
    k.write(ptr, words);
    return ptr;
  };
  const scale = invertMod(BigInt(degree), q);
  return { forward: table(root), inverse: table(invertMod(root, q)), scale, scaleQuotient: (scale << 64n) / q };
}
