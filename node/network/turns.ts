/** Lets at most `places` tasks of one name run at once; the others wait in order. */
export class Turns {
  readonly #places: number;
  readonly #running = new Map<string, number>();
  readonly #waiting = new Map<string, (() => void)[]>();

  constructor(places: number) {
    this.#places = places;
  }

  async take<T>(name: string, task: () => Promise<T>): Promise<T> {
    const running = this.#running.get(name) ?? 0;
    if (running < this.#places) this.#running.set(name, running + 1);
    else {
      const waiting = this.#waiting.get(name) ?? [];
      this.#waiting.set(name, waiting);
      // Woken with the place of whoever wakes it.
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
    try {
      return await task();
    } finally {
      this.#release(name);
    }
  }

  #release(name: string): void {
    const next = this.#waiting.get(name)?.shift();
    if (next !== undefined) {
      next();
      return;
    }
    this.#waiting.delete(name);
    const left = (this.#running.get(name) ?? 1) - 1;
    if (left > 0) this.#running.set(name, left);
    else this.#running.delete(name);
  }
}
