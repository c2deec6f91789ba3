/** Claims of a lane that are linear in its digits, as one equation over K (§5.7): the public total, or the equations of a meter. */
import { hash32Of } from '../crypto/hash.ts';
import { Prg } from '../crypto/prg.ts';
import type { RoundContext } from '../fhe/params.ts';
import { DIGIT_BASE, type LaneSpec } from '../proofs/lane.ts';
import { equationsOf } from '../proofs/meter.ts';
import { addPlain, cubic, CUBIC, type CubicVector, linearPlain, uniformPlain } from './field.ts';
import { coefficientLabel } from './transcript.ts';

/** `sum of coefficients_k d_k = right` over the digits `d_k`. */
export interface LinearClaim {
  readonly coefficients: CubicVector;
  readonly right: CubicVector;
}

/** Coefficients of the digits from those of the values: digit `i` of a value counts `16^i` times. */
function overDigits({ digits, values }: LaneSpec, ofValues: CubicVector): CubicVector {
  const out = new BigUint64Array(CUBIC * digits * values);
  for (let i = 0; i < digits; i++) {
    const scaled = linearPlain([[BigInt(DIGIT_BASE) ** BigInt(i), ofValues]]);
    for (let v = 0; v < values; v++) {
      out.set(scaled.subarray(CUBIC * v, CUBIC * (v + 1)), CUBIC * (v * digits + i));
    }
  }
  return out;
}

/** A meter's equations with weights that nobody could know before the beacon. */
function meterClaim(spec: LaneSpec, context: RoundContext, beacon: Uint8Array): LinearClaim {
  const equations = equationsOf(spec);
  const prg = new Prg(hash32Of('tacit/linear/meter/1', ...coefficientLabel(context, beacon)));
  const weights = uniformPlain(prg, CUBIC * equations.length);
  const values = new BigUint64Array(CUBIC * spec.values);
  let right = cubic(0n);
  equations.forEach(({ terms, right: own }, e) => {
    const weight = weights.subarray(CUBIC * e, CUBIC * (e + 1));
    right = addPlain(right, linearPlain([[own, weight]]));
    for (const [place, by] of terms) {
      const sum = values.subarray(CUBIC * place, CUBIC * (place + 1));
      sum.set(addPlain(sum, linearPlain([[by, weight]])));
    }
  });
  return { coefficients: overDigits(spec, values), right };
}

/** The linear claim of a lane; of a lane without one undefined. Made once per lane and beacon. */
export function linearClaim(spec: LaneSpec, context: RoundContext, beacon: Uint8Array): LinearClaim | undefined {
  if (spec.bounds !== undefined) return meterClaim(spec, context, beacon);
  if (spec.total === undefined) return undefined;
  const right = cubic(spec.total + BigInt(spec.values * spec.offset));
  const ones = new BigUint64Array(CUBIC * spec.values);
  for (let at = 0; at < ones.length; at += CUBIC) ones[at] = 1n;
  return { coefficients: overDigits(spec, ones), right };
}
