/**
 * Dealing of subset keys (§2): the arithmetic, without a network. The dealer of subset A seals one 32-byte key to every other member of A under one
 * ephemeral key. Every member posts a digest of the key it holds. Where digests differ the dealer may reveal the ephemeral secret, which opens every box,
 * and each member may open its own box, with a proof. Blame follows from what was shown alone: who shows nothing is not at fault, it is silent.
 */
import { BOX_OVERHEAD, openAsSealer, openByShared, openWith, publicKeyOf, sealTo } from '../crypto/box.ts';
import { concatBytes, sameBytes } from '../crypto/bytes.ts';
import { proveShared, verifyShared } from '../crypto/dleq.ts';
import { hash32Of } from '../crypto/hash.ts';
import { POINT_BYTES, type Scalar } from '../crypto/ristretto.ts';
import { TacitError } from '../errors.ts';
import type { FheParams } from './params.ts';

/** What a dealing is bound to. */
export interface TermContext {
  readonly genesis: Uint8Array;
  readonly term: number;
  /** Restarts of the term's set-up; all keys of an earlier attempt are discarded. */
  readonly attempt: number;
}

/** The members' encryption keys on ristretto255, 32 bytes each, by member. */
export type EncryptionKeys = ReadonlyMap<number, Uint8Array>;

const KEY_BYTES = 32;
const BOX_BYTES = KEY_BYTES + BOX_OVERHEAD;

function receivers(params: FheParams, subset: number, dealer: number): number[] {
  const members = params.subsets[subset];
  if (!members?.includes(dealer)) {
    throw new TacitError('fhe/dealer', 'a dealer is a member of its subset', { subset, dealer });
  }
  return members.filter((member) => member !== dealer);
}

/** The box to one receiver authenticates all of this; the box key binds it too. */
function associated(
  params: FheParams,
  term: TermContext,
  subset: number,
  dealer: number,
  receiver: number,
): Uint8Array {
  return hash32Of('tacit/deal/1', term.genesis, term.term, term.attempt, params.id, subset, dealer, receiver);
}

/** Bytes of a deal: the ephemeral key and a box for each other member, ascending. */
export function dealBytes(params: FheParams): number {
  return POINT_BYTES + BOX_BYTES * (params.n - params.f - 1);
}

/**
 * The dealer's post for one subset.
 * @param key the subset's fresh 32-byte key
 * @param ephemeralSecret fresh for this deal; kept until the digests agree, erased afterwards
 */
export function dealSubsetKey(
  params: FheParams,
  term: TermContext,
  subset: number,
  dealer: number,
  key: Uint8Array,
  ephemeralSecret: Scalar,
  encryptionKeys: EncryptionKeys,
): Uint8Array {
  if (key.length !== KEY_BYTES) throw new TacitError('fhe/key-length', 'a subset key has 32 bytes');
  const boxes = receivers(params, subset, dealer).map((receiver) => {
    const recipient = encryptionKeys.get(receiver);
    if (!recipient) throw new TacitError('fhe/no-encryption-key', 'a receiver has no encryption key', { receiver });
    return sealTo(recipient, key, associated(params, term, subset, dealer, receiver), ephemeralSecret);
  });
  return concatBytes(publicKeyOf(ephemeralSecret), ...boxes);
}

function boxOf(params: FheParams, deal: Uint8Array, index: number): Uint8Array | undefined {
  if (deal.length !== dealBytes(params)) return undefined;
  const at = POINT_BYTES + index * BOX_BYTES;
  return deal.subarray(at, at + BOX_BYTES);
}

/** What `receiver` gets from a deal, or undefined if its box does not open to a key: it then posts no digests but opens that box ({@link openingOf}). */
export function openDeal(
  params: FheParams,
  term: TermContext,
  subset: number,
  dealer: number,
  deal: Uint8Array,
  receiver: number,
  secret: Scalar,
): Uint8Array | undefined {
  const index = receivers(params, subset, dealer).indexOf(receiver);
  if (index < 0) throw new TacitError('fhe/receiver', 'the deal is not for this member', { subset, receiver });
  const box = boxOf(params, deal, index);
  if (!box) return undefined;
  return openWith(secret, deal.subarray(0, POINT_BYTES), box, associated(params, term, subset, dealer, receiver));
}

/** What a member posts to show which key it holds. */
export function subsetKeyDigest(params: FheParams, term: TermContext, subset: number, key: Uint8Array): Uint8Array {
  return hash32Of('tacit/subset-key/1', term.genesis, term.term, term.attempt, params.id, subset, key);
}

/** A deal as it stands, and everything it was made from that is public. */
export interface StandingDeal {
  readonly term: TermContext;
  readonly subset: number;
  readonly dealer: number;
  readonly sealed: Uint8Array;
  readonly encryptionKeys: EncryptionKeys;
}

/** A receiver's own box, opened for everyone: its Diffie-Hellman value, and the proof that it is that of the receiver's key. */
export interface BoxOpening {
  readonly shared: Uint8Array;
  readonly proof: Uint8Array;
}

/**
 * Opens `receiver`'s box of a deal to everyone. What it shows is one key of an attempt that is thrown away for it: openings are never made in a term that
 * stands [a dealer that copies the ephemeral key of another's deal would have that deal opened].
 * @param hedge 32 fresh random bytes
 */
export function openingOf(
  params: FheParams,
  { term, subset, dealer, sealed }: StandingDeal,
  receiver: number,
  secret: Scalar,
  hedge: Uint8Array,
): BoxOpening {
  const message = associated(params, term, subset, dealer, receiver);
  return proveShared(secret, sealed.subarray(0, POINT_BYTES), message, hedge);
}

/** What an opened box shows: `key` is undefined if it holds none. Undefined if the opening proves nothing, or the member has no box in the deal. */
export function openedBox(
  params: FheParams,
  { term, subset, dealer, sealed, encryptionKeys }: StandingDeal,
  receiver: number,
  { shared, proof }: BoxOpening,
): { readonly key: Uint8Array | undefined } | undefined {
  const publicKey = encryptionKeys.get(receiver);
  if (publicKey === undefined || receiver === dealer || !params.subsets[subset]?.includes(receiver)) return undefined;
  const message = associated(params, term, subset, dealer, receiver);
  const base = sealed.subarray(0, POINT_BYTES);
  if (!verifyShared({ publicKey, base, shared }, message, proof)) return undefined;
  const box = boxOf(params, sealed, receivers(params, subset, dealer).indexOf(receiver));
  return { key: box && openByShared(shared, base, publicKey, box, message) };
}

/**
 * The one key that a deal gives all its receivers, seen with the revealed ephemeral secret; undefined if the secret is not the deal's, a box does
 * not open, or two boxes differ.
 */
export function keyOfDeal(
  params: FheParams,
  term: TermContext,
  subset: number,
  dealer: number,
  deal: Uint8Array,
  ephemeralSecret: Scalar,
  encryptionKeys: EncryptionKeys,
): Uint8Array | undefined {
  if (deal.length !== dealBytes(params)) return undefined;
  if (!sameBytes(publicKeyOf(ephemeralSecret), deal.subarray(0, POINT_BYTES))) return undefined;
  let dealt: Uint8Array | undefined;
  for (const [index, receiver] of receivers(params, subset, dealer).entries()) {
    const recipient = encryptionKeys.get(receiver);
    const box = boxOf(params, deal, index);
    if (!recipient || !box) return undefined;
    const key = openAsSealer(ephemeralSecret, recipient, box, associated(params, term, subset, dealer, receiver));
    if (!key || (dealt && !sameBytes(key, dealt))) return undefined;
    dealt = key;
  }
  return dealt;
}

/** What members said of one deal. */
export interface DealStatements {
  /** Digests as posted, by member; members without one are not judged. */
  readonly digests: ReadonlyMap<number, Uint8Array>;
  /** The dealer's ephemeral secret, if it revealed one. */
  readonly revealed?: Scalar | undefined;
  /** Boxes that their receivers opened. */
  readonly openings: ReadonlyMap<number, BoxOpening>;
}

export interface DealFaults {
  /** The dealer dealt unequal keys, or a box that holds none, or sealed another key than it says it holds. */
  readonly badDeal: boolean;
  /** Members whose digest is not that of the key they were dealt, ascending. */
  readonly badDigests: readonly number[];
}

/**
 * Who is shown to be at fault with one deal. Sound whatever is missing: a dealer that dealt one key to all, and a member whose digest is that of the key in
 * its box, are never named. If the dealer reveals, somebody is, wherever digests differ.
 */
export function faultsOfDeal(params: FheParams, deal: StandingDeal, statements: DealStatements): DealFaults {
  const { term, subset, dealer, sealed, encryptionKeys } = deal;
  const { revealed } = statements;
  const digestOf = (key: Uint8Array): Uint8Array => subsetKeyDigest(params, term, subset, key);
  const posted = [...statements.digests].filter(([member]) => params.subsets[subset]?.includes(member));
  const numbers = (entries: readonly (readonly [number, unknown])[]): number[] =>
    entries.map(([member]) => member).sort((a, b) => a - b);
  if (revealed !== undefined && sameBytes(publicKeyOf(revealed), sealed.subarray(0, POINT_BYTES))) {
    const key = keyOfDeal(params, term, subset, dealer, sealed, revealed, encryptionKeys);
    if (key === undefined) return { badDeal: true, badDigests: [] };
    const right = digestOf(key);
    return { badDeal: false, badDigests: numbers(posted.filter(([, digest]) => !sameBytes(digest, right))) };
  }
  const shown = new Map<number, Uint8Array | undefined>();
  for (const [member, opening] of statements.openings) {
    const box = openedBox(params, deal, member, opening);
    if (box !== undefined) shown.set(member, box.key && digestOf(box.key));
  }
  const boxes = [...shown.values()];
  const own = statements.digests.get(dealer);
  const [first] = boxes;
  const badDeal = boxes.some((digest) => {
    return digest === undefined || first === undefined || !sameBytes(digest, first) || (own && !sameBytes(digest, own));
  });
  const lied = posted.filter(([member, digest]) => {
    const right = shown.get(member);
    return right !== undefined && !sameBytes(digest, right);
  });
  return { badDeal, badDigests: numbers(lied) };
}
