import { TacitError } from '../../../primitives/errors.ts';
import { constants } from '../../sdk/generated/chain.ts';
import type { Scan } from '../../sdk/claim.ts';

/** Phases between the close of a round and its payout, in their order. */
const TO_GO: readonly string[] = ['Reveal', 'Check', 'CheckEach', 'Direction', 'Aggregate', 'Payout'];
/** A step's posts come in a block or two after the block that begins it. */
const BLOCKS_A_STEP = 2;

/**
 * Why there is nothing to claim in a round: the text of a claim made already.
 * @throws `cli/no-round`, `cli/not-settled`, `cli/round-failed`, `cli/no-note`
 */
export function whyNoNote({ rounds, notes, problems }: Scan, round: number): string {
  const view = rounds.get(round);
  if (view === undefined) {
    const last = Math.max(0, ...rounds.keys());
    const known = last === 0 ? 'there has been none yet' : `the last is ${last}`;
    throw new TacitError('cli/no-round', `no round ${round}: ${known}`, { round });
  }
  if (view.phase === 'Failed')
    throw new TacitError('cli/round-failed', `round ${round} failed: ${view.failure}; its stakes went back`, { round });
  if (view.phase !== 'Settled') {
    const place = TO_GO.indexOf(view.phase);
    const blocks = (TO_GO.length - place) * BLOCKS_A_STEP;
    const about = place < 0 ? 'it settles some time after its close' : `about ${secondsOf(blocks)} s`;
    throw new TacitError('cli/not-settled', `round ${round} is in ${view.phase}, ${about}`, { round });
  }
  const note = notes.find((one) => one.round === round);
  if (note?.spent) return `round ${round}: already claimed`;
  if (note !== undefined) throw new TacitError('cli/note-too-small', `round ${round}: nothing to claim`, { round });
  const problem = problems.find((one) => one.round === round);
  if (problem) throw problem.error;
  throw new TacitError('cli/no-note', `round ${round} has settled and paid this wallet nothing: it took no part`, {
    round,
  });
}

const secondsOf = (blocks: number): number => Math.ceil((blocks * Number(constants.aura.slotDuration)) / 1000);
