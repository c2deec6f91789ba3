/** What calls cost besides their signature and their length. Written by `npm run weights`; do not edit. */
import type { Cost } from '../support/index.ts';

export const weights = {
  registerData: {
    reads: 6,
    writes: 8,
    micros: 40,
    each: { unit: 'digest', reads: 1, writes: 1, micros: 4.9 },
  },
  commit: { reads: 3, writes: 3, micros: 30 },
  openCommitment: { reads: 3, writes: 2, micros: 30 },
  dropCommitment: { reads: 4, writes: 3, micros: 30 },
  disclose: { reads: 3, writes: 3, micros: 24 },
  withdrawDisclosure: { reads: 3, writes: 3, micros: 23 },
  setOptOut: { reads: 3, writes: 1, micros: 16 },
  addDigest: { reads: 4, writes: 4, micros: 33 },
  setCollective: { reads: 2, writes: 1, micros: 16 },
  registerModel: {
    reads: 12,
    writes: 14,
    micros: 370,
    each: { unit: 'parent', reads: 8, writes: 5, micros: 85 },
  },
  releaseVersion: {
    reads: 13,
    writes: 10,
    micros: 370,
    each: { unit: 'parent', reads: 8, writes: 5, micros: 75 },
  },
  deprecateVersion: { reads: 4, writes: 1, micros: 19 },
  declareParents: {
    reads: 12,
    writes: 6,
    micros: 320,
    each: { unit: 'parent', reads: 8, writes: 5, micros: 73 },
  },
  proveSharedTensor: {
    reads: 8,
    writes: 9,
    micros: 73,
    each: { unit: 'hash', reads: 0, writes: 0, micros: 1.6 },
  },
  withdrawEvidence: { reads: 3, writes: 6, micros: 36 },
  registerAttester: { reads: 3, writes: 2, micros: 17 },
  raiseBond: { reads: 2, writes: 2, micros: 16 },
  admitAttester: { reads: 3, writes: 2, micros: 16 },
  dismissAttester: { reads: 2, writes: 1, micros: 12 },
  slashAttester: { reads: 3, writes: 3, micros: 16 },
  leaveAttesters: { reads: 4, writes: 2, micros: 18 },
  withdrawBond: { reads: 2, writes: 2, micros: 15 },
  makeClaim: { reads: 9, writes: 6, micros: 30 },
  revokeClaim: { reads: 1, writes: 1, micros: 8.1 },
} as const satisfies Record<string, Cost>;
