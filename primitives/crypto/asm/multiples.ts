// Many multiples of one point. Scalars may be secret: no branch and no address depends on them, nor on the products.
import { addAffine, addExtended, addPrepared, double, encodePoint, EXTENDED, forget, prepare, PREPARED, setIdentity } from './curve';
import { ELEMENT } from './field';

// A scalar has 64 digits of four bits in [-8, 8); table t holds 1..8 times 2^(16 t) the point, for the digits 4 t to 4 t + 3.
const TABLES: i32 = 16;
const DIGITS: i32 = 4;
const ENTRIES: i32 = 8;
const EIGHTS: u64 = 0x8888888888888888;

// Fills TABLES * ENTRIES prepared points. running, base: extended points.
function fillTables(tables: usize, point: usize, running: usize, base: usize, block: usize): void {
  setIdentity(base);
  addAffine(base, point, false, block);
  for (let t = 0; t < TABLES; t++) {
    memory.copy(running, base, EXTENDED);
    for (let j = 0; j < ENTRIES; j++) {
      if (j > 0) addExtended(running, base, block);
      prepare(tables, running, block);
      tables += PREPARED;
    }
    for (let i = 0; i < 4 * DIGITS; i++) double(base, block);
  }
}

// digits = scalar + 8 (1 + 16 + 16^2 + ...): four bits of it less 8 are a digit. The scalar is below 2^253, so that nothing is carried out.
function recode(digits: usize, scalar: usize): void {
  let carry: u64 = 0;
  for (let at: usize = 0; at < 32; at += 8) {
    const word = load<u64>(scalar + at);
    const sum = word + EIGHTS;
    const all = sum + carry;
    carry = u64(sum < word) | u64(all < sum);
    store<u64>(digits + at, all);
  }
}

// r = digit times the table's point: every entry is read. Digit 0 is the identity: (1, 1, 2, 0).
function lookUp(r: usize, table: usize, digit: i32): void {
  const minus = digit >> 31;
  const size = (digit ^ minus) - minus;
  const one = i32(size == 0);
  memory.fill(r, 0, PREPARED);
  store<i32>(r, one);
  store<i32>(r, one, ELEMENT);
  store<i32>(r, one << 1, 2 * ELEMENT);
  for (let j = 1; j <= ENTRIES; j++) {
    const mask = i32x4.splat(-i32(size == j));
    for (let at: usize = 0; at < PREPARED; at += 16) {
      v128.store(r + at, v128.or(v128.load(r + at), v128.and(v128.load(table + at), mask)));
    }
    table += PREPARED;
  }
  // The negative of a point has y + x and y - x exchanged, and another sign before x y.
  for (let at: usize = 0; at < ELEMENT; at += 4) {
    const sum = load<i32>(r + at);
    const difference = load<i32>(r + at, ELEMENT);
    const swap = (sum ^ difference) & minus;
    store<i32>(r + at, sum ^ swap);
    store<i32>(r + at, difference ^ swap, ELEMENT);
    store<i32>(r + at, (load<i32>(r + at, 3 * ELEMENT) ^ minus) - minus, 3 * ELEMENT);
  }
}

// bytes = encodings of scalar_i times the point, n of them. point: affine. scalars: 32 bytes each, reduced. room: 128 prepared points for the tables, one more,
// and 32 bytes and two extended points. block: the curve's constants.
export function multiples(bytes: usize, point: usize, scalars: usize, n: i32, room: usize, block: usize): void {
  const entry = room + <usize>(TABLES * ENTRIES) * PREPARED;
  const digits = entry + PREPARED;
  const sum = digits + 32;
  fillTables(room, point, sum, sum + EXTENDED, block);
  for (let i = 0; i < n; i++) {
    recode(digits, scalars);
    setIdentity(sum);
    for (let s = DIGITS - 1; s >= 0; s--) {
      if (s < DIGITS - 1) {
        for (let k = 0; k < 4; k++) double(sum, block);
      }
      for (let t = 0; t < TABLES; t++) {
        const bit = 4 * (DIGITS * t + s);
        const digit = <i32>((load<u8>(digits + <usize>(bit >> 3)) >> <u8>(bit & 7)) & 15) - 8;
        lookUp(entry, room + <usize>(t * ENTRIES) * PREPARED, digit);
        addPrepared(sum, entry, block);
      }
    }
    encodePoint(bytes, sum, block);
    bytes += 32;
    scalars += 32;
  }
  forget(block);
}
