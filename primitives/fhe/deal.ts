/**
 * Dealing of subset keys (§2): the arithmetic, without a network. The dealer of subset A seals one 32-byte key to every other member of A under one
 * ephemeral key. Every member posts a digest of the key it holds. On a mismatch the DEALER reveals the ephemeral secret: then everyone opens every
 * box, and whoever cannot reveal, dealt unequal keys, or posted a digest of something else is at fault. A missing digest is a crash, not a fault.
 */
import { BOX_OVERHEAD, openAsSealer, openWith, publicKeyOf, sealTo } from '../crypto/box.ts';
import { concatBytes, sameBytes } from '../crypto/bytes.ts';
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

/** What `receiver` gets from a deal, or undefined if its box does not open to a key: it then posts no digest of a key but the complaint digest. */
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

/** What a member posts to show which key it holds; without a key (its box did not open) the digest of the empty string, which never agrees. */
export function subsetKeyDigest(
  params: FheParams,
  term: TermContext,
  subset: number,
  key: Uint8Array | undefined,
): Uint8Array {
  return hash32Of(
    'tacit/subset-key/1',
    term.genesis,
    term.term,
    term.attempt,
    params.id,
    subset,
    key ?? new Uint8Array(0),
  );
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

/**
 * Who is at fault where digests of one subset differ, ascending; never empty for digests that do differ.
 * @param revealed the dealer's ephemeral secret, or undefined if it did not reveal in time
 * @param digests as posted, by member; members without one are not judged
 */
export function faultsOfDeal(
  params: FheParams,
  term: TermContext,
  subset: number,
  dealer: number,
  deal: Uint8Array,
  revealed: Scalar | undefined,
  encryptionKeys: EncryptionKeys,
  digests: ReadonlyMap<number, Uint8Array>,
): number[] {
  const key =
    revealed === undefined ? undefined : keyOfDeal(params, term, subset, dealer, deal, revealed, encryptionKeys);
  if (!key) return [dealer];
  const right = subsetKeyDigest(params, term, subset, key);
  return [...digests]
    .filter(([member, digest]) => (params.subsets[subset] ?? []).includes(member) && !sameBytes(digest, right))
    .map(([member]) => member)
    .sort((a, b) => a - b);
}
