/** How the stream of a flood (§6.3) is cut into pieces: they may be wider than what the kernel reduces at once. */
import type { FheParams } from './params.ts';

/** Bits of a flood piece that one run of the stream carries, 16 bytes a slot. */
const RUN_BITS = 128;

/** What one run of a flood's stream is cut to, and its place value modulo each prime. */
interface FloodRun {
  readonly low: bigint;
  readonly high: bigint;
  readonly place: bigint;
  /** 2^k in the first run, that pieces are centred; 0 in later ones. */
  readonly centre: bigint;
}

/** Pieces have k+1 bits: the lowest 128 come from the first run, the rest from a second. */
export function floodRuns({ floodBits }: FheParams): FloodRun[] {
  const runs: FloodRun[] = [];
  for (let from = 0; from < floodBits + 1; from += RUN_BITS) {
    const mask = (1n << BigInt(Math.min(RUN_BITS, floodBits + 1 - from))) - 1n;
    const centre = from === 0 ? 1n << BigInt(floodBits) : 0n;
    runs.push({ low: BigInt.asUintN(64, mask), high: mask >> 64n, place: 1n << BigInt(from), centre });
  }
  return runs;
}
