/** Total: `T`, the opened sum of all encrypted scores and what is public of them, and with it the payment (specification §7). */
import { at } from '../../../primitives/at.ts';
import { centred } from '../../../primitives/fhe/open.ts';
import { fheParams } from '../../../primitives/fhe/params.ts';
import { decodeResidues } from '../../../primitives/fhe/wire.ts';
import { totalRequest } from '../../../primitives/round/requests.ts';
import { paymentOf, publicPoints } from '../../../primitives/round/score.ts';
import { judgeGroups, judgeOpening, postsOf } from '../judging.ts';
import { contextOf } from '../rounds.ts';
import { publicTermsOf, scoreBoundsOf } from '../score.ts';
import { openNext } from './direction.ts';
import { defineStep } from './step.ts';

interface TotalResult {
  readonly scores: readonly Uint8Array[];
  readonly ciphertext: Uint8Array;
  /** Residue mod t. */
  readonly total: bigint;
}

export const total = defineStep<'Total', TotalResult>({
  name: 'Total',
  hasForm(_, round, _member, { scores, shares }) {
    if (scores.length !== round.accepted.length) return false;
    decodeResidues(fheParams(round.paramsId).dataPrimes, shares, 1);
    return true;
  },
  judge(tally, round) {
    const params = fheParams(round.paramsId);
    const { weightNorm } = scoreBoundsOf(tally, round);
    return judgeGroups<'Total', TotalResult>(
      params,
      postsOf(tally, round, 'Total', 0),
      (body) => [...body.scores, body.total],
      (group, { scores, total: ciphertext }) => {
        const request = totalRequest(contextOf(tally.ctx, round), ciphertext, round.accepted.length, weightNorm);
        const opened = judgeOpening(params, request, group, 1);
        if (opened.status !== 'done') return opened;
        return { ...opened, result: { scores, ciphertext, total: at(opened.result, 0) } };
      },
    );
  },
  take(tally, round, { scores, ciphertext, total: residue }) {
    const params = fheParams(round.paramsId);
    const value = centred(params, residue) + publicPoints(publicTermsOf(tally, round));
    const { rate, grains } = paymentOf(round.rule, value, scoreBoundsOf(tally, round), params.maxWeightNorm);
    const [sum, negative] = value < 0n ? [-value, true] : [value, false];
    tally.store.totals.put(round.round, { scores: [...scores], ciphertext, sum, negative, rate, grains });
    tally.events.TotalOpened({ round: round.round, sum, negative, rate, grains });
    openNext(tally, round);
  },
});
