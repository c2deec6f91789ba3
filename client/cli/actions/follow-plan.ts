/** Carries a plan of claims out, one at a time. A machine that was asleep finds all of them overdue, and must not make them one after the other at once. */
import type { RandomBytes } from '../../../primitives/crypto/bytes.ts';
import { isTacitError, type TacitError } from '../../../primitives/errors.ts';
import { exponential, type Planned, redrawn } from '../../sdk/claim-plan.ts';
import { nameOf } from '../../sdk/notes/index.ts';

/** Milliseconds that a timer may be late before it counts as one that slept. */
const LATE_MS = 10_000;

export interface Followed {
  /** Mean of the times between two claims, in milliseconds; 0: all at once, one of each bin. */
  readonly meanMs: number;
  readonly random: RandomBytes;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Brings a plan up to date with the chain, sorted by its times, without the notes that are named. */
  readonly renew: (before: readonly Planned[], without: ReadonlySet<string>) => Promise<readonly Planned[]>;
  /** Resolves at this time, or later: then it is looked what the claims have left. */
  readonly rest: (until: number) => Promise<void>;
  /** Resolves at the time when an entry is due, or later. */
  readonly until: (next: Planned) => Promise<void>;
  /** With nothing to claim now: waits until that may have changed, or says that it never will. */
  readonly idle: () => Promise<boolean>;
  /** Keeps what is left of the plan, before anything is waited for; what has failed is a part of it. */
  readonly keep: (left: readonly Planned[]) => Promise<void>;
  readonly claim: (one: Planned) => Promise<void>;
  /** Hears why a claim has failed; the others go on. */
  readonly failed: (one: Planned, error: TacitError) => void;
}

/**
 * Makes the claims of a plan when they are due, and those of their change, until there is nothing left to claim. Looks at the chain a time of chance after a claim, never at once
 * [a look goes on where the one before ended: next to claims, looks that follow from each other tell that the claims are one wallet's]. Gives how many have failed.
 */
export async function followPlan(before: readonly Planned[], work: Followed): Promise<number> {
  if (work.meanMs === 0) return atOnce(await work.renew(before, new Set()), work);
  const { meanMs, random, now } = work;
  const failed: Planned[] = [];
  let plan = before;
  let look = Number.NEGATIVE_INFINITY;
  for (;;) {
    if (look <= (plan[0]?.due ?? Number.POSITIVE_INFINITY)) {
      await work.rest(look);
      plan = await work.renew(plan, new Set(failed.map(nameOf)));
      look = Number.POSITIVE_INFINITY;
    }
    // the network may have heard of a claim that failed: it is tried again on the same terms, or none
    await work.keep([...plan, ...failed]);
    const [next] = plan;
    if (next === undefined) {
      if (!(await work.idle())) return failed.length;
      look = now();
      continue;
    }
    await work.until(next);
    const isLate = now() - next.due > LATE_MS;
    if (!isLate && !(await tried(next, work))) failed.push(next);
    // what came due meanwhile would follow at once
    plan = redrawn(isLate ? plan : plan.slice(1), { meanMs, random, now: now() });
    look = Math.min(look, now() + exponential({ meanMs, random }));
  }
}

/** One claim of each bin, one after the other: two of one bin would halve each other's ring. */
async function atOnce(plan: readonly Planned[], work: Followed): Promise<number> {
  const bins = new Set<string>();
  let left = plan;
  let failures = 0;
  for (const one of plan) {
    const bin = `${one.class}/${one.bin}`;
    if (bins.has(bin)) continue;
    bins.add(bin);
    await work.keep(left);
    if (await tried(one, work)) left = left.filter((other) => other !== one);
    else failures++;
  }
  await work.keep(left);
  return failures;
}

async function tried(one: Planned, work: Followed): Promise<boolean> {
  try {
    await work.claim(one);
    return true;
  } catch (error) {
    if (!isTacitError(error)) throw error;
    work.failed(one, error);
    return false;
  }
}
