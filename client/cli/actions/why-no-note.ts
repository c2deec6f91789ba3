import { TacitError } from '../../../primitives/errors.ts';
import { tac } from '../../demo/report.ts';
import type { Scan } from '../../sdk/notes/index.ts';

/** Phases after the close that follow each other as fast as posts come; a round waits in `Direction` for whoever knows it. */
const SETTLING: readonly string[] = ['Reveal', 'Check', 'CheckEach', 'Aggregate', 'Payout'];

/** What became of the stakes of a failed round (specification §7.6). */
function stakesOf(failure: string): string {
  const isTheirs = failure === 'TooFew' || failure === 'TooFewAccepted';
  return isTheirs
    ? 'its stakes went back, less a quarter where a part of an update was missing or malformed, and none where an enrolment was false'
    : 'its stakes went back';
}

/**
 * Why there is nothing to claim in a round: the text of a claim made already.
 * @throws `cli/no-round`, `cli/not-settled`, `cli/round-failed`, `cli/no-note`, and what is wrong with the round
 */
export function whyNoNote({ cursor, unsettled, failed, notes, problems }: Scan, round: number): string {
  if (round < 1 || round >= cursor.rounds) {
    const last = cursor.rounds - 1;
    const known = last === 0 ? 'there has been none yet' : `the last is ${last}`;
    throw new TacitError('cli/no-round', `no round ${round}: ${known}`, { round });
  }
  const failure = failed.find((one) => one.round === round)?.failure;
  if (failure !== undefined)
    throw new TacitError('cli/round-failed', `round ${round} failed: ${failure}; ${stakesOf(failure)}`, { round });
  const view = unsettled.find((one) => one.round === round);
  if (view !== undefined) {
    const about = SETTLING.includes(view.phase)
      ? 'it settles within some blocks'
      : 'it settles some time after its close';
    throw new TacitError('cli/not-settled', `round ${round} is in ${view.phase}, ${about}`, { round });
  }
  const spent = notes.find(({ origin }) => 'round' in origin && origin.round === round)?.spent;
  if (spent) return `round ${round}: already claimed, ${tac(spent.amount - spent.fee)} TAC; what was left is change`;
  const problem = problems.find(({ where }) => where === `round ${round}`);
  if (problem) throw new TacitError(problem.code, problem.message, { round });
  throw new TacitError(
    'cli/no-note',
    `round ${round} is over and paid this wallet nothing: it was not in it, or not accepted (a part of its update was missing or malformed, its enrolment false, or its holder counts elsewhere), or the round failed long ago`,
    {
      round,
    },
  );
}
