/** Keying: the members assigned to it post their sums of `b_A`, everyone its box keys; the chain adds and counts (specification §3). */
import { at } from '../../../primitives/at.ts';
import { sameBytes } from '../../../primitives/crypto/bytes.ts';
import { publicKey } from '../../../primitives/fhe/keys.ts';
import { type FheParams, fheParams, subsetsWith } from '../../../primitives/fhe/params.ts';
import type { RnsPoly } from '../../../primitives/fhe/types.ts';
import { decodeKeyPoly, encodeKeyPoly } from '../../../primitives/fhe/wire.ts';
import { keyingAssignment, keyingPosters } from '../../../primitives/round/requests.ts';
import { noteSilent } from '../../committee/index.ts';
import { type Judgement, postersOf, postsOf, type StepPost } from '../judging.ts';
import { failRound } from '../lifecycle.ts';
import { contextOf, enter } from '../rounds.ts';
import type { Tally } from '../state.ts';
import type { Round } from '../types.ts';
import { defineStep } from './step.ts';

interface KeyingResult {
  /** Packed key-level `b`. */
  readonly publicKey: Uint8Array;
  readonly seal: Uint8Array[];
  readonly mask: Uint8Array[];
}

export const keying = defineStep<'Keying', KeyingResult>({
  name: 'Keying',
  offence: 'BadBoxKey',
  comparesLate: false,
  isJudgedAtOnce: false,
  hasForm(_, round, member, { sum, sealKeys, maskKeys }) {
    const params = fheParams(round.paramsId);
    const own = subsetsWith(params, member).length;
    if (sealKeys.length !== own || maskKeys.length !== own) return false;
    if (!keyingPosters(params, round.silent).includes(member)) return sum.length === 0;
    decodeKeyPoly(params, sum);
    return true;
  },
  isReady: (tally, round) => missingPosters(tally, round).length === 0,
  judge,
  take(tally, round, keys) {
    tally.store.publicKeys.put(round.round, keys.publicKey);
    tally.store.boxKeys.put(round.round, { seal: keys.seal, mask: keys.mask });
    enter(tally, round, 'KeyCheck', round.attempt);
  },
  atDeadline(tally, round) {
    const missing = missingPosters(tally, round);
    if (missing.length === 0) failRound(tally, round, 'Deadline');
    else keyAgain(tally, round, missing);
  },
});

/** Done when every assigned member has posted its sum and every box key has f+1 equal posts. */
function judge(tally: Tally, round: Round): Judgement<KeyingResult> {
  const params = fheParams(round.paramsId);
  const posts = postsOf(tally, round, 'Keying', round.attempt);
  if (missingPosters(tally, round).length > 0) return { status: 'waiting' };
  const agreed = (['sealKeys', 'maskKeys'] as const).map((kind) =>
    params.subsets.map((_, subset) => agreedKey(params, posts, subset, kind)),
  );
  const liars = new Set<number>();
  const [seal, mask] = agreed.map((kind) => kind.flatMap((one) => (one === undefined ? [] : [one.key])));
  for (const one of agreed.flat()) {
    if (one === undefined) return { status: posts.length < params.n ? 'waiting' : 'undecodable' };
    for (const liar of one.liars) liars.add(liar);
  }
  const assignment = keyingAssignment(params, round.silent);
  const { b } = publicKey(params, contextOf(tally.ctx, round), sumsOf(params, round, posts), assignment);
  return {
    status: 'done',
    result: { publicKey: encodeKeyPoly(params, b), seal: seal as Uint8Array[], mask: mask as Uint8Array[] },
    liars: [...liars].sort((x, y) => x - y),
  };
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
    return place < 0 ? [] : [{ member, key: at(body[kind], place) }];
  });
  const count = (key: Uint8Array): number => votes.filter((vote) => sameBytes(vote.key, key)).length;
  const agreed = votes.find(({ key }) => count(key) > params.f);
  if (agreed === undefined) return undefined;
  const liars = votes.filter(({ key }) => !sameBytes(key, agreed.key)).map(({ member }) => member);
  return { key: agreed.key, liars };
}

/** Members whose sum the present attempt still lacks. */
function missingPosters(tally: Tally, round: Round): number[] {
  const posted = postersOf(tally, round, 'Keying', round.attempt);
  return keyingPosters(fheParams(round.paramsId), round.silent).filter((member) => !posted.includes(member));
}

/** The sums of the assigned members among the posts. */
export function sumsOf(params: FheParams, round: Round, posts: readonly StepPost<'Keying'>[]): Map<number, RnsPoly> {
  const posters = keyingPosters(params, round.silent);
  const assigned = posts.filter(({ member }) => posters.includes(member));
  return new Map(assigned.map(({ member, body }) => [member, decodeKeyPoly(params, body.sum)]));
}

/** Keying begins anew without the members of `passedOver`. */
export function keyAgain(tally: Tally, round: Round, passedOver: readonly number[]): void {
  const { f } = fheParams(round.paramsId);
  noteSilent(tally.ctx, round.term, passedOver);
  let silent = [...new Set([...round.silent, ...passedOver])].sort((a, b) => a - b);
  // Too many to pass over: those of rounds before that posted now are here again, and may be asked once more.
  if (silent.length > f && round.attempt === 0) {
    const heard = postersOf(tally, round, 'Keying', 0);
    silent = silent.filter((member) => passedOver.includes(member) || !heard.includes(member));
  }
  if (silent.length > f) failRound(tally, round, 'Deadline');
  else enter(tally, { ...round, silent }, 'Keying', round.attempt + 1);
}
