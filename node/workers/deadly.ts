import type { TacitError } from '../../primitives/errors.ts';

/** Names kept, about 100 bytes each with their errors. */
const MOST = 1_024;
/** Milliseconds for which a task is refused that threads have died over; twice as long each time it happens again, up to the longest. */
const FIRST_REST = 10_000;
const LONGEST_REST = 600_000;

interface Death {
  readonly error: TacitError;
  readonly until: number;
  readonly rest: number;
}

/**
 * Tasks that threads have died over: whoever brings one again must not have more of them killed. They are not refused for ever, for it may have been the machine that had
 * no memory left, and a block may need the answer.
 */
export class Deadly {
  readonly #now: () => number;
  readonly #deaths = new Map<string, Death>();

  /** @param now milliseconds, monotonic */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** What became of a task the last time, while it is refused. */
  get(name: string): TacitError | undefined {
    const death = this.#deaths.get(name);
    return death !== undefined && death.until > this.#now() ? death.error : undefined;
  }

  /** Threads have died over a task. */
  add(name: string, error: TacitError): void {
    const rest = Math.min(LONGEST_REST, 2 * (this.#deaths.get(name)?.rest ?? FIRST_REST / 2));
    this.#deaths.delete(name);
    if (this.#deaths.size >= MOST) this.#deaths.delete(this.#deaths.keys().next().value!);
    this.#deaths.set(name, { error, until: this.#now() + rest, rest });
  }
}
