// Arithmetic modulo word-sized primes q < 2^61. Values are u64 in [0, q) unless a comment says otherwise.

// High word of the 128-bit product.
// @ts-ignore: decorator
@inline
export function mulhi(a: u64, b: u64): u64 {
  const a0 = a & 0xffffffff;
  const a1 = a >> 32;
  const b0 = b & 0xffffffff;
  const b1 = b >> 32;
  const low = a0 * b0;
  const mid = a1 * b0 + (low >> 32);
  const mid2 = a0 * b1 + (mid & 0xffffffff);
  return a1 * b1 + (mid >> 32) + (mid2 >> 32);
}

// Montgomery product a*b*2^-64 mod q, for a*b < q*2^64; qinv = q^-1 mod 2^64.
// @ts-ignore: decorator
@inline
export function mont(a: u64, b: u64, q: u64, qinv: u64): u64 {
  const hi = mulhi(a, b);
  const m = mulhi(a * b * qinv, q);
  return hi < m ? hi - m + q : hi - m;
}

// @ts-ignore: decorator
@inline
export function addMod(a: u64, b: u64, q: u64): u64 {
  const s = a + b;
  return s >= q ? s - q : s;
}

// @ts-ignore: decorator
@inline
export function subMod(a: u64, b: u64, q: u64): u64 {
  return a >= b ? a - b : a + q - b;
}

// Residue of a small signed number, |v| < q.
// @ts-ignore: decorator
@inline
export function residue(v: i64, q: u64): u64 {
  return v < 0 ? q - <u64>(-v) : <u64>v;
}
