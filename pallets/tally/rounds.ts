/** Access to rounds and their phases. */
import { TacitError } from '../../primitives/errors.ts';
import type { RoundContext } from '../../primitives/fhe/params.ts';
import { roundContext } from '../../primitives/round/commitments.ts';
import { type RoundPhase, stepIndex, stepOf } from '../../primitives/round/phases.ts';
import { type Context, fail } from '../support/index.ts';
import { genesisHash } from '../system/index.ts';
import type { Config, Tally } from './state.ts';
import type { Round } from './types.ts';
import { blocksOf } from './work.ts';

/** Phases in which the model's owner may publish the direction: after the close, before the aggregate is opened. */
const DIRECTION_PHASES: readonly RoundPhase[] = ['Reveal', 'Check', 'CheckEach', 'Direction'];

export function configOf({ store }: Tally): Config {
  const config = store.config.get();
  if (config === undefined) throw new TacitError('tally/no-config', 'the genesis has no tally section');
  return config;
}

export function roundOf({ store }: Tally, id: number): Round {
  const round = store.rounds.get(id);
  if (round === undefined) throw new TacitError('tally/unknown-round', 'no round has this number', { round: id });
  return round;
}

/** What every derivation of the round is bound to. */
export function contextOf(ctx: Context, round: Pick<Round, 'term' | 'round' | 'paramsId'>): RoundContext {
  return roundContext(genesisHash(ctx), round);
}

/** Passes to `phase` with a fresh deadline; the step that ends is remembered, its late posts are still compared. */
export function enter(tally: Tally, round: Round, phase: RoundPhase, attempt = 0): void {
  const { ctx, store, events } = tally;
  const done = stepOf(round.phase.tag);
  const finished =
    done === undefined
      ? round.finished
      : [...round.finished, { step: stepIndex(done), attempt: round.attempt, block: ctx.block }];
  const blocks = phase === 'Open' ? round.rule.openBlocks : blocksOf(round, phase, configOf(tally).stepBlocks);
  store.rounds.put(round.round, { ...round, finished, phase: { tag: phase }, attempt, deadline: ctx.block + blocks });
  events.PhaseBegan({ round: round.round, phase: { tag: phase }, attempt });
}

export function mayPublish(phase: RoundPhase): boolean {
  return DIRECTION_PHASES.includes(phase);
}

/** A live round, or the call fails with `UnknownRound`. */
export function liveRound(tally: Tally, id: number): Round {
  const round = tally.store.rounds.get(id);
  if (round === undefined || round.endedAt !== undefined) fail(tally.errors.UnknownRound);
  return round;
}
