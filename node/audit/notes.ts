/** The notes of every class as the audit adds them itself, and the bins that they fall into by the rules of specification §12.10. */
import { at } from '../../primitives/at.ts';
import { denominationBelow } from '../../primitives/proofs/denominations.ts';
import { encodeHiddenBin, hiddenBinRoot } from '../../primitives/proofs/hidden-bin.ts';
import type { Note } from '../../primitives/proofs/notes.ts';
import { BIN_NOTES, LEAST_CLAIM } from '../../pallets/notes/index.ts';

/** Notes that came together. */
interface Portion {
  readonly first: number;
  readonly count: number;
  readonly block: number;
  /** What a round brought in by them; undefined of change. */
  readonly units: bigint | undefined;
}

/** A closed bin. */
export interface AuditedBin {
  readonly index: number;
  readonly first: number;
  readonly count: number;
  readonly digits: number;
  readonly largest: bigint;
  readonly root: Uint8Array;
  readonly bytes: Uint8Array;
}

/** How long bins wait, as the state has it. */
export interface BinTerms {
  readonly least: number;
  readonly wait: number;
  readonly patience: number;
}

/** One class of notes. */
export class AuditedClass {
  readonly notes: Note[] = [];
  readonly bins: AuditedBin[] = [];
  brought = 0n;
  paid = 0n;
  readonly #portions: Portion[] = [];
  /** Ends of bins that take no more notes, closed or not. */
  readonly #ends: number[] = [0];
  readonly genesis: Uint8Array;
  readonly modulus: bigint;
  readonly grains: bigint;

  constructor(genesis: Uint8Array, modulus: bigint, grains: bigint) {
    this.genesis = genesis;
    this.modulus = modulus;
    this.grains = grains;
  }

  /** @returns the number of the first */
  add(notes: readonly Note[], block: number, units?: bigint): number {
    const first = this.notes.length;
    this.#portions.push({ first, count: notes.length, block, units });
    this.notes.push(...notes);
    this.brought += units ?? 0n;
    while (this.notes.length - this.#lastEnd >= BIN_NOTES) this.#ends.push(this.#lastEnd + BIN_NOTES);
    return first;
  }

  get #lastEnd(): number {
    return at(this.#ends, this.#ends.length - 1);
  }

  /** Bins that take no more notes and are not closed. */
  get waiting(): number {
    return this.#ends.length - 1 - this.bins.length;
  }

  /** The block in which the first note of the open bin was made; undefined if it has none. */
  get openSince(): number | undefined {
    const first = this.#lastEnd;
    return this.#portions.findLast((portion) => portion.first <= first && first < portion.first + portion.count)?.block;
  }

  isDue(block: number, { least, wait, patience }: BinTerms): boolean {
    const since = this.openSince;
    if (since === undefined) return false;
    const count = this.notes.length - this.#lastEnd;
    return block - since >= patience || (count >= least && block - since >= wait);
  }

  /** The open bin takes no more notes. */
  cut(): void {
    this.#ends.push(this.notes.length);
  }

  /** Closes the next of the bins that wait for it. */
  close(): AuditedBin {
    const index = this.bins.length;
    const [first, end] = [at(this.#ends, index), at(this.#ends, index + 1)];
    const count = end - first;
    const digits = count > 64 ? 5 : 3;
    const { genesis, modulus, grains } = this;
    const bytes = encodeHiddenBin({ genesis, modulus, grains, index, digits, notes: this.notes.slice(first, end) });
    const largest = this.#largest(first, end);
    const bin = { index, first, count, digits, largest, root: hiddenBinRoot(bytes), bytes };
    this.bins.push(bin);
    return bin;
  }

  #largest(first: number, end: number): bigint {
    let [units, count] = [0n, 0n];
    for (const portion of this.#portions) {
      if (portion.units === undefined) continue;
      const from = Math.max(first, portion.first) - portion.first;
      const to = Math.min(end, portion.first + portion.count) - portion.first;
      if (to <= from) continue;
      const upTo = (notes: number): bigint => ((portion.units ?? 0n) * BigInt(notes)) / BigInt(portion.count);
      units += upTo(to) - upTo(from);
      count += BigInt(to - from);
    }
    if (count === 0n) return this.bins.at(-1)?.largest ?? LEAST_CLAIM;
    const largest = denominationBelow(units / count) ?? LEAST_CLAIM;
    return largest > LEAST_CLAIM ? largest : LEAST_CLAIM;
  }
}

/** Bins of all classes that are closed at the end of one block, at most. */
const CLOSED_AT_ONCE = 2;

/** All classes, and the order in which their bins are closed. */
export class AuditedNotes {
  readonly classes: AuditedClass[] = [];
  /** Classes with bins that wait to be closed, once for each, in the order in which they came to wait. */
  #queue: AuditedClass[] = [];
  readonly #genesis: Uint8Array;

  constructor(genesis: Uint8Array) {
    this.#genesis = genesis;
  }

  /** The number of a class, which begins with its first round. */
  classOf(modulus: bigint, grains: bigint): number {
    const known = this.classes.findIndex((one) => one.modulus === modulus && one.grains === grains);
    if (known >= 0) return known;
    return this.classes.push(new AuditedClass(this.#genesis, modulus, grains)) - 1;
  }

  add(id: number, notes: readonly Note[], block: number, units?: bigint): number {
    const known = at(this.classes, id);
    const before = known.waiting;
    const first = known.add(notes, block, units);
    for (let i = before; i < known.waiting; i++) this.#queue.push(known);
    return first;
  }

  /** At the end of a block: closes what is full, or due by its age. */
  end(block: number, terms: BinTerms): { id: number; bin: AuditedBin }[] {
    const due = this.classes
      .filter((known) => known.isDue(block, terms))
      .sort((a, b) => (a.openSince ?? block) - (b.openSince ?? block));
    for (const known of due) {
      if (this.#queue.length >= CLOSED_AT_ONCE) break;
      known.cut();
      this.#queue.push(known);
    }
    const closing = this.#queue.slice(0, CLOSED_AT_ONCE);
    this.#queue = this.#queue.slice(CLOSED_AT_ONCE);
    return closing.map((known) => ({ id: this.classes.indexOf(known), bin: known.close() }));
  }
}
