/** A state of which a walk over entries sees only what changed. */
import { Context, latin1, Overlay, type StateReader } from '../../pallets/support/index.ts';

/** Storage items, by the hashes of their pallet and of themselves. */
const ITEM = 32;
const itemOf = (key: string): string => key.slice(0, ITEM);

/** Notes what was asked of a state. Values are given by their key whatever it is; walks are kept to `visible`, or see all without it. */
export class Glimpse implements StateReader {
  readonly #state: StateReader;
  readonly #visible: readonly string[] | undefined;
  readonly #keys = new Set<string>();
  readonly #items = new Set<string>();
  /** Entries that walks have met. */
  met = 0;

  /** @param visible keys in byte order */
  constructor(state: StateReader, visible?: readonly string[]) {
    this.#state = state;
    this.#visible = visible;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    this.#keys.add(latin1(key));
    return this.#state.get(key);
  }

  *entries(prefix: Uint8Array, startAfter?: Uint8Array): Iterable<readonly [Uint8Array, Uint8Array]> {
    const from = latin1(prefix);
    this.#items.add(itemOf(from));
    for (const entry of this.#visible === undefined
      ? this.#state.entries(prefix, startAfter)
      : this.#changed(this.#visible, from)) {
      this.met++;
      yield entry;
    }
  }

  *#changed(visible: readonly string[], from: string): Iterable<readonly [Uint8Array, Uint8Array]> {
    for (const name of visible) {
      if (!name.startsWith(from)) continue;
      const key = Uint8Array.from(name, (letter) => letter.charCodeAt(0));
      const value = this.#state.get(key);
      if (value !== undefined) yield [key, value];
    }
  }

  /** Whether what was asked for may have another answer after `key` has changed. */
  rests(key: string): boolean {
    return this.#keys.has(key) || this.#items.has(itemOf(key));
  }
}

/** The context on what a glimpse shows of its state. */
export function glimpsed(ctx: Context, glimpse: Glimpse): Context {
  return new Context(ctx.dispatcher, new Overlay(glimpse), ctx.header, ctx.host);
}
