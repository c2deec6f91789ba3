import { TacitError } from '../errors.ts';

/** How deeply recursive types (a batch within a batch) may nest before decoding refuses. */
const MAX_DEPTH = 32;
/** How many values of recursive types one input may hold: a call takes three bytes, and a MiB of them a third of a second to decode. */
const MAX_RECURSIVE = 1024;

const MASK64 = (1n << 64n) - 1n;

/** A cursor over bytes; every read is checked against the end, so a short input is an error and never a wrong value. */
export class Reader {
  readonly bytes: Uint8Array;
  offset = 0;
  #view: DataView;
  #depth = 0;
  #recursive = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get remaining(): number {
    return this.bytes.length - this.offset;
  }

  /** Moves past `size` bytes and returns where they began. */
  advance(size: number): number {
    const start = this.offset;
    if (size > this.bytes.length - start) {
      throw new TacitError('scale/truncated', `${size} bytes wanted, ${this.bytes.length - start} left`, {
        offset: start,
      });
    }
    this.offset = start + size;
    return start;
  }

  /** A copy of the next `size` bytes: a decoded value must not change with the buffer it came from. */
  take(size: number): Uint8Array {
    const start = this.advance(size);
    return this.bytes.slice(start, start + size);
  }

  u8(): number {
    return this.#view.getUint8(this.advance(1));
  }

  u16(): number {
    return this.#view.getUint16(this.advance(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.advance(4), true);
  }

  i32(): number {
    return this.#view.getInt32(this.advance(4), true);
  }

  u64(): bigint {
    return this.#view.getBigUint64(this.advance(8), true);
  }

  u128(): bigint {
    const start = this.advance(16);
    const high = this.#view.getBigUint64(start + 8, true);
    const low = this.#view.getBigUint64(start, true);
    return high === 0n ? low : (high << 64n) | low;
  }

  /** A compact integer; forms longer than needed are refused, so that a value has one encoding. */
  compact(): bigint {
    const first = this.u8();
    const mode = first & 3;
    if (mode === 0) return BigInt(first >> 2);
    if (mode === 1) return BigInt(atLeast((first >> 2) | (this.u8() << 6), 1 << 6));
    if (mode === 2) return BigInt(atLeast((first >> 2) + this.u8() * (1 << 6) + this.u16() * (1 << 14), 1 << 14));
    const size = (first >> 2) + 4;
    if (size > 16) throw new TacitError('scale/out-of-range', 'compact integer wider than 128 bits', { size });
    const start = this.advance(size);
    let value = 0n;
    for (let i = size - 1; i >= 0; i--) value = (value << 8n) | BigInt(this.bytes[start + i]!);
    if (value >> BigInt(8 * (size - 1)) === 0n || value < 1n << 30n) {
      throw new TacitError('scale/not-canonical', 'compact integer longer than needed');
    }
    return value;
  }

  /** A compact length or small number, at most `max`. */
  compactUpTo(max: number): number {
    const value = this.compact();
    if (value > BigInt(max)) throw new TacitError('scale/too-long', `${value} is more than ${max}`);
    return Number(value);
  }

  nested<T>(read: () => T): T {
    if (this.#depth >= MAX_DEPTH) throw new TacitError('scale/too-deep', `nested more than ${MAX_DEPTH} times`);
    if (++this.#recursive > MAX_RECURSIVE) {
      throw new TacitError('scale/too-many', `more than ${MAX_RECURSIVE} values of recursive types`);
    }
    this.#depth++;
    const value = read();
    this.#depth--;
    return value;
  }

  end(): void {
    if (this.remaining > 0) throw new TacitError('scale/trailing', `${this.remaining} bytes after the value`);
  }
}

function atLeast(value: number, least: number): number {
  if (value < least) throw new TacitError('scale/not-canonical', 'compact integer longer than needed');
  return value;
}

function checkInteger(value: number, least: number, most: number): void {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new TacitError('scale/out-of-range', `${String(value)} is no integer of ${least}..${most}`);
  }
}

function checkBig(value: bigint, bits: bigint): void {
  if (typeof value !== 'bigint' || value < 0n || value >> bits !== 0n) {
    throw new TacitError('scale/out-of-range', `${String(value)} is no unsigned integer of ${bits} bits`);
  }
}

/** A growing buffer. `truncate` gives back what a failed attempt has written. */
export class Writer {
  #bytes: Uint8Array;
  #view: DataView;
  length = 0;

  constructor(capacity = 128) {
    this.#bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.#bytes.buffer);
  }

  #grow(size: number): number {
    const start = this.length;
    const needed = start + size;
    if (needed > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
      larger.set(this.#bytes.subarray(0, start));
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    this.length = needed;
    return start;
  }

  raw(bytes: Uint8Array): void {
    const start = this.#grow(bytes.length);
    this.#bytes.set(bytes, start);
  }

  u8(value: number): void {
    checkInteger(value, 0, 0xff);
    const start = this.#grow(1);
    this.#view.setUint8(start, value);
  }

  u16(value: number): void {
    checkInteger(value, 0, 0xffff);
    const start = this.#grow(2);
    this.#view.setUint16(start, value, true);
  }

  u32(value: number): void {
    checkInteger(value, 0, 0xffffffff);
    const start = this.#grow(4);
    this.#view.setUint32(start, value, true);
  }

  i32(value: number): void {
    checkInteger(value, -0x80000000, 0x7fffffff);
    const start = this.#grow(4);
    this.#view.setInt32(start, value, true);
  }

  u64(value: bigint): void {
    checkBig(value, 64n);
    const start = this.#grow(8);
    this.#view.setBigUint64(start, value, true);
  }

  u128(value: bigint): void {
    checkBig(value, 128n);
    const start = this.#grow(16);
    this.#view.setBigUint64(start, value & MASK64, true);
    this.#view.setBigUint64(start + 8, value >> 64n, true);
  }

  /** A compact integer of up to 128 bits, in its shortest form. */
  compact(value: number | bigint): void {
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 1 << 30) {
      if (value < 1 << 6) this.u8(value << 2);
      else if (value < 1 << 14) this.u16((value << 2) | 1);
      else this.u32(((value << 2) | 2) >>> 0);
      return;
    }
    if (typeof value === 'number') checkInteger(value, 0, Number.MAX_SAFE_INTEGER);
    const big = BigInt(value);
    checkBig(big, 128n);
    if (big < 1n << 30n) {
      this.compact(Number(big));
      return;
    }
    let size = 4;
    while (big >> BigInt(8 * size) !== 0n) size++;
    this.u8(((size - 4) << 2) | 3);
    for (let i = 0; i < size; i++) this.u8(Number((big >> BigInt(8 * i)) & 0xffn));
  }

  truncate(length: number): void {
    if (length > this.length) throw new TacitError('scale/out-of-range', 'cannot truncate to a longer length');
    this.length = length;
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.length);
  }
}
