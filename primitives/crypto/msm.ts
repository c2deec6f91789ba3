/**
 * Multi-scalar multiplication for PUBLIC scalars (verification): its running time depends on them.
 *
 * Interleaved width-w non-adjacent forms (Möller 2001): one doubling per bit for the whole sum and an addition per w+1 bits and point.
 */
import { modOrder, ORDER, type Point, ZERO } from './ristretto.ts';

const WINDOW = 5;
const HALF_ORDER = ORDER >> 1n;

export interface Term {
  readonly point: Point;
  /** Any integer; taken mod l. */
  readonly scalar: bigint;
}

/** Signed odd digits d_i with scalar = sum d_i 2^i, |d_i| < 2^(w-1), at most one in w consecutive ones non-zero. */
function nonAdjacentForm(scalar: bigint, digits: Int8Array): number {
  const words = new Uint32Array(9);
  for (let i = 0, rest = scalar; i < 8; i++, rest >>= 32n) words[i] = Number(rest & 0xffffffffn);
  let carry = 0;
  let length = 0;
  for (let bit = 0; bit < 256; ) {
    const word = bit >> 5;
    const shift = bit & 31;
    if (((words[word]! >>> shift) & 1) === carry) {
      bit++;
      continue;
    }
    let window = words[word]! >>> shift;
    if (shift > 32 - WINDOW) window |= words[word + 1]! << (32 - shift);
    let digit = (window & ((1 << WINDOW) - 1)) + carry;
    carry = digit >> (WINDOW - 1);
    digit -= carry << WINDOW;
    digits[bit] = digit;
    length = bit + 1;
    bit += WINDOW;
  }
  return length;
}

/** `sum of scalar * point` over `terms`. */
export function multiScalar(terms: readonly Term[]): Point {
  const active: { table: Point[]; digits: Int8Array }[] = [];
  let top = 0;
  for (const { point, scalar } of terms) {
    let reduced = modOrder(scalar);
    if (reduced === 0n || point.is0()) continue;
    let base = point;
    // A negative representative may be short (small negative integers), and is never longer.
    if (reduced > HALF_ORDER) {
      reduced = ORDER - reduced;
      base = point.negate();
    }
    const digits = new Int8Array(257);
    top = Math.max(top, nonAdjacentForm(reduced, digits));
    const twice = base.double();
    const table = [base];
    for (let i = 1; i < 1 << (WINDOW - 2); i++) table.push(table[i - 1]!.add(twice));
    active.push({ table, digits });
  }
  let sum = ZERO;
  for (let bit = top - 1; bit >= 0; bit--) {
    sum = sum.double();
    for (const { table, digits } of active) {
      const digit = digits[bit]!;
      if (digit > 0) sum = sum.add(table[digit >> 1]!);
      else if (digit < 0) sum = sum.subtract(table[-digit >> 1]!);
    }
  }
  return sum;
}
