import { MEASURED } from './measured.ts';
import type { VerifyTask } from './host.ts';
import { weightOfMicros } from './weights.ts';

/** What each costly check weighs, in picoseconds. The one place for it: weights of extrinsics, limits of blocks, queues of threads. */
export const CHECK_WEIGHT: Readonly<Record<VerifyTask['kind'], bigint>> = {
  sr25519: weightOfMicros(MEASURED.checks.sr25519),
  ed25519: weightOfMicros(MEASURED.checks.ed25519),
  ecdsa: weightOfMicros(MEASURED.checks.ecdsa),
  schnorr: weightOfMicros(MEASURED.checks.schnorr),
  'hidden-claim': weightOfMicros(MEASURED.checks['hidden-claim']),
};
