/** Deterministic expansion of a seed: the ChaCha20 key stream (RFC 8439) with zero nonce, counter from 0. */
import { TacitError } from '../errors.ts';
import { cryptoKernel } from './kernel.ts';

const BLOCK = 64;
/** The kernel makes four blocks at a time. */
const STEP = 4 * BLOCK;
/** Key stream made at a time for small requests; large ones are written straight to their target. */
const CHUNK = 2_048;
/** Of a large request so much is made at a time: what stays near the processor. */
const PIECE = 65_536;

/**
 * Pseudo-random bytes from a 32-byte seed, which must be a `hash32Of` of everything the bytes are to bind.
 * The stream depends on the seed alone, not on how it is cut into requests. At most 2^38 bytes.
 */
export class Prg {
  readonly #key: Uint8Array;
  #block = 0;
  #chunk = new Uint8Array(0);
  #used = 0;

  constructor(seed: Uint8Array) {
    if (seed.length !== 32) throw new TacitError('crypto/seed-length', 'a seed has 32 bytes');
    this.#key = seed.slice();
  }

  /** The next `n` bytes. */
  next(n: number): Uint8Array {
    const out = new Uint8Array(n);
    return this.into(out);
  }

  /** Fills `target` with the next bytes of the stream and returns it. */
  into(target: Uint8Array): Uint8Array {
    let at = this.#takeBuffered(target, 0);
    while (target.length - at >= CHUNK) {
      const whole = Math.min((target.length - at) & -STEP, PIECE);
      this.#stream(target.subarray(at, at + whole));
      at += whole;
    }
    if (at < target.length) {
      if (this.#chunk.length === 0) this.#chunk = new Uint8Array(CHUNK);
      this.#stream(this.#chunk);
      this.#used = 0;
      this.#takeBuffered(target, at);
    }
    return target;
  }

  /** The next 8 bytes as an unsigned integer, least significant byte first. */
  u64(): bigint {
    const bytes = this.next(8);
    return new DataView(bytes.buffer).getBigUint64(0, true);
  }

  #takeBuffered(target: Uint8Array, from: number): number {
    const n = Math.min(this.#chunk.length - this.#used, target.length - from);
    target.set(this.#chunk.subarray(this.#used, this.#used + n), from);
    this.#used += n;
    return from + n;
  }

  #stream(out: Uint8Array): void {
    const k = cryptoKernel();
    k.frame(() => {
      const stream = k.alloc(out.length);
      k.run.chacha(stream, out.length, k.putBytes(this.#key), this.#block);
      k.copyTo(out, stream);
    });
    this.#block += out.length / BLOCK;
  }
}
