/**
 * Evaluations and the score that they make.
 *
 * score = (P * 50 + sum of w_i * r_i) / (P + sum of w_i), with w_i what author i spent irrecoverably for its grant, r_i its rating, and P the parameter
 * `EvaluationPrior`. Accounts that spent w in all, however many they are, move it by less than 100 * w / (P + W), W being the weight of
 * the others and w counted in: from a score s by at most the larger of s and 100 - s, times w / (P + W).
 */
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { burn, reserve, unreserve } from '../balances/index.ts';
import { ensureLive, titleOf } from '../ownership/index.ts';
import { parameter } from '../parameters/index.ts';
import { type Context, ensure } from '../support/index.ts';
import { type Curation, EVALUATION_DEPOSIT, state, VOICE_FEE } from './state.ts';
import { type Evaluation, MAX_RATING, PRIOR_RATING, type Score } from './types.ts';
import { spentFor, voiceOf } from './weight.ts';

export interface EvaluateArgs {
  readonly model: bigint;
  readonly rating: number;
  readonly input: string;
  readonly output: string;
}

export function evaluationOf({ store, errors }: Curation, model: bigint, index: number): Evaluation {
  const found = store.evaluations.get(model, index);
  ensure(found, errors.UnknownEvaluation);
  return found;
}

/** Posts an evaluation by the caller's own grant. */
export function evaluate(curation: Curation, who: Uint8Array, args: EvaluateArgs): void {
  const { ctx, store, events, errors } = curation;
  const { model, rating, input, output } = args;
  ensure(titleOf(ctx, { tag: 'Model', value: model }), errors.UnknownModel);
  ensure(rating <= MAX_RATING, errors.BadRating);
  ensureLive(ctx, { tag: 'Model', value: model });
  const grant = voiceOf(curation, model, who, (one) => !store.spoken.has(one) && spentFor(ctx, one) > 0n);
  ensure(spentFor(ctx, grant) > 0n, errors.NothingSpent);
  ensure(!store.spoken.has(grant), errors.AlreadySpoken);
  reserve(ctx, who, EVALUATION_DEPOSIT);
  burn(ctx, who, VOICE_FEE, 'keepAlive');
  const index = store.nextEvaluation.get(model);
  store.nextEvaluation.put(model, index + 1);
  store.spoken.put(grant, index);
  store.evaluations.put(model, index, {
    account: who,
    grant,
    rating,
    input,
    output,
    block: ctx.block,
    weight: 0n,
    useful: 0n,
    useless: 0n,
    rewarded: 0n,
    ratings: 0,
    suspended: false,
    state: { tag: 'Fresh' },
  });
  events.Evaluated({ model, evaluation: index, who, rating });
}

/** Lets an evaluation count, once it has stood long enough for others to look at it. Anyone may. */
export function count(curation: Curation, model: bigint, index: number): void {
  const { ctx, events, errors } = curation;
  const found = evaluationOf(curation, model, index);
  ensure(found.state.tag === 'Fresh', errors.NotFresh);
  ensure(BigInt(ctx.block - found.block) >= parameter(ctx, 'EvaluationAge'), errors.TooYoung);
  // A grant that was revoked, or passed on, meanwhile gives no voice.
  const isOwn = (one: bigint): boolean => one === found.grant;
  ensure(isOwn(voiceOf(curation, model, found.account, isOwn)), errors.NoLicence);
  const weight = spentFor(ctx, found.grant);
  replace(curation, model, index, found, { ...found, weight, state: { tag: 'Counted' } });
  events.EvaluationCounted({ model, evaluation: index, weight });
  judgeAnew(curation, model, index);
}

/** Whether an evaluation is one of those that the sums of its model are made of. */
export const isInScore = ({ state, suspended }: Evaluation): boolean => state.tag === 'Counted' && !suspended;

/** Puts an evaluation in the place of what it was, and brings the sums of its model in line. */
function replace(curation: Curation, model: bigint, index: number, before: Evaluation, after: Evaluation): void {
  curation.store.evaluations.put(model, index, after);
  if (isInScore(before) === isInScore(after)) return;
  add(curation, model, after, isInScore(after) ? 1n : -1n);
}

/** Adds an evaluation to the sums of its model, or takes it out of them. */
function add({ store }: Curation, model: bigint, { weight, rating }: Evaluation, sign: 1n | -1n): void {
  store.sums.mutate(model, (sums) => ({
    weight: sums.weight + sign * weight,
    rated: sums.rated + sign * weight * BigInt(rating),
    counted: sums.counted + Number(sign),
  }));
}

/** It stops to count while those who find it useless have put more behind that than its author and those who find it useful. */
export function judgeAnew(curation: Curation, model: bigint, index: number): void {
  const found = evaluationOf(curation, model, index);
  const { tag } = found.state;
  if (tag !== 'Counted' && tag !== 'Outvoted') return;
  const isOutvoted = found.useless > found.useful + found.weight;
  if (isOutvoted === (tag === 'Outvoted')) return;
  const next = isOutvoted ? ('Outvoted' as const) : ('Counted' as const);
  replace(curation, model, index, found, { ...found, state: { tag: next } });
  curation.events.EvaluationOutvoted({ model, evaluation: index, outvoted: isOutvoted });
}

/** The author takes an evaluation back. */
export function withdraw(curation: Curation, who: Uint8Array, model: bigint, index: number): void {
  const found = evaluationOf(curation, model, index);
  ensure(sameBytes(found.account, who), curation.errors.NotAuthor);
  end(curation, model, index, found);
}

/** Ends an evaluation: it counts no more, and its deposit returns. What others said of it stays until they close it. */
export function end(curation: Curation, model: bigint, index: number, found: Evaluation): void {
  const { ctx, store, events, errors } = curation;
  ensure(found.state.tag !== 'Withdrawn', errors.Withdrawn);
  unreserve(ctx, found.account, EVALUATION_DEPOSIT);
  const gone: Evaluation = { ...found, input: '', output: '', suspended: false, state: { tag: 'Withdrawn' } };
  replace(curation, model, index, found, gone);
  if (found.ratings === 0) store.evaluations.remove(model, index);
  events.EvaluationWithdrawn({ model, evaluation: index });
}

/** An evaluation that was neither withdrawn nor struck. */
export function standingEvaluation(ctx: Context, model: bigint, index: number): Evaluation | undefined {
  const found = state.use(ctx).store.evaluations.get(model, index);
  return found?.state.tag === 'Withdrawn' ? undefined : found;
}

/** A ruling keeps an evaluation out of the score, or no longer does. All else of it goes on, so that nothing has to be made good; of one that is gone nothing happens. */
export function suspendEvaluation(ctx: Context, model: bigint, index: number, suspended: boolean): void {
  const curation = state.use(ctx);
  const found = standingEvaluation(ctx, model, index);
  if (found === undefined || found.suspended === suspended) return;
  replace(curation, model, index, found, { ...found, suspended });
  curation.events.EvaluationSuspended({ model, evaluation: index, suspended });
}

/** A ruling that stands for good takes an evaluation out, if it is not gone. */
export function strikeEvaluation(ctx: Context, model: bigint, index: number): void {
  const found = standingEvaluation(ctx, model, index);
  if (found !== undefined) end(state.use(ctx), model, index, found);
}

/** The score of a model. */
export function scoreOf(ctx: Context, model: bigint): Score {
  const { weight, rated, counted } = state.use(ctx).store.sums.get(model);
  const prior = parameter(ctx, 'EvaluationPrior');
  const hundredths = Number((100n * (prior * PRIOR_RATING + rated)) / (prior + weight));
  return { hundredths, weight, prior, counted };
}
