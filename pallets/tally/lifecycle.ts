/** How a round begins and ends. */
import { present } from '../../primitives/at.ts';
import { type FheParams, fheParams } from '../../primitives/fhe/params.ts';
import { lanesOf } from '../../primitives/round/lanes.ts';
import { ruleFault, sumFault } from '../../primitives/round/fit.ts';
import { ruleWithoutScores, type RoundFrame, type SumRule } from '../../primitives/round/rule.ts';
import { stepOf } from '../../primitives/round/phases.ts';
import { type AcquiredRound, acquireRound, isCheckable, releaseRound, stepBlocksOf } from '../committee/index.ts';
import { type Context, ensure, fail } from '../support/index.ts';
import { type Consumer, openingsFit } from './consumer.ts';
import { returnDeposits } from './contributions.ts';
import { FORGETTING, FORGOTTEN_AT_ONCE, isJudgeable } from './costs.ts';
import { postersOf } from './judging.ts';
import { configOf, enter, roundOf } from './rounds.ts';
import { hasPast } from './score.ts';
import { MAX_LIVE_ROUNDS, state, type Tally } from './state.ts';
import type { Failure, Round, RuleRecord } from './types.ts';
import { mostWorkOf } from './work.ts';

/**
 * Begins a round of `consumer` under `rule`; the caller has seen to its pool. Fails with a fault of the rule, `BadPast`, `BadOpenings`, `TooCostly`, `TooManyRounds`, or the
 * committee's `NoTerm`, `Rotating`, `TermOver`.
 * @returns the round's number
 */
export function createRound(ctx: Context, consumer: Consumer, rule: RuleRecord): number {
  return begin(ctx, consumer, rule, undefined);
}

/** Begins a round of `consumer` that pays nothing and opens one sum. Fails as {@link createRound} does. @returns the round's number */
export function createSumRound(ctx: Context, consumer: Consumer, frame: RoundFrame, sum: SumRule): number {
  return begin(ctx, consumer, ruleWithoutScores(frame) as RuleRecord, { ...sum, bounds: [...sum.bounds] });
}

function begin(ctx: Context, consumer: Consumer, rule: RuleRecord, sum: Round['sum']): number {
  const tally = state.use(ctx);
  const { store, events, errors } = tally;
  const live = store.live.get();
  ensure(live.length < MAX_LIVE_ROUNDS, errors.TooManyRounds);
  const place = acquireRound(ctx);
  const params = fheParams(place.paramsId);
  ensureFits(tally, params, consumer, { rule, sum });
  const id = store.nextRound.get();
  store.nextRound.put(id + 1);
  store.live.put([...live, id]);
  const deadline = ctx.block + stepBlocksOf(params, configOf(tally).stepBlocks);
  store.rounds.put(id, { ...emptyRound(consumer, { rule, sum }), ...place, round: id, deadline });
  events.RoundCreated({ round: id, term: place.term });
  return id;
}

/** What a round is about: scores under a rule, or one sum. */
type Subject = Pick<Round, 'rule' | 'sum'>;

/** Fails unless such a round can be led to its end: its openings, its rule, its past, the work of its checks and of the blocks that judge it. */
function ensureFits(tally: Tally, params: FheParams, { opens }: Consumer, { rule, sum }: Subject): void {
  const { errors } = tally;
  const { leastK } = configOf(tally);
  ensure(openingsFit(opens, sum !== undefined), errors.BadOpenings);
  const fault = sum ? sumFault(params, rule, sum, leastK) : ruleFault(params, rule, leastK);
  if (fault !== undefined) fail(errors[fault]);
  ensure(hasPast(tally, rule), errors.BadPast);
  const isBearable = isCheckable(params, mostWorkOf({ rule, sum })) && isJudgeable({ paramsId: params.id, rule, sum });
  ensure(isBearable, errors.TooCostly);
}

/** A round in which nothing has happened yet, without its place in the term and its deadline. */
function emptyRound(
  { pallet, opens }: Consumer,
  { rule, sum }: Subject,
): Omit<Round, 'round' | 'deadline' | keyof AcquiredRound> {
  return {
    consumer: pallet,
    opens: opens.map((tag) => ({ tag })),
    rule,
    sum,
    lanes: lanesOf(rule, sum).map((lane) => ({ ...lane, bounds: [...lane.bounds] })),
    phase: { tag: 'Keying' },
    attempt: 0,
    extensions: 0,
    items: 0,
    holders: 0,
    admitted: 0,
    submissions: 0,
    closedAt: undefined,
    roomyBlocks: 0,
    beacon: undefined,
    checked: false,
    accepted: [],
    countsNorm: 0n,
    finished: [],
    failure: undefined,
    failedIn: undefined,
    endedAt: undefined,
  };
}

function end(tally: Tally, round: Round, phase: 'Settled' | 'Failed', failed: Partial<Round> = {}): void {
  const { ctx, store } = tally;
  enter(tally, round, phase);
  const last = roundOf(tally, round.round);
  store.rounds.put(round.round, { ...last, ...failed, deadline: 0, endedAt: ctx.block });
  store.live.put(store.live.get().filter((id) => id !== round.round));
  store.ended.put([...store.ended.get(), round.round]);
  store.handed.put(round.consumer, round.round, undefined);
  releaseRound(ctx);
}

export function settle(tally: Tally, round: Round): void {
  end(tally, round, 'Settled');
}

/** Ends a round that cannot go on: nothing is paid, deposits return; the rest is its consumer's. */
export function failRound(tally: Tally, round: Round, reason: Failure): void {
  if (!round.checked) returnDeposits(tally, round, () => true);
  const failure = { tag: reason };
  const failedIn = { phase: round.phase, silent: silentIn(tally, round) };
  end(tally, round, 'Failed', { failure, failedIn });
  tally.events.RoundFailed({ round: round.round, failure, ...failedIn });
}

/** Members that have not posted in the step a round is in; none if its phase takes no posts. */
function silentIn(tally: Tally, round: Round): number[] {
  const step = stepOf(round.phase.tag);
  if (step === undefined) return [];
  const posters = postersOf(tally, round, step, round.attempt);
  const { n } = fheParams(round.paramsId);
  return Array.from({ length: n }, (_, member) => member).filter((member) => !posters.includes(member));
}

/**
 * Forgets what only the committee and the contributors of an ended round needed. The round stays, and what a settled one has opened, and its enrolments, from which
 * wallets recover the secrets of their notes, and so do its submissions' records and its direction: receipts are about them. So many keys a block, of the round that
 * ended first: a round of a thousand items has some thousand. A block whose end has no room for it forgets nothing.
 */
export function pruneEnded(tally: Tally): void {
  const { ctx, store } = tally;
  const due = dueToForget(tally);
  if (due === undefined || !ctx.takeAtEnd(FORGETTING) || !forget(tally, due)) return;
  store.ended.put(store.ended.get().filter((id) => id !== due));
}

/** The round of which the next is forgotten, if there is one. */
export function dueToForget(tally: Tally): number | undefined {
  const { ctx, store } = tally;
  const ended = store.ended.get();
  if (ended.length === 0) return undefined;
  const { lateWindow } = configOf(tally);
  const queued = new Set(store.touched.get().map(({ round }) => round));
  return ended.find((id) => {
    const { endedAt, consumer } = roundOf(tally, id);
    // Nobody who needs it still has it before him: the consumer, and late posts that wait to be compared.
    const isNeeded = store.handed.has(consumer, id) || queued.has(id);
    return !isNeeded && present(endedAt, 'the end of the round') + lateWindow < ctx.block;
  });
}

/** Of a round that is over and has been forgotten, what the state has no more. */
export function forgottenOf({ store }: Tally, { phase, sum }: Round) {
  const { publicKeys, boxKeys, posts, named, submissionOf, usedKeys, secrets, admitted, holderOf } = store;
  const isFailed = phase.tag === 'Failed';
  return [
    publicKeys,
    boxKeys,
    posts,
    named,
    submissionOf,
    usedKeys,
    secrets,
    admitted,
    holderOf,
    // a round that is summed pays nobody: there is no receipt of it
    ...(isFailed || sum !== undefined ? [store.submissions, store.directions] : []),
    // work that nobody was paid for is held against no later round
    ...(isFailed ? [store.items, store.itemOf, store.aggregates, store.scored, store.totals] : []),
  ];
}

/** Forgets of a round what one block may. @returns whether nothing is left to forget */
function forget(tally: Tally, id: number): boolean {
  let left = FORGOTTEN_AT_ONCE;
  for (const item of forgottenOf(tally, roundOf(tally, id))) left -= item.clearSome(left, id);
  return left > 0;
}
