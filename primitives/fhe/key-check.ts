/**
 * The check of a round's public key (§3). The members open, from their shares, two random functionals of what each poster should have posted;
 * a posting whose own functionals differ is wrong, and its poster named. Then a public test encryption is opened before the round accepts any other.
 */
import { at } from '../at.ts';
import { hash32Of } from '../crypto/hash.ts';
import { Prg } from '../crypto/prg.ts';
import { TacitError } from '../errors.ts';
import { cdiCoefficients, memberPieces } from './cdi.ts';
import { decodeVectors } from './decode.ts';
import { encryptPlain, prepareKey } from './encrypt.ts';
import { contextParts, errorPiece, keyPosters, publicA, publicKeyHash, type RoundKeys, secretPiece } from './keys.ts';
import { modulo } from './modulus.ts';
import { type FheParams, KEY_TEST_VALUES as TEST_VALUES, type RoundContext } from './params.ts';
import { ringOf } from './ring.ts';
import type { Ciphertext, OpeningRequest, PublicKey, RnsPoly, SharePost } from './types.ts';
import { ciphertextHash, encodeKeyPoly } from './wire.ts';

/** Random functionals per prime: an error passes with probability 2^-118 at a data prime, 2^-74 at the special one. */
const FUNCTIONALS = 2;

/** Hash of everything posted towards the key and of who was to post what: the functionals are drawn after it. */
export function postingsDigest(
  params: FheParams,
  context: RoundContext,
  postings: ReadonlyMap<number, RnsPoly>,
  assignment: readonly number[],
): Uint8Array {
  const parts = keyPosters(assignment).map((member) => {
    const posting = postings.get(member);
    if (!posting)
      throw new TacitError('fhe/missing-posting', 'an assigned member has not posted its part of the key', { member });
    return hash32Of('tacit/key-posting/1', member, encodeKeyPoly(params, posting));
  });
  return hash32Of('tacit/key-postings/1', ...contextParts(context), Uint8Array.from(assignment), ...parts);
}

function functionals(params: FheParams, context: RoundContext, digest: Uint8Array): RnsPoly[] {
  const prg = new Prg(hash32Of('tacit/key-check/1', ...contextParts(context), digest));
  return Array.from({ length: FUNCTIONALS }, () => ringOf(params).uniform(prg, params.keyPrimes.length));
}

/** Shares in one member's key-check post: per prime, two for each poster in ascending order. */
export function keyCheckCount(assignment: readonly number[]): number {
  return FUNCTIONALS * keyPosters(assignment).length;
}

/**
 * `member`'s shares `[key prime][2 * poster index + functional]` of the functionals of each poster's part. Post them as
 * `encodeResidues(params.keyPrimes, shares)`.
 */
export function keyCheckShares(
  params: FheParams,
  context: RoundContext,
  member: number,
  roundKeys: RoundKeys,
  digest: Uint8Array,
  assignment: readonly number[],
): BigUint64Array {
  const ring = ringOf(params);
  const { subsets, values } = memberPieces(params, member, roundKeys);
  const posters = keyPosters(assignment);
  const count = FUNCTIONALS * posters.length;
  const a = publicA(params, context);
  const out = new BigUint64Array(params.keyPrimes.length * count);
  functionals(params, context, digest).forEach((chi, index) => {
    // <chi, b_A> = -(<a^T chi, s_A> + <chi, e_A>): dot products with small vectors, no product of polynomials per subset.
    const transposed = ring.transposeMultiply(a, chi);
    const weights = params.keyPrimes.map((q) => cdiCoefficients(params, subsets, member, q));
    subsets.forEach((subset, i) => {
      const key = at(values, i);
      const left = ring.dotSmall(transposed, secretPiece(params, context, subset, key));
      const right = ring.dotSmall(chi, errorPiece(params, context, subset, key));
      const slot = FUNCTIONALS * posters.indexOf(at(assignment, subset)) + index;
      params.keyPrimes.forEach((q, prime) => {
        const piece = -at(left, prime) - at(right, prime);
        const place = prime * count + slot;
        out[place] = modulo(at(out, place) + piece * at(at(weights, prime), i), q);
      });
    });
  });
  return out;
}

export type KeyCheckOutcome =
  /** `wrong`: posters whose part is not what their subsets' keys give; empty if the key is right. `liars`: posters of wrong shares. */
  | { readonly status: 'judged'; readonly wrong: number[]; readonly liars: number[] }
  | { readonly status: 'waiting' }
  | { readonly status: 'undecodable' };

/** Judges the postings by the members' shares. */
export function judgeKeyCheck(
  params: FheParams,
  context: RoundContext,
  postings: ReadonlyMap<number, RnsPoly>,
  assignment: readonly number[],
  posts: readonly SharePost[],
): KeyCheckOutcome {
  const ring = ringOf(params);
  const count = keyCheckCount(assignment);
  const decoded = decodeVectors(params, params.keyPrimes, posts, count);
  if (decoded.status !== 'decoded') return decoded;
  const chis = functionals(params, context, postingsDigest(params, context, postings, assignment));
  const wrong = keyPosters(assignment).filter((member, poster) => {
    const posting = at(postings, member);
    return chis.some((chi, index) => {
      const slot = FUNCTIONALS * poster + index;
      return ring.dot(chi, posting).some((value, prime) => value !== decoded.values[prime * count + slot]);
    });
  });
  return { status: 'judged', wrong, liars: decoded.liars };
}

/** A ciphertext that everyone can make, the request that opens it, and what it must open to. */
export function keyTest(
  params: FheParams,
  context: RoundContext,
  key: PublicKey,
): { ciphertext: Ciphertext; request: OpeningRequest; values: bigint[] } {
  const prg = new Prg(hash32Of('tacit/key-test/1', ...contextParts(context), publicKeyHash(params, context, key)));
  const values = ringOf(params).plainFromWide(prg.next(16 * TEST_VALUES));
  const ciphertext = encryptPlain(params, prepareKey(params, key), values, prg);
  const request: OpeningRequest = {
    context,
    step: 'key-test',
    attempt: 0,
    sources: [ciphertextHash(params, ciphertext)],
    slots: [{ source: 0, from: 0, count: TEST_VALUES, scale: 1n, weightNorm: 1n }],
  };
  return { ciphertext, request, values: [...values] };
}
