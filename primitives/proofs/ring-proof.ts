/**
 * One-out-of-many proof over notes: knowledge of `l, k, r'` with `K_l = k J0`, `C_l - d G = r' H` and `J = k^-1 U0`, for one of the 64 entries of a ring.
 *
 * Groth-Kohlweiss 2015 with the digit commitments of Bootle et al. 2015, base 4 (three digits), and the parallel relation and linking tag of Triptych
 * (Noether-Goodell 2020). Keys and values have different generators, hence a mask vector and a response each (`X`, `zKey` and `Z`, `zValue`).
 * This file is the interactive argument; the challenge is a function given by the caller (ring.ts), which must cover statement, tag and messages.
 */
import { ByteReader, concatBytes } from '../crypto/bytes.ts';
import { multiScalar, type Term } from '../crypto/msm.ts';
import {
  decodeKeyPoint,
  decodePoint,
  decodeScalar,
  encodeScalar,
  G,
  H,
  hashToPoint,
  hashToScalar,
  invertScalar,
  J0,
  modOrder,
  ORDER,
  type Point,
  type Scalar,
  times,
  U0,
  ZERO,
} from '../crypto/ristretto.ts';
import { TacitError } from '../errors.ts';
import { BIN_NOTES, type RingNote, RING_SIZE } from './notes.ts';

const BASE = 4;
const DIGITS = 3;

/** Generators of the digit commitments, one per (digit, value), and their blinding. */
const digitGenerators = Array.from({ length: DIGITS * BASE }, (_, i) => hashToPoint('tacit/ring-digit/1', i));
const digitBlinding = hashToPoint('tacit/ring-digit/1', 'blinding');

/** The ring and the amount that its spent entry must have. */
export interface RingStatement {
  /** {@link BIN_NOTES} notes; entries `2i` and `2i + 1` are note `i` and its twin. */
  readonly notes: readonly RingNote[];
  /** `t`: the twin's value is `C + t G`. */
  readonly modulus: bigint;
  /** `d`. */
  readonly amount: bigint;
}

export interface RingWitness {
  /** Entry `l` in [0, 64). */
  readonly entry: number;
  /** `k` with `K = k J0`. */
  readonly key: Scalar;
  /** `r'` with `C_l - d G = r' H`. */
  readonly blinding: Scalar;
}

/** The prover's first messages. */
export interface RingMessages {
  /** `J`. */
  readonly tag: Point;
  /** Commitments `A, B, C, D` to masks, digits, their products and squares. */
  readonly digits: readonly [Point, Point, Point, Point];
  /** `X_u, Y_u, Z_u` for every power u below {@link DIGITS} of the challenge. */
  readonly keyMasks: readonly Point[];
  readonly tagMasks: readonly Point[];
  readonly valueMasks: readonly Point[];
}

export interface RingResponses {
  /** `f_{j,i} = a_{j,i} + x sigma_{j,i}` for i = 1..3, digit by digit; `f_{j,0}` follows from their sum `x`. */
  readonly digits: readonly Scalar[];
  readonly zA: Scalar;
  readonly zC: Scalar;
  readonly zKey: Scalar;
  readonly zValue: Scalar;
}

export interface RingProof {
  readonly messages: RingMessages;
  readonly responses: RingResponses;
}

/** The verifier's question: a scalar from every message, in order. */
export type Challenge = (messages: RingMessages) => Scalar;

const POINTS = 1 + 4 + 3 * DIGITS;
const SCALARS = DIGITS * (BASE - 1) + 4;
/** Bytes of an encoded proof. */
export const RING_PROOF_BYTES: number = 32 * (POINTS + SCALARS);

/** The messages' points in the order in which they are hashed and sent; the tag first. */
export function messagePoints({ tag, digits, keyMasks, tagMasks, valueMasks }: RingMessages): Point[] {
  return [tag, ...digits, ...keyMasks, ...tagMasks, ...valueMasks];
}

export function encodeRingProof({ messages, responses }: RingProof): Uint8Array {
  const { digits, zA, zC, zKey, zValue } = responses;
  return concatBytes(
    ...messagePoints(messages).map((point) => point.toBytes()),
    ...[...digits, zA, zC, zKey, zValue].map(encodeScalar),
  );
}

/** Strict: exact length, canonical points and scalars, a tag that is not the identity. */
export function decodeRingProof(bytes: Uint8Array): RingProof {
  if (bytes.length !== RING_PROOF_BYTES) {
    throw new TacitError('ring/proof-length', `a proof has ${RING_PROOF_BYTES} bytes`, { length: bytes.length });
  }
  const reader = new ByteReader(bytes, 'ring/proof-length');
  const point = (): Point => decodePoint(reader.take(32));
  const masks = (): Point[] => Array.from({ length: DIGITS }, point);
  const scalar = (): Scalar => decodeScalar(reader.take(32));
  const tag = decodeKeyPoint(reader.take(32));
  const messages: RingMessages = {
    tag,
    digits: [point(), point(), point(), point()],
    keyMasks: masks(),
    tagMasks: masks(),
    valueMasks: masks(),
  };
  const digits = Array.from({ length: DIGITS * (BASE - 1) }, scalar);
  return { messages, responses: { digits, zA: scalar(), zC: scalar(), zKey: scalar(), zValue: scalar() } };
}

/** The tag of a note key: `J = k^-1 U0`, the same for the note and its twin. */
export function tagOfKey(key: Scalar): Point {
  return times(U0, invertScalar(key));
}

const digitOf = (entry: number, j: number): number => Math.floor(entry / BASE ** j) % BASE;

/** Coefficients u < DIGITS of `p_entry(x) = prod_j (sigma_j x + a_j)` for every entry; the leading one is 1 at the spent entry, else 0. */
function entryPolynomials(sigma: readonly Scalar[], masks: readonly Scalar[]): Scalar[][] {
  return Array.from({ length: RING_SIZE }, (_, entry) => {
    let polynomial = [1n];
    for (let j = 0; j < DIGITS; j++) {
      const at = j * BASE + digitOf(entry, j);
      const next = Array.from({ length: polynomial.length + 1 }, () => 0n);
      polynomial.forEach((c, u) => {
        next[u] = modOrder(next[u]! + c * masks[at]!);
        next[u + 1] = modOrder(next[u + 1]! + c * sigma[at]!);
      });
      polynomial = next;
    }
    return polynomial.slice(0, DIGITS);
  });
}

function digitCommitment(values: readonly Scalar[], blinding: Scalar): Point {
  return values.reduce((sum, v, i) => sum.add(times(digitGenerators[i]!, v)), times(digitBlinding, blinding));
}

/** Of every note, the sums of `coefficients` over its two entries, and over all twins: entry `2i + 1` has `t G` more than entry `2i`. */
function foldTwins(coefficients: readonly Scalar[]): { notes: Scalar[]; twins: Scalar } {
  let twins = 0n;
  const notes = Array.from({ length: BIN_NOTES }, (_, i) => {
    twins += coefficients[2 * i + 1]!;
    return coefficients[2 * i]! + coefficients[2 * i + 1]!;
  });
  return { notes, twins };
}

const sumOf = (values: readonly Scalar[]): Scalar => values.reduce((sum, v) => sum + v, 0n);
const powersOf = (x: Scalar): Scalar[] => {
  const powers = [1n];
  for (let u = 0; u < DIGITS; u++) powers.push(modOrder(powers[u]! * x));
  return powers;
};

/** Uniform scalars for one proof; never used twice. */
export type ScalarSource = () => Scalar;

/**
 * Proves the statement. The witness is not checked: a wrong one gives a proof that does not verify.
 * @param nextScalar secret uniform scalars, bound to witness and statement (a repeated one reveals the key)
 */
export function proveRing(
  statement: RingStatement,
  witness: RingWitness,
  challenge: Challenge,
  nextScalar: ScalarSource,
): RingProof {
  const draw = (n: number): Scalar[] => Array.from({ length: n }, nextScalar);
  const sigma: Scalar[] = [];
  const masks: Scalar[] = [];
  for (let j = 0; j < DIGITS; j++) {
    const free = draw(BASE - 1);
    masks.push(modOrder(-sumOf(free)), ...free);
    for (let i = 0; i < BASE; i++) sigma.push(digitOf(witness.entry, j) === i ? 1n : 0n);
  }
  const [rA, rB, rC, rD] = draw(4) as [Scalar, Scalar, Scalar, Scalar];
  const keyBlinds = draw(DIGITS);
  const valueBlinds = draw(DIGITS);
  const tag = tagOfKey(witness.key);
  const polynomials = entryPolynomials(sigma, masks);
  const keyMasks: Point[] = [];
  const valueMasks: Point[] = [];
  for (let u = 0; u < DIGITS; u++) {
    const coefficients = polynomials.map((p) => p[u]!);
    const { notes, twins } = foldTwins(coefficients);
    const offset = twins * statement.modulus - sumOf(coefficients) * statement.amount;
    let keys = times(J0, keyBlinds[u]!);
    let values = times(H, valueBlinds[u]!).add(times(G, offset));
    statement.notes.forEach(({ key, commitment }, i) => {
      keys = keys.add(times(key, notes[i]!));
      values = values.add(times(commitment, notes[i]!));
    });
    keyMasks.push(keys);
    valueMasks.push(values);
  }
  const messages: RingMessages = {
    tag,
    digits: [
      digitCommitment(masks, rA),
      digitCommitment(sigma, rB),
      digitCommitment(
        masks.map((a, i) => a * (1n - 2n * sigma[i]!)),
        rC,
      ),
      digitCommitment(
        masks.map((a) => -a * a),
        rD,
      ),
    ],
    keyMasks,
    tagMasks: keyBlinds.map((blind) => times(tag, blind)),
    valueMasks,
  };
  const x = challenge(messages);
  const powers = powersOf(x);
  const response = (secret: Scalar, blinds: readonly Scalar[]): Scalar =>
    modOrder(secret * powers[DIGITS]! - sumOf(blinds.map((blind, u) => blind * powers[u]!)));
  return {
    messages,
    responses: {
      digits: masks.map((a, i) => modOrder(a + x * sigma[i]!)).filter((_, i) => i % BASE !== 0),
      zA: modOrder(rB * x + rA),
      zC: modOrder(rC * x + rD),
      zKey: response(witness.key, keyBlinds),
      zValue: response(witness.blinding, valueBlinds),
    },
  };
}

/**
 * Whether the proof holds. Its five equations are added with weights hashed from the whole proof (a wrong one survives with probability 2^-250 per try)
 * and become one multi-scalar multiplication of about a hundred points.
 */
export function verifyRing(statement: RingStatement, proof: RingProof, challenge: Challenge): boolean {
  const { messages, responses } = proof;
  if (statement.notes.length !== BIN_NOTES) return false;
  const x = challenge(messages);
  if (x === 0n) return false;
  const powers = powersOf(x);
  const top = powers[DIGITS]!;

  const digits: Scalar[] = [];
  for (let j = 0; j < DIGITS; j++) {
    const given = responses.digits.slice(j * (BASE - 1), (j + 1) * (BASE - 1));
    digits.push(modOrder(x - sumOf(given)), ...given);
  }
  const coefficients = Array.from({ length: RING_SIZE }, (_, entry) => {
    let product = 1n;
    for (let j = 0; j < DIGITS; j++) product = (product * digits[j * BASE + digitOf(entry, j)]!) % ORDER;
    return product;
  });
  const { notes, twins } = foldTwins(coefficients);

  const encoded = encodeRingProof(proof);
  const weight = (i: number): Scalar => hashToScalar('tacit/ring-batch/1', encoded, encodeScalar(x), i);
  const [wBits, wSquares, wKeys, wTags, wValues] = [0, 1, 2, 3, 4].map(weight) as [
    Scalar,
    Scalar,
    Scalar,
    Scalar,
    Scalar,
  ];
  const [A, B, C, D] = messages.digits;
  const terms: Term[] = [
    // A + x B = Com(f; zA)
    { point: A, scalar: wBits },
    { point: B, scalar: wBits * x },
    // D + x C = Com(f (x - f); zC)
    { point: D, scalar: wSquares },
    { point: C, scalar: wSquares * x },
    ...digits.map((f, i) => ({ point: digitGenerators[i]!, scalar: -wBits * f - wSquares * f * (x - f) })),
    { point: digitBlinding, scalar: -wBits * responses.zA - wSquares * responses.zC },
    // sum p K - sum x^u X_u = zKey J0
    ...statement.notes.map(({ key }, i) => ({ point: key, scalar: wKeys * notes[i]! })),
    ...messages.keyMasks.map((point, u) => ({ point, scalar: -wKeys * powers[u]! })),
    { point: J0, scalar: -wKeys * responses.zKey },
    // x^m U0 - sum x^u Y_u = zKey J
    { point: U0, scalar: wTags * top },
    ...messages.tagMasks.map((point, u) => ({ point, scalar: -wTags * powers[u]! })),
    { point: messages.tag, scalar: -wTags * responses.zKey },
    // sum p (C - d G) - sum x^u Z_u = zValue H, where the p add up to x^m
    ...statement.notes.map(({ commitment }, i) => ({ point: commitment, scalar: wValues * notes[i]! })),
    { point: G, scalar: wValues * (twins * statement.modulus - top * statement.amount) },
    ...messages.valueMasks.map((point, u) => ({ point, scalar: -wValues * powers[u]! })),
    { point: H, scalar: -wValues * responses.zValue },
  ];
  return multiScalar(terms).equals(ZERO);
}
