// Vectors over F_t, t the plaintext modulus, and their products with vectors over its cubic extension K (see cubic.ts): what linear proofs are made of.
// An element of F_t is a word below t, one of K three words.
import { difference, fold, lazyProduct, reduced, sum, T } from './plain-modular';

// Room for lazy sums: a folded product is below 2^51, so that this many stay below 2^63.
const LAZY: i32 = 4096;

// prod over c = 0..15 of (w - c) = prod over c = 0..7 of (w(w - 15) + c(15 - c)); below 2^51.
// @ts-ignore: decorator
@inline
function vanishing(w: u64): u64 {
  const y = lazyProduct(w, w + (T - 15));
  let p = lazyProduct(y, y + 14);
  p = lazyProduct(p, y + 26);
  p = lazyProduct(p, y + 36);
  p = lazyProduct(p, y + 44);
  p = lazyProduct(p, y + 50);
  p = lazyProduct(p, y + 54);
  return lazyProduct(p, y + 56);
}

export function plainAdd(r: usize, a: usize, b: usize, n: i32): void {
  const bytes = <usize>n << 3;
  for (let i: usize = 0; i < bytes; i += 8) store<u64>(r + i, sum(load<u64>(a + i), load<u64>(b + i)));
}

export function plainSub(r: usize, a: usize, b: usize, n: i32): void {
  const bytes = <usize>n << 3;
  for (let i: usize = 0; i < bytes; i += 8) store<u64>(r + i, difference(load<u64>(a + i), load<u64>(b + i)));
}

// r += c a
export function plainScaleAdd(r: usize, a: usize, c: u64, n: i32): void {
  const bytes = <usize>n << 3;
  for (let i: usize = 0; i < bytes; i += 8) {
    store<u64>(r + i, reduced(load<u64>(r + i) + lazyProduct(load<u64>(a + i), c)));
  }
}

// Base-16 sums of `digits` words each; n is their number in all.
export function plainValues(r: usize, w: usize, n: i32, digits: i32): void {
  const step = <usize>digits << 3;
  for (let i = 0; i < n; i += digits) {
    let value: u64 = 0;
    for (let at = w + step - 8; at >= w; at -= 8) value = reduced((value << 4) + load<u64>(at));
    store<u64>(r, value);
    r += 8;
    w += step;
  }
}

// r = sum k_i a_i: k in K, a in F_t.
export function plainDot(r: usize, k: usize, a: usize, n: i32): void {
  let r0: u64 = 0, r1: u64 = 0, r2: u64 = 0;
  for (let i = 0; i < n; i++) {
    const x = load<u64>(a);
    r0 += lazyProduct(load<u64>(k), x);
    r1 += lazyProduct(load<u64>(k, 8), x);
    r2 += lazyProduct(load<u64>(k, 16), x);
    if ((i & (LAZY - 1)) == LAZY - 1) {
      r0 = reduced(r0);
      r1 = reduced(r1);
      r2 = reduced(r2);
    }
    k += 24;
    a += 8;
  }
  store<u64>(r, reduced(r0));
  store<u64>(r, reduced(r1), 8);
  store<u64>(r, reduced(r2), 16);
}

// Per wire the value at one point: `coefficients` of the `rows` digits of its column (bytes, row by row), then of its three masks (words, row by row).
// Digits are below 16, so that the products of a thousand rows need no reduction.
export function plainColumns(r: usize, digits: usize, rows: i32, masks: usize, coefficients: usize, wires: i32): void {
  const last = coefficients + (<usize>rows << 3);
  const row = <usize>wires << 3;
  const m0 = load<u64>(last);
  const m1 = load<u64>(last, 8);
  const m2 = load<u64>(last, 16);
  for (let j = 0; j < wires; j++) {
    let value = lazyProduct(load<u64>(masks), m0) + lazyProduct(load<u64>(masks + row), m1) + lazyProduct(load<u64>(masks + 2 * row), m2);
    let d = digits;
    for (let c = coefficients; c < last; c += 8) {
      value += <u64>load<u8>(d) * load<u64>(c);
      d += wires;
    }
    store<u64>(r, reduced(value));
    r += 8;
    masks += 8;
    digits++;
  }
}

// r = sum k_i vanishing(w_i): k in K, w in F_t.
export function plainRange(r: usize, k: usize, w: usize, n: i32): void {
  let r0: u64 = 0, r1: u64 = 0, r2: u64 = 0;
  for (let i = 0; i < n; i++) {
    const x = vanishing(load<u64>(w));
    r0 += lazyProduct(load<u64>(k), x);
    r1 += lazyProduct(load<u64>(k, 8), x);
    r2 += lazyProduct(load<u64>(k, 16), x);
    if ((i & (LAZY - 1)) == LAZY - 1) {
      r0 = reduced(r0);
      r1 = reduced(r1);
      r2 = reduced(r2);
    }
    k += 24;
    w += 8;
  }
  store<u64>(r, reduced(r0));
  store<u64>(r, reduced(r1), 8);
  store<u64>(r, reduced(r2), 16);
}

// Sum of squares of the base-16 sums of `digits` elements each, less the offset; n is their number in all.
export function plainSquares(w: usize, n: i32, digits: i32, offset: u64): u64 {
  let squares: u64 = 0;
  for (let i = 0; i < n; i += digits) {
    let value: u64 = 0;
    for (let d = digits - 1; d >= 0; d--) value = reduced((value << 4) + load<u64>(w + (<usize>d << 3)));
    value = difference(value, offset);
    squares = reduced(squares + lazyProduct(value, value));
    w += <usize>digits << 3;
  }
  return squares;
}
