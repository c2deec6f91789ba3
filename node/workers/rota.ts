/**
 * Things that wait, of many who take turns: at each step of a path one part after the other, and at its end in the order in which they came. Who has given much waits for
 * itself alone.
 */
export class Rota<T> {
  readonly #queue = new Map<string, T>();
  /** Whose turn it is comes first. */
  readonly #parts = new Map<string, Rota<T>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add([first, ...rest]: readonly string[], name: string, thing: T): void {
    this.#size++;
    if (first === undefined) {
      this.#queue.set(name, thing);
      return;
    }
    const part = this.#parts.get(first) ?? new Rota<T>();
    this.#parts.set(first, part);
    part.add(rest, name, thing);
  }

  /** Takes out the next of those that fit; who has given it has its next turn after the others. */
  take(fits: (thing: T) => boolean = () => true): T | undefined {
    for (const [name, thing] of this.#queue) if (fits(thing)) return this.#drop(name);
    for (const [first, part] of this.#parts) {
      const found = part.take(fits);
      if (found === undefined) continue;
      this.#size--;
      this.#parts.delete(first);
      if (part.size > 0) this.#parts.set(first, part);
      return found;
    }
    return undefined;
  }

  /** Takes out what was added under this path and name, if it is still there. */
  remove([first, ...rest]: readonly string[], name: string): T | undefined {
    if (first === undefined) return this.#drop(name);
    const part = this.#parts.get(first);
    const found = part?.remove(rest, name);
    if (found === undefined) return undefined;
    this.#size--;
    if (part!.size === 0) this.#parts.delete(first);
    return found;
  }

  #drop(name: string): T | undefined {
    const found = this.#queue.get(name);
    if (this.#queue.delete(name)) this.#size--;
    return found;
  }
}
