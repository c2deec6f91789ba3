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

export function weightHelpers(of: (call: RuntimeCall) => bigint): WeightHelpers {
  const flat = ({ reads, writes, micros }: Omit<Cost, 'each'>, times: number): bigint =>
    BigInt(Math.ceil(reads * times)) * DB_READ +
    BigInt(Math.ceil(writes * times)) * DB_WRITE +
    weightOfMicros(micros * times);
  return {
    measured: (cost, size = 0) => flat(cost, 1) + (cost.each === undefined ? 0n : flat(cost.each, size)),
    of,
  };
}
