/** The committee's posts at the door: form, time, signature. What they say is judged as they are applied, or at the end of the block (advance.ts). */
import { isTacitError } from '../../primitives/errors.ts';
import { rawBytes } from '../../primitives/scale/index.ts';
import { type RoundPhase, stepIndex, stepOf, type TallyStep } from '../../primitives/round/phases.ts';
import { aggregateRequests } from '../../primitives/round/requests.ts';
import { memberKey, postText } from '../committee/index.ts';
import { invalid, type TransactionSource, type UnsignedValidity, type VerifyTask } from '../support/index.ts';
import { genesisHash } from '../system/index.ts';
import { judgeNow } from './advance.ts';
import { configOf, mayPublish, roundOf } from './rounds.ts';
import { isCommitted, type ShownPart } from './score.ts';
import type { Tally, TouchedStep } from './state.ts';
import { keepSecrets, stepFor } from './steps/index.ts';
import { type Round, TALLY_PALLET, type TallyBody, type TallyPost, tallyPost } from './types.ts';

/** Reasons of refusal, as `InvalidTransaction::Custom` shows them. */
export const REFUSED = { unknownRound: 1, notMember: 2, wrongStep: 3, badForm: 5 } as const;

/** Posts are few and everything waits for them: they go first, for as many blocks as a step may take. */
const PRIORITY = 1n << 62n;
const LONGEVITY = 64n;

function signatureTask({ ctx }: Tally, key: Uint8Array, post: TallyPost, signature: Uint8Array): VerifyTask {
  const text = postText(genesisHash(ctx), TALLY_PALLET, rawBytes(tallyPost, post));
  return { kind: 'sr25519', parts: [key, text, signature] };
}

/** The key of who posts, unless the round does not hear it. */
function posterKey({ ctx, store }: Tally, { term, round, member }: TallyPost): Uint8Array | undefined {
  return store.rounds.get(round)?.out.includes(member) ? undefined : memberKey(ctx, term, member);
}

/** What must be verified of a post, or nothing if it is refused anyway. */
export function postTasks(tally: Tally, post: TallyPost, signature: Uint8Array): VerifyTask[] {
  const key = posterKey(tally, post);
  return key === undefined ? [] : [signatureTask(tally, key, post, signature)];
}

/** Whether the step of a post stands, or is over but still compared; `early` if it has not begun. */
function timing(tally: Tally, round: Round, post: TallyPost): 'now' | 'late' | 'early' | 'stale' {
  const { step, attempt } = { step: stepIndex(post.body.tag), attempt: post.attempt };
  const done = round.finished.find((known) => known.step === step && known.attempt === attempt);
  if (done !== undefined) {
    const inWindow = done.block + configOf(tally).lateWindow >= tally.ctx.block;
    return inWindow && !isThrownAway(round, post) && stepFor(post.body.tag).comparesLate ? 'late' : 'stale';
  }
  if (round.endedAt !== undefined) return 'stale';
  if (stepOf(round.phase.tag) === post.body.tag && round.attempt === attempt) return 'now';
  const last = round.finished.at(-1);
  if (last === undefined) return 'early';
  return step < last.step || (isKeying(round.phase.tag) && attempt < round.attempt) ? 'stale' : 'early';
}

function isKeying(phase: RoundPhase): boolean {
  return phase === 'Keying' || phase === 'KeyCheck';
}

/** Whether a post of a finished step is of keys that were thrown away: of those nothing is compared, for the members passed over since then change what a post must look like. */
function isThrownAway({ phase, finished }: Round, { body, attempt }: TallyPost): boolean {
  if (!isKeying(body.tag)) return false;
  const step = stepIndex(body.tag);
  return isKeying(phase.tag) || finished.findLast((known) => known.step === step)?.attempt !== attempt;
}

/**
 * Judges a post in the pool and again when it is applied: time and place first, then the signature over the bytes as they came, and only what a member has signed is unpacked. The pool takes posts of steps that are still to come in a round
 * that closes or has closed: members do not wait for blocks (specification §6.7), and a block applies them in the order of the steps.
 */
export function validatePost(
  tally: Tally,
  post: TallyPost,
  signature: Uint8Array,
  source: TransactionSource,
): UnsignedValidity {
  const { ctx, store } = tally;
  const round = store.rounds.get(post.round);
  if (round === undefined || round.term !== post.term) return invalid(REFUSED.unknownRound);
  const key = posterKey(tally, post);
  if (key === undefined) return invalid(REFUSED.notMember);
  const step = stepIndex(post.body.tag);
  const when = timing(tally, round, post);
  const isAhead = when === 'early' && source !== 'inBlock' && mayComeAhead(round, post);
  if (when === 'early' && !isAhead) return invalid('Future');
  if (when === 'stale' || store.posts.has(post.round, step, post.attempt, post.member)) return invalid('Stale');
  if (!ctx.host.verify(signatureTask(tally, key, post, signature))) return invalid('BadProof');
  const hasItsForm = ctx.host.believes || (isAhead && !isFormKnown(round, post.body.tag));
  if (!hasItsForm && !hasForm(tally, round, post)) return invalid(REFUSED.badForm);
  return {
    priority: priorityOf(step, post.attempt),
    requires: [],
    provides: [postTag(post)],
    longevity: LONGEVITY,
    propagate: true,
  };
}

/** Earlier steps go first, and of a step the earlier attempt. */
function priorityOf(step: number, attempt: number): bigint {
  return PRIORITY - BigInt(256 * step + attempt);
}

/** Steps after the close that every round has; the others are those that it opens. */
const CHECKS: readonly TallyStep[] = ['Reveal', 'Check', 'CheckEach'];

/**
 * Requests for `U` beyond the present one whose posts the pool takes: what blocks take meanwhile. A member brings what is further ahead again, and a liar fills no more
 * than this.
 */
const REQUESTS_AHEAD = 3;

/** Whether a step that is to come has such an attempt, and soon. */
function comesSoon({ phase, rule, attempt: present }: Round, step: TallyStep, attempt: number): boolean {
  if (step !== 'Aggregate') return attempt === 0;
  const standing = phase.tag === 'Aggregate' ? present : 0;
  return attempt < aggregateRequests(rule) && attempt <= standing + REQUESTS_AHEAD;
}

/** Whether a post may wait in the pool for its step: one a member, step and attempt, of those that the round has after its close. */
function mayComeAhead(round: Round, { body, attempt }: TallyPost): boolean {
  if (isKeying(round.phase.tag) || !comesSoon(round, body.tag, attempt)) return false;
  // How much each check may bring is known from the close on.
  if (body.tag === 'CheckEach' && round.closedAt === undefined) return false;
  return CHECKS.includes(body.tag) || round.opens.some(({ tag }) => tag === body.tag);
}

/**
 * Whether it is known what a post of a step that is still to come has to look like: of all that may be large [a liar could fill the pool, where posts come before
 * all else]. Of the others it depends on what is not done.
 */
function isFormKnown({ closedAt }: Round, step: TallyStep): boolean {
  if (step === 'Check' || step === 'CheckEach') return closedAt !== undefined;
  return step === 'Aggregate' || step === 'Sum';
}

/** Judges a part of a direction: it proves itself. It goes before the posts of the step that waits for it. */
export function validateDirection(tally: Tally, shown: ShownPart): UnsignedValidity {
  const { store } = tally;
  const round = store.rounds.get(shown.round);
  if (round === undefined) return invalid(REFUSED.unknownRound);
  if (store.directions.has(shown.round, shown.part)) return invalid('Stale');
  if (!mayPublish(round.phase.tag)) return invalid(round.closedAt === undefined ? 'Future' : 'Stale');
  if (!isCommitted(round, shown)) return invalid(REFUSED.badForm);
  const step = stepIndex('CheckEach');
  return {
    priority: priorityOf(step, 0),
    requires: [],
    provides: [tagOf(shown.round, step, NO_ATTEMPT, shown.part)],
    longevity: LONGEVITY,
    propagate: true,
  };
}

/** No step has as many attempts: tags of directions are unlike those of posts. */
const NO_ATTEMPT = 255;

/** One post per round, step, attempt and member. */
function postTag({ round, attempt, member, body }: TallyPost): Uint8Array {
  return tagOf(round, stepIndex(body.tag), attempt, member);
}

function tagOf(round: number, step: number, attempt: number, place: number): Uint8Array {
  const tag = new Uint8Array(8);
  const view = new DataView(tag.buffer);
  view.setUint8(0, TALLY_PALLET);
  view.setUint32(1, round, true);
  view.setUint8(5, step);
  view.setUint8(6, attempt);
  view.setUint8(7, place);
  return tag;
}

function hasForm(tally: Tally, round: Round, { member, body, attempt }: TallyPost): boolean {
  try {
    return stepFor(body.tag).hasForm(tally, round, member, body.value, attempt);
  } catch (error) {
    if (isTacitError(error)) return false;
    throw error;
  }
}

/** Keeps a post that has been validated, and has it judged: now, or at the end of the block. */
export function takePost(tally: Tally, { round: id, attempt, member, body }: TallyPost): void {
  const { store, events } = tally;
  const place = { round: id, step: stepIndex(body.tag), attempt };
  store.posts.put(id, place.step, attempt, member, body);
  events.Posted({ ...place, member });
  const round = roundOf(tally, id);
  if (body.tag === 'Reveal') keepSecrets(tally, round, member, body.value.secrets);
  const isPresent = stepOf(round.phase.tag) === body.tag && round.attempt === attempt;
  if (isPresent && stepFor(body.tag).isJudgedAtOnce) judgeNow(tally, id, body.tag);
  else queue(tally, place);
}

/** The step is judged at the end of the block. */
function queue({ store }: Tally, { round, step, attempt }: TouchedStep): void {
  const touched = store.touched.get();
  if (touched.some((known) => known.round === round && known.step === step && known.attempt === attempt)) return;
  store.touched.put([...touched, { round, step, attempt }]);
}

/** What of a post it costs more for: box keys, secrets, scalars, bytes of shares, payouts. */
export function sizeOfPost(body: TallyBody): number {
  switch (body.tag) {
    case 'Keying':
      return body.value.sealKeys.length + body.value.maskKeys.length;
    case 'Reveal':
      return body.value.secrets.length;
    case 'Check':
    case 'CheckEach':
      return body.value.scalars.length;
    case 'Aggregate':
    case 'Sum':
      return body.value.shares.length;
    case 'Payout':
      return body.value.scores.length;
    default:
      return 0;
  }
}
