// Sums of pieces with whole factors, as integers: a member's share of what many seeds stand for is reduced once, not once for each seed.
import { reduced } from './plain-modular';
import { addMod, mont } from './modular';
import { mulSigned } from './vector';

// A word below 2^50 is summed in two halves. Factors add up to less than 2^27 in size, so that either sum stays below 2^52.
const HALF_BITS: u64 = 25;
const HALF: u64 = 0x1ffffff;

// sum_i += factor v_i, v of 8 bits, sums of 32.
export function addSmall(sum: usize, v: usize, n: i32, factor: i32): void {
  const by = i32x4.splat(factor);
  const end = v + <usize>n;
  for (; v < end; v += 8) {
    const x = v128.load8x8_s(v);
    v128.store(sum, i32x4.add(v128.load(sum), i32x4.mul(i32x4.extend_low_i16x8_s(x), by)));
    v128.store(sum, i32x4.add(v128.load(sum, 16), i32x4.mul(i32x4.extend_high_i16x8_s(x), by)), 16);
    sum += 32;
  }
}

// @ts-ignore: decorator
@inline
function addHalves(sums: usize, word: u64, factor: i64): void {
  store<i64>(sums, load<i64>(sums) + <i64>(word & HALF) * factor);
  store<i64>(sums, load<i64>(sums, 8) + <i64>(word >> HALF_BITS) * factor, 8);
}

// sums: two halves for each word.
export function addWords(sums: usize, words: usize, n: i32, factor: i64): void {
  const end = words + (<usize>n << 3);
  for (; words < end; words += 8) {
    addHalves(sums, load<u64>(words), factor);
    sums += 16;
  }
}

// The same of the remainders (Q v + h) mod t of values v, each the base-16 sum of `digits` words; n is the number of values. qM = (Q mod t) 2^64 mod t.
export function addRemainders(sums: usize, words: usize, n: i32, digits: i32, factor: i64, qM: u64, h: u64, t: u64, tinv: u64): void {
  const step = <usize>digits << 3;
  for (let i = 0; i < n; i++) {
    let value: u64 = 0;
    for (let at = words + step - 8; at >= words; at -= 8) value = reduced((value << 4) + load<u64>(at));
    addHalves(sums, addMod(mont(value, qM, t, tinv), h, t), factor);
    words += step;
    sums += 16;
  }
}

// r_i = constant + low_i lowM + high_i highM mod q for pairs of halves; lowM and highM in Montgomery form.
export function joinHalves(r: usize, sums: usize, n: i32, lowM: u64, highM: u64, constant: u64, q: u64, qinv: u64): void {
  const end = r + (<usize>n << 3);
  for (; r < end; r += 8) {
    const low = mulSigned(load<i64>(sums), lowM, q, qinv);
    const high = mulSigned(load<i64>(sums, 8), highM, q, qinv);
    store<u64>(r, addMod(addMod(low, high, q), constant, q));
    sums += 16;
  }
}

// r = shares + round(Q v / t) - c modulo q, from the remainders of v.
export function checkedPart(r: usize, shares: usize, remainder: usize, c: usize, n: i32, h: u64, inverseM: u64, q: u64, qinv: u64): void {
  const bytes = <usize>n << 3;
  for (let i: usize = 0; i < bytes; i += 8) {
    const encoded = mulSigned(<i64>h - <i64>load<u64>(remainder + i), inverseM, q, qinv);
    store<u64>(r + i, addMod(addMod(load<u64>(shares + i), encoded, q), q - load<u64>(c + i), q));
  }
}
