/** Payout: the encrypted payout vector `z`, which only the items' owners can read (specification §7). */
import { at, present } from '../../../primitives/at.ts';
import { fheParams } from '../../../primitives/fhe/params.ts';
import type { OpeningRequest } from '../../../primitives/fhe/types.ts';
import { decodeResidues } from '../../../primitives/fhe/wire.ts';
import { enrolmentId, splitEnrolment } from '../../../primitives/proofs/enrolment.ts';
import { payoutRequest } from '../../../primitives/round/requests.ts';
import { itemsOf } from '../contributions.ts';
import { judgeGroups, judgeOpening, postsOf } from '../judging.ts';
import { contextOf } from '../rounds.ts';
import { publicTermsOf } from '../score.ts';
import type { Tally } from '../state.ts';
import type { Round } from '../types.ts';
import { openNext } from './direction.ts';
import { defineStep } from './step.ts';

interface PayoutResult {
  readonly scores: readonly Uint8Array[];
  readonly z: readonly bigint[];
}

export const payout = defineStep<'Payout', PayoutResult>({
  name: 'Payout',
  hasForm(_, round, _member, { scores, shares }) {
    if (scores.length !== round.accepted.length) return false;
    decodeResidues(fheParams(round.paramsId).dataPrimes, shares, round.accepted.length);
    return true;
  },
  judge(tally, round) {
    const params = fheParams(round.paramsId);
    const requestFor = requestOf(tally, round);
    return judgeGroups<'Payout', PayoutResult>(
      params,
      postsOf(tally, round, 'Payout', 0),
      ({ scores }) => scores,
      (group, { scores }) => {
        const opened = judgeOpening(params, requestFor(scores), group, round.accepted.length);
        return opened.status === 'done' ? { ...opened, result: { scores, z: opened.result } } : opened;
      },
    );
  },
  take(tally, round, { scores, z }) {
    const { store, events } = tally;
    const { weightNorm: _, news: __, ...total } = present(store.totals.get(round.round), 'the total');
    const { accepted: items, rule } = round;
    const vector = { round: round.round, items, scores: [...scores], z: [...z], ...total, stake: rule.stake };
    store.payouts.put(round.round, vector);
    events.PayoutOpened({ round: round.round, vector });
    openNext(tally, round);
  },
});

/** The payout's request as the state fixes it, of score ciphertexts with these hashes; members compute the same from what they have decoded. */
function requestOf(tally: Tally, round: Round): (scores: readonly Uint8Array[]) => OpeningRequest {
  const params = fheParams(round.paramsId);
  const { rate, grains, weightNorm } = present(tally.store.totals.get(round.round), 'the total');
  const items = itemsOf(tally, round);
  const masks = round.accepted.map((index) => {
    const { enrolment } = at(items, index);
    return { id: enrolmentId(enrolment), delta: splitEnrolment(params, enrolment).delta };
  });
  const { points } = publicTermsOf(tally, round);
  const terms = { rate, grains, stake: round.rule.stake, points, weightNorm };
  return (scores) => payoutRequest(contextOf(tally.ctx, round), { ...terms, scores }, masks);
}
