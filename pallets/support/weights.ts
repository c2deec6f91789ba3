import { MEASURED } from './measured.ts';
import type { RuntimeCall } from './types.ts';

const PICOSECONDS_PER_MICROSECOND = 1_000_000;

/**
 * Microseconds as measured on one core, as a weight in picoseconds. There is no margin: that is in the block's limit (three quarters of a slot), and in the
 * other cores, which check signatures while this one executes.
 */
export function weightOfMicros(measured: number): bigint {
  return BigInt(Math.ceil(measured * PICOSECONDS_PER_MICROSECOND));
}

const MILLISECOND: bigint = weightOfMicros(1_000);

/** Weight of a block, in picoseconds: 1.5 s of work in a slot of 2 s. */
export const MAX_BLOCK_WEIGHT: bigint = 1500n * MILLISECOND;
/** The most that hooks take of what extrinsics may use: half, so that the committee's posts, on which the hooks wait, always have room. */
export const MAX_HOOKS_WEIGHT: bigint = MAX_BLOCK_WEIGHT / 2n;

/** Weight of reading and of writing one key, in picoseconds: a LevelDB get with its share of the trie, and of the new root. */
export const DB_READ: bigint = weightOfMicros(MEASURED.read);
export const DB_WRITE: bigint = weightOfMicros(MEASURED.write);

/** Keys read and written, and microseconds of everything else, as `npm run weights` measures them. */
export interface Cost {
  readonly reads: number;
  readonly writes: number;
  readonly micros: number;
  /** What each unit of the call's size adds. */
  readonly each?: { readonly unit: string; readonly reads: number; readonly writes: number; readonly micros: number };
}

/** What weights are made of: picoseconds of work on the reference machine, added up. */
export interface WeightHelpers {
  /** The weight of a measured cost. @param size of the call, in the units of `each` */
  measured(cost: Cost, size?: number): bigint;
  /** The weight of a call within a call. */
  of(call: RuntimeCall): bigint;
}

/** The weight of a measured cost. @param size in the units of `each` */
export function measuredWeight({ each, ...base }: Cost, size = 0): bigint {
  const flat = ({ reads, writes, micros }: Omit<Cost, 'each'>, times: number): bigint =>
    BigInt(Math.ceil(reads * times)) * DB_READ +
    BigInt(Math.ceil(writes * times)) * DB_WRITE +
    weightOfMicros(micros * times);
  return flat(base, 1) + (each === undefined ? 0n : flat(each, size));
}

export function weightHelpers(of: (call: RuntimeCall) => bigint): WeightHelpers {
  return { measured: measuredWeight, of };
}
