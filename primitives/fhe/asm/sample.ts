// From key-stream bytes to polynomials, and wide integers to residues.
import { addMod, mont, residue, subMod } from './modular';
import { mulSigned } from './vector';

// Centred binomial of parameter 21 from 6 bytes a coefficient (42 bits used), as SEAL samples errors: variance 10.5.
export function centredBinomial(r: usize, bytes: usize, n: i32): void {
  for (let i = 0; i < n; i++) {
    const p = bytes + <usize>i * 6;
    const plus = <u32>load<u16>(p) | ((<u32>load<u8>(p, 2) & 0x1f) << 16);
    const minus = <u32>load<u16>(p, 3) | ((<u32>load<u8>(p, 5) & 0x1f) << 16);
    store<i8>(r + <usize>i, <i8>(<i32>popcnt<u32>(plus) - <i32>popcnt<u32>(minus)));
  }
}

// Ternary coefficients, five to a byte below 243 = 3^5; larger bytes are skipped. Returns how many of n were made.
export function ternary(r: usize, bytes: usize, length: i32, n: i32): i32 {
  let made = 0;
  for (let i = 0; i < length && made < n; i++) {
    let rest = <u32>load<u8>(bytes + <usize>i);
    if (rest >= 243) continue;
    for (let k = 0; k < 5 && made < n; k++) {
      store<i8>(r + <usize>made, <i8>(<i32>(rest % 3) - 1));
      rest /= 3;
      made++;
    }
  }
  return made;
}

// Integers of 16 bytes modulo q: uniform up to a bias below 2^-67 when the bytes are. oneM = 2^64, wordM = 2^128 mod q.
export function reduce128(r: usize, words: usize, n: i32, q: u64, qinv: u64, oneM: u64, wordM: u64): void {
  for (let i = 0; i < n; i++) {
    const p = words + (<usize>i << 4);
    store<u64>(r + (<usize>i << 3), addMod(mont(load<u64>(p), oneM, q, qinv), mont(load<u64>(p, 8), wordM, q, qinv), q));
  }
}

// Uniform integers of [-2^k, 2^k) modulo q: 16 bytes are cut to k+1 bits by the masks, then 2^k mod q (`centre`) is taken away.
export function flood(
  r: usize, words: usize, n: i32, q: u64, qinv: u64, oneM: u64, wordM: u64, maskLow: u64, maskHigh: u64, centre: u64,
): void {
  for (let i = 0; i < n; i++) {
    const p = words + (<usize>i << 4);
    const low = mont(load<u64>(p) & maskLow, oneM, q, qinv);
    const high = mont(load<u64>(p, 8) & maskHigh, wordM, q, qinv);
    store<u64>(r + (<usize>i << 3), subMod(addMod(low, high, q), centre, q));
  }
}

// (Q v + h) mod t for plaintext coefficients v < t, h = (t-1)/2; qM = (Q mod t) 2^64 mod t.
export function encodeRemainder(r: usize, v: usize, n: i32, qM: u64, h: u64, t: u64, tinv: u64): void {
  for (let i = 0; i < n; i++) {
    const at = <usize>i << 3;
    store<u64>(r + at, addMod(mont(load<u64>(v + at), qM, t, tinv), h, t));
  }
}

// round(Q v / t) mod q = (h - remainder) / t mod q; inverseM = t^-1 2^64 mod q.
export function encodeResidue(r: usize, remainder: usize, n: i32, h: u64, inverseM: u64, q: u64, qinv: u64): void {
  for (let i = 0; i < n; i++) {
    const at = <usize>i << 3;
    store<u64>(r + at, mulSigned(<i64>h - <i64>load<u64>(remainder + at), inverseM, q, qinv));
  }
}

// r_i = w_i mod t for signed w_i of at most `half` in size. counts: how many are other than zero, and how many below. Returns the first that is larger, or -1.
export function centred(r: usize, w: usize, n: i32, half: i64, t: u64, counts: usize): i32 {
  let nonZero: u64 = 0;
  let negative: u64 = 0;
  for (let i = 0; i < n; i++) {
    const at = <usize>i << 3;
    const x = load<i64>(w + at);
    if (x > half || x < -half) return i;
    nonZero += u64(x != 0);
    negative += u64(x < 0);
    store<u64>(r + at, x < 0 ? t + <u64>x : <u64>x);
  }
  store<u64>(counts, nonZero);
  store<u64>(counts, negative, 8);
  return -1;
}
