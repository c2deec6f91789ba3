/**
 * What holders say of each other's evaluations, and what useful ones earn. A rater speaks with points: of what it spent irrecoverably for its grant, each unit
 * once. An evaluation earns at most the part `EvaluationReward` (at most a half) of the points it was given: who rates itself from other accounts loses.
 */
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { partOf, WHOLE } from '../../primitives/money.ts';
import { burn, reserve, transfer, unreserve } from '../balances/index.ts';
import { titleOf } from '../ownership/index.ts';
import { parameter } from '../parameters/index.ts';
import { type Context, ensure } from '../support/index.ts';
import { evaluationOf, isInScore, judgeAnew } from './evaluations.ts';
import { type Curation, POTS, RATING_DEPOSIT, VOICE_FEE } from './state.ts';
import { spentFor, voiceOf } from './weight.ts';

export interface RateArgs {
  readonly model: bigint;
  readonly evaluation: number;
  readonly useful: boolean;
  readonly points: bigint;
}

/** Rates an evaluation of another, once by each grant. Points are given for good. */
export function rate(curation: Curation, who: Uint8Array, { model, evaluation, useful, points }: RateArgs): void {
  const { ctx, store, events, errors } = curation;
  const found = evaluationOf(curation, model, evaluation);
  ensure(found.state.tag !== 'Withdrawn', errors.Withdrawn);
  ensure(!sameBytes(found.account, who), errors.OwnEvaluation);
  const hasPoints = (one: bigint): boolean => points > 0n && store.spent.get(one) + points <= spentFor(ctx, one);
  const isNew = (one: bigint): boolean => !store.ratings.has(model, evaluation, one);
  const grant = voiceOf(curation, model, who, (one) => isNew(one) && hasPoints(one));
  ensure(isNew(grant), errors.AlreadyRated);
  ensure(hasPoints(grant), errors.TooManyPoints);
  const spent = store.spent.get(grant);
  reserve(ctx, who, RATING_DEPOSIT);
  if (spent === 0n) burn(ctx, who, VOICE_FEE, 'keepAlive');
  store.spent.put(grant, spent + points);
  const verdict = { tag: useful ? ('Useful' as const) : ('Useless' as const) };
  store.ratings.put(model, evaluation, grant, { account: who, useful: verdict, points });
  store.evaluations.put(model, evaluation, {
    ...found,
    useful: found.useful + (useful ? points : 0n),
    useless: found.useless + (useful ? 0n : points),
    ratings: found.ratings + 1,
  });
  events.EvaluationRated({ model, evaluation, who, useful, points });
  judgeAnew(curation, model, evaluation);
}

/** Closes a rating of an evaluation that was withdrawn: its deposit returns to who rated. Anyone may. */
export function closeRating(curation: Curation, model: bigint, evaluation: number, grant: bigint): void {
  const { ctx, store, events, errors } = curation;
  const found = evaluationOf(curation, model, evaluation);
  ensure(found.state.tag === 'Withdrawn', errors.RatingStands);
  const rating = store.ratings.get(model, evaluation, grant);
  ensure(rating, errors.NoRating);
  store.ratings.remove(model, evaluation, grant);
  unreserve(ctx, rating.account, RATING_DEPOSIT);
  if (found.ratings === 1) store.evaluations.remove(model, evaluation);
  else store.evaluations.put(model, evaluation, { ...found, ratings: found.ratings - 1 });
  events.RatingClosed({ model, evaluation, who: rating.account });
}

export function fundPot(
  { ctx, store, events, errors }: Curation,
  who: Uint8Array,
  model: bigint,
  amount: bigint,
): void {
  ensure(titleOf(ctx, { tag: 'Model', value: model }), errors.UnknownModel);
  transfer(ctx, who, POTS, amount, 'keepAlive');
  store.pots.mutate(model, (pot) => pot + amount);
  events.PotFunded({ model, who, amount });
}

/**
 * The part of the points that is paid. What a price burned may come back to the owner of data as a bonus: an evaluation gets no more than is lost in spite of
 * that, or whoever owns the data, the model and the accounts would empty the pot for nothing.
 */
function rewardBps(ctx: Context): number {
  const [burned, treasury] = [parameter(ctx, 'LicenceBurn'), parameter(ctx, 'LicenceTreasury')];
  const bonus = parameter(ctx, 'BonusPerBurned');
  const whole = burned + treasury;
  // Rounded up. Points of days when there was something to lose may be left when there is not.
  const back = whole === 0n ? bonus : (bonus * burned + whole - 1n) / whole;
  return Math.min(Number(parameter(ctx, 'EvaluationReward')), WHOLE - Number(back));
}

/** Pays an evaluation that counts what it is due, as far as the pot reaches. Anyone may ask for it. */
export function reward(curation: Curation, model: bigint, evaluation: number): void {
  const { ctx, store, events, errors } = curation;
  const found = evaluationOf(curation, model, evaluation);
  ensure(isInScore(found), errors.NothingDue);
  const points = found.useful > found.useless ? found.useful - found.useless : 0n;
  const earned = partOf(points, rewardBps(ctx));
  const pot = store.pots.get(model);
  const due = earned > found.rewarded ? earned - found.rewarded : 0n;
  const amount = due < pot ? due : pot;
  ensure(amount > 0n, errors.NothingDue);
  store.pots.put(model, pot - amount);
  store.evaluations.put(model, evaluation, { ...found, rewarded: found.rewarded + amount });
  transfer(ctx, POTS, found.account, amount, 'allowDeath');
  events.EvaluationRewarded({ model, evaluation, who: found.account, amount });
}
