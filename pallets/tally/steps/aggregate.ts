/** Aggregate: `U`, the weighted sum of updates, value after value, part after part (specification §6, §9). */
import { hash32Of } from '../../../primitives/crypto/hash.ts';
import { centred } from '../../../primitives/fhe/open.ts';
import { fheParams } from '../../../primitives/fhe/params.ts';
import { decodeResidues } from '../../../primitives/fhe/wire.ts';
import { aggregateRequest, aggregateSlots } from '../../../primitives/round/requests.ts';
import { aggregateBytes } from '../../../primitives/round/score.ts';
import { judgeGroups, judgeOpening, postsOf } from '../judging.ts';
import { failRound } from '../lifecycle.ts';
import { contextOf } from '../rounds.ts';
import { publicTermsOf, scoreBoundsOf } from '../score.ts';
import { openNext } from './direction.ts';
import { defineStep } from './step.ts';

export const aggregate = defineStep<'Aggregate', readonly bigint[]>({
  name: 'Aggregate',
  hasForm(_, round, _member, { ciphertexts, shares }) {
    if (ciphertexts.length !== round.rule.parts.length) return false;
    decodeResidues(fheParams(round.paramsId).dataPrimes, shares, aggregateSlots(round.rule));
    return true;
  },
  judge(tally, round) {
    const params = fheParams(round.paramsId);
    return judgeGroups(
      params,
      postsOf(tally, round, 'Aggregate', 0),
      ({ ciphertexts }) => ciphertexts,
      (group, { ciphertexts }) => {
        const context = contextOf(tally.ctx, round);
        const { total } = publicTermsOf(tally, round).copies;
        const request = aggregateRequest(context, round.rule, total, ciphertexts);
        return judgeOpening(params, request, group, aggregateSlots(round.rule));
      },
    );
  },
  take(tally, round, values) {
    const params = fheParams(round.paramsId);
    const bytes = aggregateBytes(Int32Array.from(values, (value) => Number(centred(params, value))));
    tally.store.aggregates.put(round.round, bytes);
    tally.events.AggregateOpened({ round: round.round, hash: hash32Of('tacit/aggregate/1', bytes) });
    if (scoreBoundsOf(tally, round).weightNorm === 0n) failRound(tally, round, 'NothingToScore');
    else openNext(tally, round);
  },
});
