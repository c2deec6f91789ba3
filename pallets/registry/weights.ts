/** What calls cost besides their signature and their length. Written by `npm run weights`; do not edit. */
import type { Cost } from '../support/index.ts';

export const weights = {
  registerData: {
    reads: 13,
    writes: 32,
    micros: 150,
    each: { unit: 'digest', reads: 3, writes: 11, micros: 150 },
  },
  disclose: { reads: 3, writes: 3, micros: 38 },
  withdrawDisclosure: { reads: 3, writes: 3, micros: 35 },
  setOptOut: { reads: 3, writes: 1, micros: 22 },
  addDigest: { reads: 5, writes: 4, micros: 45 },
  commit: { reads: 3, writes: 3, micros: 29 },
  openCommitment: { reads: 3, writes: 2, micros: 26 },
  dropCommitment: { reads: 3, writes: 3, micros: 28 },
  setCollective: { reads: 2, writes: 1, micros: 24 },
  registerModel: {
    reads: 13,
    writes: 14,
    micros: 0,
    each: { unit: 'parent', reads: 8, writes: 5, micros: 1400 },
  },
  releaseVersion: {
    reads: 14,
    writes: 10,
    micros: 450,
    each: { unit: 'parent', reads: 8, writes: 5, micros: 490 },
  },
  deprecateVersion: { reads: 4, writes: 1, micros: 48 },
  declareParents: {
    reads: 12,
    writes: 6,
    micros: 0,
    each: { unit: 'parent', reads: 8, writes: 5, micros: 920 },
  },
  proveSharedTensor: {
    reads: 8,
    writes: 9,
    micros: 97,
    each: { unit: 'hash', reads: 0, writes: 0, micros: 3.7 },
  },
  withdrawEvidence: { reads: 3, writes: 6, micros: 44 },
  registerAttester: { reads: 3, writes: 2, micros: 25 },
  raiseBond: { reads: 2, writes: 2, micros: 25 },
  admitAttester: { reads: 3, writes: 2, micros: 23 },
  dismissAttester: { reads: 2, writes: 1, micros: 16 },
  slashAttester: { reads: 3, writes: 3, micros: 25 },
  leaveAttesters: { reads: 4, writes: 2, micros: 28 },
  withdrawBond: { reads: 2, writes: 2, micros: 21 },
  makeClaim: { reads: 9, writes: 6, micros: 47 },
  revokeClaim: { reads: 1, writes: 1, micros: 12 },
} as const satisfies Record<string, Cost>;
