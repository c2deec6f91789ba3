/** How often the event loop is to come round, in milliseconds. */
const TICK_MS = 100;
/** A loop that comes round so late has not read its sockets in the meantime. */
const BUSY_MS = 300;
/** How long after that what arrives may be late because of it: queues empty slowly. */
const ECHO_MS = 10_000;

/** Whether this process is behind with its work, or the machine does not let it run, by how late the event loop comes round. */
export class LoopLag {
  readonly #now: () => number;
  #last: number;
  #busy = Number.NEGATIVE_INFINITY;

  /** @param now milliseconds that only go forward */
  constructor(now: () => number) {
    this.#now = now;
    this.#last = now();
  }

  /** Counts until the returned function is called; keeps no process alive. */
  start(): () => void {
    const timer = setInterval(() => this.tick(), TICK_MS).unref();
    return () => clearInterval(timer);
  }

  /** To be called every 100 ms. */
  tick(): void {
    const now = this.#now();
    if (now - this.#last - TICK_MS > BUSY_MS) this.#busy = now;
    this.#last = now;
  }

  /** Whether the loop has been late in the last ten seconds, or is at this moment. */
  isBusy(): boolean {
    const now = this.#now();
    return now - this.#last - TICK_MS > BUSY_MS || now - this.#busy < ECHO_MS;
  }
}
