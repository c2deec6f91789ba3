/** Payout: the encrypted scores, and shares of the masked amounts (specification §7). */
import type { BodyOf } from '../../../pallets/tally/types.ts';
import { at, present } from '../../../primitives/at.ts';
import { floodedShare } from '../../../primitives/fhe/open.ts';
import { encodeResidues } from '../../../primitives/fhe/wire.ts';
import { maskShares } from '../../../primitives/proofs/enrolment-check.ts';
import { payoutRequest } from '../../../primitives/round/index.ts';
import { publicTermsOf } from '../../evaluation/evaluate.ts';
import { type RoundDuty, setting } from '../duty.ts';
import type { RoundWork } from '../work.ts';

export function payout(duty: RoundDuty, work: RoundWork): BodyOf<'Payout'> {
  const { params, context } = setting(duty);
  const { info, member, keys } = duty;
  const { scores, bounds } = work.scores(duty);
  const known = work.masks(duty);
  const masks = info.round.accepted.map((item) => at(known, item));
  const { rate, grains } = present(info.total, 'the total');
  const hashes = scores.map(({ hash }) => hash);
  const request = payoutRequest(
    context,
    {
      scores: hashes,
      rate,
      grains,
      stake: info.round.rule.stake,
      points: publicTermsOf(info).points,
      weightNorm: bounds.weightNorm,
    },
    masks.map(({ id, enrolment }) => ({ id, delta: enrolment.delta })),
  );
  const shares = floodedShare(
    params,
    request,
    member,
    keys,
    scores.map(({ share }) => share),
    maskShares(
      params,
      member,
      masks.map(({ pieces }) => pieces),
    ),
  );
  return { scores: hashes, shares: encodeResidues(params.dataPrimes, shares) };
}
