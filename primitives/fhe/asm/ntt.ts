// Harvey's negacyclic transforms, as in SEAL: input in order, output bit-reversed; tables hold pairs (w, floor(w 2^64 / q)).
// Between the layers values stay below 8q <= 2^64. Reductions are selects: a branch would be mispredicted every other time.

// x*w mod q with Shoup's quotient given in halves; result in [0, 4q). The high word of x*quotient leaves out the product of the low halves and the
// carries of the other low parts, hence is short by at most 2: three products instead of four.
// @ts-ignore: decorator
@inline
function shoupLazy(x: u64, w: u64, quotientLow: u64, quotientHigh: u64, q: u64): u64 {
  const low = x & 0xffffffff;
  const high = x >> 32;
  return x * w - (high * quotientHigh + ((high * quotientLow) >> 32) + ((low * quotientHigh) >> 32)) * q;
}

// x - bound if that is not negative, else x.
// @ts-ignore: decorator
@inline
function below(x: u64, bound: u64): u64 {
  return select<u64>(x - bound, x, x >= bound);
}

// Tables: psi^bitrev(i) for i in 0..n-1.
export function ntt(a: usize, n: i32, table: usize, q: u64): void {
  const q2 = q << 1;
  const q4 = q << 2;
  let half = n >> 1;
  for (let m = 1; m < n; m <<= 1) {
    const gap = <usize>half << 3;
    let p = a;
    let w = table + (<usize>m << 4);
    for (let i = 0; i < m; i++) {
      const root = load<u64>(w);
      const quotientLow = <u64>load<u32>(w, 8);
      const quotientHigh = <u64>load<u32>(w, 12);
      w += 16;
      const end = p + gap;
      while (p < end) {
        const x = below(load<u64>(p), q4);
        const y = shoupLazy(load<u64>(p + gap), root, quotientLow, quotientHigh, q);
        store<u64>(p, x + y);
        store<u64>(p + gap, x + q4 - y);
        p += 8;
      }
      p += gap;
    }
    half >>= 1;
  }
  const end = a + (<usize>n << 3);
  for (let p = a; p < end; p += 8) store<u64>(p, below(below(below(load<u64>(p), q4), q2), q));
}

// Tables: psi^-bitrev(i); scale = n^-1 with its quotient.
export function intt(a: usize, n: i32, table: usize, q: u64, scale: u64, scaleQuotient: u64): void {
  const q2 = q << 1;
  const q4 = q << 2;
  let half = 1;
  for (let m = n >> 1; m >= 1; m >>= 1) {
    const gap = <usize>half << 3;
    let p = a;
    let w = table + (<usize>m << 4);
    for (let i = 0; i < m; i++) {
      const root = load<u64>(w);
      const quotientLow = <u64>load<u32>(w, 8);
      const quotientHigh = <u64>load<u32>(w, 12);
      w += 16;
      const end = p + gap;
      while (p < end) {
        const x = load<u64>(p);
        const y = load<u64>(p + gap);
        store<u64>(p, below(x + y, q4));
        store<u64>(p + gap, shoupLazy(x + q4 - y, root, quotientLow, quotientHigh, q));
        p += 8;
      }
      p += gap;
    }
    half <<= 1;
  }
  const scaleLow = scaleQuotient & 0xffffffff;
  const scaleHigh = scaleQuotient >> 32;
  const end = a + (<usize>n << 3);
  for (let p = a; p < end; p += 8) {
    const x = shoupLazy(load<u64>(p), scale, scaleLow, scaleHigh, q);
    store<u64>(p, below(below(x, q2), q));
  }
}
