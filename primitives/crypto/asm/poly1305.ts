// Poly1305 (RFC 8439) in limbs of 26 bits. No branch and no address depends on a secret.

const LIMB: u64 = 0x3ffffff;

// Places in the state, words each: accumulator, then r.
const R: usize = 40;

// state: 80 bytes. The accumulator is zero, r the first half of the 32-byte one-time key, clamped.
export function polyBegin(state: usize, key: usize): void {
  memory.fill(state, 0, R);
  const low = load<u64>(key) & 0x0ffffffc0fffffff;
  const high = load<u64>(key, 8) & 0x0ffffffc0ffffffc;
  store<u64>(state + R, low & LIMB);
  store<u64>(state + R, (low >> 26) & LIMB, 8);
  store<u64>(state + R, ((low >> 52) | (high << 12)) & LIMB, 16);
  store<u64>(state + R, (high >> 14) & LIMB, 24);
  store<u64>(state + R, high >> 40, 32);
}

// Takes whole blocks of 16 bytes: `bytes` is a multiple of 16.
export function polyBlocks(state: usize, data: usize, bytes: usize): void {
  const r0 = load<u64>(state + R);
  const r1 = load<u64>(state + R, 8);
  const r2 = load<u64>(state + R, 16);
  const r3 = load<u64>(state + R, 24);
  const r4 = load<u64>(state + R, 32);
  const s1 = 5 * r1;
  const s2 = 5 * r2;
  const s3 = 5 * r3;
  const s4 = 5 * r4;
  let h0 = load<u64>(state);
  let h1 = load<u64>(state, 8);
  let h2 = load<u64>(state, 16);
  let h3 = load<u64>(state, 24);
  let h4 = load<u64>(state, 32);
  const end = data + bytes;
  for (; data < end; data += 16) {
    const low = load<u64>(data);
    const high = load<u64>(data, 8);
    h0 += low & LIMB;
    h1 += (low >> 26) & LIMB;
    h2 += ((low >> 52) | (high << 12)) & LIMB;
    h3 += (high >> 14) & LIMB;
    h4 += (high >> 40) | (1 << 24);
    const d0 = h0 * r0 + h1 * s4 + h2 * s3 + h3 * s2 + h4 * s1;
    let d1 = h0 * r1 + h1 * r0 + h2 * s4 + h3 * s3 + h4 * s2;
    let d2 = h0 * r2 + h1 * r1 + h2 * r0 + h3 * s4 + h4 * s3;
    let d3 = h0 * r3 + h1 * r2 + h2 * r1 + h3 * r0 + h4 * s4;
    let d4 = h0 * r4 + h1 * r3 + h2 * r2 + h3 * r1 + h4 * r0;
    // Two chains of carries beside each other.
    d1 += d0 >> 26;
    d4 += d3 >> 26;
    h3 = d3 & LIMB;
    d2 += d1 >> 26;
    h1 = d1 & LIMB;
    h0 = (d0 & LIMB) + 5 * (d4 >> 26);
    h4 = d4 & LIMB;
    h3 += d2 >> 26;
    h2 = d2 & LIMB;
    h1 += h0 >> 26;
    h0 &= LIMB;
    h4 += h3 >> 26;
    h3 &= LIMB;
  }
  store<u64>(state, h0);
  store<u64>(state, h1, 8);
  store<u64>(state, h2, 16);
  store<u64>(state, h3, 24);
  store<u64>(state, h4, 32);
}

// tag: the accumulator modulo 2^130 - 5, plus the second half of the key, modulo 2^128.
export function polyEnd(tag: usize, state: usize, key: usize): void {
  let h0 = load<u64>(state);
  let h1 = load<u64>(state, 8);
  let h2 = load<u64>(state, 16);
  let h3 = load<u64>(state, 24);
  let h4 = load<u64>(state, 32);
  for (let round = 0; round < 2; round++) {
    h1 += h0 >> 26;
    h0 &= LIMB;
    h2 += h1 >> 26;
    h1 &= LIMB;
    h3 += h2 >> 26;
    h2 &= LIMB;
    h4 += h3 >> 26;
    h3 &= LIMB;
    h0 += 5 * (h4 >> 26);
    h4 &= LIMB;
  }
  // Now below 2^130: p comes off where 5 more reach 2^130.
  let carry = (h0 + 5) >> 26;
  carry = (h1 + carry) >> 26;
  carry = (h2 + carry) >> 26;
  carry = (h3 + carry) >> 26;
  carry = (h4 + carry) >> 26;
  h0 += 5 * carry;
  h1 += h0 >> 26;
  h0 &= LIMB;
  h2 += h1 >> 26;
  h1 &= LIMB;
  h3 += h2 >> 26;
  h2 &= LIMB;
  h4 += h3 >> 26;
  h3 &= LIMB;
  h4 &= LIMB;
  const low = h0 | (h1 << 26) | (h2 << 52);
  const high = (h2 >> 12) | (h3 << 14) | (h4 << 40);
  const sum = low + load<u64>(key, 16);
  store<u64>(tag, sum);
  store<u64>(tag, high + load<u64>(key, 24) + u64(sum < low), 8);
}
