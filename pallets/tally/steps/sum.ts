/** Sum: what all accepted vectors of a round without payout add up to, and nothing else of any of them (specification §6.6). */
import { at, present } from '../../../primitives/at.ts';
import { fheParams } from '../../../primitives/fhe/params.ts';
import { decodeResidues } from '../../../primitives/fhe/wire.ts';
import { openedValues } from '../../../primitives/round/rule.ts';
import { sumRequest } from '../../../primitives/round/requests.ts';
import { VERDICT } from '../../../primitives/round/phases.ts';
import { submissionsOf } from '../contributions.ts';
import { judgeGroups, judgeOpening, postsOf } from '../judging.ts';
import { contextOf } from '../rounds.ts';
import type { Tally } from '../state.ts';
import type { Round } from '../types.ts';
import { openNext } from './direction.ts';
import { defineStep } from './step.ts';

interface SumResult {
  readonly ciphertext: Uint8Array;
  /** Residues mod t: sums are below it, and none is negative. */
  readonly sums: readonly bigint[];
}

const ruleOf = ({ sum }: Round) => present(sum, 'what the round sums');

export const sum = defineStep<'Sum', SumResult>({
  name: 'Sum',
  hasForm(_, round, _member, { shares }) {
    decodeResidues(fheParams(round.paramsId).dataPrimes, shares, openedValues(ruleOf(round)));
    return true;
  },
  judge(tally, round) {
    const params = fheParams(round.paramsId);
    const rule = ruleOf(round);
    return judgeGroups<'Sum', SumResult>(
      params,
      postsOf(tally, round, 'Sum', 0),
      ({ ciphertext }) => [ciphertext],
      (group) => {
        const { ciphertext } = at(group, 0).body;
        const request = sumRequest(contextOf(tally.ctx, round), rule, acceptedVectors(tally, round), ciphertext);
        const opened = judgeOpening(params, request, group, openedValues(rule));
        return opened.status === 'done' ? { ...opened, result: { ciphertext, sums: opened.result } } : opened;
      },
    );
  },
  take(tally, round, { ciphertext, sums }) {
    const record = { ciphertext, contributors: acceptedVectors(tally, round), sums: [...sums] };
    tally.store.sums.put(round.round, record);
    tally.events.SumOpened({ round: round.round, sum: record });
    openNext(tally, round);
  },
});

/** How many vectors the checks let through. */
function acceptedVectors(tally: Tally, round: Round): number {
  return submissionsOf(tally, round).filter(({ verdict }) => verdict === VERDICT.accepted).length;
}
