/** Check: one combination of all payloads and one of all enrolments (specification §5.9). */
import type { BodyOf } from '../../../pallets/tally/types.ts';
import { encodeResidues } from '../../../primitives/fhe/wire.ts';
import { encodePlain } from '../../../primitives/linear/field.ts';
import { combineShares } from '../../../primitives/linear/member.ts';
import { sumMaskChecks } from '../../../primitives/proofs/enrolment-check.ts';
import { beaconOfRound, type RoundDuty, setting } from '../duty.ts';
import type { RoundWork } from '../work.ts';
import { maskChecks, maskScalars } from './masks.ts';

export function check(duty: RoundDuty, work: RoundWork): BodyOf<'Check'> {
  const { params, context } = setting(duty);
  const { verdicts, opened } = work.opened(duty);
  const all = work.check(duty);
  const entries = all.flatMap((shares, index) => {
    const id = opened[index]?.id;
    return shares === undefined || id === undefined ? [] : [{ id, shares }];
  });
  const combined = combineShares(params, context, beaconOfRound(duty.info), entries);
  return {
    items: duty.info.items.length,
    verdicts,
    residues: encodeResidues(params.dataPrimes, combined.q),
    words: encodePlain(combined.k),
    scalars: maskScalars(sumMaskChecks(maskChecks(duty, work))),
  };
}
