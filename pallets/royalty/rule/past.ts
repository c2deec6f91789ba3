/**
 * What rounds are held against: of the rounds of their models that have settled, with updates of the same form, those whose aggregates were opened last. A round of
 * several models is in the past of each. Work of a round that failed is not the past: nobody was paid for it.
 */
import { MAX_PAST } from '../../../primitives/round/novelty.ts';
import { haveOneForm } from '../../../primitives/round/sketch.ts';
import { type Context, mustHold } from '../../support/index.ts';
import { findRound, type Round } from '../../tally/index.ts';
import type { Royalty } from '../state.ts';
import type { RoundPool, RoyaltyRule } from './types.ts';

/** When a round has settled. */
const endOf = (ctx: Context, id: number): number => findRound(ctx, id)?.endedAt ?? 0;

/** The rounds that a round over these models is held against if it begins now, the last settled first; of those that settled in one block the later made. */
export function pastOf(
  { ctx, store }: Royalty,
  models: readonly RoundPool[],
  { novelty, parts, sketch }: RoyaltyRule,
): number[] {
  if (novelty === undefined) return [];
  const known = new Set(models.flatMap(({ model }) => store.pasts.get(model, { parts, sketch })));
  const ordered = [...known].sort((a, b) => endOf(ctx, b) - endOf(ctx, a) || b - a);
  return ordered.slice(0, novelty.past);
}

/** A round has settled: later ones of its models are held against it. */
export function addToPast(
  { store }: Royalty,
  { round, rule: { parts, sketch } }: Round,
  models: readonly RoundPool[],
): void {
  for (const { model } of models)
    store.pasts.mutate(model, { parts, sketch }, (known) => [round, ...known].slice(0, MAX_PAST));
}

/** What is kept of the past are rounds of the model that have settled, with updates of this form, each once. */
export function checkPasts({ ctx, store }: Royalty): void {
  for (const [[model, form], past] of store.pasts.entries()) {
    const isOfModel = (id: number): boolean => store.rounds.get(id)?.models.some((one) => one.model === model) === true;
    const isLike = (id: number): boolean => {
      const round = findRound(ctx, id);
      return round?.phase.tag === 'Settled' && haveOneForm(round.rule, form);
    };
    const areRight = past.every((id) => isOfModel(id) && isLike(id)) && new Set(past).size === past.length;
    mustHold(areRight && past.length > 0, 'royalty/broken-past', `the past of model ${model} cannot be`);
  }
}
