/** Reveal: the sealing secrets of a round that is closed (specification §4). */
import type { BodyOf } from '../../../pallets/tally/types.ts';
import { encodeScalar } from '../../../primitives/crypto/ristretto.ts';
import { boxSecret } from '../../../primitives/fhe/keys.ts';
import { subsetsWith } from '../../../primitives/fhe/params.ts';
import { type RoundDuty, setting, keyOf } from '../duty.ts';

export function reveal(duty: RoundDuty): BodyOf<'Reveal'> {
  const { params, context } = setting(duty);
  const secrets = subsetsWith(params, duty.member).map((subset) =>
    encodeScalar(boxSecret(context, 'seal', subset, keyOf(duty.keys, subset))),
  );
  return { secrets };
}
