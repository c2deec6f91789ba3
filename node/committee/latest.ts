/**
 * Works on the newest of the things offered; older ones that have not had their turn are passed over. Preparing may take time, and what arrives meanwhile
 * replaces what is being prepared: `act` never sees a thing once a newer one is here [an older view would have the sealed submissions of newer blocks, which
 * arrived before theirs, thrown away]. When all is done `idle` gets turns, a short one at a time, with the rests it asks for, until it has nothing left to do.
 */
export class Latest<T> {
  readonly #prepare: (item: T) => Promise<void>;
  readonly #act: (item: T) => void;
  readonly #onError: (error: unknown, item: T) => void;
  readonly #idle: (last: T) => number | undefined;
  #newest: { readonly item: T } | undefined;
  #busy = false;
  #wake = (): void => undefined;

  /** @param idle does a little of what will be needed later, after `act`; how many milliseconds to rest before it goes on, undefined if nothing is left */
  constructor(
    prepare: (item: T) => Promise<void>,
    act: (item: T) => void,
    onError: (error: unknown, item: T) => void,
    idle: (last: T) => number | undefined = () => undefined,
  ) {
    this.#prepare = prepare;
    this.#act = act;
    this.#onError = onError;
    this.#idle = idle;
  }

  offer(item: T): void {
    this.#newest = { item };
    this.#wake();
    if (!this.#busy) void this.#work();
  }

  async #work(): Promise<void> {
    this.#busy = true;
    while (this.#newest !== undefined) {
      const taken = this.#newest;
      try {
        await this.#prepare(taken.item);
        if (this.#newest !== taken) continue;
        this.#newest = undefined;
        this.#act(taken.item);
      } catch (error) {
        if (this.#newest === taken) this.#newest = undefined;
        this.#onError(error, taken.item);
      }
      await arrivals();
      while (this.#newest === undefined) {
        const rest = this.#idles(taken.item);
        if (rest === undefined) break;
        await this.#rest(rest);
      }
    }
    this.#busy = false;
  }

  #idles(last: T): number | undefined {
    try {
      return this.#idle(last);
    } catch (error) {
      this.#onError(error, last);
      return undefined;
    }
  }

  /** So long, or until something newer arrives. */
  async #rest(ms: number): Promise<void> {
    await arrivals();
    if (ms <= 0 || this.#newest !== undefined) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    this.#wake = resolve;
    await promise;
    clearTimeout(timer);
  }
}

/** Messages that arrived meanwhile are taken in. */
const arrivals = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
