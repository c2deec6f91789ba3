/**
 * Works on the newest of the things offered; older ones that have not had their turn are passed over. Preparing may take time, and what arrives meanwhile
 * replaces what is being prepared: `act` never sees a thing once a newer one is here [an older view would have the sealed submissions of newer blocks, which
 * arrived before theirs, thrown away]. When all is done `idle` gets turns, a short one at a time, until it has nothing left to do.
 */
export class Latest<T> {
  readonly #prepare: (item: T) => Promise<void>;
  readonly #act: (item: T) => void;
  readonly #onError: (error: unknown, item: T) => void;
  readonly #idle: (last: T) => boolean;
  #newest: { readonly item: T } | undefined;
  #busy = false;

  /** @param idle does a little of what will be needed later, after `act`; false if nothing is left */
  constructor(
    prepare: (item: T) => Promise<void>,
    act: (item: T) => void,
    onError: (error: unknown, item: T) => void,
    idle: (last: T) => boolean = () => false,
  ) {
    this.#prepare = prepare;
    this.#act = act;
    this.#onError = onError;
    this.#idle = idle;
  }

  offer(item: T): void {
    this.#newest = { item };
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
      while (this.#newest === undefined && this.#idles(taken.item)) await arrivals();
    }
    this.#busy = false;
  }

  #idles(last: T): boolean {
    try {
      return this.#idle(last);
    } catch (error) {
      this.#onError(error, last);
      return false;
    }
  }
}

/** Messages that arrived meanwhile are taken in. */
const arrivals = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
