import { isTacitError, TacitError } from '../../primitives/errors.ts';

/** A state that is only read: a trie at some root, or a test's map. Keys come in byte order. */
export interface StateReader {
  get(key: Uint8Array): Uint8Array | undefined;
  entries(prefix: Uint8Array, startAfter?: Uint8Array): Iterable<readonly [Uint8Array, Uint8Array]>;
}

/**
 * The state below cannot be read: a broken disk, a database with holes. Neither a fault of a call nor of a block: whatever was being computed is void, and
 * nobody is to blame.
 */
export class StateFault extends Error {
  constructor(cause: unknown) {
    super(`the state cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = 'StateFault';
  }
}

/**
 * Whether an error is this machine's and not the computation's: every other node may have computed on, so a block must not be made or judged by it. All other
 * errors come from the same bytes on every node.
 */
export function isOfThisMachine(error: unknown): boolean {
  // a check that this machine's threads have died over is judged by those that could make it
  if (error instanceof StateFault || isTacitError(error, 'workers/died')) return true;
  return error instanceof RangeError && /alloc|memory|call stack/i.test(error.message);
}

function readable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new StateFault(error);
  }
}

/** Keys as strings of one character per byte: they serve as map keys and compare in byte order. */
export function latin1(bytes: Uint8Array): string {
  return String.fromCharCode.apply(null, bytes as unknown as number[]);
}

export function fromLatin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

export type Changes = Map<string, Uint8Array | null>;

/** Writes over a state that is only read, in layers: a layer is committed into the one below it, or dropped. */
export class Overlay {
  readonly parent: StateReader;
  readonly #read = new Map<string, Uint8Array | undefined>();
  readonly #layers: Changes[] = [new Map()];

  constructor(parent: StateReader) {
    this.parent = parent;
  }

  get(key: string): Uint8Array | undefined {
    for (let i = this.#layers.length - 1; i >= 0; i--) {
      const changed = this.#layers[i]!.get(key);
      if (changed !== undefined) return changed ?? undefined;
    }
    const known = this.#read.get(key);
    if (known !== undefined || this.#read.has(key)) return known;
    const found = readable(() => this.valueBelow(key));
    this.#read.set(key, found);
    return found;
  }

  put(key: string, value: Uint8Array): void {
    this.#layers.at(-1)!.set(key, value);
  }

  remove(key: string): void {
    this.#layers.at(-1)!.set(key, null);
  }

  /**
   * Live entries under `prefix` in byte order of their keys. The state may be changed meanwhile: what is visited stands at the start.
   * @param most the first so many: of the state below no more are read, but for those that are gone
   */
  entries(prefix: string, most = Number.POSITIVE_INFINITY): [string, Uint8Array][] {
    const changed = new Map<string, Uint8Array | null>();
    for (const layer of this.#layers)
      for (const [key, value] of layer) if (key.startsWith(prefix)) changed.set(key, value);
    const live: [string, Uint8Array][] = [];
    if (most > 0) {
      readable(() => {
        for (const [key, value] of this.entriesBelow(prefix)) {
          const now = changed.get(key);
          changed.delete(key);
          if (now !== null) live.push([key, now ?? value]);
          if (live.length >= most) break;
        }
      });
    }
    const below = live.length;
    for (const [key, value] of changed) if (value !== null) live.push([key, value]);
    if (live.length > below) live.sort(([a], [b]) => (a < b ? -1 : 1));
    return live.length > most ? live.slice(0, most) : live;
  }

  /** What stands in the state that is only read. */
  protected valueBelow(key: string): Uint8Array | undefined {
    return this.parent.get(fromLatin1(key));
  }

  protected *entriesBelow(prefix: string): Iterable<readonly [string, Uint8Array]> {
    for (const [key, value] of this.parent.entries(fromLatin1(prefix))) yield [latin1(key), value];
  }

  get depth(): number {
    return this.#layers.length;
  }

  begin(): void {
    this.#layers.push(new Map());
  }

  commit(): void {
    const top = this.#pop();
    const below = this.#layers.at(-1)!;
    for (const [key, value] of top) below.set(key, value);
  }

  rollback(): void {
    this.#pop();
  }

  #pop(): Changes {
    if (this.#layers.length < 2) throw new TacitError('state/no-layer', 'no open layer');
    return this.#layers.pop()!;
  }

  /** All writes, `null` where a key was removed. */
  changes(): Changes {
    if (this.#layers.length !== 1) throw new TacitError('state/open-layer', 'a layer is still open');
    return this.#layers[0]!;
  }
}
