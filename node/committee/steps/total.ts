/** Total: the encrypted scores and shares of their sum (specification §7). */
import type { BodyOf } from '../../../pallets/tally/types.ts';
import { openingShare } from '../../../primitives/fhe/open.ts';
import { encodeResidues } from '../../../primitives/fhe/wire.ts';
import { totalRequest } from '../../../primitives/round/index.ts';
import { type RoundDuty, setting } from '../duty.ts';
import type { RoundWork } from '../work.ts';

export function total(duty: RoundDuty, work: RoundWork): BodyOf<'Total'> {
  const { params, context } = setting(duty);
  const { scores, total: sum, bounds } = work.scores(duty);
  const request = totalRequest(context, sum.hash, scores.length, bounds.weightNorm);
  const shares = openingShare(params, request, duty.member, duty.keys, [sum.ciphertext]);
  return {
    scores: scores.map(({ hash }) => hash),
    total: sum.hash,
    shares: encodeResidues(params.dataPrimes, shares),
  };
}
