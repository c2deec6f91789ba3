/** Aggregate: shares of some parts of `U`, and with the last of what all counts are worth (specification §6, §9.3). */
import type { BodyOf } from '../../../pallets/tally/types.ts';
import { openingShare } from '../../../primitives/fhe/open.ts';
import { encodeResidues } from '../../../primitives/fhe/wire.ts';
import { aggregateRequest } from '../../../primitives/round/index.ts';
import { evaluateAggregate } from '../../evaluation/evaluate.ts';
import { type RoundDuty, setting } from '../duty.ts';
import type { RoundWork } from '../work.ts';

export function aggregate(duty: RoundDuty, work: RoundWork): BodyOf<'Aggregate'> {
  const { params, context } = setting(duty);
  const { round } = duty.info;
  const { attempt: number } = round;
  const { sums, countsNorm } = evaluateAggregate(duty.evaluator, duty.info, number, work.ciphertexts(duty));
  const hashes = sums.map(({ hash }) => hash);
  const counted = { accepted: round.accepted.length, countsNorm };
  const request = aggregateRequest(context, round.rule, number, counted, hashes);
  const shares = openingShare(
    params,
    request,
    duty.member,
    duty.keys,
    sums.map(({ ciphertext }) => ciphertext),
  );
  return { accepted: round.accepted.length, ciphertexts: hashes, shares: encodeResidues(params.dataPrimes, shares) };
}
