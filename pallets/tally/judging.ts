/**
 * What the posts of a step say (specification §6.4): pure functions of the state, used when the step is under way and again when a late post is compared.
 *
 * Posts that make the same public claims form a group. A step is done when 2f+1 posts of one group lie on one polynomial of degree f in every value; with
 * n = 3f+1 members there is at most one such group, and whoever posted and is not among these lied.
 */
import { at } from '../../primitives/at.ts';
import { toHex } from '../../primitives/crypto/hex.ts';
import { combineOpening } from '../../primitives/fhe/open.ts';
import { type FheParams, fheParams, quorum } from '../../primitives/fhe/params.ts';
import type { OpeningRequest } from '../../primitives/fhe/types.ts';
import { decodeResidues } from '../../primitives/fhe/wire.ts';
import { stepIndex, type TallyStep } from '../../primitives/round/phases.ts';
import type { Tally } from './state.ts';
import type { BodyOf, Round } from './types.ts';

export type Judgement<T> =
  | { readonly status: 'waiting' }
  /** All members have posted and no 2f+1 agree. */
  | { readonly status: 'undecodable' }
  | { readonly status: 'done'; readonly result: T; readonly liars: readonly number[] };

export interface StepPost<S extends TallyStep> {
  readonly member: number;
  readonly body: BodyOf<S>;
}

/** The posts of a step, by member. */
export function postsOf<S extends TallyStep>({ store }: Tally, round: Round, step: S, attempt: number): StepPost<S>[] {
  const { n } = fheParams(round.paramsId);
  const posts: StepPost<S>[] = [];
  for (let member = 0; member < n; member++) {
    const body = store.posts.get(round.round, stepIndex(step), attempt, member);
    if (body?.tag === step) posts.push({ member, body: body.value as BodyOf<S> });
  }
  return posts;
}

/** Members that have posted in a step: does not read what they say. */
export function postersOf({ store }: Tally, round: Round, step: TallyStep, attempt: number): number[] {
  const { n } = fheParams(round.paramsId);
  const members = Array.from({ length: n }, (_, member) => member);
  return members.filter((member) => store.posts.has(round.round, stepIndex(step), attempt, member));
}

/** Judges the groups of posts with equal claims; posters outside the agreeing ones are liars. */
export function judgeGroups<S extends TallyStep, T>(
  params: FheParams,
  posts: readonly StepPost<S>[],
  claimsOf: (body: BodyOf<S>) => readonly Uint8Array[],
  decode: (group: readonly StepPost<S>[], claims: BodyOf<S>) => Judgement<T>,
): Judgement<T> {
  const groups = new Map<string, StepPost<S>[]>();
  for (const post of posts) {
    const claims = claimsOf(post.body).map(toHex).join();
    groups.set(claims, [...(groups.get(claims) ?? []), post]);
  }
  for (const group of groups.values()) {
    if (group.length < quorum(params)) continue;
    const judged = decode(group, at(group, 0).body);
    if (judged.status !== 'done') continue;
    const outside = posts.filter((post) => !group.includes(post)).map(({ member }) => member);
    return { ...judged, liars: [...judged.liars, ...outside].sort((a, b) => a - b) };
  }
  return { status: posts.length < params.n ? 'waiting' : 'undecodable' };
}

/** Drops the posts of members already found lying. */
export function without<P extends { readonly member: number }>(posts: readonly P[], liars: readonly number[]): P[] {
  return posts.filter(({ member }) => !liars.includes(member));
}

/** One opening whose posts carry its shares. */
export function judgeOpening(
  params: FheParams,
  request: OpeningRequest,
  group: readonly { readonly member: number; readonly body: { readonly shares: Uint8Array } }[],
  slots: number,
): Judgement<bigint[]> {
  const posts = group.map(({ member, body }) => {
    return { member, shares: decodeResidues(params.dataPrimes, body.shares, slots) };
  });
  const outcome = combineOpening(params, request, posts);
  if (outcome.status !== 'open') return outcome;
  return { status: 'done', result: outcome.values, liars: outcome.liars };
}
