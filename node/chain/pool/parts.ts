import type { AsideLimits } from './aside.ts';
import type { DoorParts } from './door.ts';
import type { PoolLimits } from './queue.ts';

/** What a pool stands on. */
export interface PoolParts extends DoorParts {
  /** Milliseconds of any steady clock. */
  readonly now: () => number;
  readonly onError: (error: unknown) => void;
  readonly limits?: PoolLimits;
  readonly asideLimits?: AsideLimits;
}
