/** Claims of a lane that are linear in its digits, as one equation over K (§13.6): the public total, or the equations of a meter. */
import { hash32Of } from '../crypto/hash.ts';
import { Prg } from '../crypto/prg.ts';
import type { RoundContext } from '../fhe/params.ts';
import { DIGIT_BASE, type LaneSpec } from '../proofs/lane.ts';
import { equationsOf } from '../proofs/meter.ts';
import { coefficientLabel } from '../proofs/validity.ts';
import { addPlain, cubic, CUBIC, type CubicVector, linearPlain, uniformPlain } from './field.ts';

/** `sum of coefficients_k d_k = right` over the digits `d_k`. */
export interface LinearClaim {
  readonly coefficients: CubicVector;
  readonly right: CubicVector;
}

/** Coefficients of the digits from those of the values: a digit counts `16^i` times its value's. */
function overDigits({ digits, values }: LaneSpec, ofValue: (v: number) => CubicVector): CubicVector {
  const out = new BigUint64Array(CUBIC * digits * values);
  for (let v = 0; v < values; v++) {
    const own = ofValue(v);
    for (let i = 0; i < digits; i++) {
      const weight = BigInt(DIGIT_BASE) ** BigInt(i);
      out.set(i === 0 ? own : linearPlain([[weight, own]]), CUBIC * (v * digits + i));
    }
  }
  return out;
}

/** A meter's equations with weights that nobody could know before the beacon. */
function meterClaim(spec: LaneSpec, context: RoundContext, beacon: Uint8Array): LinearClaim {
  const equations = equationsOf(spec);
  const prg = new Prg(hash32Of('tacit/linear/meter/1', ...coefficientLabel(context, beacon)));
  const weights = uniformPlain(prg, CUBIC * equations.length);
  const values = Array.from({ length: spec.values }, () => cubic(0n));
  let right = cubic(0n);
  equations.forEach(({ terms, right: own }, e) => {
    const weight = weights.subarray(CUBIC * e, CUBIC * (e + 1));
    right = addPlain(right, linearPlain([[own, weight]]));
    for (const [place, by] of terms) {
      values[place] = addPlain(values[place] as CubicVector, linearPlain([[by, weight]]));
    }
  });
  return { coefficients: overDigits(spec, (v) => values[v] as CubicVector), right };
}

/** The linear claim of a lane; of a lane without one undefined. Made once per lane and beacon. */
export function linearClaim(spec: LaneSpec, context: RoundContext, beacon: Uint8Array): LinearClaim | undefined {
  if (spec.bounds !== undefined) return meterClaim(spec, context, beacon);
  if (spec.total === undefined) return undefined;
  const right = cubic(spec.total + BigInt(spec.values * spec.offset));
  const one = cubic(1n);
  return { coefficients: overDigits(spec, () => one), right };
}
