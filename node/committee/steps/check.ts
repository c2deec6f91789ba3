/** Check: one combination of all payloads and one of all enrolments (specification §5). */
import type { BodyOf } from '../../../pallets/tally/types.ts';
import { encodeScalar } from '../../../primitives/crypto/ristretto.ts';
import { encodeResidues } from '../../../primitives/fhe/wire.ts';
import { combineShares } from '../../../primitives/proofs/checkshares.ts';
import { sumMaskChecks } from '../../../primitives/proofs/enrolment-check.ts';
import { type RoundDuty, setting } from '../duty.ts';
import type { RoundWork } from '../work.ts';
import { maskChecks, maskScalars } from './masks.ts';

export function check(duty: RoundDuty, work: RoundWork): BodyOf<'Check'> {
  const { params } = setting(duty);
  const { verdicts, opened } = work.opened(duty);
  const { tables, shares: all } = work.check(duty);
  const entries = all.flatMap((shares, index) => {
    const id = opened[index]?.id;
    return shares === undefined || id === undefined ? [] : [{ id, shares }];
  });
  const combined = combineShares(tables, entries);
  return {
    verdicts,
    residues: encodeResidues(params.dataPrimes, combined.q),
    scalars: [encodeScalar(combined.l), ...maskScalars(sumMaskChecks(maskChecks(duty, work)))],
  };
}
