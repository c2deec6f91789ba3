/** Payout: the encrypted payout vector `z`, which only the items' owners can read (specification §7). */
import { at, present } from '../../../primitives/at.ts';
import { fheParams } from '../../../primitives/fhe/params.ts';
import type { OpeningRequest } from '../../../primitives/fhe/types.ts';
import { decodeResidues } from '../../../primitives/fhe/wire.ts';
import { enrolmentId, parseEnrolment } from '../../../primitives/proofs/enrolment.ts';
import { payoutRequest } from '../../../primitives/round/requests.ts';
import { itemsOf } from '../contributions.ts';
import { judgeGroups, judgeOpening, postsOf } from '../judging.ts';
import { contextOf } from '../rounds.ts';
import { publicTermsOf, scoreBoundsOf } from '../score.ts';
import type { Tally } from '../state.ts';
import type { Round } from '../types.ts';
import { openNext } from './direction.ts';
import { defineStep } from './step.ts';

export const payout = defineStep<'Payout', readonly bigint[]>({
  name: 'Payout',
  hasForm(_, round, _member, { shares }) {
    decodeResidues(fheParams(round.paramsId).dataPrimes, shares, round.accepted.length);
    return true;
  },
  judge(tally, round) {
    const params = fheParams(round.paramsId);
    const request = requestOf(tally, round);
    return judgeGroups(
      params,
      postsOf(tally, round, 'Payout', 0),
      () => [],
      (group) => judgeOpening(params, request, group, round.accepted.length),
    );
  },
  take(tally, round, z) {
    const { store, events } = tally;
    const { scores, sum, negative, rate, grains } = present(store.totals.get(round.round), 'the total');
    const { accepted: items, rule } = round;
    const vector = { round: round.round, items, scores, z: [...z], sum, negative, rate, grains, stake: rule.stake };
    store.payouts.put(round.round, vector);
    events.PayoutOpened({ round: round.round, vector });
    openNext(tally, round);
  },
});

/** The payout's request as the state fixes it; members compute the same from finalized state. */
function requestOf(tally: Tally, round: Round): OpeningRequest {
  const params = fheParams(round.paramsId);
  const { scores, rate, grains } = present(tally.store.totals.get(round.round), 'the total');
  const { weightNorm } = scoreBoundsOf(tally, round);
  const items = itemsOf(tally, round);
  const masks = round.accepted.map((index) => {
    const { enrolment } = at(items, index);
    return { id: enrolmentId(enrolment), delta: parseEnrolment(params, enrolment).delta };
  });
  const { points } = publicTermsOf(tally, round);
  const terms = { scores, rate, grains, stake: round.rule.stake, points, weightNorm };
  return payoutRequest(contextOf(tally.ctx, round), terms, masks);
}
