/** A prover of places that takes any digits, written apart from the product's, and the check of one proof alone. Rings of 64 places that are full. */
import { decodePoints, type PointSet, sumOfProducts } from '../../../../primitives/crypto/points.ts';
import {
  H,
  hashToPoint,
  invertScalar,
  J0,
  modOrder,
  type Point,
  randomScalar,
  type Scalar,
  times,
  U0,
} from '../../../../primitives/crypto/ristretto.ts';
import { Combination } from '../../../../primitives/proofs/combination.ts';
import type { NoteRing, PlaceMessages, PlaceProof } from '../../../../primitives/proofs/one-of-many.ts';
import { addNotes, addPlaceEquations } from '../../../../primitives/proofs/place-check.ts';
import { random } from './notes.ts';

const DIGITS = 3;
const draw = (): Scalar => randomScalar(random);
const list = (n: number): Scalar[] => Array.from({ length: n }, draw);
const sum = (values: readonly bigint[]): bigint => values.reduce((a, b) => a + b, 0n);

function vectorCommitment(values: readonly bigint[], products: readonly bigint[], blinding: Scalar): Uint8Array {
  const points = (part: string): PointSet =>
    decodePoints(values.map((_, i) => hashToPoint('tacit/place-digit/1', part, i).toBytes()));
  return sumOfProducts(
    { points: points('digits'), scalars: values.map(modOrder) },
    { points: points('products'), scalars: products.map(modOrder) },
    { points: decodePoints([H.toBytes()]), scalars: [blinding] },
  );
}

/** Whether the proof's equations hold for the challenge `x` and the point `D`. */
export function placeHolds(ring: NoteRing, D: Point, proof: PlaceProof, x: Scalar): boolean {
  const weights = { digits: draw(), keys: draw(), tags: draw(), values: draw() };
  const total = new Combination();
  const { notes, onD } = addPlaceEquations(total, ring.digits, proof, x, weights);
  addNotes(total, ring, notes, weights.values);
  total.add(decodePoints([D.toBytes()]), 0, onD);
  return total.isZero();
}

export interface PlaceForgery {
  /** `sigma_{j,i}`, four for each digit, adding up to 1; an honest prover's are unit vectors. */
  readonly sigma: readonly (readonly bigint[])[];
  /** Logarithms of the notes added up with the products of these as weights. */
  readonly key: Scalar;
  readonly blinding: Scalar;
  /** Chosen once the challenge is known: works where the challenge does not cover it. */
  readonly late: 'digits' | 'valueMask' | 'none';
}

/** @param challenge of the messages; those that are chosen late are still missing in them (zeros) */
export function forgePlace(
  ring: NoteRing,
  D: Point,
  { sigma, key, blinding, late }: PlaceForgery,
  challenge: (messages: PlaceMessages) => Scalar,
): PlaceProof {
  const bits = sigma.flat();
  const masks = sigma.flatMap(() => {
    const free = list(3);
    return [modOrder(-sum(free)), ...free];
  });
  const [rMasks, rDigits] = [draw(), draw()];
  const [rho, rhoValue] = [list(DIGITS), list(DIGITS)];
  const tag = times(U0, invertScalar(key));
  const coefficients = Array.from({ length: 64 }, (_, place) => {
    let polynomial = [1n];
    for (let j = 0; j < DIGITS; j++) {
      const at = 4 * j + ((place >> (2 * j)) & 3);
      polynomial = Array.from({ length: polynomial.length + 1 }, (_, u) =>
        modOrder((polynomial[u] ?? 0n) * masks[at]! + (polynomial[u - 1] ?? 0n) * bits[at]!),
      );
    }
    return polynomial;
  });
  const mask = (points: PointSet, u: number, base: Point, blind: Scalar): Uint8Array =>
    sumOfProducts(
      { points, scalars: coefficients.map((polynomial) => polynomial[u]!) },
      { points: decodePoints([base.toBytes()]), scalars: [blind] },
    );
  const missing = new Uint8Array(32);
  const between = masks.map((a, i) => a * (1n - 2n * bits[i]!));
  const messages: PlaceMessages = {
    tag: tag.toBytes(),
    masks: vectorCommitment(
      masks,
      masks.map((a) => -a * a),
      rMasks,
    ),
    digits: late === 'digits' ? missing : vectorCommitment(bits, between, rDigits),
    keyMasks: rho.map((blind, u) => mask(ring.keys, u, J0, blind)),
    tagMasks: rho.map((blind) => times(tag, blind).toBytes()),
    valueMasks: rhoValue.map((blind, u) =>
      late === 'valueMask' && u === 0 ? missing : mask(ring.commitments, u, H, blind),
    ),
  };
  const x = challenge(messages);
  const f = masks.map((a, i) => modOrder(a + x * bits[i]!));
  const zDigits = modOrder(rMasks + x * rDigits);
  const answer = (secret: Scalar, blinds: readonly Scalar[]): Scalar =>
    modOrder(secret * x ** 3n - blinds.reduce((total, blind, u) => total + blind * x ** BigInt(u), 0n));
  const zValue = answer(blinding, rhoValue);
  const digits = { ...messages };
  if (late === 'digits') {
    const both = vectorCommitment(
      f,
      f.map((v) => v * (x - v)),
      zDigits,
    );
    const back = invertScalar(x);
    const scalars = [back, modOrder(-back)];
    Object.assign(digits, { digits: sumOfProducts({ points: decodePoints([both, messages.masks]), scalars }) });
  }
  if (late === 'valueMask') {
    // Z_0 = sum p C - x^3 D - x Z_1 - x^2 Z_2 - zValue H
    const weights = coefficients.map((p) => modOrder(sum(p.map((c, u) => c * x ** BigInt(u)))));
    const others = [D.toBytes(), messages.valueMasks[1]!, messages.valueMasks[2]!, H.toBytes()];
    const scalars = [x ** 3n, x, x * x, zValue].map((value) => modOrder(-value));
    const first = sumOfProducts(
      { points: ring.commitments, scalars: weights },
      { points: decodePoints(others), scalars },
    );
    Object.assign(digits, { valueMasks: [first, ...messages.valueMasks.slice(1)] });
  }
  const responses = { digits: f.filter((_, i) => i % 4 !== 0), zDigits, zKey: answer(key, rho), zValue };
  return { messages: digits, responses };
}
