/**
 * One-out-of-many proof over a ring of notes (specification §12.3): knowledge of a place `l`, of `k` with `K_l = k J0` and `J = k^-1 U0`, and of `r` with
 * `C_l - D = r H`, for a point `D` that the caller names.
 *
 * Groth-Kohlweiss 2015 with the digit commitments of Bootle et al. 2015 in base 4, the parallel relation and tag of Triptych (Noether-Goodell 2020). A ring has
 * 4^digits places; place `i` holds note `i mod count`, so a ring that is not full repeats its notes and has no others. This file is the argument without its
 * challenge, which must cover the statement, the tag and every message (hidden-claim.ts); place-check.ts verifies.
 *
 * What a prover's time shows: of the coefficients of the masks as many are zero for every place (those of places that differ from it in enough digits), and the
 * others are uniform. Which ones they are can be seen by whoever watches the caches of the same machine.
 */
import { ByteReader, concatBytes } from '../crypto/bytes.ts';
import { isIdentity, type PointSet, sumOfProducts } from '../crypto/points.ts';
import {
  decodeScalar,
  encodeScalar,
  invertScalar,
  modOrder,
  ORDER,
  type Point,
  type Scalar,
  times,
  U0,
} from '../crypto/ristretto.ts';
import { TacitError } from '../errors.ts';
import { BASE, basePoints, digitGenerators } from './combination.ts';
import { powersOf, type ScalarSource } from './range-proof.ts';

/** Base of a place's digits. */
export const RADIX = 4;

/** A ring as points: notes `(keys[i], commitments[i])`, 1 to 4^digits of them. */
export interface NoteRing {
  readonly keys: PointSet;
  readonly commitments: PointSet;
  /** 3, 5 or 6: places 64, 1,024 or 4,096. */
  readonly digits: number;
}

export interface PlaceWitness {
  /** Of the note in the ring. */
  readonly place: number;
  /** `k` with `K = k J0`. */
  readonly key: Scalar;
  /** `r` with `C_l - D = r H`. */
  readonly blinding: Scalar;
}

/** The prover's messages; points are canonical only once they are decoded. */
export interface PlaceMessages {
  /** `J`. */
  readonly tag: Uint8Array;
  /** Commitment to the digits' masks and to minus their squares. */
  readonly masks: Uint8Array;
  /** Commitment to the digits and to what the squares leave in between. */
  readonly digits: Uint8Array;
  /** `X_u, Y_u, Z_u` for every power u of the challenge below the number of digits. */
  readonly keyMasks: readonly Uint8Array[];
  readonly tagMasks: readonly Uint8Array[];
  readonly valueMasks: readonly Uint8Array[];
}

export interface PlaceResponses {
  /** `f_{j,i}` for i = 1..3, digit by digit; `f_{j,0}` follows from their sum, the challenge. */
  readonly digits: readonly Scalar[];
  readonly zDigits: Scalar;
  readonly zKey: Scalar;
  readonly zValue: Scalar;
}

export interface PlaceProof {
  readonly messages: PlaceMessages;
  readonly responses: PlaceResponses;
}

const pointsOf = (digits: number): number => 3 + 3 * digits;

/** Bytes of an encoded proof; the first 32 are the tag. */
export function placeProofBytes(digits: number): number {
  return 32 * (pointsOf(digits) + (RADIX - 1) * digits + 3);
}

/** The messages in the order in which they are hashed and sent; the tag first. */
export function messageList({ tag, masks, digits, keyMasks, tagMasks, valueMasks }: PlaceMessages): Uint8Array[] {
  return [tag, masks, digits, ...keyMasks, ...tagMasks, ...valueMasks];
}

export function encodePlaceProof({ messages, responses }: PlaceProof): Uint8Array {
  const { digits, zDigits, zKey, zValue } = responses;
  return concatBytes(...messageList(messages), ...[...digits, zDigits, zKey, zValue].map(encodeScalar));
}

/** Strict in length and scalars, and the tag is not zero. Throws `place/proof-length`, `crypto/bad-scalar`, `crypto/identity`. */
export function decodePlaceProof(digits: number, bytes: Uint8Array): PlaceProof {
  const wanted = placeProofBytes(digits);
  if (bytes.length !== wanted) {
    throw new TacitError('place/proof-length', `a proof of a place has ${wanted} bytes`, { length: bytes.length });
  }
  const reader = new ByteReader(bytes, 'place/proof-length');
  const point = (): Uint8Array => reader.take(32);
  const scalar = (): Scalar => decodeScalar(reader.take(32));
  const list = <T>(n: number, take: () => T): T[] => Array.from({ length: n }, take);
  const tag = point();
  if (isIdentity(tag)) throw new TacitError('crypto/identity', 'the identity is not a tag');
  const messages: PlaceMessages = {
    tag,
    masks: point(),
    digits: point(),
    keyMasks: list(digits, point),
    tagMasks: list(digits, point),
    valueMasks: list(digits, point),
  };
  const responses = list((RADIX - 1) * digits, scalar);
  return { messages, responses: { digits: responses, zDigits: scalar(), zKey: scalar(), zValue: scalar() } };
}

const digitOf = (place: number, j: number): number => (place >> (2 * j)) & (RADIX - 1);

/** Throws `place/ring` for a ring that has no notes, or more than places. */
export function checkRing({ keys, commitments, digits }: NoteRing): void {
  const places = RADIX ** digits;
  if (keys.count !== commitments.count || keys.count < 1 || keys.count > places) {
    throw new TacitError('place/ring', `a ring has 1 to ${places} notes`, { count: keys.count });
  }
}

const sumOf = (values: readonly bigint[]): bigint => values.reduce((sum, value) => sum + value, 0n);

/** `values`, one per place, added up per note. */
export function perNote(values: readonly bigint[], count: number): bigint[] {
  const sums = values.slice(0, count);
  for (let i = count; i < values.length; i++) sums[i % count]! += values[i]!;
  return sums;
}

/** Coefficients u < digits of `prod_j (sigma_j x + a_j)` for every place, place by place. */
function placePolynomials(digits: number, sigma: readonly Scalar[], masks: readonly Scalar[]): Scalar[][] {
  let out: Scalar[][] = [[1n]];
  for (let j = 0; j < digits; j++) {
    const next: Scalar[][] = [];
    for (let i = 0; i < RADIX; i++) {
      const [a, b] = [masks[j * RADIX + i]!, sigma[j * RADIX + i]!];
      for (const polynomial of out) {
        const product = polynomial.map((c) => (c * a) % ORDER);
        if (b !== 0n) polynomial.forEach((c, u) => (product[u + 1] = modOrder((product[u + 1] ?? 0n) + c * b)));
        next.push(product);
      }
    }
    out = next;
  }
  return out;
}

function digitCommitment(values: readonly bigint[], products: readonly bigint[], blinding: Scalar): Uint8Array {
  return sumOfProducts(
    { points: digitGenerators('digits', values.length), scalars: values.map(modOrder) },
    { points: digitGenerators('products', values.length), scalars: products.map(modOrder) },
    { points: basePoints(), scalars: [0n, blinding, 0n, 0n] },
  );
}

/** A proof of which the messages are sent and the responses are not. */
export interface Opened {
  readonly messages: PlaceMessages;
  /** Answers the challenge. Once only: two answers reveal the witness. */
  respond(x: Scalar): PlaceResponses;
}

/** What the prover draws: masks of the digits, and blindings. */
interface Nonces {
  /** `a_{j,i}`, which add up to 0 in every digit. */
  readonly masks: readonly Scalar[];
  readonly blindMasks: Scalar;
  readonly blindDigits: Scalar;
  readonly keyBlinds: readonly Scalar[];
  readonly valueBlinds: readonly Scalar[];
}

function drawNonces(digits: number, nextScalar: ScalarSource): Nonces {
  const draw = (n: number): Scalar[] => Array.from({ length: n }, nextScalar);
  const masks: Scalar[] = [];
  for (let j = 0; j < digits; j++) {
    const free = draw(RADIX - 1);
    masks.push(modOrder(-sumOf(free)), ...free);
  }
  return {
    masks,
    blindMasks: nextScalar(),
    blindDigits: nextScalar(),
    keyBlinds: draw(digits),
    valueBlinds: draw(digits),
  };
}

/**
 * The first move of a proof. The witness is not checked: a wrong one gives a proof that does not verify. `D` plays no part in it: the masks are those of `C`.
 * @param nextScalar secret uniform scalars, bound to witness and statement (a repeated one reveals the key)
 * @throws `place/ring`, `place/no-such-note`
 */
export function openPlaceProof(ring: NoteRing, witness: PlaceWitness, nextScalar: ScalarSource): Opened {
  checkRing(ring);
  const { place, key } = witness;
  if (!Number.isInteger(place) || place < 0 || place >= ring.keys.count) {
    throw new TacitError('place/no-such-note', 'the ring has no note at this place', { place });
  }
  const sigma = Array.from({ length: ring.digits }, (_, j) => {
    return Array.from({ length: RADIX }, (_, i) => (digitOf(place, j) === i ? 1n : 0n));
  }).flat();
  const nonces = drawNonces(ring.digits, nextScalar);
  const messages = messagesOf(ring, times(U0, invertScalar(key)), sigma, nonces);
  return { messages, respond: (x) => responsesTo(x, witness, sigma, nonces) };
}

function messagesOf(ring: NoteRing, tag: Point, sigma: readonly Scalar[], nonces: Nonces): PlaceMessages {
  const { masks, blindMasks, blindDigits, keyBlinds, valueBlinds } = nonces;
  const squares = masks.map((a) => -a * a);
  const between = masks.map((a, i) => a * (1n - 2n * sigma[i]!));
  const polynomials = placePolynomials(ring.digits, sigma, masks);
  const maskOf = (points: PointSet, u: number, base: number, blind: Scalar): Uint8Array => {
    const coefficients = polynomials.map((polynomial) => polynomial[u] ?? 0n);
    const scalars = perNote(coefficients, points.count).map(modOrder);
    const blinds = [0n, 0n, 0n, 0n].with(base, blind);
    return sumOfProducts({ points, scalars }, { points: basePoints(), scalars: blinds });
  };
  return {
    tag: tag.toBytes(),
    masks: digitCommitment(masks, squares, blindMasks),
    digits: digitCommitment(sigma, between, blindDigits),
    keyMasks: keyBlinds.map((blind, u) => maskOf(ring.keys, u, BASE.J0, blind)),
    tagMasks: keyBlinds.map((blind) => times(tag, blind).toBytes()),
    valueMasks: valueBlinds.map((blind, u) => maskOf(ring.commitments, u, BASE.H, blind)),
  };
}

function responsesTo(x: Scalar, witness: PlaceWitness, sigma: readonly Scalar[], nonces: Nonces): PlaceResponses {
  const { masks, blindMasks, blindDigits, keyBlinds, valueBlinds } = nonces;
  const powers = powersOf(x, keyBlinds.length);
  const answer = (secret: Scalar, blinds: readonly Scalar[]): Scalar =>
    modOrder(secret * powers.at(-1)! - sumOf(blinds.map((blind, u) => blind * powers[u]!)));
  return {
    digits: masks.map((a, i) => modOrder(a + x * sigma[i]!)).filter((_, i) => i % RADIX !== 0),
    zDigits: modOrder(blindDigits * x + blindMasks),
    zKey: answer(witness.key, keyBlinds),
    zValue: answer(witness.blinding, valueBlinds),
  };
}
