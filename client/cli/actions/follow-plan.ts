/** Carries a plan of claims out, one at a time. A machine that was asleep finds all of them overdue, and must not make them one after the other at once. */
import type { RandomBytes } from '../../../primitives/crypto/bytes.ts';
import { isTacitError, type TacitError } from '../../../primitives/errors.ts';
import { type Planned, redrawn } from '../../sdk/claim-plan.ts';

/** Milliseconds that a timer may be late before it counts as one that slept. */
const LATE_MS = 10_000;

export interface Followed {
  /** Mean of the times between two claims, in milliseconds. */
  readonly meanMs: number;
  readonly random: RandomBytes;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Resolves at the time when an entry is due, or later. */
  readonly until: (next: Planned) => Promise<void>;
  /** Keeps what is left of the plan, before anything is waited for. */
  readonly keep: (left: readonly Planned[]) => Promise<void>;
  readonly claim: (round: number) => Promise<void>;
  /** Hears why a claim has failed; the others go on. */
  readonly failed: (round: number, error: TacitError) => void;
}

/** Makes the claims of a plan, which is sorted by its times, when they are due. Gives how many have failed. */
export async function followPlan(plan: readonly Planned[], work: Followed): Promise<number> {
  const { meanMs, random, now } = work;
  let left = plan;
  let failures = 0;
  for (let next = left[0]; next !== undefined; next = left[0]) {
    await work.keep(left);
    await work.until(next);
    if (now() - next.due > LATE_MS) {
      left = redrawn(left, { meanMs, random, now: now() });
      continue;
    }
    try {
      await work.claim(next.round);
    } catch (error) {
      if (!isTacitError(error)) throw error;
      failures++;
      work.failed(next.round, error);
    }
    // what came due meanwhile would follow at once
    left = redrawn(left.slice(1), { meanMs, random, now: now() });
  }
  await work.keep(left);
  return failures;
}
