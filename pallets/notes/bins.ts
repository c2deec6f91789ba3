/** The list of a class, and its bins (specification §12.10): notes are added at the end, bins are cut from it in order and closed at the end of a block. */
import { at, present } from '../../primitives/at.ts';
import { denominationBelow } from '../../primitives/proofs/denominations.ts';
import { BIN_DIGITS, encodeHiddenBin, hiddenBinRoot } from '../../primitives/proofs/hidden-bin.ts';
import type { Note } from '../../primitives/proofs/notes.ts';
import { parameter } from '../parameters/index.ts';
import { type Cost, measuredWeight } from '../support/index.ts';
import { genesisHash } from '../system/index.ts';
import { LEAST_CLAIM, type Notes } from './state.ts';
import { BIN_NOTES, type BinRecord, CHUNK_NOTES, type Filling, type FullBin, type NoteClass } from './types.ts';

/** Bins closed in one block: their roots are some milliseconds of work, and more than a bin a block never comes together for long. */
const CLOSED_AT_ONCE = 2;

const [SMALL, LARGE] = BIN_DIGITS;

/** Digits of a place in a bin of so many notes: no more places than a proof has to have. */
export const digitsFor = (count: number): number => (count <= 4 ** SMALL ? SMALL : LARGE);

/** Notes `first` and following of a class. */
export function readNotes({ store }: Notes, id: number, first: number, count: number): Note[] {
  const end = first + count;
  const found: Note[] = [];
  for (let chunk = Math.floor(first / CHUNK_NOTES); chunk * CHUNK_NOTES < end; chunk++) {
    const from = Math.max(0, first - chunk * CHUNK_NOTES);
    found.push(...store.notes.get(id, chunk).slice(from, end - chunk * CHUNK_NOTES));
  }
  return found;
}

function writeNotes({ store }: Notes, id: number, first: number, added: readonly Note[]): void {
  for (let done = 0; done < added.length; ) {
    const number = first + done;
    const room = CHUNK_NOTES - (number % CHUNK_NOTES);
    const part = added.slice(done, done + room);
    store.notes.mutate(id, Math.floor(number / CHUNK_NOTES), (chunk) => [...chunk, ...part]);
    done += part.length;
  }
}

/** Takes the bin that fills off the list: what comes next begins another. */
function cut({ store }: Notes, id: number, known: NoteClass): NoteClass {
  const { open, notes } = known;
  store.full.mutate((full) => [...full, { class: id, bin: open, count: notes - open.first }]);
  return { ...known, open: { first: notes, since: 0, brought: 0n, ofRounds: 0 } };
}

/**
 * Adds notes at the end of a class's list. A bin that has all its notes takes no more.
 * @param units what a round brings in by them; undefined of change. Where they stand in two bins each gets its part, of which all before the last is rounded down
 * @returns the number of the first
 */
export function appendNotes(notes: Notes, id: number, added: readonly Note[], units?: bigint): number {
  const { ctx, store } = notes;
  const classes = store.classes.get();
  let known = at(classes, id);
  const first = known.notes;
  writeNotes(notes, id, first, added);
  const upTo = (count: number): bigint => ((units ?? 0n) * BigInt(count)) / BigInt(added.length);
  for (let done = 0; done < added.length; ) {
    const { open } = known;
    const filled = known.notes - open.first;
    const part = Math.min(BIN_NOTES - filled, added.length - done);
    known = {
      ...known,
      notes: known.notes + part,
      open: {
        first: open.first,
        since: filled === 0 ? ctx.block : open.since,
        brought: open.brought + upTo(done + part) - upTo(done),
        ofRounds: open.ofRounds + (units === undefined ? 0 : part),
      },
    };
    done += part;
    if (filled + part === BIN_NOTES) known = cut(notes, id, known);
  }
  store.classes.put(classes.with(id, known));
  return first;
}

/** Whether the bin that fills is to be closed as it is: enough notes and its wait is over, or it has waited long enough. */
function isDue({ ctx }: Notes, { open, notes }: NoteClass): boolean {
  const count = notes - open.first;
  if (count === 0) return false;
  const age = BigInt(ctx.block - open.since);
  if (age >= parameter(ctx, 'BinPatience')) return true;
  return BigInt(count) >= parameter(ctx, 'BinLeast') && age >= parameter(ctx, 'BinWait');
}

/** Cuts bins that are due, those that have waited longest first, while there is room for them in this block. */
function cutDue(notes: Notes): void {
  const { store } = notes;
  const room = CLOSED_AT_ONCE - store.full.get().length;
  if (room <= 0) return;
  const classes = store.classes.get();
  const due = classes.flatMap((known, id) => (isDue(notes, known) ? [{ id, known }] : []));
  if (due.length === 0) return;
  const chosen = due.toSorted((a, b) => a.known.open.since - b.known.open.since).slice(0, room);
  const after = chosen.reduce((all, { id, known }) => all.with(id, cut(notes, id, known)), classes);
  store.classes.put(after);
}

/** The largest denomination that not only its largest notes can pay: not above the mean of what rounds brought in by its notes (specification §12.10). */
function largestOf({ store }: Notes, id: number, bins: number, { brought, ofRounds }: Filling): bigint {
  // Change comes out of a closed bin, so there is one before.
  if (ofRounds === 0) return present(store.bins.get(id, bins - 1), 'the bin before').largest;
  return denominationBelow(brought / BigInt(ofRounds) > LEAST_CLAIM ? brought / BigInt(ofRounds) : LEAST_CLAIM)!;
}

/** Canonical bytes of a bin (specification §12.1), read from the list of its class. */
export function bytesOfBin(notes: Notes, id: number, index: number, { first, count, digits }: BinShape): Uint8Array {
  const { modulus, grains } = at(notes.store.classes.get(), id);
  const listed = readNotes(notes, id, first, count);
  return encodeHiddenBin({ genesis: genesisHash(notes.ctx), modulus, grains, index, digits, notes: listed });
}
type BinShape = Pick<BinRecord, 'first' | 'count' | 'digits'>;

function close(notes: Notes, { class: id, bin, count }: FullBin): void {
  const { ctx, store, events } = notes;
  const classes = store.classes.get();
  const known = at(classes, id);
  const { bins } = known;
  const { first } = bin;
  const shape = { first, count, digits: digitsFor(count) };
  const root = hiddenBinRoot(bytesOfBin(notes, id, bins, shape));
  const record = { ...shape, root, largest: largestOf(notes, id, bins, bin), closedAt: ctx.block };
  store.bins.put(id, bins, record);
  store.classes.put(classes.with(id, { ...known, bins: bins + 1 }));
  events.BinClosed({ class: id, bin: bins, first, notes: count, root, largest: record.largest });
}

/** At the end of a block, if there is room for it: bins that are full, and those whose time has come. */
export function closeBins(notes: Notes): undefined {
  const { ctx, store } = notes;
  if (!ctx.takeAtEnd(closingWeight(notes))) return;
  cutDue(notes);
  const full = store.full.get();
  if (full.length === 0) return;
  for (const bin of full.slice(0, CLOSED_AT_ONCE)) close(notes, bin);
  store.full.put(full.slice(CLOSED_AT_ONCE));
}

/** Reading, encoding and hashing a bin of 1,024 notes; measured with it (test/pallets/notes/bins.test.ts counts the keys). */
const CLOSING: Cost = { reads: 4, writes: 3, micros: 0, each: { unit: 'bin', reads: 17, writes: 1, micros: 2000 } };

/** What closing takes at most at the end of this block: a bin needs a note that is older than the block, or be full. */
export function closingWeight({ store }: Notes): bigint {
  const waiting = store.classes.get().filter(({ notes, open }) => notes > open.first).length + store.full.get().length;
  return waiting === 0 ? 0n : measuredWeight(CLOSING, Math.min(waiting, CLOSED_AT_ONCE));
}
