// Multi-scalar multiplication by buckets (Pippenger 1976; signed digits). The time depends on the scalars.
import { addAffine, addExtended, AFFINE, double, EXTENDED, encodePoint, forget, setIdentity } from './curve';

// l, the order of the group, in words.
const L0: u64 = 0x5812631a5cf5d3ed;
const L1: u64 = 0x14def9dea2f79cd6;
const L3: u64 = 0x1000000000000000;

// scalar = l - scalar where that is smaller; scalar is below l. Whether it was.
function halve(scalar: usize): bool {
  const s0 = load<u64>(scalar);
  const s1 = load<u64>(scalar, 8);
  const s2 = load<u64>(scalar, 16);
  const s3 = load<u64>(scalar, 24);
  // Only near l/2, at 2^251, does this not choose the smaller one, and there both are small enough.
  if (s3 < L3 >> 1) return false;
  const d0 = L0 - s0;
  let borrow: u64 = L0 < s0 ? 1 : 0;
  const d1 = L1 - s1 - borrow;
  borrow = L1 < s1 || (L1 == s1 && borrow != 0) ? 1 : 0;
  const d2 = 0 - s2 - borrow;
  borrow = s2 != 0 || borrow != 0 ? 1 : 0;
  store<u64>(scalar, d0);
  store<u64>(scalar, d1, 8);
  store<u64>(scalar, d2, 16);
  store<u64>(scalar, L3 - s3 - borrow, 24);
  return true;
}

// Digits of width bits in [-2^(width-1), 2^(width-1)], one i16 per window and scalar, window by window.
function recode(digits: usize, scalars: usize, n: i32, width: i32, windows: i32): void {
  const mask: u64 = (1 << <u64>width) - 1;
  const half: i64 = 1 << <i64>(width - 1);
  for (let i = 0; i < n; i++) {
    const scalar = scalars + (<usize>i << 5);
    const minus = halve(scalar);
    let carry: i64 = 0;
    for (let w = 0; w < windows; w++) {
      const bit = w * width;
      const at = min<usize>(<usize>bit >> 3, 24);
      const shift = <u64>bit - ((<u64>at) << 3);
      let digit = carry + (shift > 63 ? 0 : <i64>((load<u64>(scalar + at) >> shift) & mask));
      carry = digit > half ? 1 : 0;
      digit -= carry << <i64>width;
      store<i16>(digits + (<usize>(w * n + i) << 1), <i16>(minus ? -digit : digit));
    }
  }
}

// bytes = encoding of sum scalar_i point_i. points: affine. scalars: 32 bytes each, reduced, overwritten. width: 2 to 14.
// digits: 2 n windows bytes for windows = floor(252 / width) + 1. buckets: 2^(width-1) + 3 extended points. block: the curve's constants.
export function multiScalar(
  bytes: usize, points: usize, scalars: usize, n: i32, width: i32, digits: usize, buckets: usize, block: usize,
): void {
  const windows = 252 / width + 1;
  const count: i32 = 1 << (width - 1);
  const sum = buckets + <usize>count * EXTENDED;
  const running = sum + EXTENDED;
  const total = running + EXTENDED;
  recode(digits, scalars, n, width, windows);
  setIdentity(total);
  for (let w = windows - 1; w >= 0; w--) {
    if (w != windows - 1) {
      for (let i = 0; i < width; i++) double(total, block);
    }
    for (let i = 0; i < count; i++) setIdentity(buckets + <usize>i * EXTENDED);
    let top = 0;
    let point = points;
    let at = digits + (<usize>(w * n) << 1);
    for (let i = 0; i < n; i++) {
      const digit = <i32>load<i16>(at);
      if (digit != 0) {
        const size = abs<i32>(digit);
        if (size > top) top = size;
        addAffine(buckets + <usize>(size - 1) * EXTENDED, point, digit < 0, block);
      }
      at += 2;
      point += AFFINE;
    }
    setIdentity(sum);
    setIdentity(running);
    for (let i = top - 1; i >= 0; i--) {
      addExtended(running, buckets + <usize>i * EXTENDED, block);
      addExtended(sum, running, block);
    }
    addExtended(total, sum, block);
  }
  encodePoint(bytes, total, block);
  forget(block);
}
