/** The machine: after the extrinsics of a block every round with new posts, or at its deadline, is judged and passes on. */
import { blake2b256, hash32Of } from '../../primitives/crypto/hash.ts';
import { isTacitError } from '../../primitives/errors.ts';
import { fheParams } from '../../primitives/fhe/params.ts';
import { centred } from '../../primitives/fhe/open.ts';
import { REJECTIONS } from '../../primitives/proofs/unseal.ts';
import { noteSilent, type OffenceKind, offend } from '../committee/index.ts';
import { completeItems, itemsOf, returnDeposits, submissionsOf } from './contributions.ts';
import {
  type CheckResult,
  type Judgement,
  judgeAggregate,
  judgeCheck,
  judgePayout,
  judgeTotal,
  postsOf,
  type TotalResult,
} from './judge.ts';
import { judgeKeying, judgeKeys, type KeyCheckResult, type KeyingResult, missingPosters } from './keying.ts';
import { failRound, settle } from './lifecycle.ts';
import { contextOf, enter, roundOf, stepOf } from './rounds.ts';
import { acceptedReports, directionParts, scoreBoundsOf } from './score.ts';
import { aggregateBytes, payoutRate } from './scoring.ts';
import type { Tally } from './state.ts';
import { beaconOf, type Round, TALLY_STEPS, type TallyStep, tallyBody, UPDATE_LANE, VERDICT } from './types.ts';

/** One post of one member. */
interface PostPlace {
  readonly round: number;
  readonly step: TallyStep;
  readonly attempt: number;
  readonly member: number;
}

/** Names the poster, once per post. */
function accuse({ ctx, store }: Tally, { round, step, attempt, member }: PostPlace, kind: OffenceKind): void {
  const index = TALLY_STEPS.indexOf(step);
  if (store.named.has(round, index, attempt, member)) return;
  const body = store.posts.get(round, index, attempt, member);
  if (body === undefined) return;
  store.named.put(round, index, attempt, member, undefined);
  const evidence = blake2b256(tallyBody.codec.enc(body));
  offend(ctx, { member, kind, round, step: index, attempt, evidence });
}

function accuseAll(tally: Tally, round: Round, step: TallyStep, attempt: number, liars: readonly number[]): void {
  const kind: OffenceKind = step === 'Keying' ? 'BadBoxKey' : 'BadShare';
  for (const member of liars) accuse(tally, { round: round.round, step, attempt, member }, kind);
}

/** Judges what the block brought. */
export function advanceAll(tally: Tally): void {
  const { ctx, store } = tally;
  const touched = store.touched.get();
  if (touched.length > 0) store.touched.put([]);
  for (const { round: id, step: index, attempt } of touched) {
    const round = store.rounds.get(id);
    const step = TALLY_STEPS[index];
    if (round === undefined || step === undefined) continue;
    const done = round.finished.some((known) => known.step === index && known.attempt === attempt);
    if (done) unharmed(tally, () => accuseAll(tally, round, step, attempt, lateLiars(tally, round, step, attempt)));
    else guarded(tally, id, () => advance(tally, id));
  }
  for (const id of store.live.get()) {
    if (ctx.block >= roundOf(tally, id).deadline) guarded(tally, id, () => atDeadline(tally, roundOf(tally, id)));
  }
}

/** Compares late posts. What a primitive refuses here came too late to matter: nobody is named for it, and the round goes on. */
function unharmed(tally: Tally, body: () => void): void {
  try {
    tally.ctx.transactional(body);
  } catch (error) {
    if (!isTacitError(error)) throw error;
    tally.ctx.host.report?.(error);
  }
}

/**
 * Whatever a primitive refuses while a round is judged concerns this round alone: it fails, with all money returned, and neither the block nor
 * another round notices.
 */
function guarded(tally: Tally, id: number, body: () => void): void {
  try {
    tally.ctx.transactional(body);
  } catch (error) {
    if (!isTacitError(error)) throw error;
    tally.ctx.host.report?.(error);
    const round = roundOf(tally, id);
    if (round.endedAt === undefined) failRound(tally, round, 'Fault');
  }
}

/** Who lied in a step that is done, now that more posts are there. */
function lateLiars(tally: Tally, round: Round, step: TallyStep, attempt: number): readonly number[] {
  const judged = judgeShares(tally, round, step, attempt);
  return judged?.status === 'done' ? judged.liars : [];
}

function judgeShares(tally: Tally, round: Round, step: TallyStep, attempt: number): Judgement<unknown> | undefined {
  switch (step) {
    case 'KeyCheck':
      return judgeKeys(tally, round, attempt);
    case 'Check':
    case 'CheckEach':
      return judgeCheck(tally, round, step);
    case 'Aggregate':
      return judgeAggregate(tally, round);
    case 'Total':
      return judgeTotal(tally, round);
    case 'Payout':
      return judgePayout(tally, round);
    case 'Keying':
    case 'Reveal':
      return undefined;
  }
}

/** Passes a round on as far as its posts allow. */
export function advance(tally: Tally, id: number): void {
  const round = roundOf(tally, id);
  switch (round.phase.tag) {
    case 'Keying':
      return conclude(tally, round, judgeKeying(tally, round), takeKeys);
    case 'KeyCheck':
      return conclude(tally, round, judgeKeys(tally, round, round.attempt), takeKeyCheck);
    case 'Reveal':
      return takeSecrets(tally, round);
    case 'Check':
    case 'CheckEach':
      return conclude(tally, round, judgeCheck(tally, round, round.phase.tag), takeCheck);
    case 'Aggregate':
      return conclude(tally, round, judgeAggregate(tally, round), takeAggregate);
    case 'Direction':
      return takeDirection(tally, round);
    case 'Total':
      return conclude(tally, round, judgeTotal(tally, round), takeTotal);
    case 'Payout':
      return conclude(tally, round, judgePayout(tally, round), takePayout);
    case 'Open':
    case 'Settled':
    case 'Failed':
      return undefined;
  }
}

function conclude<T>(
  tally: Tally,
  round: Round,
  judged: Judgement<T>,
  take: (tally: Tally, round: Round, result: T) => void,
): void {
  if (judged.status === 'waiting') return;
  if (judged.status === 'undecodable') return failRound(tally, round, 'Undecodable');
  accuseAll(tally, round, stepOf(round.phase.tag) as TallyStep, round.attempt, judged.liars);
  take(tally, round, judged.result);
}

function takeKeys(tally: Tally, round: Round, keys: KeyingResult): void {
  tally.store.publicKeys.put(round.round, keys.publicKey);
  tally.store.boxKeys.put(round.round, { seal: keys.seal, mask: keys.mask });
  enter(tally, round, 'KeyCheck', round.attempt);
}

function takeKeyCheck(tally: Tally, round: Round, { wrong, opens }: KeyCheckResult): void {
  if (wrong.length > 0) {
    for (const member of wrong) {
      accuse(tally, { round: round.round, step: 'Keying', attempt: round.attempt, member }, 'BadKeySum');
    }
    return keyAgain(tally, round, wrong);
  }
  // Functionals right and the test wrong: more members lie than the protocol stands.
  if (!opens) return failRound(tally, round, 'Undecodable');
  enter(tally, round, 'Open');
}

/** Keying begins anew without the members of `passedOver`. */
function keyAgain(tally: Tally, round: Round, passedOver: readonly number[]): void {
  const { f } = fheParams(round.paramsId);
  noteSilent(tally.ctx, round.term, passedOver);
  let silent = [...new Set([...round.silent, ...passedOver])].sort((a, b) => a - b);
  // Too many to pass over: those of before that posted now are here again, and may be asked once more.
  if (silent.length > f && round.attempt === 0) {
    const heard = postsOf(tally, round, 'Keying', round.attempt).map(({ member }) => member);
    silent = silent.filter((member) => passedOver.includes(member) || !heard.includes(member));
  }
  if (silent.length > f) return failRound(tally, round, 'Deadline');
  enter(tally, { ...round, silent }, 'Keying', round.attempt + 1);
}

/** The secrets were checked at the door: the step is done when those of all subsets are there. */
function takeSecrets(tally: Tally, round: Round): void {
  const { ctx, store, events } = tally;
  const secrets = fheParams(round.paramsId).subsets.map((_, subset) => store.secrets.get(round.round, subset));
  if (secrets.some((secret) => secret === undefined)) return;
  const beacon = beaconOf(contextOf(ctx, round).genesis, round.round, secrets as Uint8Array[]);
  enter(tally, { ...round, beacon }, 'Check');
  events.Revealed({ round: round.round, beacon });
}

/** A combined check that failed anywhere says nothing about each: everything is opened one by one. */
function takeCheck(tally: Tally, round: Round, result: CheckResult): void {
  const { passed, enrolled, verdicts } = result;
  if (passed === undefined || (round.phase.tag === 'Check' && enrolled.includes(false))) {
    enter(tally, round, 'CheckEach');
    return;
  }
  const { store, events } = tally;
  const submissions = submissionsOf(tally, round).map((submission, index) => {
    if (passed[index]) return { ...submission, verdict: VERDICT.accepted };
    const reason = verdicts[index] || REJECTIONS.check;
    events.SubmissionDropped({ round: round.round, submission: index, account: submission.account, reason });
    return { ...submission, verdict: verdicts[index] ? VERDICT.malformed : VERDICT.refused, reason };
  });
  submissions.forEach((submission, index) => {
    store.submissions.put(round.round, index, submission);
  });
  returnDeposits(tally, round, ({ verdict }) => verdict === VERDICT.accepted);
  const accepted = acceptItems(tally, round, enrolled);
  events.Checked({ round: round.round, accepted });
  const checked = { ...round, accepted, checked: true };
  if (accepted.length < round.rule.kMin) return failRound(tally, checked, 'TooFewAccepted');
  // Nothing is opened of a round whose rule gives no points to anyone [a reporter that is the owner's and stays away].
  if (!givesPoints(tally, round)) return failRound(tally, checked, 'NothingToScore');
  enter(tally, checked, 'Direction');
  takeDirection(tally, roundOf(tally, round.round));
}

/** Whether updates have a weight in the score, or uses that were reported. */
function givesPoints(tally: Tally, round: Round): boolean {
  const { alpha, gamma } = round.rule;
  return gamma > 0n || (alpha > 0n && acceptedReports(tally, round).length > 0);
}

/** Items whose enrolment and update parts were all accepted; writes the status of every item. */
function acceptItems(tally: Tally, round: Round, enrolled: readonly boolean[]): number[] {
  const { store } = tally;
  const parts = round.rule.parts.map((_, part) => part);
  const accepted: number[] = [];
  itemsOf(tally, round).forEach((item, index) => {
    const complete = parts.every((part) => {
      const submitted = store.submissionOf.get(round.round, item.account, UPDATE_LANE, part);
      return submitted !== undefined && store.submissions.get(round.round, submitted)?.verdict === VERDICT.accepted;
    });
    if (enrolled[index] && complete) accepted.push(index);
    const tag = !enrolled[index] ? 'BadEnrolment' : complete ? 'Accepted' : 'Incomplete';
    store.items.put(round.round, index, { ...item, status: { tag } });
  });
  return accepted;
}

function takeAggregate(tally: Tally, round: Round, values: readonly bigint[]): void {
  const { store, events } = tally;
  const params = fheParams(round.paramsId);
  const bytes = aggregateBytes(Int32Array.from(values, (value) => Number(centred(params, value))));
  store.aggregates.put(round.round, bytes);
  events.AggregateOpened({ round: round.round, hash: hash32Of('tacit/aggregate/1', bytes) });
  if (scoreBoundsOf(tally, round).weightNorm === 0n) failRound(tally, round, 'NothingToScore');
  else enter(tally, round, 'Total');
}

/**
 * `U` is opened only once every part of the direction is published: from then on nothing depends on the model's owner [who would take the aggregate,
 * withhold the direction, and have its pool back].
 */
function takeDirection(tally: Tally, round: Round): void {
  if (directionParts(tally, round).every((part) => part !== undefined)) enter(tally, round, 'Aggregate');
}

function takeTotal(tally: Tally, round: Round, { scores, ciphertext, total }: TotalResult): void {
  const { store, events } = tally;
  const params = fheParams(round.paramsId);
  const value = centred(params, total);
  const { tMin, pool, stake } = round.rule;
  const rate = payoutRate({ tMin, pool, deposit: stake }, value, scoreBoundsOf(tally, round), params.maxWeightNorm);
  const [sum, negative] = value < 0n ? [-value, true] : [value, false];
  store.totals.put(round.round, { scores: [...scores], ciphertext, sum, negative, rate });
  events.TotalOpened({ round: round.round, sum, negative, rate });
  enter(tally, round, 'Payout');
}

function takePayout(tally: Tally, round: Round, z: readonly bigint[]): void {
  const { store, events } = tally;
  const opened = store.totals.get(round.round);
  if (opened === undefined) return;
  const { scores, sum, negative, rate } = opened;
  const { accepted: items, rule } = round;
  const vector = { round: round.round, items, scores, z: [...z], sum, negative, rate, stake: rule.stake };
  store.payouts.put(round.round, vector);
  events.PayoutOpened({ round: round.round, vector });
  settle(tally, round);
}

function atDeadline(tally: Tally, round: Round): void {
  switch (round.phase.tag) {
    case 'Open':
      return close(tally, round);
    case 'Keying': {
      const missing = missingPosters(tally, round);
      return missing.length === 0 ? failRound(tally, round, 'Deadline') : keyAgain(tally, round, missing);
    }
    case 'Direction':
      return failRound(tally, round, 'NoDirection');
    default:
      return failRound(tally, round, 'Deadline');
  }
}

/** At the close: enough contributions, or the same round stays open, unopened, for a while longer (§4). */
function close(tally: Tally, round: Round): void {
  const { ctx, store, events } = tally;
  const { kMin, maxExtensions, openBlocks } = round.rule;
  if (completeItems(tally, round) >= kMin) {
    enter(tally, { ...round, closedAt: ctx.block }, 'Reveal');
    events.Closed({ round: round.round, submissions: round.submissions, items: round.items });
  } else if (round.extensions < maxExtensions) {
    const deadline = ctx.block + openBlocks;
    store.rounds.put(round.round, { ...round, deadline, extensions: round.extensions + 1 });
    events.Extended({ round: round.round, closesAt: deadline });
  } else failRound(tally, round, 'TooFew');
}

/** Looks after a round when its direction arrives between blocks' ends. */
export function noteDirection(tally: Tally, id: number): void {
  const round = roundOf(tally, id);
  if (round.phase.tag === 'Direction') takeDirection(tally, round);
}
