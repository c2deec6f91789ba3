// Arithmetic in K = F_t[Y]/(Y^3 - 3): an element a0 + a1 Y + a2 Y^2 is the words a0, a1, a2.
import { plainAdd } from './plain';
import { difference, product, reduced, sum, T, times } from './plain-modular';

function inverse(a: u64): u64 {
  let result: u64 = 1;
  let square = a;
  for (let e = T - 2; e > 0; e >>= 1) {
    if (e & 1) result = product(result, square);
    square = product(square, square);
  }
  return result;
}

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
