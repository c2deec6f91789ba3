/**
 * The compiled ring kernel and its memory. One instance per thread, made at first use; modulus tables stay, everything else lives in a frame
 * and is wiped when the frame ends, so that no secret outlives its computation here.
 */
import { TacitError } from '../errors.ts';
import base64 from './asm/build/kernel.mjs';

/** Byte offset in the kernel's memory. */
export type Ptr = number;

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
  scalarsMont(r: Ptr, a: Ptr, strideA: number, b: Ptr, strideB: number, n: number): void;
  scalarsAdd(r: Ptr, a: Ptr, strideA: number, b: Ptr, strideB: number, n: number): void;
  scalarsNegate(r: Ptr, a: Ptr, n: number): void;
  scalarsDot(r: Ptr, a: Ptr, b: Ptr, n: number, scratch: Ptr): void;
  scalarsSum(r: Ptr, a: Ptr, n: number): void;
  scalarsReduceWide(r: Ptr, wide: Ptr, n: number, one: Ptr, word: Ptr, scratch: Ptr): void;
  scalarsPowerSums(sums: Ptr, y: Ptr, aM: Ptr, classes: Ptr, n: number, top: number, scratch: Ptr): void;
  scalarsVanishingSum(r: Ptr, g: Ptr, y: Ptr, n: number, constants: Ptr, scratch: Ptr): void;
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

const PAGE = 65_536;
const MAX_PAGES = 16_384;
/** Addresses below are left alone. */
const BASE = 1024;

function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const out = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) out[i] = binary.charCodeAt(i);
  return out;
}

type SmallVector = Int8Array | Int16Array | Int32Array;

export class Kernel {
  readonly run: KernelExports;
  readonly #memory: WebAssembly.Memory;
  #top = BASE;
  #depth = 0;

  constructor() {
    this.#memory = new WebAssembly.Memory({ initial: 64, maximum: MAX_PAGES });
    const module = new WebAssembly.Module(decodeBase64(base64));
    const instance = new WebAssembly.Instance(module, { env: { memory: this.#memory } });
    this.run = instance.exports as unknown as KernelExports;
  }

  /** Runs `body`; what it allocates is wiped and freed afterwards. Frames nest. */
  frame<T>(body: () => T): T {
    const mark = this.#top;
    this.#depth++;
    try {
      return body();
    } finally {
      new Uint8Array(this.#memory.buffer, mark, this.#top - mark).fill(0);
      this.#top = mark;
      this.#depth--;
    }
  }

  /** Room for `bytes` bytes, aligned to 16, zero. Outside a frame it is kept for good. */
  alloc(bytes: number): Ptr {
    const at = this.#top;
    const end = at + ((bytes + 15) & ~15);
    const size = this.#memory.buffer.byteLength;
    if (end > size) {
      const wanted = Math.ceil((end - size) / PAGE) + 64;
      if (size / PAGE + wanted > MAX_PAGES)
        throw new TacitError('fhe/kernel-memory', 'a computation asks for too much memory');
      this.#memory.grow(wanted);
    }
    this.#top = end;
    return at;
  }

  /** Room that is kept for good: constants and tables. Not inside a frame. */
  allocPermanent(bytes: number): Ptr {
    if (this.#depth !== 0) throw new TacitError('fhe/kernel-frame', 'tables cannot be made inside a frame');
    return this.alloc(bytes);
  }

  write(at: Ptr, words: BigUint64Array): void {
    new BigUint64Array(this.#memory.buffer, at, words.length).set(words);
  }

  read(at: Ptr, count: number): BigUint64Array {
    return new BigUint64Array(this.#memory.buffer, at, count).slice();
  }

  writeBytes(at: Ptr, bytes: Uint8Array): void {
    new Uint8Array(this.#memory.buffer, at, bytes.length).set(bytes);
  }

  readBytes(at: Ptr, count: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#memory.buffer, at, count).slice();
  }

  readSigned(at: Ptr, count: number): Int8Array {
    return new Int8Array(this.#memory.buffer, at, count).slice();
  }

  put(words: BigUint64Array): Ptr {
    const at = this.alloc(words.byteLength);
    this.write(at, words);
    return at;
  }

  putBytes(bytes: Uint8Array): Ptr {
    const at = this.alloc(bytes.length);
    this.writeBytes(at, bytes);
    return at;
  }

  /** Signed numbers as 32-bit words. */
  putSmall(values: SmallVector): Ptr {
    const at = this.alloc(4 * values.length);
    new Int32Array(this.#memory.buffer, at, values.length).set(values);
    return at;
  }
}

let instance: Kernel | undefined;

/** The kernel of this thread. */
export function kernel(): Kernel {
  instance ??= new Kernel();
  return instance;
}
