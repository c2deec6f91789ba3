/** The mask check of the enrolments (specification §7.2). */
import { encodeScalar } from '../../../primitives/crypto/ristretto.ts';
import { enrolmentWeight, type MaskCheck, maskCheckShare } from '../../../primitives/proofs/enrolment-check.ts';
import { type RoundDuty, setting, beaconOfRound } from '../duty.ts';
import type { RoundWork } from '../work.ts';

/** Shares of `S` and `R` per item. */
export function maskChecks(duty: RoundDuty, work: RoundWork): MaskCheck[] {
  const { params } = setting(duty);
  const beacon = beaconOfRound(duty.info);
  return work
    .masks(duty)
    .map(({ id, enrolment, pieces }) =>
      maskCheckShare(params, duty.member, enrolment, pieces, enrolmentWeight(beacon, id)),
    );
}

export const maskScalars = ({ S, R }: MaskCheck): Uint8Array[] => [encodeScalar(S), encodeScalar(R)];
