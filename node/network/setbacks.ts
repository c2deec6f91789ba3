/** Peers that fail us, and how long each failure is held back before it is told. */
import { yieldToLoop } from '../base/serial.ts';

/** The second failure in a row is told so much later (milliseconds), each further one twice as late, up to the longest. */
const FIRST_DELAY = 10;
const LONGEST_DELAY = 1_000;
/** After so long without a failure the count begins anew. */
const FORGOTTEN_AFTER = 10_000;
const MAX_RECORDS = 1_024;

/**
 * Holds failures back. Whoever asks a peer again as soon as it has failed would otherwise never leave the microtask queue: timers, RPC and signals would starve. So
 * the first failure costs a turn of the event loop, and the n-th in a row up to a second, whoever asks and for whatever reason.
 */
export class Setbacks {
  readonly #now: () => number;
  readonly #peers = new Map<string, { failures: number; at: number }>();
  readonly #waiting = new Set<() => void>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Notes a failure; resolves when it may be told. */
  async suffer(peer: string): Promise<void> {
    const delay = this.#note(peer);
    if (delay === 0) return yieldToLoop();
    await new Promise<void>((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(end);
        resolve();
      };
      const timer = setTimeout(end, delay);
      this.#waiting.add(end);
    });
  }

  /** The peer has answered. */
  clear(peer: string): void {
    this.#peers.delete(peer);
  }

  /** Tells everything that is held back: the node stops. */
  stop(): void {
    for (const end of this.#waiting) end();
  }

  /** Milliseconds that the failure is to be held back. */
  #note(peer: string): number {
    const now = this.#now();
    const known = this.#peers.get(peer);
    const failures = known === undefined || now - known.at > FORGOTTEN_AFTER ? 1 : known.failures + 1;
    // Taken out first: the map is in the order of the last failure, and the oldest makes room.
    this.#peers.delete(peer);
    if (this.#peers.size >= MAX_RECORDS) this.#peers.delete(this.#peers.keys().next().value!);
    this.#peers.set(peer, { failures, at: now });
    return failures === 1 ? 0 : Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** Math.min(failures - 2, 10));
  }
}
