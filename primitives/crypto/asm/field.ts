// Arithmetic modulo p = 2^255 - 19. An element is nine signed limbs of 29 bits, each an i32: sum limb_i 2^(29 i). Products leave limbs in [-2^28, 2^28], the lowest
// but one in [-2^28 - 2^16, 2^28 + 2^16]; additions and subtractions do not carry. A product is right where limb bounds 2^a and 2^b have a + b <= 59.6:
// nine products in a column stay below 2^63.

export const ELEMENT: usize = 36;
const MASK: i64 = 0x1fffffff;
const HALF: i64 = 0x10000000;
// 2^261 = 64 * 19 mod p
const FOLD: i64 = 1216;

// @ts-ignore: decorator
@inline
function limb(a: usize, i: usize): i64 {
  return <i64>load<i32>(a + (i << 2));
}

// Folds seventeen columns into nine and carries.
// @ts-ignore: decorator
@inline
function storeColumns(
  r: usize, c0: i64, c1: i64, c2: i64, c3: i64, c4: i64, c5: i64, c6: i64, c7: i64, c8: i64, c9: i64, c10: i64, c11: i64, c12: i64, c13: i64,
  c14: i64, c15: i64, c16: i64,
): void {
  c0 += (c9 & MASK) * FOLD;
  c1 += ((c10 & MASK) + (c9 >> 29)) * FOLD;
  c2 += ((c11 & MASK) + (c10 >> 29)) * FOLD;
  c3 += ((c12 & MASK) + (c11 >> 29)) * FOLD;
  c4 += ((c13 & MASK) + (c12 >> 29)) * FOLD;
  c5 += ((c14 & MASK) + (c13 >> 29)) * FOLD;
  c6 += ((c15 & MASK) + (c14 >> 29)) * FOLD;
  c7 += ((c16 & MASK) + (c15 >> 29)) * FOLD;
  c8 += (c16 >> 29) * FOLD;
  let carry = (c0 + HALF) >> 29;
  const l0 = c0 - (carry << 29);
  c1 += carry;
  carry = (c1 + HALF) >> 29;
  const l1 = c1 - (carry << 29);
  c2 += carry;
  carry = (c2 + HALF) >> 29;
  store<i32>(r, <i32>(c2 - (carry << 29)), 8);
  c3 += carry;
  carry = (c3 + HALF) >> 29;
  store<i32>(r, <i32>(c3 - (carry << 29)), 12);
  c4 += carry;
  carry = (c4 + HALF) >> 29;
  store<i32>(r, <i32>(c4 - (carry << 29)), 16);
  c5 += carry;
  carry = (c5 + HALF) >> 29;
  store<i32>(r, <i32>(c5 - (carry << 29)), 20);
  c6 += carry;
  carry = (c6 + HALF) >> 29;
  store<i32>(r, <i32>(c6 - (carry << 29)), 24);
  c7 += carry;
  carry = (c7 + HALF) >> 29;
  store<i32>(r, <i32>(c7 - (carry << 29)), 28);
  c8 += carry;
  carry = (c8 + HALF) >> 29;
  store<i32>(r, <i32>(c8 - (carry << 29)), 32);
  // The last carry is below 2^36 and comes back into the lowest limbs.
  const low = l0 + carry * FOLD;
  carry = (low + HALF) >> 29;
  store<i32>(r, <i32>(low - (carry << 29)));
  store<i32>(r, <i32>(l1 + carry), 4);
}

// r = a b; r may be a or b.
export function mul(r: usize, a: usize, b: usize): void {
  const a0 = limb(a, 0);
  const a1 = limb(a, 1);
  const a2 = limb(a, 2);
  const a3 = limb(a, 3);
  const a4 = limb(a, 4);
  const a5 = limb(a, 5);
  const a6 = limb(a, 6);
  const a7 = limb(a, 7);
  const a8 = limb(a, 8);
  const b0 = limb(b, 0);
  const b1 = limb(b, 1);
  const b2 = limb(b, 2);
  const b3 = limb(b, 3);
  const b4 = limb(b, 4);
  const b5 = limb(b, 5);
  const b6 = limb(b, 6);
  const b7 = limb(b, 7);
  const b8 = limb(b, 8);
  storeColumns(
    r,
    a0 * b0,
    a0 * b1 + a1 * b0,
    a0 * b2 + a1 * b1 + a2 * b0,
    a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0,
    a0 * b4 + a1 * b3 + a2 * b2 + a3 * b1 + a4 * b0,
    a0 * b5 + a1 * b4 + a2 * b3 + a3 * b2 + a4 * b1 + a5 * b0,
    a0 * b6 + a1 * b5 + a2 * b4 + a3 * b3 + a4 * b2 + a5 * b1 + a6 * b0,
    a0 * b7 + a1 * b6 + a2 * b5 + a3 * b4 + a4 * b3 + a5 * b2 + a6 * b1 + a7 * b0,
    a0 * b8 + a1 * b7 + a2 * b6 + a3 * b5 + a4 * b4 + a5 * b3 + a6 * b2 + a7 * b1 + a8 * b0,
    a1 * b8 + a2 * b7 + a3 * b6 + a4 * b5 + a5 * b4 + a6 * b3 + a7 * b2 + a8 * b1,
    a2 * b8 + a3 * b7 + a4 * b6 + a5 * b5 + a6 * b4 + a7 * b3 + a8 * b2,
    a3 * b8 + a4 * b7 + a5 * b6 + a6 * b5 + a7 * b4 + a8 * b3,
    a4 * b8 + a5 * b7 + a6 * b6 + a7 * b5 + a8 * b4,
    a5 * b8 + a6 * b7 + a7 * b6 + a8 * b5,
    a6 * b8 + a7 * b7 + a8 * b6,
    a7 * b8 + a8 * b7,
    a8 * b8,
  );
}

// r = a^2; r may be a.
export function square(r: usize, a: usize): void {
  const a0 = limb(a, 0);
  const a1 = limb(a, 1);
  const a2 = limb(a, 2);
  const a3 = limb(a, 3);
  const a4 = limb(a, 4);
  const a5 = limb(a, 5);
  const a6 = limb(a, 6);
  const a7 = limb(a, 7);
  const a8 = limb(a, 8);
  const d0 = a0 << 1;
  const d1 = a1 << 1;
  const d2 = a2 << 1;
  const d3 = a3 << 1;
  const d4 = a4 << 1;
  const d5 = a5 << 1;
  const d6 = a6 << 1;
  const d7 = a7 << 1;
  storeColumns(
    r,
    a0 * a0,
    d0 * a1,
    d0 * a2 + a1 * a1,
    d0 * a3 + d1 * a2,
    d0 * a4 + d1 * a3 + a2 * a2,
    d0 * a5 + d1 * a4 + d2 * a3,
    d0 * a6 + d1 * a5 + d2 * a4 + a3 * a3,
    d0 * a7 + d1 * a6 + d2 * a5 + d3 * a4,
    d0 * a8 + d1 * a7 + d2 * a6 + d3 * a5 + a4 * a4,
    d1 * a8 + d2 * a7 + d3 * a6 + d4 * a5,
    d2 * a8 + d3 * a7 + d4 * a6 + a5 * a5,
    d3 * a8 + d4 * a7 + d5 * a6,
    d4 * a8 + d5 * a7 + a6 * a6,
    d5 * a8 + d6 * a7,
    d6 * a8 + a7 * a7,
    d7 * a8,
    a8 * a8,
  );
}

// @ts-ignore: decorator
@inline
export function add(r: usize, a: usize, b: usize): void {
  store<i32>(r, load<i32>(a, 0) + load<i32>(b, 0), 0);
  store<i32>(r, load<i32>(a, 4) + load<i32>(b, 4), 4);
  store<i32>(r, load<i32>(a, 8) + load<i32>(b, 8), 8);
  store<i32>(r, load<i32>(a, 12) + load<i32>(b, 12), 12);
  store<i32>(r, load<i32>(a, 16) + load<i32>(b, 16), 16);
  store<i32>(r, load<i32>(a, 20) + load<i32>(b, 20), 20);
  store<i32>(r, load<i32>(a, 24) + load<i32>(b, 24), 24);
  store<i32>(r, load<i32>(a, 28) + load<i32>(b, 28), 28);
  store<i32>(r, load<i32>(a, 32) + load<i32>(b, 32), 32);
}

// @ts-ignore: decorator
@inline
export function sub(r: usize, a: usize, b: usize): void {
  store<i32>(r, load<i32>(a, 0) - load<i32>(b, 0), 0);
  store<i32>(r, load<i32>(a, 4) - load<i32>(b, 4), 4);
  store<i32>(r, load<i32>(a, 8) - load<i32>(b, 8), 8);
  store<i32>(r, load<i32>(a, 12) - load<i32>(b, 12), 12);
  store<i32>(r, load<i32>(a, 16) - load<i32>(b, 16), 16);
  store<i32>(r, load<i32>(a, 20) - load<i32>(b, 20), 20);
  store<i32>(r, load<i32>(a, 24) - load<i32>(b, 24), 24);
  store<i32>(r, load<i32>(a, 28) - load<i32>(b, 28), 28);
  store<i32>(r, load<i32>(a, 32) - load<i32>(b, 32), 32);
}

// @ts-ignore: decorator
@inline
export function negate(r: usize, a: usize): void {
  for (let i: usize = 0; i < ELEMENT; i += 4) store<i32>(r + i, -load<i32>(a + i));
}

// r = a if `when`, without a branch.
export function assign(r: usize, a: usize, when: bool): void {
  const mask = -i32(when);
  for (let i: usize = 0; i < ELEMENT; i += 4) store<i32>(r + i, load<i32>(r + i) ^ ((load<i32>(r + i) ^ load<i32>(a + i)) & mask));
}

// r = -r if `when`, without a branch.
export function negateIf(r: usize, when: bool): void {
  const mask = -i32(when);
  for (let i: usize = 0; i < ELEMENT; i += 4) store<i32>(r + i, (load<i32>(r + i) ^ mask) - mask);
}

// @ts-ignore: decorator
@inline
export function copy(r: usize, a: usize): void {
  memory.copy(r, a, ELEMENT);
}

// @ts-ignore: decorator
@inline
export function set(r: usize, value: i32): void {
  memory.fill(r, 0, ELEMENT);
  store<i32>(r, value);
}

// Any 32 bytes as an element; the highest bit counts.
export function fromBytes(r: usize, bytes: usize): void {
  for (let i: usize = 0; i < 9; i++) {
    const bit = 29 * i;
    const at = min<usize>(bit >> 3, 24);
    store<i32>(r + (i << 2), <i32>((load<u64>(bytes + at) >> <u64>(bit - (at << 3))) & MASK));
  }
}

// The one representative in [0, p), as 32 bytes.
export function toBytes(bytes: usize, a: usize): void {
  // 2^8 p = 2^263 - 4864, limb by limb: with it no element is negative.
  let l0 = limb(a, 0) + 0x7fffed00;
  let l1 = limb(a, 1) + 0x7ffffffc;
  let l2 = limb(a, 2) + 0x7ffffffc;
  let l3 = limb(a, 3) + 0x7ffffffc;
  let l4 = limb(a, 4) + 0x7ffffffc;
  let l5 = limb(a, 5) + 0x7ffffffc;
  let l6 = limb(a, 6) + 0x7ffffffc;
  let l7 = limb(a, 7) + 0x7ffffffc;
  let l8 = limb(a, 8) + 0x7ffffffc;
  for (let round = 0; round < 2; round++) {
    l1 += l0 >> 29;
    l0 &= MASK;
    l2 += l1 >> 29;
    l1 &= MASK;
    l3 += l2 >> 29;
    l2 &= MASK;
    l4 += l3 >> 29;
    l3 &= MASK;
    l5 += l4 >> 29;
    l4 &= MASK;
    l6 += l5 >> 29;
    l5 &= MASK;
    l7 += l6 >> 29;
    l6 &= MASK;
    l8 += l7 >> 29;
    l7 &= MASK;
    l0 += (l8 >> 23) * 19;
    l8 &= 0x7fffff;
  }
  // Below 2^255 now: p comes off where 19 more reach 2^255.
  let carry = (l0 + 19) >> 29;
  carry = (l1 + carry) >> 29;
  carry = (l2 + carry) >> 29;
  carry = (l3 + carry) >> 29;
  carry = (l4 + carry) >> 29;
  carry = (l5 + carry) >> 29;
  carry = (l6 + carry) >> 29;
  carry = (l7 + carry) >> 29;
  carry = (l8 + carry) >> 23;
  l0 += carry * 19;
  l1 += l0 >> 29;
  l0 &= MASK;
  l2 += l1 >> 29;
  l1 &= MASK;
  l3 += l2 >> 29;
  l2 &= MASK;
  l4 += l3 >> 29;
  l3 &= MASK;
  l5 += l4 >> 29;
  l4 &= MASK;
  l6 += l5 >> 29;
  l5 &= MASK;
  l7 += l6 >> 29;
  l6 &= MASK;
  l8 += l7 >> 29;
  l7 &= MASK;
  l8 &= 0x7fffff;
  store<i64>(bytes, l0 | (l1 << 29) | (l2 << 58));
  store<i64>(bytes, (l2 >> 6) | (l3 << 23) | (l4 << 52), 8);
  store<i64>(bytes, (l4 >> 12) | (l5 << 17) | (l6 << 46), 16);
  store<i64>(bytes, (l6 >> 18) | (l7 << 11) | (l8 << 40), 24);
}

// Whether the representative in [0, p) is odd; scratch holds 32 bytes.
export function isOdd(a: usize, scratch: usize): bool {
  toBytes(scratch, a);
  return (load<u8>(scratch) & 1) != 0;
}

// Whether a is zero mod p; scratch holds 32 bytes.
export function isZero(a: usize, scratch: usize): bool {
  toBytes(scratch, a);
  return (load<u64>(scratch) | load<u64>(scratch, 8) | load<u64>(scratch, 16) | load<u64>(scratch, 24)) == 0;
}
