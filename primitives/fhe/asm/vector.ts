// Vectors of residues modulo one prime. `n` counts words; constants named *M are in Montgomery form (times 2^64 mod q).
import { addMod, mont, residue, subMod } from './modular';

export function add(r: usize, a: usize, b: usize, n: i32, q: u64): void {
  const bytes = <usize>n << 3;
  for (let i: usize = 0; i < bytes; i += 8) store<u64>(r + i, addMod(load<u64>(a + i), load<u64>(b + i), q));
}

export function sub(r: usize, a: usize, b: usize, n: i32, q: u64): void {
  const bytes = <usize>n << 3;
  for (let i: usize = 0; i < bytes; i += 8) store<u64>(r + i, subMod(load<u64>(a + i), load<u64>(b + i), q));
}

// r = a * b * 2^-64: an ordinary product if one of them is in Montgomery form.
export function mulMont(r: usize, a: usize, b: usize, n: i32, q: u64, qinv: u64): void {
  const bytes = <usize>n << 3;
  for (let i: usize = 0; i < bytes; i += 8) store<u64>(r + i, mont(load<u64>(a + i), load<u64>(b + i), q, qinv));
}

export function scale(r: usize, a: usize, cM: u64, n: i32, q: u64, qinv: u64): void {
  const bytes = <usize>n << 3;
  for (let i: usize = 0; i < bytes; i += 8) store<u64>(r + i, mont(load<u64>(a + i), cM, q, qinv));
}

// r += a * c
export function scaleAdd(r: usize, a: usize, cM: u64, n: i32, q: u64, qinv: u64): void {
  const bytes = <usize>n << 3;
  for (let i: usize = 0; i < bytes; i += 8) {
    store<u64>(r + i, addMod(load<u64>(r + i), mont(load<u64>(a + i), cM, q, qinv), q));
  }
}

// sum a_i b_i 2^-64
export function dotMont(a: usize, b: usize, n: i32, q: u64, qinv: u64): u64 {
  const bytes = <usize>n << 3;
  let sum: u64 = 0;
  for (let i: usize = 0; i < bytes; i += 8) sum = addMod(sum, mont(load<u64>(a + i), load<u64>(b + i), q, qinv), q);
  return sum;
}

// v * c mod q for a signed v and cM = c 2^64 mod q.
// @ts-ignore: decorator
@inline
export function mulSigned(v: i64, cM: u64, q: u64, qinv: u64): u64 {
  const x = mont(<u64>(v < 0 ? -v : v), cM, q, qinv);
  return v < 0 && x != 0 ? q - x : x;
}

// sum a_i v_i for signed 32-bit v; a is split in halves, so that one reduction serves the whole sum.
// |v| <= 2^15 and n <= 2^15 keep both sums at or below 2^62. oneM = 2^64 mod q, shiftM = 2^96 mod q.
export function dotSmall(a: usize, v: usize, n: i32, q: u64, qinv: u64, oneM: u64, shiftM: u64): u64 {
  let low: i64 = 0;
  let high: i64 = 0;
  for (let i = 0; i < n; i++) {
    const x = load<u64>(a + (<usize>i << 3));
    const w = <i64>load<i32>(v + (<usize>i << 2));
    low += <i64>(x & 0xffffffff) * w;
    high += <i64>(x >> 32) * w;
  }
  return addMod(mulSigned(low, oneM, q, qinv), mulSigned(high, shiftM, q, qinv), q);
}

// Coefficient k of the negacyclic product a * s; sM in Montgomery form.
export function productCoefficient(a: usize, sM: usize, k: i32, n: i32, q: u64, qinv: u64): u64 {
  let plus: u64 = 0;
  let minus: u64 = 0;
  for (let i = 0; i <= k; i++) {
    plus = addMod(plus, mont(load<u64>(a + (<usize>(k - i) << 3)), load<u64>(sM + (<usize>i << 3)), q, qinv), q);
  }
  for (let i = k + 1; i < n; i++) {
    minus = addMod(minus, mont(load<u64>(a + (<usize>(k - i + n) << 3)), load<u64>(sM + (<usize>i << 3)), q, qinv), q);
  }
  return subMod(plus, minus, q);
}

// r(x) = a(1/x): r_0 = a_0, r_i = -a_(n-i). Multiplication by it is the transpose of multiplication by a.
export function reverse(r: usize, a: usize, n: i32, q: u64): void {
  store<u64>(r, load<u64>(a));
  for (let i = 1; i < n; i++) store<u64>(r + (<usize>i << 3), subMod(0, load<u64>(a + (<usize>(n - i) << 3)), q));
}

// Residues of signed 32-bit numbers, |v| < q.
export function fromSmall(r: usize, v: usize, n: i32, q: u64): void {
  for (let i = 0; i < n; i++) store<u64>(r + (<usize>i << 3), residue(<i64>load<i32>(v + (<usize>i << 2)), q));
}

// First index from `from` on where a and b differ, or -1.
export function firstDifference(a: usize, b: usize, n: i32, from: i32): i32 {
  for (let i = from; i < n; i++) {
    if (load<u64>(a + (<usize>i << 3)) != load<u64>(b + (<usize>i << 3))) return i;
  }
  return -1;
}

// First index whose word is not below q, or -1.
export function firstUnreduced(a: usize, n: i32, q: u64): i32 {
  for (let i = 0; i < n; i++) if (load<u64>(a + (<usize>i << 3)) >= q) return i;
  return -1;
}

// Two sums a_i x_i 2^-64 and b_i x_i 2^-64 in one pass.
export function dotMontTwice(r: usize, a: usize, b: usize, x: usize, n: i32, q: u64, qinv: u64): void {
  const bytes = <usize>n << 3;
  let first: u64 = 0;
  let second: u64 = 0;
  for (let i: usize = 0; i < bytes; i += 8) {
    const word = load<u64>(x + i);
    first = addMod(first, mont(load<u64>(a + i), word, q, qinv), q);
    second = addMod(second, mont(load<u64>(b + i), word, q, qinv), q);
  }
  store<u64>(r, first);
  store<u64>(r, second, 8);
}
