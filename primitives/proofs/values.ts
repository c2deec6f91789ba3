/** From digits to values: pads, deltas and masks of a value are the base-16 sums of those of its digits (§5). */
import type { FheParams } from '../fhe/params.ts';
import { scalarField, type ScalarVector } from '../fhe/scalar-kernel.ts';
import { DIGIT_BASE, type LaneSpec } from './lane.ts';

/** Per value, `sum_i 16^i digit(v, i)` over the integers. */
export function valuesOfDigits(spec: LaneSpec, digit: (k: number) => bigint): bigint[] {
  return Array.from({ length: spec.values }, (_, v) => {
    let value = 0n;
    for (let i = spec.digits - 1; i >= 0; i--) value = (value << 4n) + digit(v * spec.digits + i);
    return value;
  });
}

/** Per value, `sum_i 16^i digit(v, i)` mod l. */
export function valueScalars(spec: LaneSpec, digits: ScalarVector): ScalarVector {
  let values = everyNth(digits, spec.digits, spec.digits - 1);
  for (let i = spec.digits - 2; i >= 0; i--) {
    values = scalarField.addVec(scalarField.mulScalar(values, BigInt(DIGIT_BASE)), everyNth(digits, spec.digits, i));
  }
  return values;
}

/** Pads of the values mod `t`, as the encoder takes them. Digit pads are integers below 2^128. */
export function valuePads(params: FheParams, spec: LaneSpec, pads: ScalarVector): BigUint64Array {
  return BigUint64Array.from(
    valuesOfDigits(spec, (k) => padAt(pads, k)),
    (value) => value % params.t,
  );
}

/** The public part of the plaintext mod `t`: deltas of the values, with the lane's offset taken off again. */
export function plaintextDeltas(params: FheParams, spec: LaneSpec, deltas: readonly bigint[]): BigUint64Array {
  return BigUint64Array.from(
    valuesOfDigits(spec, (k) => deltas[k]!),
    (value) => {
      const rest = (value - BigInt(spec.offset)) % params.t;
      return rest < 0n ? rest + params.t : rest;
    },
  );
}

/** An integer below 2^128 in a vector of scalars: a pad or a sum of pads. */
export function padAt(pads: ScalarVector, k: number): bigint {
  return pads[4 * k]! | (pads[4 * k + 1]! << 64n);
}

/** Scalars `offset`, `offset + stride`, ... of a vector. */
function everyNth(vector: ScalarVector, stride: number, offset: number): ScalarVector {
  const halves = 8; // 32-bit halves per scalar: copying them makes no big integers
  const from = new Uint32Array(vector.buffer, vector.byteOffset, 2 * vector.length);
  const out = new BigUint64Array(vector.length / stride);
  const to = new Uint32Array(out.buffer);
  for (let k = 0; k * halves < to.length; k++) {
    for (let w = 0; w < halves; w++) to[halves * k + w] = from[halves * (stride * k + offset) + w]!;
  }
  return out;
}
