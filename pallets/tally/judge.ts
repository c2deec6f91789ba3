/**
 * What a step's posts say (specification §6.4): pure functions of the state, used when the step is under way and again when a late post is compared.
 *
 * Posts that make the same public claims form a group. A step is done when 2f+1 posts of one group lie on one polynomial of degree f in every value; with
 * n = 3f+1 members there is at most one such group, and whoever posted and is not among these lied.
 */
import { toHex } from '../../primitives/crypto/hex.ts';
import { decodeScalar, ORDER, type Scalar } from '../../primitives/crypto/ristretto.ts';
import { type Decoding, decodeIntegers, decodeVectors } from '../../primitives/fhe/decode.ts';
import { type FheParams, fheParams, quorum } from '../../primitives/fhe/params.ts';
import { combineOpening } from '../../primitives/fhe/open.ts';
import type { OpeningRequest } from '../../primitives/fhe/types.ts';
import { decodeResidues } from '../../primitives/fhe/wire.ts';
import { enrolmentId, parseEnrolment } from '../../primitives/proofs/enrolment.ts';
import { checkEnrolments, enrolmentWeight, type MaskCheck } from '../../primitives/proofs/enrolment-check.ts';
import { itemsOf } from './contributions.ts';
import { contextOf } from './rounds.ts';
import { aggregateRequest, aggregateSlots, CHECK_VALUES, payoutRequest, residuesOf, totalRequest } from './shares.ts';
import { scoreBoundsOf } from './score.ts';
import type { Tally } from './state.ts';
import { type Round, TALLY_STEPS, type TallyBody, type TallyStep } from './types.ts';

export type Judgement<T> =
  | { readonly status: 'waiting' }
  /** All members have posted and no 2f+1 agree. */
  | { readonly status: 'undecodable' }
  | { readonly status: 'done'; readonly result: T; readonly liars: readonly number[] };

type BodyOf<S extends TallyStep> = Extract<TallyBody, { tag: S }>['value'];
export interface StepPost<S extends TallyStep> {
  readonly member: number;
  readonly body: BodyOf<S>;
}

/** The posts of a step, by member. */
export function postsOf<S extends TallyStep>({ store }: Tally, round: Round, step: S, attempt: number): StepPost<S>[] {
  const { n } = fheParams(round.paramsId);
  const posts: StepPost<S>[] = [];
  for (let member = 0; member < n; member++) {
    const body = store.posts.get(round.round, TALLY_STEPS.indexOf(step), attempt, member);
    if (body?.tag === step) posts.push({ member, body: body.value as BodyOf<S> });
  }
  return posts;
}

/** Judges the groups of posts with equal claims; posters outside the agreeing ones are liars. */
export function judgeGroups<S extends TallyStep, T>(
  params: FheParams,
  posts: readonly StepPost<S>[],
  claimsOf: (body: BodyOf<S>) => readonly Uint8Array[],
  decode: (group: readonly StepPost<S>[]) => Judgement<T>,
): Judgement<T> {
  const groups = new Map<string, StepPost<S>[]>();
  for (const post of posts) {
    const claims = claimsOf(post.body).map(toHex).join();
    groups.set(claims, [...(groups.get(claims) ?? []), post]);
  }
  for (const group of groups.values()) {
    if (group.length < quorum(params)) continue;
    const judged = decode(group);
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

/** Residues mod the data primes and scalars mod l that were posted together: who lies in one is left out of the other. */
function decodeBoth(
  params: FheParams,
  posts: readonly { member: number; residues: BigUint64Array; scalars: Scalar[] }[],
  counts: { residues: number; scalars: number },
): Decoding<{ residues: BigUint64Array; scalars: Scalar[] }> {
  const vectors = posts.map(({ member, residues }) => ({ member, shares: residues }));
  const first = decodeVectors(params, params.dataPrimes, vectors, counts.residues);
  if (first.status !== 'decoded') return first;
  const integers = without(posts, first.liars).map(({ member, scalars }) => ({ member, shares: scalars }));
  const second = decodeIntegers(params, ORDER, integers, counts.scalars);
  if (second.status !== 'decoded') return second;
  return {
    status: 'decoded',
    values: { residues: first.values, scalars: second.values },
    liars: [...first.liars, ...second.liars],
  };
}

/** One opening whose posts carry its shares. */
function judgeOpening<S extends 'Aggregate' | 'Total' | 'Payout'>(
  params: FheParams,
  request: OpeningRequest,
  group: readonly StepPost<S>[],
  slots: number,
): Judgement<bigint[]> {
  const posts = group.map(({ member, body }) => {
    return { member, shares: decodeResidues(params.dataPrimes, body.shares, slots) };
  });
  const outcome = combineOpening(params, request, posts);
  if (outcome.status !== 'open') return outcome;
  return { status: 'done', result: outcome.values, liars: outcome.liars };
}

/** What a check found out. */
export interface CheckResult {
  /** Per submission, 0 or the reason it is malformed. */
  readonly verdicts: Uint8Array;
  /** Per submission, whether it is well formed and passes; undefined in a combined check that failed. */
  readonly passed: readonly boolean[] | undefined;
  /** Per item, whether its enrolment passes. */
  readonly enrolled: readonly boolean[];
}

type CheckStep = 'Check' | 'CheckEach';

/** Whether the masks' sums `S`, `R` open the enrolments' commitments: together, or one by one. */
function checkMasks(tally: Tally, round: Round, values: readonly MaskCheck[]): boolean[] {
  const params = fheParams(round.paramsId);
  const beacon = round.beacon as Uint8Array;
  const enrolments = itemsOf(tally, round).map(({ enrolment }) => ({
    form: parseEnrolment(params, enrolment),
    rho: enrolmentWeight(beacon, enrolmentId(enrolment)),
  }));
  const groups = values.length === enrolments.length ? enrolments.map((one) => [one]) : [enrolments];
  return groups.map((group, i) =>
    checkEnrolments(
      group.map(({ form }) => form),
      group.map(({ rho }) => rho),
      values[i] as MaskCheck,
    ),
  );
}

/** Check and CheckEach: everything must decode to zero. The combined check says yes or no to all, CheckEach to each. */
export function judgeCheck(tally: Tally, round: Round, step: CheckStep): Judgement<CheckResult> {
  const params = fheParams(round.paramsId);
  const each = step === 'CheckEach';
  const posts: StepPost<CheckStep>[] = postsOf(tally, round, step, 0);
  return judgeGroups<CheckStep, CheckResult>(
    params,
    posts,
    ({ verdicts }) => [verdicts],
    (group) => {
      const verdicts = (group[0] as StepPost<CheckStep>).body.verdicts;
      const formed = [...verdicts.keys()].filter((index) => verdicts[index] === 0);
      const payloads = each ? formed.length : 1;
      const items = each ? round.items : 1;
      const counts = { residues: payloads * CHECK_VALUES, scalars: payloads + 2 * items };
      const shares = group.map(({ member, body }) => ({
        member,
        residues: decodeResidues(params.dataPrimes, body.residues, counts.residues),
        scalars: body.scalars.map(decodeScalar),
      }));
      const decoded = decodeBoth(params, shares, counts);
      if (decoded.status !== 'decoded') return decoded;
      const { residues, scalars } = decoded.values;
      const zero = (payload: number): boolean =>
        scalars[payload] === 0n && residuesOf(params, residues, payloads, payload).every((value) => value === 0n);
      const masks = Array.from({ length: items }, (_, i) => ({
        S: scalars[payloads + 2 * i] as Scalar,
        R: scalars[payloads + 2 * i + 1] as Scalar,
      }));
      const enrolled = checkMasks(tally, round, masks);
      const passed = Array.from(verdicts, (verdict, index) => verdict === 0 && zero(each ? formed.indexOf(index) : 0));
      const allPassed = each || zero(0);
      const result: CheckResult = {
        verdicts,
        passed: allPassed ? passed : undefined,
        enrolled: each ? enrolled : Array.from({ length: round.items }, () => enrolled[0] === true),
      };
      return { status: 'done', result, liars: decoded.liars };
    },
  );
}

/** `U`, value after value, part after part; residues mod t. */
export function judgeAggregate(tally: Tally, round: Round): Judgement<bigint[]> {
  const params = fheParams(round.paramsId);
  const context = contextOf(tally.ctx, round);
  const slots = aggregateSlots(round.rule);
  return judgeGroups(
    params,
    postsOf(tally, round, 'Aggregate', 0),
    ({ ciphertexts }) => ciphertexts,
    (group) => {
      const { ciphertexts } = (group[0] as StepPost<'Aggregate'>).body;
      const request = aggregateRequest(context, round.rule, round.accepted.length, ciphertexts);
      return judgeOpening(params, request, group, slots);
    },
  );
}

export interface TotalResult {
  readonly scores: readonly Uint8Array[];
  readonly ciphertext: Uint8Array;
  /** Residue mod t. */
  readonly total: bigint;
}

/** `T` and the hashes of the ciphertexts it was computed from. */
export function judgeTotal(tally: Tally, round: Round): Judgement<TotalResult> {
  const params = fheParams(round.paramsId);
  const context = contextOf(tally.ctx, round);
  const { weightNorm } = scoreBoundsOf(tally, round);
  return judgeGroups<'Total', TotalResult>(
    params,
    postsOf(tally, round, 'Total', 0),
    ({ scores, total }) => [...scores, total],
    (group) => {
      const { scores, total } = (group[0] as StepPost<'Total'>).body;
      const request = totalRequest(context, total, round.accepted.length, weightNorm);
      const opened = judgeOpening(params, request, group, 1);
      if (opened.status !== 'done') return opened;
      return { ...opened, result: { scores, ciphertext: total, total: opened.result[0] as bigint } };
    },
  );
}

/** The payout vector `z`. */
export function judgePayout(tally: Tally, round: Round): Judgement<bigint[]> {
  const params = fheParams(round.paramsId);
  const request = payoutRequestOf(tally, round);
  return judgeGroups(
    params,
    postsOf(tally, round, 'Payout', 0),
    () => [],
    (group) => judgeOpening(params, request, group, round.accepted.length),
  );
}

/** The payout's request as the state fixes it; members compute the same from finalized state. */
export function payoutRequestOf(tally: Tally, round: Round): OpeningRequest {
  const params = fheParams(round.paramsId);
  const { scores, rate } = tally.store.totals.get(round.round) ?? { scores: [], rate: 0n };
  const { weightNorm } = scoreBoundsOf(tally, round);
  const items = itemsOf(tally, round);
  const masks = round.accepted.map((index) => {
    const { enrolment } = items[index] as (typeof items)[number];
    return { id: enrolmentId(enrolment), delta: parseEnrolment(params, enrolment).delta };
  });
  return payoutRequest(contextOf(tally.ctx, round), { scores, rate, stake: round.rule.stake, weightNorm }, masks);
}
