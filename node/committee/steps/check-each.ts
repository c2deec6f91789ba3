/** CheckEach: every payload and every enrolment by itself. */
import type { BodyOf } from '../../../pallets/tally/types.ts';
import { encodeResidues } from '../../../primitives/fhe/wire.ts';
import { encodePlain } from '../../../primitives/linear/field.ts';
import { joinResidues } from '../../../primitives/round/index.ts';
import { type RoundDuty, setting } from '../duty.ts';
import type { RoundWork } from '../work.ts';
import { maskChecks, maskScalars } from './masks.ts';

export function checkEach(duty: RoundDuty, work: RoundWork): BodyOf<'CheckEach'> {
  const { params } = setting(duty);
  const shares = work.check(duty).filter((one) => one !== undefined);
  return {
    verdicts: work.verdicts(duty),
    residues: encodeResidues(
      params.dataPrimes,
      joinResidues(
        params,
        shares.map(({ q }) => q),
      ),
    ),
    words: encodePlain(BigUint64Array.from(shares.flatMap(({ k }) => [...k]))),
    scalars: maskChecks(duty, work).flatMap(maskScalars),
  };
}
