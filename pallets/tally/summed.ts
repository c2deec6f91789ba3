/** What must always hold of rounds that open nothing but a sum. */
import { TacitError } from '../../primitives/errors.ts';
import { LANES } from '../../primitives/proofs/lane.ts';
import { largestSummed } from '../../primitives/round/lanes.ts';
import { openedValues } from '../../primitives/round/rule.ts';
import { submissionsOf } from './contributions.ts';
import { roundOf } from './rounds.ts';
import type { Tally } from './state.ts';
import type { Round } from './types.ts';

/** Throws `tally/broken-sum`. */
export function checkSums(tally: Tally): void {
  for (const [keys] of tally.store.sums.entries()) checkSum(tally, roundOf(tally, keys[0]));
}

/** Whoever submits to be summed was admitted, and as many were admitted as the round counts. */
export function checkPlaces(tally: Tally, round: Round): void {
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
  const fits = sums.length === openedValues(rule) && sums.every((value) => value <= most);
  if (phase.tag === 'Settled' && contributors >= kMin && adds && fits) return;
  throw new TacitError('tally/broken-sum', 'a sum that no round can have opened', { round, contributors });
}
