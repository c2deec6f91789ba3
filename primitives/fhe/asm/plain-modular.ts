// Arithmetic modulo t = 2^50 - 27, the plaintext modulus. Reductions are selects and folds: no branch depends on a value.

export const T: u64 = 0x3ffffffffffe5;
const LOW50: u64 = 0x3ffffffffffff;
const LOW25: u64 = 0x1ffffff;
const FOLD: u64 = 27;
// 2^50 = 27 mod t: below 2^51 for x < 2^64.
// @ts-ignore: decorator
@inline
export function fold(x: u64): u64 {
  return (x & LOW50) + FOLD * (x >> 50);
}

// Reduced, for x < 2^64.
// @ts-ignore: decorator
@inline
export function reduced(x: u64): u64 {
  const y = fold(fold(x));
  return select<u64>(y - T, y, y >= T);
}

// a*b mod t, below 2^51 and not reduced; a, b < 2^51.
// @ts-ignore: decorator
@inline
export function lazyProduct(a: u64, b: u64): u64 {
  const a0 = a & LOW25;
  const a1 = a >> 25;
  const b0 = b & LOW25;
  const b1 = b >> 25;
  const mid = a1 * b0 + a0 * b1;
  return fold(a0 * b0 + ((mid & LOW25) << 25) + FOLD * (a1 * b1 + (mid >> 25)));
}

// The same as calls: arithmetic in K is not where the time goes, and it would be most of the code.
export function times(a: u64, b: u64): u64 {
  return lazyProduct(a, b);
}

export function product(a: u64, b: u64): u64 {
  return reduced(lazyProduct(a, b));
}

// @ts-ignore: decorator
@inline
export function sum(a: u64, b: u64): u64 {
  const s = a + b;
  return select<u64>(s - T, s, s >= T);
}

// @ts-ignore: decorator
@inline
export function difference(a: u64, b: u64): u64 {
  const d = a - b;
  return select<u64>(d + T, d, a < b);
}
