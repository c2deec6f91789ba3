/** Verification of one-out-of-many proofs (specification §12.3): four equations a proof, which are checked together with those of other proofs. */
import { decodePoints } from '../crypto/points.ts';
import { modOrder, ORDER, type Scalar } from '../crypto/ristretto.ts';
import { BASE, basePoints, type Combination, digitGenerators } from './combination.ts';
import { messageList, type NoteRing, perNote, type PlaceProof, RADIX } from './one-of-many.ts';
import { powersOf } from './range-proof.ts';

/** What {@link addPlaceEquations} multiplies the four equations with. */
export interface PlaceWeights {
  readonly digits: Scalar;
  readonly keys: Scalar;
  readonly tags: Scalar;
  /** Times `keys` it is the weight of the values. One for all proofs that are checked together. */
  readonly values: Scalar;
}

/** `weight * prod_j f_{j, digit j of the place}` for every place of a ring. */
function placeProducts(digits: number, f: readonly Scalar[], weight: Scalar): Scalar[] {
  let out = [weight];
  for (let j = 0; j < digits; j++) {
    const next: Scalar[] = [];
    for (let i = 0; i < RADIX; i++) {
      const factor = f[j * RADIX + i]!;
      for (const value of out) next.push((value * factor) % ORDER);
    }
    out = next;
  }
  return out;
}

/** `f_{j,i}` for i = 0..3: in every digit they add up to the challenge. */
function allDigits(digits: number, given: readonly Scalar[], x: Scalar): Scalar[] {
  return Array.from({ length: digits }, (_, j) => {
    const rest = given.slice(j * (RADIX - 1), (j + 1) * (RADIX - 1));
    return [modOrder(rest.reduce((left, value) => left - value, x)), ...rest];
  }).flat();
}

/**
 * Adds the proof's equations to `sum`, all but what stands on the points `C` (returned, see there) and on `D`.
 * @param x the challenge
 * @returns the coefficients of the notes' keys: those of their commitments are `weights.values` times these
 * @throws `crypto/bad-point`
 */
export function addPlaceEquations(
  sum: Combination,
  digits: number,
  { messages, responses }: PlaceProof,
  x: Scalar,
  weights: PlaceWeights,
): { notes: Scalar[]; onD: Scalar } {
  const powers = powersOf(x, digits);
  const top = powers[digits]!;
  const wValues = modOrder(weights.keys * weights.values);
  const f = allDigits(digits, responses.digits, x);
  const masksOf = (weight: Scalar): Scalar[] => powers.slice(0, digits).map((power) => -weight * power);
  sum.addAll(decodePoints(messageList(messages)), [
    // x^m U0 - sum x^u Y_u = zKey J
    -weights.tags * responses.zKey,
    // masks + x digits = Com(f, f (x - f); zDigits)
    weights.digits,
    weights.digits * x,
    // sum p K - sum x^u X_u = zKey J0
    ...masksOf(weights.keys),
    ...masksOf(weights.tags),
    // sum p C - x^m D - sum x^u Z_u = zValue H
    ...masksOf(wValues),
  ]);
  const count = RADIX * digits;
  sum.addAll(
    digitGenerators('digits', count),
    f.map((v) => -weights.digits * v),
  );
  sum.addAll(
    digitGenerators('products', count),
    f.map((v) => -weights.digits * modOrder(v * (x - v))),
  );
  const bases = basePoints();
  sum.add(bases, BASE.H, -weights.digits * responses.zDigits - wValues * responses.zValue);
  sum.add(bases, BASE.J0, -weights.keys * responses.zKey);
  sum.add(bases, BASE.U0, weights.tags * top);
  return { notes: placeProducts(digits, f, weights.keys), onD: modOrder(-wValues * top) };
}

/** Adds what {@link addPlaceEquations} returned, of all proofs over a ring together, to the ring's notes. */
export function addNotes(sum: Combination, ring: NoteRing, notes: readonly Scalar[], valuesWeight: Scalar): void {
  const scalars = perNote(notes, ring.keys.count).map(modOrder);
  sum.addAll(ring.keys, scalars);
  sum.addAll(
    ring.commitments,
    scalars.map((scalar) => scalar * valuesWeight),
  );
}
