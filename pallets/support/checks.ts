import { COST_MICROS } from '../../primitives/round/limits.ts';
import type { VerifyTask } from './host.ts';

const MICROSECOND = 1_000_000n;

/**
 * What each costly check weighs, in picoseconds: as measured by `bench/` (docs/figures.md), and half as much again, because the reference machine has two
 * cores and the other one is busy. The one place for it: weights of extrinsics, limits of blocks, queues of threads.
 */
export const CHECK_WEIGHT: Readonly<Record<VerifyTask['kind'], bigint>> = {
  sr25519: 350n * MICROSECOND,
  ed25519: 100n * MICROSECOND,
  ecdsa: 2_000n * MICROSECOND,
  schnorr: 2_000n * MICROSECOND,
  claim: BigInt(COST_MICROS.claim) * MICROSECOND,
};
