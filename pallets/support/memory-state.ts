import { type Changes, fromLatin1, latin1, type StateReader } from './overlay.ts';

/** A state in memory that blocks are committed to. */
export class MemoryState implements StateReader {
  readonly #values = new Map<string, Uint8Array>();
  /** All keys in byte order; made anew when one came or went. */
  #keys: string[] | undefined;

  get(key: Uint8Array): Uint8Array | undefined {
    return this.valueAt(latin1(key));
  }

  /** The value of a key that is a string already. */
  valueAt(key: string): Uint8Array | undefined {
    return this.#values.get(key);
  }

  entries(prefix: Uint8Array, startAfter?: Uint8Array): [Uint8Array, Uint8Array][] {
    const after = startAfter && latin1(startAfter);
    const found = this.entriesOf(latin1(prefix)).filter(([key]) => after === undefined || key > after);
    return found.map(([key, value]) => [fromLatin1(key), value]);
  }

  /** The same with keys as strings. */
  entriesOf(prefix: string): [string, Uint8Array][] {
    const keys = (this.#keys ??= [...this.#values.keys()].sort());
    const found: [string, Uint8Array][] = [];
    for (let i = firstNotBelow(keys, prefix); i < keys.length && keys[i]!.startsWith(prefix); i++) {
      const key = keys[i]!;
      found.push([key, this.#values.get(key)!]);
    }
    return found;
  }

  apply(changes: Changes): void {
    for (const [key, value] of changes) {
      if ((value !== null) !== this.#values.has(key)) this.#keys = undefined;
      if (value === null) this.#values.delete(key);
      else this.#values.set(key, value);
    }
  }
}

/** The place of the first key that is not below `from`. */
function firstNotBelow(keys: readonly string[], from: string): number {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (keys[middle]! < from) low = middle + 1;
    else high = middle;
  }
  return low;
}
