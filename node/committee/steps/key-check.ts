/** KeyCheck: random functionals of every posted sum, and the test encryption (specification §3). */
import type { BodyOf } from '../../../pallets/tally/types.ts';
import { keyCheckShares, keyTest, postingsDigest } from '../../../primitives/fhe/key-check.ts';
import { openingShare } from '../../../primitives/fhe/open.ts';
import type { RnsPoly } from '../../../primitives/fhe/types.ts';
import { decodeKeyPoly, encodeResidues } from '../../../primitives/fhe/wire.ts';
import { keyingAssignment, keyingPosters } from '../../../primitives/round/index.ts';
import { roundKeysOf } from '../../evaluation/payloads.ts';
import { type RoundDuty, setting } from '../duty.ts';

export function keyCheck(duty: RoundDuty): BodyOf<'KeyCheck'> {
  const { params, context } = setting(duty);
  const { member, keys, info } = duty;
  const assignment = keyingAssignment(params, info.round.silent);
  const sums = new Map<number, RnsPoly>();
  for (const poster of keyingPosters(params, info.round.silent)) {
    const sum = info.keySums[poster];
    if (sum !== undefined) sums.set(poster, decodeKeyPoly(params, sum));
  }
  const digest = postingsDigest(params, context, sums, assignment);
  const { publicKey } = roundKeysOf(params, context, info);
  const test = keyTest(params, context, publicKey);
  return {
    functionals: encodeResidues(params.keyPrimes, keyCheckShares(params, context, member, keys, digest, assignment)),
    test: encodeResidues(params.dataPrimes, openingShare(params, test.request, member, keys, [test.ciphertext])),
  };
}
