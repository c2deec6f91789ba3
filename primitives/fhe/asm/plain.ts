// Arithmetic modulo t = 2^50 - 27, the plaintext modulus, and in its cubic extension K = F_t[Y]/(Y^3 - 3): what linear proofs are made of.
// An element of F_t is a word below t, one of K three words a0, a1, a2 of a0 + a1 Y + a2 Y^2. Reductions are selects and folds: no branch depends on a value.

const T: u64 = 0x3ffffffffffe5;
const LOW50: u64 = 0x3ffffffffffff;
const LOW25: u64 = 0x1ffffff;
const FOLD: u64 = 27;
// Room for lazy sums: a folded product is below 2^51, so that this many stay below 2^63.
const LAZY: i32 = 4096;

// 2^50 = 27 mod t: below 2^51 for x < 2^64.
// @ts-ignore: decorator
@inline
function fold(x: u64): u64 {
  return (x & LOW50) + FOLD * (x >> 50);
}

// Reduced, for x < 2^64.
// @ts-ignore: decorator
@inline
function reduced(x: u64): u64 {
  const y = fold(fold(x));
  return select<u64>(y - T, y, y >= T);
}

// a*b mod t, below 2^51 and not reduced; a, b < 2^51.
// @ts-ignore: decorator
@inline
function lazyProduct(a: u64, b: u64): u64 {
  const a0 = a & LOW25;
  const a1 = a >> 25;
  const b0 = b & LOW25;
  const b1 = b >> 25;
  const mid = a1 * b0 + a0 * b1;
  return fold(a0 * b0 + ((mid & LOW25) << 25) + FOLD * (a1 * b1 + (mid >> 25)));
}

// The same as calls: arithmetic in K is not where the time goes, and it would be most of the code.
function times(a: u64, b: u64): u64 {
  return lazyProduct(a, b);
}

function product(a: u64, b: u64): u64 {
  return reduced(lazyProduct(a, b));
}

// @ts-ignore: decorator
@inline
function sum(a: u64, b: u64): u64 {
  const s = a + b;
  return select<u64>(s - T, s, s >= T);
}

// @ts-ignore: decorator
@inline
function difference(a: u64, b: u64): u64 {
  const d = a - b;
  return select<u64>(d + T, d, a < b);
}

function inverse(a: u64): u64 {
  let result: u64 = 1;
  let square = a;
  for (let e = T - 2; e > 0; e >>= 1) {
    if (e & 1) result = product(result, square);
    square = product(square, square);
  }
  return result;
}

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
// Digits are below 16, so that 256 products need no reduction.
export function plainColumns(r: usize, digits: usize, rows: i32, masks: usize, coefficients: usize, wires: i32): void {
  const last = coefficients + (<usize>rows << 3);
  const row = <usize>wires << 3;
  const m0 = load<u64>(last);
  const m1 = load<u64>(last, 8);
  const m2 = load<u64>(last, 16);
  for (let j = 0; j < wires; j++) {
    let value = lazyProduct(load<u64>(masks), m0) + lazyProduct(load<u64>(masks + row), m1) + lazyProduct(load<u64>(masks + 2 * row), m2);
    let d = digits;
    for (let c = coefficients; c < last; ) {
      const end = c + 2048 < last ? c + 2048 : last;
      for (; c < end; c += 8) {
        value += <u64>load<u8>(d) * load<u64>(c);
        d += wires;
      }
      value = fold(value);
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

// ---- K

// r = a b; r may be a or b.
export function cubicMul(r: usize, a: usize, b: usize): void {
  const a0 = load<u64>(a);
  const a1 = load<u64>(a, 8);
  const a2 = load<u64>(a, 16);
  const b0 = load<u64>(b);
  const b1 = load<u64>(b, 8);
  const b2 = load<u64>(b, 16);
  const high = times(a1, b2) + times(a2, b1);
  store<u64>(r, reduced(times(a0, b0) + 3 * high));
  store<u64>(r, reduced(times(a0, b1) + times(a1, b0) + 3 * times(a2, b2)), 8);
  store<u64>(r, reduced(times(a0, b2) + times(a1, b1) + times(a2, b0)), 16);
}

// r = a^-1 for a other than zero; r may be a.
function cubicInverse(r: usize, a: usize): void {
  const a0 = load<u64>(a);
  const a1 = load<u64>(a, 8);
  const a2 = load<u64>(a, 16);
  const b0 = difference(product(a0, a0), product(3, product(a1, a2)));
  const b1 = difference(product(3, product(a2, a2)), product(a0, a1));
  const b2 = difference(product(a1, a1), product(a0, a2));
  const norm = reduced(times(a0, b0) + 3 * (times(a2, b1) + times(a1, b2)));
  const i = inverse(norm);
  store<u64>(r, product(b0, i));
  store<u64>(r, product(b1, i), 8);
  store<u64>(r, product(b2, i), 16);
}

// r_i = 1/(rho - x) for the points x = 1..n, and `all` the product of the rho - x; rho is none of the points. One inversion for all. scratch holds 48 bytes.
export function cubicReciprocals(r: usize, all: usize, rho: usize, n: i32, scratch: usize): void {
  const factor = scratch;
  const running = scratch + 24;
  memory.fill(running, 0, 24);
  store<u64>(running, 1);
  memory.copy(factor, rho, 24);
  // r_i holds the product of the factors before the i-th on the way up.
  let p = r;
  for (let x = 1; x <= n; x++) {
    store<u64>(factor, difference(load<u64>(rho), <u64>x));
    memory.copy(p, running, 24);
    cubicMul(running, running, factor);
    p += 24;
  }
  memory.copy(all, running, 24);
  cubicInverse(running, running);
  for (let x = n; x >= 1; x--) {
    p -= 24;
    store<u64>(factor, difference(load<u64>(rho), <u64>x));
    cubicMul(p, p, running);
    cubicMul(running, running, factor);
  }
}

// r_i = a_i k w_i: a, k in K, w in F_t.
export function cubicWeigh(r: usize, a: usize, k: usize, w: usize, n: i32): void {
  for (let i = 0; i < n; i++) {
    const x = load<u64>(w);
    cubicMul(r, a, k);
    store<u64>(r, product(load<u64>(r), x));
    store<u64>(r, product(load<u64>(r, 8), x), 8);
    store<u64>(r, product(load<u64>(r, 16), x), 16);
    r += 24;
    a += 24;
    w += 8;
  }
}

// r = sum k_i a_i over K.
export function cubicDot(r: usize, k: usize, a: usize, n: i32, scratch: usize): void {
  memory.fill(r, 0, 24);
  for (let i = 0; i < n; i++) {
    cubicMul(scratch, k, a);
    plainAdd(r, r, scratch, 3);
    k += 24;
    a += 24;
  }
}

// r = sum k_i vanishing(w_i): k, w in K. scratch holds 72 bytes.
export function cubicRange(r: usize, k: usize, w: usize, n: i32, scratch: usize): void {
  const y = scratch;
  const p = scratch + 24;
  const shifted = scratch + 48;
  memory.fill(r, 0, 24);
  for (let i = 0; i < n; i++) {
    memory.copy(shifted, w, 24);
    store<u64>(shifted, difference(load<u64>(w), 15));
    cubicMul(y, w, shifted);
    memory.copy(shifted, y, 24);
    memory.copy(p, y, 24);
    for (let c: u64 = 1; c < 8; c++) {
      store<u64>(shifted, sum(load<u64>(y), c * (15 - c)));
      cubicMul(p, p, shifted);
    }
    cubicMul(p, p, k);
    plainAdd(r, r, p, 3);
    k += 24;
    w += 24;
  }
}

// As plainSquares, over K. scratch holds 24 bytes.
export function cubicSquares(r: usize, w: usize, n: i32, digits: i32, offset: u64, scratch: usize): void {
  memory.fill(r, 0, 24);
  for (let i = 0; i < n; i += digits) {
    memory.fill(scratch, 0, 24);
    for (let d = digits - 1; d >= 0; d--) {
      for (let c: usize = 0; c < 24; c += 8) {
        store<u64>(scratch + c, reduced((load<u64>(scratch + c) << 4) + load<u64>(w + <usize>d * 24 + c)));
      }
    }
    store<u64>(scratch, difference(load<u64>(scratch), offset));
    cubicMul(scratch, scratch, scratch);
    plainAdd(r, r, scratch, 3);
    w += <usize>digits * 24;
  }
}
