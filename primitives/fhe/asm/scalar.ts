// Arithmetic modulo l, the order of ristretto255: l = 2^252 + c. A scalar is 32 bytes, least significant first, worked on as eight 32-bit limbs; reduced means below l.
// Montgomery radix 2^256. Three of the limbs of l are zero and the highest is 2^28, which makes a reduction step four products and a shift.

const L0: u64 = 0x5cf5d3ed;
const L1: u64 = 0x5812631a;
const L2: u64 = 0xa2f79cd6;
const L3: u64 = 0x14def9de;
const L7: u64 = 0x10000000;
// -l^-1 mod 2^32
const NEG_INVERSE: u64 = 0x12547e1b;
const LOW: u64 = 0xffffffff;

// Stores t - l if that is not negative, else t; t < 2l.
// @ts-ignore: decorator
@inline
function storeReduced(r: usize, t0: u64, t1: u64, t2: u64, t3: u64, t4: u64, t5: u64, t6: u64, t7: u64): void {
  let d = t0 - L0;
  const d0 = d & LOW;
  d = t1 - L1 - (d >> 63);
  const d1 = d & LOW;
  d = t2 - L2 - (d >> 63);
  const d2 = d & LOW;
  d = t3 - L3 - (d >> 63);
  const d3 = d & LOW;
  d = t4 - (d >> 63);
  const d4 = d & LOW;
  d = t5 - (d >> 63);
  const d5 = d & LOW;
  d = t6 - (d >> 63);
  const d6 = d & LOW;
  d = t7 - L7 - (d >> 63);
  const d7 = d & LOW;
  if (d >> 63) {
    store<u64>(r, t0 | (t1 << 32));
    store<u64>(r, t2 | (t3 << 32), 8);
    store<u64>(r, t4 | (t5 << 32), 16);
    store<u64>(r, t6 | (t7 << 32), 24);
  } else {
    store<u64>(r, d0 | (d1 << 32));
    store<u64>(r, d2 | (d3 << 32), 8);
    store<u64>(r, d4 | (d5 << 32), 16);
    store<u64>(r, d6 | (d7 << 32), 24);
  }
}

// r = a b 2^-256 mod l, reduced; a < 2^256, b < l. r may be a or b.
function montScalar(r: usize, a: usize, b: usize): void {
  const b0 = <u64>load<u32>(b);
  const b1 = <u64>load<u32>(b, 4);
  const b2 = <u64>load<u32>(b, 8);
  const b3 = <u64>load<u32>(b, 12);
  const b4 = <u64>load<u32>(b, 16);
  const b5 = <u64>load<u32>(b, 20);
  const b6 = <u64>load<u32>(b, 24);
  const b7 = <u64>load<u32>(b, 28);
  let t0: u64 = 0, t1: u64 = 0, t2: u64 = 0, t3: u64 = 0, t4: u64 = 0, t5: u64 = 0, t6: u64 = 0, t7: u64 = 0;
  for (let i: usize = 0; i < 32; i += 4) {
    const x = <u64>load<u32>(a + i);
    let c = t0 + x * b0;
    const low = c & LOW;
    c = t1 + x * b1 + (c >> 32);
    t1 = c & LOW;
    c = t2 + x * b2 + (c >> 32);
    t2 = c & LOW;
    c = t3 + x * b3 + (c >> 32);
    t3 = c & LOW;
    c = t4 + x * b4 + (c >> 32);
    t4 = c & LOW;
    c = t5 + x * b5 + (c >> 32);
    t5 = c & LOW;
    c = t6 + x * b6 + (c >> 32);
    t6 = c & LOW;
    c = t7 + x * b7 + (c >> 32);
    t7 = c & LOW;
    const top = c >> 32;
    const m = (low * NEG_INVERSE) & LOW;
    c = low + m * L0;
    c = t1 + m * L1 + (c >> 32);
    t0 = c & LOW;
    c = t2 + m * L2 + (c >> 32);
    t1 = c & LOW;
    c = t3 + m * L3 + (c >> 32);
    t2 = c & LOW;
    c = t4 + (c >> 32);
    t3 = c & LOW;
    c = t5 + (c >> 32);
    t4 = c & LOW;
    c = t6 + (c >> 32);
    t5 = c & LOW;
    c = t7 + (m << 28) + (c >> 32);
    t6 = c & LOW;
    // The running value stays below 2l, plus one: no ninth limb survives.
    t7 = top + (c >> 32);
  }
  storeReduced(r, t0, t1, t2, t3, t4, t5, t6, t7);
}

function addScalar(r: usize, a: usize, b: usize): void {
  let c = <u64>load<u32>(a) + <u64>load<u32>(b);
  const t0 = c & LOW;
  c = <u64>load<u32>(a, 4) + <u64>load<u32>(b, 4) + (c >> 32);
  const t1 = c & LOW;
  c = <u64>load<u32>(a, 8) + <u64>load<u32>(b, 8) + (c >> 32);
  const t2 = c & LOW;
  c = <u64>load<u32>(a, 12) + <u64>load<u32>(b, 12) + (c >> 32);
  const t3 = c & LOW;
  c = <u64>load<u32>(a, 16) + <u64>load<u32>(b, 16) + (c >> 32);
  const t4 = c & LOW;
  c = <u64>load<u32>(a, 20) + <u64>load<u32>(b, 20) + (c >> 32);
  const t5 = c & LOW;
  c = <u64>load<u32>(a, 24) + <u64>load<u32>(b, 24) + (c >> 32);
  const t6 = c & LOW;
  const t7 = <u64>load<u32>(a, 28) + <u64>load<u32>(b, 28) + (c >> 32);
  storeReduced(r, t0, t1, t2, t3, t4, t5, t6, t7);
}

// r = -a mod l for reduced a.
function negateScalar(r: usize, a: usize): void {
  if ((load<u64>(a) | load<u64>(a, 8) | load<u64>(a, 16) | load<u64>(a, 24)) == 0) {
    memory.fill(r, 0, 32);
    return;
  }
  let d = L0 - <u64>load<u32>(a);
  store<u32>(r, <u32>d);
  d = L1 - <u64>load<u32>(a, 4) - (d >> 63);
  store<u32>(r, <u32>d, 4);
  d = L2 - <u64>load<u32>(a, 8) - (d >> 63);
  store<u32>(r, <u32>d, 8);
  d = L3 - <u64>load<u32>(a, 12) - (d >> 63);
  store<u32>(r, <u32>d, 12);
  d = 0 - <u64>load<u32>(a, 16) - (d >> 63);
  store<u32>(r, <u32>d, 16);
  d = 0 - <u64>load<u32>(a, 20) - (d >> 63);
  store<u32>(r, <u32>d, 20);
  d = 0 - <u64>load<u32>(a, 24) - (d >> 63);
  store<u32>(r, <u32>d, 24);
  d = L7 - <u64>load<u32>(a, 28) - (d >> 63);
  store<u32>(r, <u32>d, 28);
}

// Strides are 32 for a vector and 0 for one scalar used throughout.

export function scalarsMont(r: usize, a: usize, strideA: usize, b: usize, strideB: usize, n: i32): void {
  for (let i = 0; i < n; i++) {
    montScalar(r, a, b);
    r += 32;
    a += strideA;
    b += strideB;
  }
}

export function scalarsAdd(r: usize, a: usize, strideA: usize, b: usize, strideB: usize, n: i32): void {
  for (let i = 0; i < n; i++) {
    addScalar(r, a, b);
    r += 32;
    a += strideA;
    b += strideB;
  }
}

export function scalarsNegate(r: usize, a: usize, n: i32): void {
  for (let i = 0; i < n; i++) {
    negateScalar(r, a);
    r += 32;
    a += 32;
  }
}

// r = sum a_i b_i 2^-256; scratch holds 32 bytes.
export function scalarsDot(r: usize, a: usize, b: usize, n: i32, scratch: usize): void {
  memory.fill(r, 0, 32);
  for (let i = 0; i < n; i++) {
    montScalar(scratch, a, b);
    addScalar(r, r, scratch);
    a += 32;
    b += 32;
  }
}

export function scalarsSum(r: usize, a: usize, n: i32): void {
  memory.fill(r, 0, 32);
  for (let i = 0; i < n; i++) {
    addScalar(r, r, a);
    a += 32;
  }
}

// 64-byte integers modulo l: low * 2^256 2^-256 + high * 2^512 2^-256. one = 2^256 mod l, word = 2^512 mod l.
export function scalarsReduceWide(r: usize, wide: usize, n: i32, one: usize, word: usize, scratch: usize): void {
  for (let i = 0; i < n; i++) {
    montScalar(scratch, wide, one);
    montScalar(r, wide + 32, word);
    addScalar(r, r, scratch);
    r += 32;
    wide += 64;
  }
}

// sums[class][p] += y_k a_k^p for p = 0..top, class = classes[k]; aM in Montgomery form. sums: (top+1) scalars a class.
export function scalarsPowerSums(
  sums: usize, y: usize, aM: usize, classes: usize, n: i32, top: i32, scratch: usize,
): void {
  const row = <usize>(top + 1) << 5;
  for (let k = 0; k < n; k++) {
    let sum = sums + <usize>load<u8>(classes + <usize>k) * row;
    memory.copy(scratch, y, 32);
    for (let p = 0; p <= top; p++) {
      addScalar(sum, sum, scratch);
      if (p < top) montScalar(scratch, scratch, aM);
      sum += 32;
    }
    y += 32;
    aM += 32;
  }
}

// r = sum y_k prod_{c<16} (g_k - c), all in Montgomery form: with w = g (g - 15) the product is prod_{c<8} (w + c (15 - c)).
// constants: -15, then c(15-c) for c = 1..7, in Montgomery form. scratch: 96 bytes.
export function scalarsVanishingSum(r: usize, g: usize, y: usize, n: i32, constants: usize, scratch: usize): void {
  const w = scratch;
  const factor = scratch + 32;
  const term = scratch + 64;
  memory.fill(r, 0, 32);
  for (let k = 0; k < n; k++) {
    addScalar(factor, g, constants);
    montScalar(w, g, factor);
    montScalar(factor, w, y);
    for (let c: usize = 1; c < 8; c++) {
      addScalar(term, w, constants + (c << 5));
      montScalar(factor, factor, term);
    }
    addScalar(r, r, factor);
    g += 32;
    y += 32;
  }
}
