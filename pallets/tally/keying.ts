/** Keying and KeyCheck: how the chain gets a round's public key and box keys, and believes them (specification §3). */
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { judgeKeyCheck, keyCheckCount, keyTest } from '../../primitives/fhe/key-check.ts';
import { publicA, publicKey } from '../../primitives/fhe/keys.ts';
import { combineOpening, slotCount } from '../../primitives/fhe/open.ts';
import { type FheParams, fheParams, subsetsWith } from '../../primitives/fhe/params.ts';
import type { PublicKey, RnsPoly } from '../../primitives/fhe/types.ts';
import { decodeKeyPoly, decodeResidues, encodeKeyPoly } from '../../primitives/fhe/wire.ts';
import { type Judgement, postsOf, type StepPost, without } from './judge.ts';
import { contextOf } from './rounds.ts';
import { keyingAssignment, keyingPosters } from './shares.ts';
import type { Tally } from './state.ts';
import type { Round } from './types.ts';

export interface KeyingResult {
  /** Packed key-level `b`. */
  readonly publicKey: Uint8Array;
  readonly seal: Uint8Array[];
  readonly mask: Uint8Array[];
}

/** The box key of a subset that f+1 of its members posted, and who posted another. */
function agreedKey(
  params: FheParams,
  posts: readonly StepPost<'Keying'>[],
  subset: number,
  kind: 'sealKeys' | 'maskKeys',
): { key: Uint8Array; liars: number[] } | undefined {
  const votes = posts.flatMap(({ member, body }) => {
    const place = subsetsWith(params, member).indexOf(subset);
    const key = place < 0 ? undefined : body[kind][place];
    return key === undefined ? [] : [{ member, key }];
  });
  const count = (key: Uint8Array): number => votes.filter((vote) => sameBytes(vote.key, key)).length;
  const agreed = votes.find(({ key }) => count(key) > params.f);
  if (agreed === undefined) return undefined;
  const liars = votes.filter(({ key }) => !sameBytes(key, agreed.key)).map(({ member }) => member);
  return { key: agreed.key, liars };
}

/** Done when every assigned member has posted its sum and every box key has f+1 equal posts. */
export function judgeKeying(tally: Tally, round: Round): Judgement<KeyingResult> {
  const params = fheParams(round.paramsId);
  const posts = postsOf(tally, round, 'Keying', round.attempt);
  const assignment = keyingAssignment(params, round.silent);
  if (missingPosters(tally, round).length > 0) return { status: 'waiting' };
  const seal = params.subsets.map((_, subset) => agreedKey(params, posts, subset, 'sealKeys'));
  const mask = params.subsets.map((_, subset) => agreedKey(params, posts, subset, 'maskKeys'));
  const liars = new Set<number>();
  const keys: Uint8Array[][] = [[], []];
  for (const [kind, agreed] of [seal, mask].entries()) {
    for (const one of agreed) {
      if (one === undefined) return { status: posts.length < params.n ? 'waiting' : 'undecodable' };
      keys[kind]?.push(one.key);
      for (const liar of one.liars) liars.add(liar);
    }
  }
  const { b } = publicKey(params, contextOf(tally.ctx, round), sumsOf(params, round, posts), assignment);
  const [sealKeys = [], maskKeys = []] = keys;
  return {
    status: 'done',
    result: { publicKey: encodeKeyPoly(params, b), seal: sealKeys, mask: maskKeys },
    liars: [...liars].sort((x, y) => x - y),
  };
}

/** Members whose sum the present attempt still lacks. */
export function missingPosters(tally: Tally, round: Round): number[] {
  const params = fheParams(round.paramsId);
  const posted = postsOf(tally, round, 'Keying', round.attempt).map(({ member }) => member);
  return keyingPosters(params, round.silent).filter((member) => !posted.includes(member));
}

function sumsOf(params: FheParams, round: Round, posts: readonly StepPost<'Keying'>[]): Map<number, RnsPoly> {
  const posters = keyingPosters(params, round.silent);
  const assigned = posts.filter(({ member }) => posters.includes(member));
  return new Map(assigned.map(({ member, body }) => [member, decodeKeyPoly(params, body.sum)]));
}

/** The round's public key as it stands in state. */
export function publicKeyOf(tally: Tally, round: Round): PublicKey {
  const params = fheParams(round.paramsId);
  const b = decodeKeyPoly(params, tally.store.publicKeys.get(round.round) ?? new Uint8Array());
  return { b, a: publicA(params, contextOf(tally.ctx, round)) };
}

export interface KeyCheckResult {
  /** Members whose posted sum is not what their subsets' keys give. */
  readonly wrong: readonly number[];
  /** Whether the test encryption opened to its plaintext. */
  readonly opens: boolean;
}

/** Judges the functionals of every posted sum, then the opening of the test encryption. */
export function judgeKeys(tally: Tally, round: Round, attempt: number): Judgement<KeyCheckResult> {
  const params = fheParams(round.paramsId);
  const context = contextOf(tally.ctx, round);
  const posts = postsOf(tally, round, 'KeyCheck', attempt);
  const waiting = { status: posts.length < params.n ? 'waiting' : 'undecodable' } as const;
  if (posts.length <= 2 * params.f) return waiting;
  const assignment = keyingAssignment(params, round.silent);
  const sums = sumsOf(params, round, postsOf(tally, round, 'Keying', attempt));
  const functionals = posts.map(({ member, body }) => ({
    member,
    shares: decodeResidues(params.keyPrimes, body.functionals, keyCheckCount(assignment)),
  }));
  const checked = judgeKeyCheck(params, context, sums, assignment, functionals);
  if (checked.status !== 'judged') return waiting;
  if (checked.wrong.length > 0) {
    return { status: 'done', result: { wrong: checked.wrong, opens: false }, liars: checked.liars };
  }
  const { request, values } = keyTest(params, context, publicKeyOf(tally, round));
  const shares = without(posts, checked.liars).map(({ member, body }) => ({
    member,
    shares: decodeResidues(params.dataPrimes, body.test, slotCount(request)),
  }));
  const opened = combineOpening(params, request, shares);
  if (opened.status !== 'open') return waiting;
  const opens = opened.values.every((value, i) => value === values[i]);
  const liars = [...checked.liars, ...opened.liars].sort((x, y) => x - y);
  return { status: 'done', result: { wrong: [], opens }, liars };
}
