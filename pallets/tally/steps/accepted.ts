/** What the checks of a round leave: fates of submissions and items, deposits, and whether the round goes on. */
import { at } from '../../../primitives/at.ts';
import { REJECTIONS } from '../../../primitives/proofs/unseal.ts';
import { countingItems } from '../../../primitives/round/holders.ts';
import { itemLanes } from '../../../primitives/round/lanes.ts';
import { VERDICT } from '../../../primitives/round/phases.ts';
import { itemsOf, returnDeposits, submissionsOf } from '../contributions.ts';
import { failRound } from '../lifecycle.ts';
import { normOfCounts } from '../score.ts';
import type { Tally } from '../state.ts';
import type { Item, Round } from '../types.ts';
import { openNext } from './direction.ts';

/** A check that settles everything. */
interface Outcome {
  readonly verdicts: Uint8Array;
  /** Per submission. */
  readonly passed: readonly boolean[];
  /** Per item. */
  readonly enrolled: readonly boolean[];
}

export function conclude(tally: Tally, round: Round, { passed, enrolled, verdicts }: Outcome): void {
  const { store, events } = tally;
  submissionsOf(tally, round).forEach((submission, index) => {
    if (at(passed, index)) {
      store.submissions.put(round.round, index, { ...submission, verdict: VERDICT.accepted });
      return;
    }
    const malformed = at(verdicts, index);
    const reason = malformed === 0 ? REJECTIONS.check : malformed;
    const verdict = malformed === 0 ? VERDICT.refused : VERDICT.malformed;
    store.submissions.put(round.round, index, { ...submission, verdict, reason });
    events.SubmissionDropped({ round: round.round, submission: index, account: submission.account, reason });
  });
  returnDeposits(tally, round, ({ verdict }) => verdict === VERDICT.accepted);
  const accepted = acceptItems(tally, round, enrolled);
  events.Checked({ round: round.round, accepted });
  const countsNorm = normOfCounts(tally, { ...round, accepted });
  const checked = { ...round, accepted, countsNorm, checked: true };
  // Items are of one holder each. Of a round that is summed the vectors count: an account has one, and there are no items.
  const counted = round.sum === undefined ? accepted.length : passed.filter(Boolean).length;
  if (counted < round.rule.kMin) failRound(tally, checked, 'TooFewAccepted');
  else openNext(tally, checked);
}

/** Items whose enrolment and parts were all accepted, of a holder the first; writes the status of every item: of those that another of its holder stands for none. */
function acceptItems(tally: Tally, round: Round, enrolled: readonly boolean[]): number[] {
  const { store } = tally;
  const parts = itemLanes(round.lanes);
  const items = itemsOf(tally, round);
  const isComplete = ({ account }: Item): boolean =>
    parts.every(({ lane, part }) => {
      const submitted = store.submissionOf.get(round.round, account, lane, part);
      return submitted !== undefined && store.submissions.get(round.round, submitted)?.verdict === VERDICT.accepted;
    });
  const passed = items.flatMap((item, index) => (at(enrolled, index) && isComplete(item) ? [index] : []));
  const accepted = countingItems(round.rule, passed, (index) => at(items, index).holder);
  const [passing, counting] = [new Set(passed), new Set(accepted)];
  items.forEach((item, index) => {
    const hasPassed = passing.has(index);
    if (hasPassed && !counting.has(index)) return;
    const tag = !at(enrolled, index) ? 'BadEnrolment' : hasPassed ? 'Accepted' : 'Incomplete';
    store.items.put(round.round, index, { ...item, status: { tag } });
  });
  return accepted;
}
