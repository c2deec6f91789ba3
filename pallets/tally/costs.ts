/** What the work at the end of a block weighs, in picoseconds: steps that are judged there, deadlines, what is forgotten. */
import { fheParams } from '../../primitives/fhe/params.ts';
import { ROUND_PHASES, type RoundPhase } from '../../primitives/round/phases.ts';
import { aggregateRequests, aggregateSlots } from '../../primitives/round/requests.ts';
import { MAX_HOOKS_WEIGHT, measuredWeight, weightOfMicros } from '../support/index.ts';
import type { Round } from './types.ts';
import { ends, hooks } from './weights.ts';

/** Microseconds for a round, for each of its items with a submission, for each further submission, and for each value of what it opens. */
export interface EndCost {
  readonly micros: number;
  readonly item: number;
  readonly vector: number;
  readonly value: number;
}

/** What there is of what a phase is judged by. */
export interface Sizes {
  readonly items: number;
  readonly vectors: number;
  readonly values: number;
}

export const microsOf = ({ micros, item, vector, value }: EndCost, { items, vectors, values }: Sizes): number =>
  micros + item * items + vector * vectors + value * values;

type EndTable = Readonly<Partial<Record<RoundPhase, EndCost>>>;

const tableOf = (n: number): EndTable => ends[n as keyof typeof ends];
/** Those of all committees. */
export const TABLES: readonly EndTable[] = Object.values(ends);

/** What the weight of a round's judging follows from. */
export interface Judged extends Pick<Round, 'paramsId' | 'items' | 'admitted' | 'submissions'> {
  readonly rule: Pick<Round['rule'], 'parts' | 'maxItems'>;
  readonly sum: Pick<NonNullable<Round['sum']>, 'values' | 'places'> | undefined;
}

/** Values of `U` that the largest of a round's requests opens: what a phase does with them follows from the present request alone. */
function mostOpened(rule: Judged['rule']): number {
  const numbers = Array.from({ length: aggregateRequests(rule) }, (_, number) => number);
  return Math.max(0, ...numbers.map((number) => aggregateSlots(rule, number)));
}

/** What judging this round in this phase takes at most. */
export function judgingCost({ paramsId, rule, sum, items, admitted, submissions }: Judged, phase: RoundPhase): bigint {
  const cost = tableOf(fheParams(paramsId).n)[phase];
  if (cost === undefined) return 0n;
  const values = (sum?.values ?? 0) + mostOpened(rule);
  // While it is open, its contributors may still come in this block.
  const sizes =
    phase === 'Open'
      ? { items: rule.maxItems, vectors: sum?.places ?? 0, values }
      : { items, vectors: Math.max(admitted, submissions - items), values };
  return weightOfMicros(microsOf(cost, sizes));
}

/** What the deadline of a round takes at most: it closes, or fails, with the deposits of its submissions back. */
export function deadlineCost(round: Judged & Pick<Round, 'phase'>): bigint {
  const { phase, items, submissions } = round;
  const failing = measuredWeight(hooks.fail, Math.max(items, submissions));
  const closing = phase.tag === 'Open' ? judgingCost(round, 'Open') : 0n;
  return failing > closing ? failing : closing;
}

/** Keys that a block forgets of what is over; as many again each consumer of its own. */
export const FORGOTTEN_AT_ONCE = 512;

/** What forgetting as many keys of an ended round takes as a block forgets. */
export const FORGETTING: bigint = measuredWeight(hooks.forget, FORGOTTEN_AT_ONCE);

/** A round that is to be made. */
export interface Planned extends Pick<Judged, 'paramsId' | 'sum'> {
  readonly rule: Pick<Round['rule'], 'parts' | 'maxItems' | 'reporters'>;
}

/** Whether the end of one block can judge a round in which all places are taken, whatever phase it is in. */
export function isJudgeable({ paramsId, rule, sum }: Planned): boolean {
  const { maxItems, parts, reporters } = rule;
  const submissions = maxItems * parts.length + reporters.length;
  const full = { paramsId, rule, sum, items: maxItems, admitted: sum?.places ?? 0, submissions };
  return ROUND_PHASES.every((phase) => judgingCost(full, phase) <= MAX_HOOKS_WEIGHT);
}
