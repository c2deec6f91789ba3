/**
 * WebAssembly with a memory that the caller manages. What is kept for good is allocated first; everything else lives in a frame and is wiped when the frame
 * ends, so that no secret outlives its computation here.
 */
import { TacitError } from './errors.ts';

/** Byte offset in a kernel's memory. */
export type Ptr = number;

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

/** A module compiled by its folder's `asm/build.mjs`, and its memory. `Exports` are the module's functions; there a `bigint` is u64 or i64 and wraps. */
export class Kernel<Exports> {
  readonly run: Exports;
  readonly #memory: WebAssembly.Memory;
  #top = BASE;
  #depth = 0;

  constructor(base64: string) {
    this.#memory = new WebAssembly.Memory({ initial: 64, maximum: MAX_PAGES });
    const module = new WebAssembly.Module(decodeBase64(base64));
    const instance = new WebAssembly.Instance(module, { env: { memory: this.#memory } });
    this.run = instance.exports as unknown as Exports;
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
    const end = at + 16 * Math.ceil(bytes / 16);
    const size = this.#memory.buffer.byteLength;
    if (end > size) {
      const wanted = Math.ceil((end - size) / PAGE) + 64;
      if (size / PAGE + wanted > MAX_PAGES)
        throw new TacitError('kernel/memory', 'a computation asks for too much memory');
      this.#memory.grow(wanted);
    }
    this.#top = end;
    return at;
  }

  /** Room that is kept for good: constants and tables. Not inside a frame. */
  allocPermanent(bytes: number): Ptr {
    if (this.#depth !== 0) throw new TacitError('kernel/frame', 'tables cannot be made inside a frame');
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

  /** Copies the bytes at `at` over the whole of `target`. */
  copyTo(target: Uint8Array, at: Ptr): void {
    target.set(new Uint8Array(this.#memory.buffer, at, target.length));
  }

  readIntegers(at: Ptr, count: number): Int32Array {
    return new Int32Array(this.#memory.buffer, at, count).slice();
  }

  /** Has `count` bytes at `at` written in place. */
  fill(at: Ptr, count: number, write: (target: Uint8Array) => void): void {
    write(new Uint8Array(this.#memory.buffer, at, count));
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
