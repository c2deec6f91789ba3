/** The compiled ring kernel: one instance per thread, made at first use. Modulus tables stay in its memory, everything else lives in frames. */
import { Kernel, type Ptr } from '../kernel.ts';
import base64 from './asm/build/kernel.mjs';

export type { Ptr } from '../kernel.ts';

/** Exports of asm/index.ts; `bigint` is u64 or i64 and wraps. */
interface KernelExports {
  ntt(a: Ptr, n: number, table: Ptr, q: bigint): void;
  intt(a: Ptr, n: number, table: Ptr, q: bigint, scale: bigint, scaleQuotient: bigint): void;
  add(r: Ptr, a: Ptr, b: Ptr, n: number, q: bigint): void;
  sub(r: Ptr, a: Ptr, b: Ptr, n: number, q: bigint): void;
  mulMont(r: Ptr, a: Ptr, b: Ptr, n: number, q: bigint, qinv: bigint): void;
  scale(r: Ptr, a: Ptr, cM: bigint, n: number, q: bigint, qinv: bigint): void;
  scaleAdd(r: Ptr, a: Ptr, cM: bigint, n: number, q: bigint, qinv: bigint): void;
  dotMont(a: Ptr, b: Ptr, n: number, q: bigint, qinv: bigint): bigint;
  dotMontTwice(r: Ptr, a: Ptr, b: Ptr, x: Ptr, n: number, q: bigint, qinv: bigint): void;
  dotSmall(a: Ptr, v: Ptr, n: number, q: bigint, qinv: bigint, oneM: bigint, shiftM: bigint): bigint;
  productCoefficient(a: Ptr, sM: Ptr, k: number, n: number, q: bigint, qinv: bigint): bigint;
  reverse(r: Ptr, a: Ptr, n: number, q: bigint): void;
  fromSmall(r: Ptr, v: Ptr, n: number, q: bigint): void;
  firstDifference(a: Ptr, b: Ptr, n: number, from: number): number;
  firstUnreduced(a: Ptr, n: number, q: bigint): number;
  pack(bytes: Ptr, words: Ptr, n: number, bits: bigint): void;
  unpack(words: Ptr, bytes: Ptr, n: number, bits: bigint): void;
  centredBinomial(r: Ptr, bytes: Ptr, n: number): void;
  ternary(r: Ptr, bytes: Ptr, length: number, n: number): number;
  reduce128(r: Ptr, words: Ptr, n: number, q: bigint, qinv: bigint, oneM: bigint, wordM: bigint): void;
  flood(
    r: Ptr,
    words: Ptr,
    n: number,
    q: bigint,
    qinv: bigint,
    oneM: bigint,
    wordM: bigint,
    maskLow: bigint,
    maskHigh: bigint,
    centre: bigint,
  ): void;
  encodeRemainder(r: Ptr, v: Ptr, n: number, qM: bigint, h: bigint, t: bigint, tinv: bigint): void;
  encodeResidue(r: Ptr, remainder: Ptr, n: number, h: bigint, inverseM: bigint, q: bigint, qinv: bigint): void;
  addSmall(sum: Ptr, v: Ptr, n: number, factor: number): void;
  addWords(sums: Ptr, words: Ptr, n: number, factor: bigint): void;
  addRemainders(
    sums: Ptr,
    words: Ptr,
    n: number,
    digits: number,
    factor: bigint,
    qM: bigint,
    h: bigint,
    t: bigint,
    tinv: bigint,
  ): void;
  joinHalves(
    r: Ptr,
    sums: Ptr,
    n: number,
    lowM: bigint,
    highM: bigint,
    constant: bigint,
    q: bigint,
    qinv: bigint,
  ): void;
  checkedPart(
    r: Ptr,
    shares: Ptr,
    remainder: Ptr,
    c: Ptr,
    n: number,
    h: bigint,
    inverseM: bigint,
    q: bigint,
    qinv: bigint,
  ): void;
  plainAdd(r: Ptr, a: Ptr, b: Ptr, n: number): void;
  plainSub(r: Ptr, a: Ptr, b: Ptr, n: number): void;
  plainScaleAdd(r: Ptr, a: Ptr, c: bigint, n: number): void;
  plainValues(r: Ptr, w: Ptr, n: number, digits: number): void;
  plainDot(r: Ptr, k: Ptr, a: Ptr, n: number): void;
  plainColumns(r: Ptr, digits: Ptr, rows: number, masks: Ptr, coefficients: Ptr, wires: number): void;
  plainRange(r: Ptr, k: Ptr, w: Ptr, n: number): void;
  plainSquares(w: Ptr, n: number, digits: number, offset: bigint): bigint;
  cubicMul(r: Ptr, a: Ptr, b: Ptr): void;
  cubicReciprocals(r: Ptr, all: Ptr, rho: Ptr, n: number, scratch: Ptr): void;
  cubicWeigh(r: Ptr, a: Ptr, k: Ptr, w: Ptr, n: number): void;
  cubicDot(r: Ptr, k: Ptr, a: Ptr, n: number, scratch: Ptr): void;
  cubicRange(r: Ptr, k: Ptr, w: Ptr, n: number, scratch: Ptr): void;
  cubicSquares(r: Ptr, w: Ptr, n: number, digits: number, offset: bigint, scratch: Ptr): void;
}

let instance: Kernel<KernelExports> | undefined;

/** The kernel of this thread. */
export function kernel(): Kernel<KernelExports> {
  instance ??= new Kernel<KernelExports>(base64);
  return instance;
}
