/**
 * Proofs for one chosen verifier (specification §15.4; Jakobsson, Sako and Impagliazzo 1996, by the composition of Cramer, Damgård and Schoenmakers 1994): "I know the key
 * and the blinding of each of these notes, or I know the verifier's secret key". Who has that key can make the same proof of any notes, so that it says nothing to others.
 *
 *     c | c_V | s_V | s_1 .. s_m      32 bytes each; two answers a note, its key's before its blinding's
 */
import { ByteReader, concatBytes, type RandomBytes, sameBytes } from '../crypto/bytes.ts';
import { publicKeyOf } from '../crypto/box.ts';
import { hash32Of, hashOf } from '../crypto/hash.ts';
import { multiScalar } from '../crypto/msm.ts';
import { Prg } from '../crypto/prg.ts';
import {
  decodeKeyPoint,
  decodePoint,
  decodeScalar,
  encodeScalar,
  G,
  H,
  J0,
  modOrder,
  type Point,
  reduce64,
  type Scalar,
  times,
} from '../crypto/ristretto.ts';
import { proveSchnorr, SCHNORR_BYTES, verifySchnorr } from '../crypto/schnorr.ts';
import { isTacitError, TacitError } from '../errors.ts';
import type { Note } from './notes.ts';
import type { ScalarSource } from './range-proof.ts';

/** Notes of one proof, at most. */
export const MAX_STATED = 256;

/** What is proved, and to whom. */
export interface DesignatedStatement {
  /** The verifier's public key, 32 bytes. */
  readonly verifier: Uint8Array;
  /** Everything else that the proof is bound to: a hash, 32 bytes. */
  readonly message: Uint8Array;
  /** Notes less what they are said to hold: `K = k J0` and `C - a G = r H`. At most {@link MAX_STATED}. */
  readonly notes: readonly Note[];
}

/** What the owner of a note knows of it. */
export interface StatedSecrets {
  /** `k`. */
  readonly key: Scalar;
  /** `r` with `C - a G = r H`. */
  readonly blinding: Scalar;
}

/** Bytes of a proof about so many notes. */
export function designatedProofBytes(notes: number): number {
  return 32 * (3 + 2 * notes);
}

/** `C - a G`, 32 bytes: a commitment to zero if the note holds `amount`. Throws `crypto/bad-point`. */
export function withoutAmount({ key, commitment }: Note, amount: bigint): Note {
  return { key, commitment: decodePoint(commitment).subtract(times(G, amount)).toBytes() };
}

/** Each point with its base. Throws `designated/statement`, `crypto/bad-point`, `crypto/identity`. */
function basesOf({ notes, message, verifier }: DesignatedStatement): { bases: Point[]; points: Point[] } {
  if (notes.length < 1 || notes.length > MAX_STATED || message.length !== 32) {
    throw new TacitError('designated/statement', `a proof is about 1 to ${MAX_STATED} notes`, { notes: notes.length });
  }
  decodeKeyPoint(verifier);
  const points = notes.flatMap(({ key, commitment }) => [decodeKeyPoint(key), decodePoint(commitment)]);
  return { points, bases: points.map((_, i) => (i % 2 === 0 ? J0 : H)) };
}

function challengeOf(
  { verifier, message, notes }: DesignatedStatement,
  masks: readonly Uint8Array[],
  verifierMask: Uint8Array,
): Scalar {
  const points = notes.flatMap(({ key, commitment }) => [key, commitment]);
  return reduce64(hashOf('tacit/designated/1', verifier, message, notes.length, ...points, ...masks, verifierMask));
}

interface Proof {
  readonly own: Scalar;
  readonly verifiers: Scalar;
  readonly verifierAnswer: Scalar;
  readonly answers: readonly Scalar[];
}

const encode = ({ own, verifiers, verifierAnswer, answers }: Proof): Uint8Array =>
  concatBytes(...[own, verifiers, verifierAnswer, ...answers].map(encodeScalar));

/** Mask of a side whose challenge was chosen before: `s B - c X`. Not for secret `s` that stay secret: both are sent. */
const simulated = (base: Point, point: Point, answer: Scalar, challenge: Scalar): Uint8Array =>
  multiScalar([
    { point: base, scalar: answer },
    { point, scalar: -challenge },
  ]).toBytes();

/** Secret scalars for one proof: bound to the secrets and the statement, and hedged with fresh bytes. */
export function designatedNonces(
  { verifier, message, notes }: DesignatedStatement,
  secrets: readonly Scalar[],
  random: RandomBytes,
): ScalarSource {
  const points = notes.flatMap(({ key, commitment }) => [key, commitment]);
  const parts = [random(32), ...secrets.map((secret) => encodeScalar(modOrder(secret))), verifier, message, ...points];
  const stream = new Prg(hash32Of('tacit/designated-nonce/1', ...parts));
  return () => reduce64(stream.next(64));
}

/**
 * The owner's proof. The secrets are not checked: wrong ones give a proof that does not verify.
 * @param nextScalar {@link designatedNonces}; a repeated one reveals the secrets
 * @throws `designated/statement`, `crypto/bad-point`, `crypto/identity`
 */
export function proveDesignated(
  statement: DesignatedStatement,
  secrets: readonly StatedSecrets[],
  nextScalar: ScalarSource,
): Uint8Array {
  const { bases } = basesOf(statement);
  const known = secrets.flatMap(({ key, blinding }) => [key, blinding]);
  if (known.length !== bases.length) throw new TacitError('designated/statement', 'each note has its secrets');
  const [verifiers, verifierAnswer] = [nextScalar(), nextScalar()];
  const nonces = bases.map(nextScalar);
  const masks = bases.map((base, i) => times(base, nonces[i] as Scalar).toBytes());
  const mask = simulated(G, decodeKeyPoint(statement.verifier), verifierAnswer, verifiers);
  const own = modOrder(challengeOf(statement, masks, mask) - verifiers);
  const answers = nonces.map((nonce, i) => modOrder(nonce + own * (known[i] as Scalar)));
  return encode({ own, verifiers, verifierAnswer, answers });
}

/**
 * What the verifier can make without any note: the same proof, distributed in the same way, about whatever notes and amounts. That it can is why its proofs convince nobody else.
 * @throws `designated/statement`, `designated/verifier` for another's secret key
 */
export function forgeDesignated(
  statement: DesignatedStatement,
  verifierSecret: Scalar,
  nextScalar: ScalarSource,
): Uint8Array {
  const { bases, points } = basesOf(statement);
  if (!sameBytes(publicKeyOf(verifierSecret), statement.verifier)) {
    throw new TacitError('designated/verifier', 'the secret key is not that of the statement’s verifier');
  }
  const [nonce, own] = [nextScalar(), nextScalar()];
  const answers = bases.map(nextScalar);
  const masks = bases.map((base, i) => simulated(base, points[i] as Point, answers[i] as Scalar, own));
  const verifiers = modOrder(challengeOf(statement, masks, times(G, nonce).toBytes()) - own);
  return encode({ own, verifiers, verifierAnswer: modOrder(nonce + verifiers * verifierSecret), answers });
}

/** Whether a proof holds. False for anything malformed. */
export function verifyDesignated(statement: DesignatedStatement, proof: Uint8Array): boolean {
  try {
    const { bases, points } = basesOf(statement);
    if (proof.length !== designatedProofBytes(statement.notes.length)) return false;
    const reader = new ByteReader(proof, 'designated/proof');
    const scalar = (): Scalar => decodeScalar(reader.take(32));
    const [own, verifiers, verifierAnswer] = [scalar(), scalar(), scalar()];
    const masks = bases.map((base, i) => simulated(base, points[i] as Point, scalar(), own));
    const mask = simulated(G, decodeKeyPoint(statement.verifier), verifierAnswer, verifiers);
    return modOrder(own + verifiers) === challengeOf(statement, masks, mask);
  } catch (error) {
    if (isTacitError(error)) return false;
    throw error;
  }
}

const KEY_LABEL = 'tacit/verifier-key/1';

/** A verifier's public key, and the proof that somebody knows its secret: 96 bytes. @param hedge 32 fresh random bytes */
export function verifierKey(secret: Scalar, hedge: Uint8Array): Uint8Array {
  const key = publicKeyOf(secret);
  return concatBytes(key, proveSchnorr(secret, hash32Of(KEY_LABEL, key), hedge));
}

/**
 * The key in {@link verifierKey}. A key whose secret nobody knows would make of a statement a proof for everyone.
 * @throws `designated/verifier-key`
 */
export function openVerifierKey(bytes: Uint8Array): Uint8Array {
  const key = bytes.slice(0, 32);
  const isKnown = bytes.length === 32 + SCHNORR_BYTES && verifySchnorr(key, hash32Of(KEY_LABEL, key), bytes.slice(32));
  if (isKnown) return key;
  throw new TacitError('designated/verifier-key', 'this is no verifier’s key with the proof that its secret is known');
}
