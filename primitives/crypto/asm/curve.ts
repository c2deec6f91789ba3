// Points of edwards25519, -x^2 + y^2 = 1 + d x^2 y^2, as representatives of ristretto255 (RFC 9496). The formulas are complete: they hold for every pair
// of points, the identity and points of small order included.
//
// extended: X, Y, Z, T with x = X/Z, y = Y/Z, T = XY/Z (Hisil et al. 2008). affine: y + x, y - x, 2 d x y, for a second summand with Z = 1. prepared: Y + X, Y - X,
// 2 Z, 2 d T, for any second summand.
import { add, assign, copy, ELEMENT, fromBytes, isOdd, isZero, mul, negate, negateIf, set, square, sub, toBytes } from './field';
import { power252 } from './power';

export const EXTENDED: usize = 4 * ELEMENT;
export const AFFINE: usize = 3 * ELEMENT;
export const PREPARED: usize = 4 * ELEMENT;
const X: usize = 0;
const Y: usize = ELEMENT;
const Z: usize = 2 * ELEMENT;
const T: usize = 3 * ELEMENT;

// Places in the block of constants: d, 2 d, sqrt(-1), 1/sqrt(-1 - d); then scratch for formulas and for roots.
const D: usize = 0;
const D2: usize = ELEMENT;
const ROOT: usize = 2 * ELEMENT;
const INVERSE_ROOT: usize = 3 * ELEMENT;
const FORMULA: usize = 4 * ELEMENT;
const ROOTS: usize = 12 * ELEMENT;
const BYTES: usize = 20 * ELEMENT;
const LOCALS: usize = BYTES + 48;

// Fills a block of constants, 32 * ELEMENT bytes, from the 32-byte values of d, 2 d, sqrt(-1) and 1/sqrt(-1 - d).
export function curveConstants(block: usize, values: usize): void {
  for (let i: usize = 0; i < 4; i++) fromBytes(block + i * ELEMENT, values + (i << 5));
}

// Wipes what formulas left in the block.
export function forget(block: usize): void {
  memory.fill(block + FORMULA, 0, 28 * ELEMENT);
}

export function setIdentity(r: usize): void {
  set(r + X, 0);
  set(r + Y, 1);
  set(r + Z, 1);
  set(r + T, 0);
}

// From E = x, H = y, F = z', G as below to the sum: X = E F, Y = G H, T = E H, Z = F G.
// @ts-ignore: decorator
@inline
function finish(r: usize, e: usize, f: usize, g: usize, h: usize): void {
  mul(r + X, e, f);
  mul(r + Y, g, h);
  mul(r + T, e, h);
  mul(r + Z, f, g);
}

// r += q for affine q; r -= q if `minus`.
export function addAffine(r: usize, q: usize, minus: bool, block: usize): void {
  const a = block + FORMULA;
  const b = a + ELEMENT;
  const c = a + 2 * ELEMENT;
  const e = a + 3 * ELEMENT;
  const f = a + 4 * ELEMENT;
  const g = a + 5 * ELEMENT;
  const plus = minus ? ELEMENT : 0;
  sub(e, r + Y, r + X);
  mul(a, e, q + (ELEMENT - plus));
  add(e, r + Y, r + X);
  mul(b, e, q + plus);
  mul(c, r + T, q + 2 * ELEMENT);
  sub(e, b, a);
  add(b, b, a);
  add(a, r + Z, r + Z);
  if (minus) {
    add(f, a, c);
    sub(g, a, c);
  } else {
    sub(f, a, c);
    add(g, a, c);
  }
  finish(r, e, f, g, b);
}

// r += q, both extended.
export function addExtended(r: usize, q: usize, block: usize): void {
  const a = block + FORMULA;
  const b = a + ELEMENT;
  const c = a + 2 * ELEMENT;
  const e = a + 3 * ELEMENT;
  const f = a + 4 * ELEMENT;
  const g = a + 5 * ELEMENT;
  sub(e, r + Y, r + X);
  sub(f, q + Y, q + X);
  mul(a, e, f);
  add(e, r + Y, r + X);
  add(f, q + Y, q + X);
  mul(b, e, f);
  mul(c, r + T, q + T);
  mul(c, c, block + D2);
  sub(e, b, a);
  add(b, b, a);
  mul(a, r + Z, q + Z);
  add(a, a, a);
  sub(f, a, c);
  add(g, a, c);
  finish(r, e, f, g, b);
}

// r = extended p, prepared.
export function prepare(r: usize, p: usize, block: usize): void {
  add(r, p + Y, p + X);
  sub(r + ELEMENT, p + Y, p + X);
  add(r + 2 * ELEMENT, p + Z, p + Z);
  mul(r + 3 * ELEMENT, p + T, block + D2);
}

// r += q for prepared q.
export function addPrepared(r: usize, q: usize, block: usize): void {
  const a = block + FORMULA;
  const b = a + ELEMENT;
  const c = a + 2 * ELEMENT;
  const e = a + 3 * ELEMENT;
  const f = a + 4 * ELEMENT;
  const g = a + 5 * ELEMENT;
  sub(e, r + Y, r + X);
  mul(a, e, q + ELEMENT);
  add(e, r + Y, r + X);
  mul(b, e, q);
  mul(c, r + T, q + 3 * ELEMENT);
  sub(e, b, a);
  add(b, b, a);
  mul(a, r + Z, q + 2 * ELEMENT);
  sub(f, a, c);
  add(g, a, c);
  finish(r, e, f, g, b);
}

// r = 2 r.
export function double(r: usize, block: usize): void {
  const a = block + FORMULA;
  const b = a + ELEMENT;
  const c = a + 2 * ELEMENT;
  const e = a + 3 * ELEMENT;
  const f = a + 4 * ELEMENT;
  const h = a + 5 * ELEMENT;
  add(e, r + X, r + Y);
  square(e, e);
  square(a, r + X);
  square(b, r + Y);
  square(c, r + Z);
  add(c, c, c);
  add(h, a, b);
  negate(h, h);
  add(e, e, h);
  sub(b, b, a);
  sub(f, b, c);
  finish(r, e, f, b, h);
}

// r = |1/sqrt(a)| for a square a, |sqrt(sqrt(-1)/a)| for another, 0 for 0; whether a is a non-zero square. r is not a. No branch depends on a.
function inverseRoot(r: usize, a: usize, block: usize): bool {
  const cube = block + ROOTS;
  const seventh = cube + ELEMENT;
  const scratch = cube + 2 * ELEMENT;
  const bytes = block + BYTES;
  square(cube, a);
  mul(cube, cube, a);
  square(seventh, cube);
  mul(seventh, seventh, a);
  power252(r, seventh, scratch);
  mul(r, r, cube);
  square(seventh, r);
  mul(seventh, seventh, a);
  // a r^2 is one of 1, -1, sqrt(-1), -sqrt(-1), or 0.
  set(cube, 1);
  sub(cube, seventh, cube);
  const correct = isZero(cube, bytes);
  set(cube, 1);
  add(cube, seventh, cube);
  const flipped = isZero(cube, bytes);
  add(cube, seventh, block + ROOT);
  const flippedRoot = isZero(cube, bytes);
  mul(cube, r, block + ROOT);
  assign(r, cube, flipped | flippedRoot);
  negateIf(r, isOdd(r, bytes));
  return correct | flipped;
}

// Strict decoding (RFC 9496 §4.3.1) of n encodings into affine points. Returns the number of the first that is none, n if all are points.
export function decodePoints(r: usize, encodings: usize, n: i32, block: usize): i32 {
  const s = block + LOCALS;
  const u1 = s + ELEMENT;
  const u2 = s + 2 * ELEMENT;
  const v = s + 3 * ELEMENT;
  const root = s + 4 * ELEMENT;
  const x = s + 5 * ELEMENT;
  const bytes = block + BYTES;
  for (let i = 0; i < n; i++) {
    fromBytes(s, encodings);
    toBytes(bytes, s);
    for (let word: usize = 0; word < 32; word += 8) {
      if (load<u64>(bytes + word) != load<u64>(encodings + word)) return i;
    }
    if (load<u8>(bytes) & 1) return i;
    square(u2, s);
    set(u1, 1);
    sub(u1, u1, u2);
    set(v, 1);
    add(u2, u2, v);
    square(v, u1);
    mul(v, v, block + D);
    negate(v, v);
    square(x, u2);
    sub(v, v, x);
    mul(x, v, x);
    const isSquare = inverseRoot(root, x, block);
    mul(x, root, u2); // 1 / denominator of x
    mul(root, root, x);
    mul(root, root, v); // 1 / denominator of y
    add(s, s, s);
    mul(x, x, s);
    negateIf(x, isOdd(x, bytes));
    mul(u1, u1, root); // y
    mul(v, x, u1);
    if (!isSquare || isOdd(v, bytes) || isZero(u1, bytes)) return i;
    add(u2, u1, x);
    set(root, 1);
    mul(r, u2, root);
    sub(u2, u1, x);
    mul(r + ELEMENT, u2, root);
    mul(r + 2 * ELEMENT, v, block + D2);
    r += AFFINE;
    encodings += 32;
  }
  return n;
}

// The canonical encoding (RFC 9496 §4.3.2) of an extended point; the identity's is 32 zeros. No branch depends on it.
export function encodePoint(bytes: usize, p: usize, block: usize): void {
  const u1 = block + LOCALS;
  const u2 = u1 + ELEMENT;
  const root = u1 + 2 * ELEMENT;
  const inverse = u1 + 3 * ELEMENT;
  const x = u1 + 4 * ELEMENT;
  const y = u1 + 5 * ELEMENT;
  const scratch = block + BYTES;
  add(u1, p + Z, p + Y);
  sub(u2, p + Z, p + Y);
  mul(u1, u1, u2);
  mul(u2, p + X, p + Y);
  square(x, u2);
  mul(x, x, u1);
  inverseRoot(root, x, block);
  mul(u1, u1, root);
  mul(u2, u2, root);
  mul(inverse, u1, u2);
  mul(inverse, inverse, p + T);
  mul(x, p + T, inverse);
  const isRotated = isOdd(x, scratch);
  copy(x, p + X);
  copy(y, p + Y);
  mul(root, p + Y, block + ROOT);
  assign(x, root, isRotated);
  mul(root, p + X, block + ROOT);
  assign(y, root, isRotated);
  mul(root, u1, block + INVERSE_ROOT);
  assign(u2, root, isRotated);
  mul(x, x, inverse);
  negateIf(y, isOdd(x, scratch));
  sub(y, p + Z, y);
  mul(u2, u2, y);
  negateIf(u2, isOdd(u2, scratch));
  toBytes(bytes, u2);
}
