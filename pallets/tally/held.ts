/** What the tally holds of others, and what must always hold of its rounds. Both walk the state: for tests and the audit. */
import { TacitError } from '../../primitives/errors.ts';
import { LANES } from '../../primitives/proofs/lane.ts';
import { largestSummed } from '../../primitives/round/lanes.ts';
import type { Held } from '../support/index.ts';
import { depositOf, submissionsOf } from './contributions.ts';
import { configOf, roundOf } from './rounds.ts';
import type { Tally } from './state.ts';
import type { Round } from './types.ts';

/** Deposits of submissions that are not judged yet. */
export function depositsOf(tally: Tally): Held[] {
  return tally.store.live.get().flatMap((id) => {
    const round = roundOf(tally, id);
    if (round.checked) return [];
    const config = configOf(tally);
    return submissionsOf(tally, round).map(({ account, length }): Held => [account, depositOf(config, length)]);
  });
}

/** Throws `tally/broken-places`, `tally/broken-sum`, `tally/broken-live`. */
export function tryState(tally: Tally): undefined {
  const { store } = tally;
  for (const id of store.live.get()) {
    const round = roundOf(tally, id);
    if (round.endedAt !== undefined) throw new TacitError('tally/broken-live', 'a round that is over is live', { id });
    checkPlaces(tally, round);
  }
  for (const [keys] of store.sums.entries()) checkSum(tally, roundOf(tally, keys[0]));
}

/** Whoever submits to be summed was admitted, and as many were admitted as the round counts. */
function checkPlaces(tally: Tally, round: Round): void {
  const { round: id, sum, admitted } = round;
  const found = [...tally.store.admitted.entries(id)].length;
  const isAllowed = (account: Uint8Array): boolean => tally.store.admitted.has(id, account);
  const strangers = sum !== undefined && submissionsOf(tally, round).some(({ account }) => !isAllowed(account));
  if (found === admitted && admitted <= (sum?.places ?? 0) && !strangers) return;
  throw new TacitError('tally/broken-places', 'the admitted accounts are not those that the round counts', {
    id,
    found,
    admitted,
  });
}

/** A sum is of at least `kMin` vectors, of a settled round, and one that vectors of the lane can have. */
function checkSum({ store }: Tally, { round, sum: rule, rule: { kMin }, phase }: Round): void {
  const record = store.sums.get(round);
  if (record === undefined || rule === undefined) throw new TacitError('tally/broken-sum', 'a sum without a rule');
  const { contributors, sums } = record;
  const most = largestSummed(rule) * BigInt(contributors);
  const spent = sums.reduce((total, value) => total + value, 0n);
  const isBallots = rule.lane === LANES.ballot;
  const adds = !isBallots || spent === rule.most * BigInt(contributors);
  const fits = sums.length === rule.values && sums.every((value) => value <= most);
  if (phase.tag === 'Settled' && contributors >= kMin && adds && fits) return;
  throw new TacitError('tally/broken-sum', 'a sum that no round can have opened', { round, contributors });
}
