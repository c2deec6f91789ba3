/** Keying: sums of `b_A`, and the box keys (specification §3). */
import type { BodyOf } from '../../../pallets/tally/types.ts';
import { boxPublicKey, keyPosting } from '../../../primitives/fhe/keys.ts';
import { subsetsWith } from '../../../primitives/fhe/params.ts';
import { encodeKeyPoly } from '../../../primitives/fhe/wire.ts';
import { keyingAssignment } from '../../../primitives/round/index.ts';
import { type RoundDuty, setting, keyOf } from '../duty.ts';

export function keying(duty: RoundDuty): BodyOf<'Keying'> {
  const { params, context } = setting(duty);
  const { member, keys, info } = duty;
  const sum = keyPosting(params, context, member, keys, keyingAssignment(params, info.round.silent));
  const own = subsetsWith(params, member);
  return {
    sum: sum === undefined ? new Uint8Array() : encodeKeyPoly(params, sum),
    sealKeys: own.map((subset) => boxPublicKey(context, 'seal', subset, keyOf(keys, subset))),
    maskKeys: own.map((subset) => boxPublicKey(context, 'mask', subset, keyOf(keys, subset))),
  };
}
