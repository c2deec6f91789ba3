/** Going on where a node goes away and comes back: a plan of claims takes days. */
import { isTacitError } from '../../../primitives/errors.ts';
import { isDisconnected } from '../../sdk/connect.ts';
import { isBehind } from '../../sdk/light/index.ts';

/** The first time between two attempts, and the longest, in milliseconds: each is twice the one before. */
const [FIRST_MS, MOST_MS] = [2000, 60_000];

/** Codes of a node that is not there, or not there yet: one that has just started may still be reading what the wallet has read. */
const AWAY: ReadonlySet<string> = new Set(['sdk/unreachable', 'sdk/disconnected', 'sdk/book-ahead']);

/** Whether a node that does not answer, or has just started, is all that is wrong. */
function isAway(error: unknown): error is Error {
  return isDisconnected(error) || isBehind(error) || (isTacitError(error) && AWAY.has(error.code));
}

/** Whether what was sent may have arrived although it failed. */
export function isUnderWay(error: unknown): error is Error {
  return isAway(error) || (isTacitError(error) && error.code === 'sdk/extrinsic-timeout');
}

/** Whether another command reads the wallet's notes just now: that takes seconds. */
const isBusy = (error: unknown): error is Error => isTacitError(error) && error.code === 'sdk/locked';

/** Does `work`, and again as long as nothing but a node that is away or another command is in its way; says so once, and when it goes on. */
export async function patiently<T>(work: () => Promise<T>, more: string): Promise<T> {
  for (let ms = FIRST_MS, waits = 0; ; ms = Math.min(2 * ms, MOST_MS), waits++) {
    try {
      const done = await work();
      if (waits > 0) console.error('it goes on');
      return done;
    } catch (error) {
      if (!isAway(error) && !isBusy(error)) throw error;
      if (waits === 0) console.error(`${error.message}. It is tried again until it works. ${more}.`);
    }
    await new Promise((resolve) => setTimeout(resolve, ms));
  }
}
