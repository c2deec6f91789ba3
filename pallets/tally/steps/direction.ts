/** Direction: no step of the committee. The model's owner publishes what it committed to; then the round's openings go on. */
import { failRound, settle } from '../lifecycle.ts';
import { enter, roundOf } from '../rounds.ts';
import { publishedParts } from '../score.ts';
import type { Tally } from '../state.ts';
import type { Round } from '../types.ts';
import type { Phase } from './step.ts';

export const direction: Phase = {
  atDeadline: (tally, round) => failRound(tally, round, 'NoDirection'),
};

/** Passes to what the round opens after its present phase; after the last the round is settled. */
export function openNext(tally: Tally, round: Round): void {
  const opens = round.opens.map(({ tag }) => tag);
  const next = opens[opens.indexOf(round.phase.tag) + 1];
  if (next === undefined) {
    settle(tally, round);
    return;
  }
  enter(tally, round, next);
  if (next === 'Direction') takeDirection(tally, roundOf(tally, round.round));
}

/**
 * `U` is opened only once every part of the direction is published: from then on nothing depends on the model's owner [who would take the aggregate,
 * withhold the direction, and have its pool back].
 */
export function takeDirection(tally: Tally, round: Round): void {
  if (publishedParts(tally, round).every((isThere) => isThere)) openNext(tally, round);
}
