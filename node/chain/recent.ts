/** The values that were set last, a bounded number. */
export class Recent<K, V> {
  readonly #values = new Map<K, V>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get(key: K): V | undefined {
    return this.#values.get(key);
  }

  set(key: K, value: V): void {
    this.#values.delete(key);
    this.#values.set(key, value);
    // A map keeps the order of insertion: the oldest goes first.
    if (this.#values.size > this.#limit) this.#values.delete(this.#values.keys().next().value!);
  }

  delete(key: K): void {
    this.#values.delete(key);
  }
}
