/**
 * Aggregate: `U`, the sum of updates, a few parts in each request, and with the last of them the points of all counts, if there are any. The requests have numbers, which their posts bear
 * as `attempt`; the next begins when one is decoded. The total of all scores follows from them, and the payment from that (specification §6, §7.3, §9).
 */
import { at } from '../../../primitives/at.ts';
import { hash32Of } from '../../../primitives/crypto/hash.ts';
import { centred, slotCount } from '../../../primitives/fhe/open.ts';
import { fheParams } from '../../../primitives/fhe/params.ts';
import { decodeResidues } from '../../../primitives/fhe/wire.ts';
import {
  aggregateRequest,
  aggregateRequests,
  aggregateSlots,
  isLastRequest,
  partsOfRequest,
} from '../../../primitives/round/requests.ts';
import { aggregateBytes, paymentOf, totalScore } from '../../../primitives/round/score.ts';
import { judgeGroups, judgeOpening, postsOf } from '../judging.ts';
import { failRound } from '../lifecycle.ts';
import { contextOf, enter } from '../rounds.ts';
import { keepScored, mayCount, type OpenScore, openScoreOf, scoreOpened } from '../score.ts';
import type { Tally } from '../state.ts';
import type { Round } from '../types.ts';
import { openNext } from './direction.ts';
import { defineStep } from './step.ts';

interface OpenedSums {
  /** Number of the request. */
  readonly number: number;
  readonly values: readonly bigint[];
}

export const aggregate = defineStep<'Aggregate', OpenedSums>({
  name: 'Aggregate',
  hasForm(_, round, _member, { accepted, ciphertexts, shares }, number) {
    const { rule } = round;
    if (number >= aggregateRequests(rule)) return false;
    if (round.checked && accepted !== round.accepted.length) return false;
    const parts = partsOfRequest(rule, number).length;
    const hasCounts = ciphertexts.length === parts + 1;
    if (ciphertexts.length !== parts && !hasCounts) return false;
    if (hasCounts && !isLastRequest(rule, number)) return false;
    // Which counts are accepted is known after the checks: a post that comes before may have them if the rule does.
    const isWanted = round.countsNorm > 0n && isLastRequest(rule, number);
    if (round.checked ? hasCounts !== isWanted : hasCounts && !mayCount(round)) return false;
    const slots = aggregateSlots(rule, number) + (hasCounts ? 1 : 0);
    decodeResidues(fheParams(round.paramsId).dataPrimes, shares, slots);
    return true;
  },
  judge(tally, round, number) {
    const params = fheParams(round.paramsId);
    const counted = { accepted: round.accepted.length, countsNorm: round.countsNorm };
    return judgeGroups<'Aggregate', OpenedSums>(
      params,
      postsOf(tally, round, 'Aggregate', number),
      ({ ciphertexts }) => ciphertexts,
      (group, { ciphertexts }) => {
        const request = aggregateRequest(contextOf(tally.ctx, round), round.rule, number, counted, ciphertexts);
        const opened = judgeOpening(params, request, group, slotCount(request));
        return opened.status === 'done' ? { ...opened, result: { number, values: opened.result } } : opened;
      },
    );
  },
  take(tally, round, { number, values }) {
    const parts = partsOfRequest(round.rule, number);
    keepParts(tally, round, parts, values);
    const scored = scoreOpened(tally, round, parts);
    if (!isLastRequest(round.rule, number)) {
      keepScored(tally, round, scored);
      enter(tally, round, 'Aggregate', number + 1);
      return;
    }
    tally.store.scored.remove(round.round);
    const score = openScoreOf(tally, round, scored);
    if (score.bounds.weightNorm === 0n) {
      failRound(tally, round, 'NothingToScore');
      return;
    }
    // No count is below zero.
    decidePayment(tally, round, score, values[aggregateSlots(round.rule, number)] ?? 0n);
    openNext(tally, round);
  },
});

/** Keeps parts of `U`. @param values of all of them, one after the other */
function keepParts(tally: Tally, round: Round, parts: readonly number[], values: readonly bigint[]): void {
  const params = fheParams(round.paramsId);
  let from = 0;
  for (const part of parts) {
    const of = values.slice(from, (from += at(round.rule.parts, part)));
    const bytes = aggregateBytes(Int32Array.from(of, (value) => Number(centred(params, value))));
    tally.store.aggregates.put(round.round, part, bytes);
    tally.events.AggregateOpened({ round: round.round, part, hash: hash32Of('tacit/aggregate/1', bytes) });
  }
}

/** What the round pays follows from the total. @param counts points of all counts, as they were opened */
function decidePayment(tally: Tally, round: Round, { scored, terms, bounds }: OpenScore, counts: bigint): void {
  const { maxWeightNorm } = fheParams(round.paramsId);
  const total = totalScore(round.rule, scored, counts, terms);
  const { rate, grains } = paymentOf(round.rule, total, bounds, maxWeightNorm);
  const [sum, negative] = total < 0n ? [-total, true] : [total, false];
  const { weightNorm } = bounds;
  tally.store.totals.put(round.round, { sum, negative, rate, grains, weightNorm, news: scored.news });
  tally.events.TotalKnown({ round: round.round, sum, negative, rate, grains });
}
