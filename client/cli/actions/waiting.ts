import { TacitError } from '../../../primitives/errors.ts';

const MAX_MINUTES = 7 * 24 * 60;

/** Minutes of a flag, in milliseconds. Throws `cli/bad-flag`. */
export function minutesOf(flag: string, text: string): number {
  const minutes = Number(text);
  if (/^[0-9]{1,5}(\.[0-9]{1,3})?$/.test(text) && minutes <= MAX_MINUTES) return minutes * 60_000;
  throw new TacitError('cli/bad-flag', `${flag} takes minutes, 0 to ${MAX_MINUTES}, not '${text}'`, { flag });
}

/** A machine that sleeps stops its timers, and a timer cannot be longer than 24 days: the clock is looked at this often. */
const LOOK_MS = 30_000;

/** Waits for a time in milliseconds since 1970, and says for what. */
export async function pauseUntil(due: number, what: string, more: string): Promise<void> {
  const ms = due - Date.now();
  if (ms <= 0) return;
  const about = ms < 90_000 ? `${Math.ceil(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`;
  console.error(`in about ${about} ${what}. ${more}.`);
  for (let left = ms; left > 0; left = due - Date.now())
    await new Promise((resolve) => setTimeout(resolve, Math.min(left, LOOK_MS)));
}
