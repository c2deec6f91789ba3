/**
 * Carries a plan of claims out, one at a time. A machine that was asleep finds all of them overdue, and must not make them one after the other at once. A node that
 * goes away meanwhile may have passed the claim on that it was given: it is looked what has become of it, and only then the same claim is made again.
 */
import type { RandomBytes } from '../../../primitives/crypto/bytes.ts';
import { isTacitError, type TacitError } from '../../../primitives/errors.ts';
import { exponential, type Planned, redrawn } from '../../sdk/claim-plan.ts';
import { nameOf } from '../../sdk/notes/index.ts';
import { isUnderWay } from './patience.ts';

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
  /** Hears why nobody knows whether a claim was made. */
  readonly unsure: (one: Planned, error: Error) => void;
}

/** What has become of a claim. */
type Outcome = 'made' | 'failed' | 'unsure';

/**
 * Makes the claims of a plan when they are due, and those of their change, until there is nothing left to claim. Looks at the chain a time of chance after a claim, never at once
 * [a look goes on where the one before ended: next to claims, looks that follow from each other tell that the claims are one wallet's]. Gives how many have failed.
 */
export async function followPlan(before: readonly Planned[], work: Followed): Promise<number> {
  if (work.meanMs === 0) return atOnce(await work.renew(before, new Set()), work);
  const { meanMs, random, now } = work;
  const attempts = new Attempts(work);
  const failed: Planned[] = [];
  // of which it is not known whether they were made: they wait for the next look
  let unsure: Planned[] = [];
  let plan = before;
  let look = Number.NEGATIVE_INFINITY;
  for (;;) {
    if (look <= (plan[0]?.due ?? Number.POSITIVE_INFINITY)) {
      await work.rest(look);
      plan = await work.renew([...plan, ...unsure], new Set(failed.map(nameOf)));
      unsure = [];
      look = Number.POSITIVE_INFINITY;
    }
    // the network may have heard of a claim that failed: it is tried again on the same terms, or none
    await work.keep([...plan, ...unsure, ...failed]);
    const [next] = plan;
    if (next === undefined && unsure.length > 0) continue;
    if (next === undefined) {
      if (!(await work.idle())) return failed.length;
      look = now();
      continue;
    }
    await work.until(next);
    const isLate = now() - next.due > LATE_MS;
    const outcome = isLate ? undefined : await attempts.make(next);
    if (outcome === 'failed') failed.push(next);
    if (outcome === 'unsure') unsure.push(next);
    // what came due meanwhile would follow at once
    plan = redrawn(isLate ? plan : plan.slice(1), { meanMs, random, now: now() });
    look = Math.min(look, now() + exponential({ meanMs, random }));
  }
}

/** Looks for a claim of which nobody knows whether it was made, where all are made at once; then it has failed. */
const LOOKS = 5;
/** Between two of them, in milliseconds: some blocks become final. */
const LOOK_MS = 10_000;

/** One claim of each bin, one after the other: two of one bin would halve each other's ring. */
async function atOnce(plan: readonly Planned[], work: Followed): Promise<number> {
  const attempts = new Attempts(work);
  const bins = new Set<string>();
  let left = plan;
  let failures = 0;
  for (const one of plan) {
    const bin = `${one.class}/${one.bin}`;
    if (bins.has(bin)) continue;
    bins.add(bin);
    await work.keep(left);
    if (await isMade(one, attempts, work)) left = left.filter((other) => other !== one);
    else failures++;
  }
  await work.keep(left);
  return failures;
}

/** Makes a claim, and makes it again on the same terms as long as it is seen that it was not made. */
async function isMade(one: Planned, attempts: Attempts, work: Followed): Promise<boolean> {
  for (let looks = 0; ; looks++) {
    const outcome = await attempts.make(one);
    if (outcome !== 'unsure') return outcome === 'made';
    if (looks === LOOKS) return false;
    await work.rest(work.now() + LOOK_MS);
    const seen = await work.renew([one], new Set());
    if (!seen.some((other) => nameOf(other) === nameOf(one))) return true;
  }
}

/** Makes claims, and remembers which were refused once: by a node that had them already, it may be, from a run that was cut off. */
class Attempts {
  readonly #work: Followed;
  readonly #refused = new Set<string>();

  constructor(work: Followed) {
    this.#work = work;
  }

  async make(one: Planned): Promise<Outcome> {
    try {
      await this.#work.claim(one);
      return 'made';
    } catch (error) {
      if (isUnderWay(error) || this.#isFirstRefusal(one, error)) {
        this.#work.unsure(one, error);
        return 'unsure';
      }
      if (!isTacitError(error)) throw error;
      this.#work.failed(one, error);
      return 'failed';
    }
  }

  #isFirstRefusal(one: Planned, error: unknown): error is TacitError {
    const isFirst = isTacitError(error) && error.code === 'sdk/extrinsic-refused' && !this.#refused.has(nameOf(one));
    if (isFirst) this.#refused.add(nameOf(one));
    return isFirst;
  }
}
