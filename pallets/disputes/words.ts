/**
 * What disputes do to what somebody has said, through the faces of `Curation` and `Registry` alone. A report alone does nothing. With the first ruling against it an
 * evaluation does not count and a claim does not hold; a later ruling for it takes exactly that back. What cannot be taken back waits for the end.
 */
import { strikeEvaluation, suspendEvaluation } from '../curation/index.ts';
import { bindAttester, restoreClaim, slashAttester, strikeClaim } from '../registry/index.ts';
import type { Disputes } from './state.ts';
import type { Dispute, Outcome, Word } from './types.ts';

/** A dispute is open: until its end nobody who answers for a claim takes the bond behind it. */
export function openWord(disputes: Disputes, word: Word, id: bigint, respondent: Uint8Array): void {
  const { ctx, store } = disputes;
  store.cases.mutate(word, ({ open, found }) => ({ open: [...open, id], found }));
  if (word.tag === 'Claim') bindAttester(ctx, respondent, 1);
}

/** Brings a word in line with the rulings about it, whatever their order. */
export function applyWord({ ctx, store }: Disputes, word: Word): void {
  const { open, found } = store.cases.get(word);
  const isAgainst = found || open.some((id) => store.disputes.get(id)?.ruling?.verdict.tag === 'Upheld');
  if (word.tag === 'Evaluation') suspendEvaluation(ctx, word.value.model, word.value.evaluation, isAgainst);
  else if (isAgainst) strikeClaim(ctx, word.value);
  else restoreClaim(ctx, word.value);
}

/** A dispute is over: what was found stays. An attester pays once for a claim, however many have reported it. */
export function closeWord(disputes: Disputes, word: Word, id: bigint, dispute: Dispute, outcome: Outcome): void {
  const { ctx, store } = disputes;
  const { open, found } = store.cases.get(word);
  const left = open.filter((each) => each !== id);
  const isFound = found || outcome === 'Upheld';
  store.cases.put(word, { open: left, found: isFound });
  applyWord(disputes, word);
  if (word.tag === 'Claim') {
    bindAttester(ctx, dispute.respondent, -1);
    if (isFound && !found) slashAttester(ctx, dispute.respondent, dispute.slash);
  } else if (isFound && !found) strikeEvaluation(ctx, word.value.model, word.value.evaluation);
  // The numbers of evaluations are not used again: that one was struck, curation knows.
  if (left.length === 0 && !(isFound && word.tag === 'Claim')) store.cases.remove(word);
}
