/**
 * Works on the newest of the things offered; older ones that have not had their turn are passed over. Preparing may take time, and what arrives meanwhile
 * replaces what is being prepared: `act` never sees a thing once a newer one is here [an older view would have the sealed submissions of newer blocks, which
 * arrived before theirs, thrown away].
 */
export class Latest<T> {
  readonly #prepare: (item: T) => Promise<void>;
  readonly #act: (item: T) => void;
  readonly #onError: (error: unknown, item: T) => void;
  #newest: { readonly item: T } | undefined;
  #busy = false;

  constructor(prepare: (item: T) => Promise<void>, act: (item: T) => void, onError: (error: unknown, item: T) => void) {
    this.#prepare = prepare;
    this.#act = act;
    this.#onError = onError;
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
      // Messages that arrived meanwhile are taken in before the next one.
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#busy = false;
  }
}
