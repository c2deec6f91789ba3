/**
 * Keys of a round (§2, §3). Each subset A of the committee holds one chain key per term; a ratchet gives its round key `K_A^r`, and from that
 * everything the subset contributes to the round is derived by label: a ternary piece of the secret `s`, an error piece, two box keys. Nobody ever holds `s`.
 */
import { at } from '../at.ts';
import { publicKeyOf } from '../crypto/box.ts';
import { hash32Of, type HashPart } from '../crypto/hash.ts';
import { Prg } from '../crypto/prg.ts';
import { hashToScalar, type Scalar } from '../crypto/ristretto.ts';
import { TacitError } from '../errors.ts';
import { memberPieces, type Pieces } from './cdi.ts';
import { checkContext, type FheParams, type RoundContext } from './params.ts';
import { ringOf } from './ring.ts';
import { centredBinomial, ternary } from './sample.ts';
import type { PublicKey, RnsPoly } from './types.ts';
import { encodeKeyPoly } from './wire.ts';

/** Round keys `K_A^r` of the subsets a member is in, by the subset's number. */
export type RoundKeys = Pieces<Uint8Array>;

/** The parts by which every hash of a round begins. */
export function contextParts({ genesis, term, round, paramsId }: RoundContext): HashPart[] {
  return [genesis, term, round, paramsId];
}

/**
 * One step of a subset's key chain. The caller erases the chain key at once and the round key when the round settles: neither can be had back from `next`.
 * @param chainKey the dealt `K_A` for the term's first round, `next` of the previous step afterwards
 */
export function ratchet(chainKey: Uint8Array, round: number): { roundKey: Uint8Array; next: Uint8Array } {
  if (chainKey.length !== 32) throw new TacitError('fhe/key-length', 'a chain key has 32 bytes');
  return {
    roundKey: hash32Of('tacit/round-key/1', chainKey, round),
    next: hash32Of('tacit/chain-key/1', chainKey),
  };
}

function prgOf(label: string, context: RoundContext, subset: number, roundKey: Uint8Array): Prg {
  return new Prg(hash32Of(label, roundKey, ...contextParts(context), subset));
}

/** `s_A`: the subset's ternary piece of the round's secret. */
export function secretPiece(params: FheParams, context: RoundContext, subset: number, roundKey: Uint8Array): Int8Array {
  checkContext(params, context);
  return ternary(prgOf('tacit/secret-piece/1', context, subset, roundKey), params.degree);
}

/** `e_A`: the subset's piece of the public key's error. */
export function errorPiece(params: FheParams, context: RoundContext, subset: number, roundKey: Uint8Array): Int8Array {
  checkContext(params, context);
  return centredBinomial(prgOf('tacit/error-piece/1', context, subset, roundKey), params.degree);
}

/** The pieces `s_A` of all subsets `member` is in. */
export function secretPieces(
  params: FheParams,
  context: RoundContext,
  member: number,
  roundKeys: RoundKeys,
): Map<number, Int8Array> {
  const { subsets, values } = memberPieces(params, member, roundKeys);
  return new Map(values.map((key, i) => [at(subsets, i), secretPiece(params, context, at(subsets, i), key)]));
}

/** The public polynomial `a` of the round, at key level. */
export function publicA(params: FheParams, context: RoundContext): RnsPoly {
  checkContext(params, context);
  return ringOf(params).uniform(
    new Prg(hash32Of('tacit/public-a/1', ...contextParts(context))),
    params.keyPrimes.length,
  );
}

/** Box keys of a subset: sealed payloads open with `seal` once it is published after the close, seeds with `mask`, which never is. */
export type BoxPurpose = 'seal' | 'mask';

export function boxSecret(context: RoundContext, purpose: BoxPurpose, subset: number, roundKey: Uint8Array): Scalar {
  return hashToScalar('tacit/box-secret/1', purpose, roundKey, ...contextParts(context), subset);
}

/** `X_A^seal` or `X_A^mask`, 32 bytes. */
export function boxPublicKey(
  context: RoundContext,
  purpose: BoxPurpose,
  subset: number,
  roundKey: Uint8Array,
): Uint8Array {
  return publicKeyOf(boxSecret(context, purpose, subset, roundKey));
}

/**
 * Who posts `b_A` of each subset: evenly spread, each subset's members taking over in cyclic order while earlier ones are absent.
 * @returns a member per subset. Throws `fhe/subset-absent` if a whole subset is absent (more than f members are).
 */
export function keyAssignment(params: FheParams, absent: ReadonlySet<number> = new Set()): number[] {
  const load = Array.from({ length: params.n }, () => 0);
  return params.subsets.map((members, subset) => {
    const first = members.reduce((best, j) => (at(load, j) < at(load, best) ? j : best));
    load[first] = at(load, first) + 1;
    const start = members.indexOf(first);
    const order = [...members.slice(start), ...members.slice(0, start)];
    const poster = order.find((j) => !absent.has(j));
    if (poster === undefined) throw new TacitError('fhe/subset-absent', 'a whole subset is absent', { subset });
    return poster;
  });
}

/** The members that an assignment names, ascending. */
export function keyPosters(assignment: readonly number[]): number[] {
  return [...new Set(assignment)].sort((a, b) => a - b);
}

/**
 * What `member` posts towards the public key: the sum of `b_A = -(a s_A + e_A)` over the subsets assigned to it, at key level. Undefined if
 * none is. Post it as `encodeKeyPoly`.
 */
export function keyPosting(
  params: FheParams,
  context: RoundContext,
  member: number,
  roundKeys: RoundKeys,
  assignment: readonly number[] = keyAssignment(params),
): RnsPoly | undefined {
  const ring = ringOf(params);
  const primes = params.keyPrimes.length;
  const { subsets, values } = memberPieces(params, member, roundKeys);
  const own = subsets.map((subset, i) => ({ subset, key: at(values, i) }));
  const assigned = own.filter(({ subset }) => assignment[subset] === member);
  if (assigned.length === 0) return undefined;
  // The product is linear: one multiplication serves all subsets.
  let secret = ring.zero(primes);
  let error = ring.zero(primes);
  for (const { subset, key } of assigned) {
    secret = ring.add(secret, ring.fromSmall(secretPiece(params, context, subset, key), primes));
    error = ring.add(error, ring.fromSmall(errorPiece(params, context, subset, key), primes));
  }
  return ring.negate(ring.add(ring.multiply(publicA(params, context), secret), error));
}

/** The round's public key from the postings of all assigned members. Throws `fhe/missing-posting`. */
export function publicKey(
  params: FheParams,
  context: RoundContext,
  postings: ReadonlyMap<number, RnsPoly>,
  assignment: readonly number[] = keyAssignment(params),
): PublicKey {
  const ring = ringOf(params);
  let b = ring.zero(params.keyPrimes.length);
  for (const member of keyPosters(assignment)) {
    const posting = postings.get(member);
    if (!posting)
      throw new TacitError('fhe/missing-posting', 'an assigned member has not posted its part of the key', { member });
    b = ring.add(b, posting);
  }
  return { b, a: publicA(params, context) };
}

/** What submissions bind the key by. */
export function publicKeyHash(params: FheParams, context: RoundContext, { b, a }: PublicKey): Uint8Array {
  return hash32Of('tacit/public-key/1', ...contextParts(context), encodeKeyPoly(params, b), encodeKeyPoly(params, a));
}
