import type { RuntimeCall } from './context.ts';

const PICOSECONDS_PER_MICROSECOND = 1_000_000n;
/** Weight of reading and of writing one key, in picoseconds: a LevelDB get with its share of the trie, and of the new root. */
export const DB_READ = 15n * PICOSECONDS_PER_MICROSECOND;
export const DB_WRITE = 30n * PICOSECONDS_PER_MICROSECOND;

/** What weights are made of: picoseconds of work on the reference machine, added up. */
export interface WeightHelpers {
  readonly db: { reads(count: number): bigint; writes(count: number): bigint };
  /** Work other than the state's, in microseconds. */
  micros(count: number): bigint;
  /** The weight of a call within a call. */
  of(call: RuntimeCall): bigint;
}

export function weightHelpers(of: (call: RuntimeCall) => bigint): WeightHelpers {
  return {
    db: { reads: (count) => BigInt(count) * DB_READ, writes: (count) => BigInt(count) * DB_WRITE },
    micros: (count) => BigInt(Math.ceil(count)) * PICOSECONDS_PER_MICROSECOND,
    of,
  };
}
