/** Sum: shares of what all accepted vectors add up to (specification §6.6). */
import type { BodyOf } from '../../../pallets/tally/types.ts';
import { openingShare } from '../../../primitives/fhe/open.ts';
import { encodeResidues } from '../../../primitives/fhe/wire.ts';
import { evaluateSum } from '../../evaluation/evaluate.ts';
import { sumRequest } from '../../../primitives/round/index.ts';
import { type RoundDuty, setting } from '../duty.ts';
import type { RoundWork } from '../work.ts';

export function sum(duty: RoundDuty, work: RoundWork): BodyOf<'Sum'> {
  const { params, context } = setting(duty);
  const { rule, accepted, total } = evaluateSum(duty.evaluator, duty.info, work.ciphertexts(duty));
  const request = sumRequest(context, rule, accepted, total.hash);
  const shares = openingShare(params, request, duty.member, duty.keys, [total.ciphertext]);
  return { ciphertext: total.hash, shares: encodeResidues(params.dataPrimes, shares) };
}
