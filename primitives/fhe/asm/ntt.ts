// Harvey's negacyclic transforms, as in SEAL: input in order, output bit-reversed; tables hold pairs (w, floor(w 2^64 / q)).
import { shoup } from './modular';

// Tables: psi^bitrev(i) for i in 0..n-1.
export function ntt(a: usize, n: i32, table: usize, q: u64): void {
  const q2 = q << 1;
  let half = n >> 1;
  for (let m = 1; m < n; m <<= 1) {
    const gap = <usize>half << 3;
    let p = a;
    let w = table + (<usize>m << 4);
    for (let i = 0; i < m; i++) {
      const root = load<u64>(w);
      const quotient = load<u64>(w, 8);
      w += 16;
      const end = p + gap;
      while (p < end) {
        let x = load<u64>(p);
        if (x >= q2) x -= q2;
        const y = shoup(load<u64>(p + gap), root, quotient, q);
        store<u64>(p, x + y);
        store<u64>(p + gap, x + q2 - y);
        p += 8;
      }
      p += gap;
    }
    half >>= 1;
  }
  const end = a + (<usize>n << 3);
  for (let p = a; p < end; p += 8) {
    let x = load<u64>(p);
    if (x >= q2) x -= q2;
    store<u64>(p, x >= q ? x - q : x);
  }
}

// Tables: psi^-bitrev(i); scale = n^-1 with its quotient.
export function intt(a: usize, n: i32, table: usize, q: u64, scale: u64, scaleQuotient: u64): void {
  const q2 = q << 1;
  let half = 1;
  for (let m = n >> 1; m >= 1; m >>= 1) {
    const gap = <usize>half << 3;
    let p = a;
    let w = table + (<usize>m << 4);
    for (let i = 0; i < m; i++) {
      const root = load<u64>(w);
      const quotient = load<u64>(w, 8);
      w += 16;
      const end = p + gap;
      while (p < end) {
        const x = load<u64>(p);
        const y = load<u64>(p + gap);
        const sum = x + y;
        store<u64>(p, sum >= q2 ? sum - q2 : sum);
        store<u64>(p + gap, shoup(x + q2 - y, root, quotient, q));
        p += 8;
      }
      p += gap;
    }
    half <<= 1;
  }
  const end = a + (<usize>n << 3);
  for (let p = a; p < end; p += 8) {
    const x = shoup(load<u64>(p), scale, scaleQuotient, q);
    store<u64>(p, x >= q ? x - q : x);
  }
}
