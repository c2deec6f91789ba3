/** What every step of a round has: the form of its posts, how they are judged, what is taken from them, what its deadline does. */
import { fheParams, quorum } from '../../../primitives/fhe/params.ts';
import type { TallyStep } from '../../../primitives/round/phases.ts';
import type { OffenceKind } from '../../committee/index.ts';
import { accuse } from '../accusations.ts';
import { type Judgement, postersOf } from '../judging.ts';
import { failRound } from '../lifecycle.ts';
import type { Tally } from '../state.ts';
import type { BodyOf, Round } from '../types.ts';

/** A phase that a round is in: what its deadline does. */
export interface Phase {
  atDeadline(tally: Tally, round: Round): void;
}

export interface Step<S extends TallyStep> extends Phase {
  /** Exact lengths, reduced residues and scalars, and whatever can be checked of one post alone. May throw a TacitError for no. */
  hasForm(tally: Tally, round: Round, member: number, body: BodyOf<S>, attempt: number): boolean;
  /** Whether the posts that are there may decide anything. Cheap: it does not read them. */
  isReady(tally: Tally, round: Round, attempt: number): boolean;
  /** Whether late posts can still be compared with what was decoded. */
  readonly comparesLate: boolean;
  /**
   * Whether a post that may decide the step does so as it is applied, so that a block can hold several steps of a round. The others wait for the end of the block:
   * those before the close, and `CheckEach`, whose judging is dear.
   */
  readonly isJudgedAtOnce: boolean;
  /** Passes a round that is in this step on, as far as its posts allow. */
  advance(tally: Tally, round: Round): void;
  /** Names who lied in the step, which is done, now that more posts are there. */
  compareLate(tally: Tally, round: Round, attempt: number): void;
}

/** A step whose posts carry shares. */
interface SharedStep<S extends TallyStep, T> {
  readonly name: S;
  readonly offence?: OffenceKind;
  readonly comparesLate?: boolean;
  readonly isJudgedAtOnce?: boolean;
  readonly hasForm: Step<S>['hasForm'];
  readonly isReady?: Step<S>['isReady'];
  readonly atDeadline?: Phase['atDeadline'];
  judge(tally: Tally, round: Round, attempt: number): Judgement<T>;
  take(tally: Tally, round: Round, result: T): void;
}

export const failAtDeadline: Phase['atDeadline'] = (tally, round) => failRound(tally, round, 'Deadline');

/** Whether as many members have posted as a decoding needs. */
export const hasQuorum =
  (step: TallyStep): Step<TallyStep>['isReady'] =>
  (tally, round, attempt) =>
    postersOf(tally, round, step, attempt).length >= quorum(fheParams(round.paramsId));

export function defineStep<S extends TallyStep, T>(decl: SharedStep<S, T>): Step<S> {
  const { name, offence = 'BadShare', comparesLate = true, isJudgedAtOnce = true, hasForm, judge, take } = decl;
  return {
    hasForm,
    comparesLate,
    isJudgedAtOnce,
    isReady: decl.isReady ?? hasQuorum(name),
    atDeadline: decl.atDeadline ?? failAtDeadline,
    advance(tally, round) {
      const judged = judge(tally, round, round.attempt);
      if (judged.status === 'waiting') return;
      if (judged.status === 'undecodable') {
        failRound(tally, round, 'Undecodable');
        return;
      }
      accuse(tally, round, { step: name, attempt: round.attempt }, judged.liars, offence);
      take(tally, round, judged.result);
    },
    compareLate(tally, round, attempt) {
      const judged = judge(tally, round, attempt);
      if (judged.status === 'done') accuse(tally, round, { step: name, attempt }, judged.liars, offence);
    },
  };
}
