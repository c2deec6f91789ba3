/** What calls cost besides their signature and their length. Written by `npm run weights`; do not edit. */
import type { Cost } from '../support/index.ts';

export const weights = {
  registerData: { reads: 6, writes: 8, micros: 110, each: { unit: 'digest', reads: 1, writes: 1, micros: 10 } },
  disclose: { reads: 3, writes: 3, micros: 50 },
  withdrawDisclosure: { reads: 3, writes: 3, micros: 50 },
  setOptOut: { reads: 3, writes: 1, micros: 30 },
  addDigest: { reads: 4, writes: 4, micros: 60 },
  setCollective: { reads: 2, writes: 1, micros: 30 },
  registerModel: { reads: 12, writes: 14, micros: 200, each: { unit: 'parent', reads: 8, writes: 5, micros: 70 } },
  releaseVersion: { reads: 13, writes: 10, micros: 200, each: { unit: 'parent', reads: 8, writes: 5, micros: 70 } },
  deprecateVersion: { reads: 4, writes: 1, micros: 30 },
  declareParents: { reads: 12, writes: 6, micros: 150, each: { unit: 'parent', reads: 8, writes: 5, micros: 70 } },
  proveSharedTensor: { reads: 8, writes: 9, micros: 150, each: { unit: 'hash', reads: 0, writes: 0, micros: 10 } },
  withdrawEvidence: { reads: 3, writes: 6, micros: 60 },
  registerAttester: { reads: 3, writes: 2, micros: 40 },
  raiseBond: { reads: 2, writes: 2, micros: 40 },
  admitAttester: { reads: 3, writes: 2, micros: 40 },
  slashAttester: { reads: 3, writes: 3, micros: 30 },
  dismissAttester: { reads: 2, writes: 1, micros: 30 },
  leaveAttesters: { reads: 4, writes: 2, micros: 40 },
  withdrawBond: { reads: 2, writes: 2, micros: 40 },
  makeClaim: { reads: 9, writes: 6, micros: 70 },
  revokeClaim: { reads: 1, writes: 1, micros: 30 },
} as const satisfies Record<string, Cost>;
