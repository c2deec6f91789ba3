/**
 * Aggregate: `U`, the sum of updates, value after value, part after part, and beside it the points of all counts, if there are any. The total of all scores follows from them, and the
 * payment from that (specification §6, §7.3, §9).
 */
import { hash32Of } from '../../../primitives/crypto/hash.ts';
import { centred, slotCount } from '../../../primitives/fhe/open.ts';
import { fheParams } from '../../../primitives/fhe/params.ts';
import { decodeResidues } from '../../../primitives/fhe/wire.ts';
import { aggregateRequest, aggregateSlots } from '../../../primitives/round/requests.ts';
import { aggregateBytes, paymentOf, totalScore } from '../../../primitives/round/score.ts';
import { judgeGroups, judgeOpening, postsOf } from '../judging.ts';
import { failRound } from '../lifecycle.ts';
import { contextOf } from '../rounds.ts';
import { aggregateParts, mayCount, type OpenScore, openScoreOf } from '../score.ts';
import type { Tally } from '../state.ts';
import type { Round } from '../types.ts';
import { openNext } from './direction.ts';
import { defineStep } from './step.ts';

export const aggregate = defineStep<'Aggregate', readonly bigint[]>({
  name: 'Aggregate',
  hasForm(_, round, _member, { ciphertexts, shares }) {
    const parts = round.rule.parts.length;
    const hasCounts = ciphertexts.length === parts + 1;
    if (ciphertexts.length !== parts && !hasCounts) return false;
    // Which counts are accepted is known after the checks: a post that comes before may have them if the rule does.
    if (round.checked ? hasCounts !== round.countsNorm > 0n : hasCounts && !mayCount(round)) return false;
    decodeResidues(fheParams(round.paramsId).dataPrimes, shares, aggregateSlots(round.rule) + (hasCounts ? 1 : 0));
    return true;
  },
  judge(tally, round) {
    const params = fheParams(round.paramsId);
    const counted = { accepted: round.accepted.length, countsNorm: round.countsNorm };
    return judgeGroups(
      params,
      postsOf(tally, round, 'Aggregate', 0),
      ({ ciphertexts }) => ciphertexts,
      (group, { ciphertexts }) => {
        const request = aggregateRequest(contextOf(tally.ctx, round), round.rule, counted, ciphertexts);
        return judgeOpening(params, request, group, slotCount(request));
      },
    );
  },
  take(tally, round, values) {
    const params = fheParams(round.paramsId);
    const slots = aggregateSlots(round.rule);
    const bytes = aggregateBytes(Int32Array.from(values.slice(0, slots), (value) => Number(centred(params, value))));
    tally.store.aggregates.put(round.round, bytes);
    tally.events.AggregateOpened({ round: round.round, hash: hash32Of('tacit/aggregate/1', bytes) });
    const score = openScoreOf(tally, round);
    if (score.bounds.weightNorm === 0n) {
      failRound(tally, round, 'NothingToScore');
      return;
    }
    // No count is below zero.
    decidePayment(tally, round, score, values[slots] ?? 0n);
    openNext(tally, round);
  },
});

/** What the round pays follows from the total. @param counts points of all counts, as they were opened */
function decidePayment(tally: Tally, round: Round, { weights, terms, bounds }: OpenScore, counts: bigint): void {
  const { maxWeightNorm } = fheParams(round.paramsId);
  const total = totalScore(round.rule, weights, aggregateParts(tally, round), counts, terms);
  const { rate, grains } = paymentOf(round.rule, total, bounds, maxWeightNorm);
  const [sum, negative] = total < 0n ? [-total, true] : [total, false];
  tally.store.totals.put(round.round, { sum, negative, rate, grains, weightNorm: bounds.weightNorm });
  tally.events.TotalKnown({ round: round.round, sum, negative, rate, grains });
}
