/**
 * Checks of a state that are repeated after every call, as tests do it: what a check has found is kept until something is written that it has read. Whoever
 * wants it reads through a `JournalOverlay`; over any other state everything is computed each time.
 */
import { TacitError } from '../../primitives/errors.ts';
import { type BlockStart, Context } from './context.ts';
import { MemoryState } from './memory-state.ts';
import { Overlay, type StateReader } from './overlay.ts';

/** Keys of one storage item have this much in common: the hashes of the pallet's name and of its own. */
const ITEM_LENGTH = 32;
/** Stands for all items: a walk over more than one reads it. */
const EVERYTHING = '';

const itemOf = (key: string): string => (key.length < ITEM_LENGTH ? EVERYTHING : key.slice(0, ITEM_LENGTH));

/** What was found, and what it was found from. */
interface Kept {
  readonly value: unknown;
  readonly items: ReadonlySet<string>;
  /** The block, if the header was read. */
  readonly block: number | undefined;
  /** How much had been written by then. */
  readonly at: number;
}

/**
 * The writes to one state, block after block, by storage item. One with a `base` is of a state that was the base's when it was made: what was found there holds
 * here too as far as nothing was written since.
 */
export class Journal {
  #writes = 0;
  readonly #base: Journal | undefined;
  /** What had been written to the base by then: what was found in it later is of a state that is not this one. */
  readonly #since: number;
  readonly #last = new Map<string, number>();
  readonly #kept = new Map<unknown, Kept>();

  constructor(base?: Journal) {
    this.#base = base;
    this.#since = base?.writes ?? 0;
  }

  /** Every key that is written or removed has to be told; one too many costs time alone. */
  wrote(key: string): void {
    this.#writes++;
    this.#last.set(itemOf(key), this.#writes);
    this.#last.set(EVERYTHING, this.#writes);
  }

  get writes(): number {
    return this.#writes;
  }

  /** What was kept under `what`, if it still stands. @param until how much had been written by then at most */
  found(what: unknown, block: number, until = Number.POSITIVE_INFINITY): Kept | undefined {
    const own = this.#kept.get(what);
    if (own !== undefined && own.at > until) return undefined;
    const kept = own ?? this.#base?.found(what, block, this.#since);
    if (kept === undefined || (kept.block !== undefined && kept.block !== block)) return undefined;
    const at = own === undefined ? 0 : own.at;
    for (const item of kept.items) if ((this.#last.get(item) ?? 0) > at) return undefined;
    return kept;
  }

  keep(what: unknown, kept: Kept): void {
    this.#kept.set(what, kept);
  }
}

/** An overlay that tells a journal of its writes, those included that are rolled back. */
export class JournalOverlay extends Overlay {
  readonly journal: Journal;

  constructor(parent: StateReader, journal: Journal) {
    super(parent);
    this.journal = journal;
  }

  /** Whether no layer is open: what is found in one does not hold when it is dropped, and nothing is written then. */
  get isSettled(): boolean {
    return this.depth === 1;
  }

  override put(key: string, value: Uint8Array): void {
    this.journal.wrote(key);
    super.put(key, value);
  }

  override remove(key: string): void {
    this.journal.wrote(key);
    super.remove(key);
  }

  // A state in memory has its keys as strings: nothing is gained by making bytes of them and strings again.
  protected override valueBelow(key: string): Uint8Array | undefined {
    const { parent } = this;
    return parent instanceof MemoryState ? parent.valueAt(key) : super.valueBelow(key);
  }

  protected override entriesBelow(prefix: string): Iterable<readonly [string, Uint8Array]> {
    const { parent } = this;
    return parent instanceof MemoryState ? parent.entriesOf(prefix) : super.entriesBelow(prefix);
  }
}

/** Reads what stands in another overlay, and notes which items. */
class Reading extends JournalOverlay {
  readonly items = new Set<string>();
  readonly block: number;
  isHeaderRead = false;
  readonly #below: JournalOverlay;

  constructor(below: JournalOverlay, block: number) {
    super(below.parent, below.journal);
    this.#below = below;
    this.block = block;
  }

  override get isSettled(): boolean {
    return this.#below.isSettled;
  }

  override get(key: string): Uint8Array | undefined {
    this.items.add(itemOf(key));
    return this.#below.get(key);
  }

  override entries(prefix: string, most?: number): [string, Uint8Array][] {
    this.items.add(itemOf(prefix));
    return this.#below.entries(prefix, most);
  }

  override put(): never {
    throw new TacitError('journal/check-writes', 'a check has written to the state that it looks at');
  }

  override remove(): never {
    return this.put();
  }

  /** What is kept within another is read by that one too. */
  read({ items, block }: Kept): void {
    for (const item of items) this.items.add(item);
    this.isHeaderRead ||= block !== undefined;
  }
}

/** The same header, which tells that it was read. */
function watched(header: BlockStart, reading: Reading): BlockStart {
  const read = <K extends keyof BlockStart>(field: K): BlockStart[K] => {
    reading.isHeaderRead = true;
    return header[field];
  };
  return {
    get number() {
      return read('number');
    },
    get parentHash() {
      return read('parentHash');
    },
    get digest() {
      return read('digest');
    },
  };
}

/**
 * The same function, which computes again only where something was written that it has read, or the block is another and it has read the header. It may look at
 * the state and the header of its context, and at nothing else that changes. What throws is not kept.
 */
export function remembered<T>(what: (ctx: Context) => T): (ctx: Context) => T {
  return (ctx) => {
    const { storage } = ctx;
    if (!(storage instanceof JournalOverlay)) return what(ctx);
    const block = storage instanceof Reading ? storage.block : ctx.block;
    const kept = storage.journal.found(what, block) ?? compute(what, ctx, new Reading(storage, block));
    if (storage instanceof Reading) storage.read(kept);
    return kept.value as T;
  };
}

function compute(what: (ctx: Context) => unknown, { dispatcher, header, host }: Context, reading: Reading): Kept {
  const { journal, items, block } = reading;
  const at = journal.writes;
  const value = what(new Context(dispatcher, reading, watched(header, reading), host));
  const kept = { value, items, block: reading.isHeaderRead ? block : undefined, at };
  if (reading.isSettled) journal.keep(what, kept);
  return kept;
}
