/**
 * A lane is what a round collects under one rule: model updates, usage, ballots, counts, meters. Its specification is part of the round on the chain and
 * fixes, to the byte, what a submission looks like (§4, §5).
 */
import { concatBytes, signedLittleEndian } from '../crypto/bytes.ts';
import { hash32Of } from '../crypto/hash.ts';
import { TacitError } from '../errors.ts';
import { PLAIN_MODULUS } from '../fhe/params.ts';

/** Wire numbers of the lanes. */
export const LANES = { update: 0, usage: 1, ballot: 2, counts: 3, meter: 4 } as const;
export type LaneName = keyof typeof LANES;

/** The base of the range proof: every digit is proved to be one of 0..15. */
export const DIGIT_BASE = 16;
/** Spare coordinates at the end of a vector of fixed norm: four squares complete any remainder (Lagrange). */
export const SPARE_COORDINATES = 4;

/** Values stay below 16^12 = 2^48: less than half of every plaintext modulus, and exact in a double. */
export const MAX_DIGITS_PER_VALUE = 12;
const MAX_CLAIM = 1n << 63n;

/** What the submissions of one (lane, part) of a round must be. */
export interface LaneSpec {
  readonly lane: LaneName;
  /** Which part of a vector that needs several submissions. */
  readonly part: number;
  /** How many coefficients carry a value, spare coordinates included. */
  readonly values: number;
  /** Base-16 digits of each `value + offset`. */
  readonly digits: number;
  /** Added to a value before it is written in digits: values lie in `[-offset, 16^digits - offset)`. The plaintext holds the value itself. */
  readonly offset: number;
  /** The public squared norm of the values, if the lane fixes it. */
  readonly normSq?: bigint;
  /** What the values must add up to, if that is public. */
  readonly total?: bigint;
  /** Of a meter (meter.ts): the bound of each count. The total is then that of the counts, which are not values themselves. */
  readonly bounds?: readonly bigint[];
}

/** Digits in one submission of the lane. */
export function digitCount(spec: LaneSpec): number {
  return spec.values * spec.digits;
}

/** Values of the vector for each count of a meter (meter.ts). */
export const METER_VALUES = 4;

/**
 * Whether digits could make a claim's equation wrap: it is one of integers and is checked modulo t, so whatever digits a submission has, both sides must be
 * below t (§5.3).
 */
export function claimsWrap({ values, digits, offset, normSq, total, bounds }: LaneSpec): boolean {
  const limit = BigInt(DIGIT_BASE) ** BigInt(digits);
  const largest = [BigInt(offset), limit - 1n - BigInt(offset)].reduce((a, b) => (a > b ? a : b));
  const count = BigInt(values);
  const sides: bigint[] = [];
  if (normSq !== undefined) sides.push(normSq, count * largest * largest);
  if (bounds !== undefined) sides.push(total ?? 0n, 2n * limit, (2n * limit * count) / BigInt(METER_VALUES));
  else if (total !== undefined) sides.push(total + count * BigInt(offset), count * (limit - 1n));
  return sides.some((side) => side >= PLAIN_MODULUS);
}

/** Refuses a specification that no submission could meet, or that false ones could. Code `proofs/bad-lane`. @param maxValues most values of one submission */
export function checkLane(spec: LaneSpec, maxValues: number): void {
  const whole = (name: string, value: number, from: number, to: number): void => {
    if (!Number.isInteger(value) || value < from || value > to) {
      throw new TacitError('proofs/bad-lane', `${name} of a lane must be a whole number from ${from} to ${to}`, {
        [name]: value,
      });
    }
  };
  if (!Object.hasOwn(LANES, spec.lane)) throw new TacitError('proofs/bad-lane', 'unknown lane', { lane: spec.lane });
  whole('part', spec.part, 0, 255);
  whole('values', spec.values, 1, maxValues);
  whole('digits', spec.digits, 1, MAX_DIGITS_PER_VALUE);
  whole('offset', spec.offset, 0, Math.min(DIGIT_BASE ** spec.digits, 2 ** 32) - 1);
  if (digitCount(spec) > 2 * maxValues) {
    throw new TacitError('proofs/bad-lane', 'a submission carries at most two digits per possible value', {
      digits: digitCount(spec),
    });
  }
  for (const [name, claim] of [['normSq', spec.normSq] as const, ['total', spec.total] as const]) {
    if (claim !== undefined && (claim < 0n || claim >= MAX_CLAIM)) {
      throw new TacitError('proofs/bad-lane', `${name} of a lane must lie in [0, 2^63)`, {});
    }
  }
  if (claimsWrap(spec)) {
    throw new TacitError('proofs/bad-lane', 'norm or total of the lane could wrap modulo the plaintext modulus', {
      values: spec.values,
      digits: spec.digits,
    });
  }
}

/** Canonical bytes of a specification: the "public claims" in every hash of §4 and §5. Those of a meter end with the hash of its bounds. */
export function laneBytes(spec: LaneSpec): Uint8Array {
  const { bounds } = spec;
  return bounds === undefined
    ? plainBytes(spec)
    : concatBytes(plainBytes(spec), hash32Of('tacit/meter/1', ...bounds.map((bound) => signedLittleEndian(bound, 9))));
}

function plainBytes(spec: LaneSpec): Uint8Array {
  const bytes = new Uint8Array(32);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, LANES[spec.lane]);
  view.setUint8(1, spec.part);
  view.setUint8(2, spec.digits);
  view.setUint8(3, (spec.normSq === undefined ? 0 : 1) | (spec.total === undefined ? 0 : 2));
  view.setUint32(4, spec.values, true);
  view.setUint32(8, spec.offset, true);
  view.setBigUint64(16, spec.normSq ?? 0n, true);
  view.setBigUint64(24, spec.total ?? 0n, true);
  return bytes;
}

/**
 * The base-16 digits of `values[v] + offset`, least significant first: digit `v * digits + i` weighs `16^i`.
 * Codes `proofs/value-count`, `proofs/value-range`.
 */
export function digitsOf(spec: LaneSpec, values: ArrayLike<number>): Uint8Array {
  if (values.length !== spec.values) {
    throw new TacitError('proofs/value-count', 'the number of values is not the lane’s', {
      want: spec.values,
      got: values.length,
    });
  }
  const out = new Uint8Array(digitCount(spec));
  const limit = DIGIT_BASE ** spec.digits;
  for (let v = 0; v < spec.values; v++) {
    let rest = (values[v] ?? Number.NaN) + spec.offset;
    if (!Number.isInteger(rest) || rest < 0 || rest >= limit) {
      throw new TacitError('proofs/value-range', 'a value does not fit the lane’s digits', { index: v });
    }
    for (let i = 0; i < spec.digits; i++) {
      out[v * spec.digits + i] = rest % DIGIT_BASE;
      rest = Math.floor(rest / DIGIT_BASE);
    }
  }
  return out;
}
