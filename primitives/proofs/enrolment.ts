/**
 * Enrolments (specification §7): how an account takes part in the payout of a round without anybody learning its amount.
 *
 * Once per round, before the close, it posts a one-time note key `K = k J0`, and commitments `M = m G + r H` and `T = a G + b H` to the mask `m` of its
 * payout and to the blinding of the mask's check. `m, r, a, b` are sums over the subsets of pieces expanded from seeds sealed to `X_A^mask`; the integer `m`
 * has a public `delta` besides. An *item* of a round is an enrolled account. Everything is derived from the wallet's seed and what stands on the chain,
 * so that a wallet needs no memory. How the committee checks an enrolment is in enrolment-check.ts.
 *
 *     version | subsets | E | salt | K | M | T | delta | one seed box per subset | proof of knowledge of E | proof of knowledge of k
 */
import { at } from '../at.ts';
import { BOX_OVERHEAD, openAllWith, publicKeyOf, sealTo } from '../crypto/box.ts';
import {
  ByteReader,
  concatBytes,
  fromLittleEndian,
  fromSignedLittleEndian,
  type RandomBytes,
  sameBytes,
  signedLittleEndian,
} from '../crypto/bytes.ts';
import { type HashPart, hash32Of } from '../crypto/hash.ts';
import { Prg } from '../crypto/prg.ts';
import {
  commit,
  decodeKeyPoint,
  decodePoint,
  hashToScalar,
  J0,
  modOrder,
  POINT_BYTES,
  reduce64,
  type Scalar,
  times,
} from '../crypto/ristretto.ts';
import { proveSchnorr, SCHNORR_BYTES, schnorrTask, verifySchnorrTask } from '../crypto/schnorr.ts';
import { TacitError } from '../errors.ts';
import { checkContext, type FheParams, type RoundContext } from '../fhe/params.ts';

const VERSION = 1;
const SALT_BYTES = 32;
const SEED_BYTES = 32;
const SEED_BOX_BYTES = SEED_BYTES + BOX_OVERHEAD;
/** Pieces of `m` are 80 bits wider than the mask itself, which is below `t < 2^50`. */
const PIECE_BITS = 130;
const PIECE_BYTES = 17;
/** Room for the sum of 120 pieces and its sign. The integer is far below the group order, hence the same one modulo `t` and modulo `l`. */
const DELTA_BYTES = 18;
/** Base of the proof of knowledge of `k` in a verification task. */
const KEY_BASE = 1;

/** What an enrolment is bound to: nothing of it has a meaning elsewhere. */
export interface EnrolmentBinding {
  readonly context: RoundContext;
  /** Public key of the enrolling account, 32 bytes. */
  readonly account: Uint8Array;
}

/** An enrolment as it stands in a block; points and proofs encoded. */
export interface Enrolment {
  /** The ephemeral key `E` of the seed boxes; no two extrinsics may have the same. */
  readonly ephemeral: Uint8Array;
  /** Public randomness from which the wallet derives this enrolment's secrets. */
  readonly salt: Uint8Array;
  /** `K`: never the identity; no two notes may have the same. */
  readonly key: Uint8Array;
  /** `M`. */
  readonly mask: Uint8Array;
  /** `T`. */
  readonly blind: Uint8Array;
  /** `m` minus the sum of its pieces; |delta| < 2^143. */
  readonly delta: bigint;
  /** Seeds sealed to `X_A^mask`, in the order of the subsets. */
  readonly boxes: readonly Uint8Array[];
  readonly ephemeralProof: Uint8Array;
  readonly keyProof: Uint8Array;
}

/** What one seed stands for. */
export interface EnrolmentPieces {
  /** In [0, 2^130). */
  readonly m: bigint;
  readonly r: Scalar;
  readonly a: Scalar;
  readonly b: Scalar;
}

/** What the wallet knows of its enrolment: all it needs to read and claim the note. */
export interface EnrolmentSecrets {
  /** One-time secret `k`. */
  readonly key: Scalar;
  /** The mask, in [0, t). */
  readonly m: bigint;
  /** Blinding of `M`. */
  readonly r: Scalar;
}

const bound = ({ context, account }: EnrolmentBinding): HashPart[] => [
  context.genesis,
  context.paramsId,
  context.term,
  context.round,
  account,
];

function checkBinding(params: FheParams, { context, account }: EnrolmentBinding): void {
  checkContext(params, context);
  if (account.length !== 32) throw new TacitError('enrolment/account', 'an account id has 32 bytes');
}

/** Length in bytes of every enrolment under these parameters. */
export function enrolmentBytes(params: FheParams): number {
  return 2 + 4 * POINT_BYTES + SALT_BYTES + DELTA_BYTES + params.subsets.length * SEED_BOX_BYTES + 2 * SCHNORR_BYTES;
}

function encodeBody(enrolment: Omit<Enrolment, 'ephemeralProof' | 'keyProof'>): Uint8Array {
  const { ephemeral, salt, key, mask, blind, delta, boxes } = enrolment;
  const header = Uint8Array.of(VERSION, boxes.length);
  return concatBytes(header, ephemeral, salt, key, mask, blind, signedLittleEndian(delta, DELTA_BYTES), ...boxes);
}

/** What both proofs of knowledge sign: the whole enrolment, its round and its account. */
function proofMessage(binding: EnrolmentBinding, body: Uint8Array): Uint8Array {
  return hash32Of('tacit/enrolment/1', ...bound(binding), body);
}

function boxData(binding: EnrolmentBinding, subset: number): Uint8Array {
  return hash32Of('tacit/enrolment-box/1', ...bound(binding), subset);
}

/** `k`, from the wallet's seed, the chain, the round and the account: the same in every attempt to enrol. */
function noteKey(walletSeed: Uint8Array, { context, account }: EnrolmentBinding): Scalar {
  return hashToScalar('tacit/note-key/1', walletSeed, context.genesis, context.round, account);
}

interface WalletDerivation {
  readonly ephemeralSecret: Scalar;
  /** Per subset. */
  readonly seeds: readonly Uint8Array[];
}

function deriveFromWallet(
  params: FheParams,
  binding: EnrolmentBinding,
  walletSeed: Uint8Array,
  salt: Uint8Array,
): WalletDerivation {
  if (walletSeed.length !== 32) throw new TacitError('enrolment/wallet-seed', 'a wallet seed has 32 bytes');
  const root = hash32Of('tacit/enrolment-wallet/1', walletSeed, ...bound(binding), salt);
  return {
    ephemeralSecret: hashToScalar('tacit/enrolment-ephemeral/1', root),
    seeds: params.subsets.map((_, subset) => hash32Of('tacit/enrolment-seed/1', root, subset)),
  };
}

/** `expand(sigma_A; genesis, parameter id, term, round, account, E, A)` for the enrolment's purposes. */
export function expandEnrolmentSeed(
  binding: EnrolmentBinding,
  ephemeral: Uint8Array,
  subset: number,
  seed: Uint8Array,
): EnrolmentPieces {
  const stream = new Prg(hash32Of('tacit/enrolment-expand/1', seed, ...bound(binding), ephemeral, subset));
  return {
    m: BigInt.asUintN(PIECE_BITS, fromLittleEndian(stream.next(PIECE_BYTES))),
    r: reduce64(stream.next(64)),
    a: reduce64(stream.next(64)),
    b: reduce64(stream.next(64)),
  };
}

/** `m` is the pieces' sum mod `t`: its delta is a multiple of `t` that says nothing about it. */
function combinePieces(pieces: readonly EnrolmentPieces[], t: bigint): EnrolmentPieces & { delta: bigint } {
  const sum = (part: (piece: EnrolmentPieces) => bigint): bigint => pieces.reduce((total, p) => total + part(p), 0n);
  const padded = sum((p) => p.m);
  const m = padded % t;
  return {
    m,
    delta: m - padded,
    r: modOrder(sum((p) => p.r)),
    a: modOrder(sum((p) => p.a)),
    b: modOrder(sum((p) => p.b)),
  };
}

export interface EnrolmentInput {
  readonly params: FheParams;
  readonly context: RoundContext;
  readonly account: Uint8Array;
  /** `X_A^mask` of every subset, 32 bytes each. */
  readonly maskKeys: readonly Uint8Array[];
  /** 32 bytes; whoever has them can read and claim all notes of the wallet. */
  readonly walletSeed: Uint8Array;
  readonly random: RandomBytes;
}

/**
 * Builds the bytes of an enrolment, with a new salt and so new seeds at every call.
 * @throws `enrolment/account`, `enrolment/mask-keys`, `enrolment/wallet-seed`, `fhe/context`, `crypto/bad-point`
 */
export function buildEnrolment({ params, context, account, maskKeys, walletSeed, random }: EnrolmentInput): Uint8Array {
  const binding = { context, account };
  checkBinding(params, binding);
  if (maskKeys.length !== params.subsets.length) {
    throw new TacitError('enrolment/mask-keys', 'one mask key per subset is needed', { have: maskKeys.length });
  }
  const salt = random(SALT_BYTES);
  const { ephemeralSecret, seeds } = deriveFromWallet(params, binding, walletSeed, salt);
  const ephemeral = publicKeyOf(ephemeralSecret);
  const k = noteKey(walletSeed, binding);
  const pieces = seeds.map((seed, subset) => expandEnrolmentSeed(binding, ephemeral, subset, seed));
  const { m, delta, r, a, b } = combinePieces(pieces, params.t);
  const body = encodeBody({
    ephemeral,
    salt,
    key: times(J0, k).toBytes(),
    mask: commit(m, r).toBytes(),
    blind: commit(a, b).toBytes(),
    delta,
    boxes: seeds.map((seed, subset) => sealTo(maskKeys[subset]!, seed, boxData(binding, subset), ephemeralSecret)),
  });
  const message = proofMessage(binding, body);
  return concatBytes(
    body,
    proveSchnorr(ephemeralSecret, message, random(32)),
    proveSchnorr(k, message, random(32), J0),
  );
}

/**
 * Splits an enrolment into its parts. Strict: exact length and header, canonical points, keys that are not the identity. The proofs are for
 * {@link enrolmentTasks}, what is sealed for the committee's check.
 * @throws `enrolment/length`, `enrolment/header`, `crypto/bad-point`, `crypto/identity`
 */
export function parseEnrolment(params: FheParams, bytes: Uint8Array): Enrolment {
  const enrolment = splitEnrolment(params, bytes);
  decodeKeyPoint(enrolment.ephemeral);
  decodeKeyPoint(enrolment.key);
  decodePoint(enrolment.mask);
  decodePoint(enrolment.blind);
  return enrolment;
}

/**
 * The parts of an enrolment that a chain has taken, and so parsed: its points are not decoded, which takes ten times as long as the rest.
 * @throws `enrolment/length`, `enrolment/header`
 */
export function splitEnrolment(params: FheParams, bytes: Uint8Array): Enrolment {
  const want = enrolmentBytes(params);
  if (bytes.length !== want) {
    throw new TacitError('enrolment/length', 'an enrolment of wrong length', { want, have: bytes.length });
  }
  const reader = new ByteReader(bytes.slice(), 'enrolment/length');
  if (reader.u8() !== VERSION || reader.u8() !== params.subsets.length) {
    throw new TacitError('enrolment/header', 'an enrolment of another version or committee');
  }
  return {
    ephemeral: reader.take(POINT_BYTES),
    salt: reader.take(SALT_BYTES),
    key: reader.take(POINT_BYTES),
    mask: reader.take(POINT_BYTES),
    blind: reader.take(POINT_BYTES),
    delta: fromSignedLittleEndian(reader.take(DELTA_BYTES)),
    boxes: params.subsets.map(() => reader.take(SEED_BOX_BYTES)),
    ephemeralProof: reader.take(SCHNORR_BYTES),
    keyProof: reader.take(SCHNORR_BYTES),
  };
}

/** What must be verified before an enrolment may stand in a block: both proofs of knowledge, over everything else in it. */
export function enrolmentTasks(
  binding: EnrolmentBinding,
  enrolment: Enrolment,
): { kind: 'schnorr'; parts: Uint8Array[] }[] {
  const message = proofMessage(binding, encodeBody(enrolment));
  return [
    { kind: 'schnorr', parts: schnorrTask(enrolment.ephemeral, message, enrolment.ephemeralProof) },
    { kind: 'schnorr', parts: schnorrTask(enrolment.key, message, enrolment.keyProof, KEY_BASE) },
  ];
}

/** Whether both proofs of {@link enrolmentTasks} hold. */
export function verifyEnrolmentProofs(binding: EnrolmentBinding, enrolment: Enrolment): boolean {
  return enrolmentTasks(binding, enrolment).every(({ parts }) => verifySchnorrTask(parts));
}

/**
 * The seeds in the boxes of subsets, opened with the round's secrets `x_A^mask`. A box (its length is fixed) that does not open stands for the zero seed: no
 * complaint, no vote (§4).
 * @param maskKeys `X_A^mask` by subset; one that is not given is computed
 */
export function openEnrolmentSeeds(
  binding: EnrolmentBinding,
  enrolment: Enrolment,
  maskSecrets: ReadonlyMap<number, Scalar>,
  maskKeys: readonly Uint8Array[] = [],
): Map<number, Uint8Array> {
  const boxes = Array.from(maskSecrets, ([subset, secret]) => ({
    secret,
    recipient: maskKeys[subset],
    box: at(enrolment.boxes, subset),
    associated: boxData(binding, subset),
  }));
  const seeds = openAllWith(enrolment.ephemeral, boxes);
  return new Map([...maskSecrets.keys()].map((subset, i) => [subset, seeds[i] ?? new Uint8Array(SEED_BYTES)]));
}

/**
 * The wallet's secrets of an enrolment that stands on the chain.
 * @throws `enrolment/not-mine` if it was not built from this seed for this round and account
 */
export function recoverEnrolment(
  params: FheParams,
  binding: EnrolmentBinding,
  walletSeed: Uint8Array,
  enrolment: Enrolment,
): EnrolmentSecrets {
  checkBinding(params, binding);
  const { ephemeralSecret, seeds } = deriveFromWallet(params, binding, walletSeed, enrolment.salt);
  if (!sameBytes(publicKeyOf(ephemeralSecret), enrolment.ephemeral)) {
    throw new TacitError('enrolment/not-mine', 'this enrolment was not built from this wallet');
  }
  const pieces = seeds.map((seed, subset) => expandEnrolmentSeed(binding, enrolment.ephemeral, subset, seed));
  const { m, r } = combinePieces(pieces, params.t);
  return { key: noteKey(walletSeed, binding), m, r };
}

/** Name of an enrolment in weights and opening requests: the hash of its bytes. */
export function enrolmentId(bytes: Uint8Array): Uint8Array {
  return hash32Of('tacit/enrolment-id/1', bytes);
}
