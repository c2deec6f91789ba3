/**
 * Microseconds of what is beneath the calls: checks of signatures and proofs, a key read for the first time, a key written, an extrinsic that does nothing,
 * an empty block. Written by `npm run weights` on AMD EPYC, 2 cores, Node v24.21.0; do not edit.
 */
export const MEASURED = {
  checks: { sr25519: 330, ed25519: 310, ecdsa: 1400, schnorr: 1300, 'hidden-claim': 48_000 },
  read: 27,
  write: 41,
  extrinsic: 48,
  block: 290,
} as const;
