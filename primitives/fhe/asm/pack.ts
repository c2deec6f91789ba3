// Words of `bits` bits (32 < bits < 62) one after the other, least significant bit first; the last byte is filled up with zeros.

export function pack(bytes: usize, words: usize, n: i32, bits: u64): void {
  let pending: u64 = 0;
  let filled: u64 = 0;
  for (let i = 0; i < n; i++) {
    const x = load<u64>(words + (<usize>i << 3));
    pending |= x << filled;
    filled += bits;
    if (filled >= 64) {
      store<u64>(bytes, pending);
      bytes += 8;
      filled -= 64;
      pending = filled ? x >> (bits - filled) : 0;
    }
  }
  for (; filled > 0; filled = filled > 8 ? filled - 8 : 0) {
    store<u8>(bytes, <u8>pending);
    bytes += 1;
    pending >>= 8;
  }
}

// Reads up to 9 bytes past the last word: the caller leaves room.
export function unpack(words: usize, bytes: usize, n: i32, bits: u64): void {
  const mask = ((<u64>1) << bits) - 1;
  let at: u64 = 0;
  for (let i = 0; i < n; i++) {
    const p = bytes + <usize>(at >> 3);
    const shift = at & 7;
    let x = load<u64>(p) >> shift;
    if (shift + bits > 64) x |= <u64>load<u8>(p, 8) << (64 - shift);
    store<u64>(words + (<usize>i << 3), x & mask);
    at += bits;
  }
}
