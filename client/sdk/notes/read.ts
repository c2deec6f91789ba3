/**
 * What a wallet reads of the chain. The requests follow from the chain and from how far was read before: the same, in the same order and of the same size,
 * whatever the wallet holds. What depends on it is only picked out of the answers, which takes no time that could be seen.
 */
import { sameBytes } from '../../../primitives/crypto/bytes.ts';
import { TacitError } from '../../../primitives/errors.ts';
import type { Note } from '../../../primitives/proofs/notes.ts';
import { constants, storage } from '../generated/chain.ts';
import type { Wallet } from '../keys.ts';
import type { State } from '../light/index.ts';
import { roundView, type RoundView } from '../views.ts';
import type { ClaimView, ClassView, Papers } from './own.ts';
import type { BinView, Cursor, OpenBinView } from './types.ts';

const { chunkNotes: CHUNK_NOTES, chunkClaims: CHUNK_CLAIMS, binNotes: BIN_NOTES } = constants.notes;
/** Chunks of notes of one request: 256 KiB. */
const CHUNKS_AT_ONCE = 64;
/** Claims that are held at once with their notes: some megabytes. */
export const PASS_CLAIMS = 16_384;

/** How much there is to read, and what holds of open bins. */
export interface Head {
  readonly classes: readonly (ClassView & OpenBinView & { readonly notes: number; readonly bins: number })[];
  readonly claims: number;
  /** The number that the next round gets. */
  readonly nextRound: number;
}

/** The numbers that a scan begins with. */
export async function readHead(state: State): Promise<Head> {
  const [classes, claims, nextRound] = [
    await state.get(storage.notes.classes),
    await state.get(storage.notes.claimCount),
    await state.get(storage.tally.nextRound),
  ];
  const rule = await readClosing(state);
  return {
    classes: classes.map(({ modulus, grains, notes, bins, open }) => {
      const { first, since } = open;
      const count = notes - first;
      return { modulus, grains, notes, bins, first, count, blocksLeft: blocksLeft(rule, count, since, state) };
    }),
    claims,
    nextRound,
  };
}

/** When bins close: with so many notes once the first is so old, or at that age whatever they have. In notes and blocks. */
interface Closing {
  readonly least: number;
  readonly wait: number;
  readonly patience: number;
}

async function readClosing(state: State): Promise<Closing> {
  const names = (['BinLeast', 'BinWait', 'BinPatience'] as const).map((tag): [{ tag: typeof tag }] => [{ tag }]);
  const [least, wait, patience] = await state.getMany(storage.parameters.values, names);
  const { binLeast, binWait, binPatience } = constants.notes;
  return {
    least: Number(least ?? binLeast),
    wait: Number(wait ?? binWait),
    patience: Number(patience ?? binPatience),
  };
}

function blocksLeft({ least, wait, patience }: Closing, count: number, since: number, { block }: State): number {
  if (count >= BIN_NOTES) return 0;
  // a bin without notes begins with the next one
  const begun = count === 0 ? block.number : since;
  return Math.max(0, begun + (count >= least ? wait : patience) - block.number);
}

/** Rounds that were not known to have ended, and what of them has paid the wallet. */
export interface Rounds {
  readonly papers: readonly Papers[];
  readonly unsettled: readonly RoundView[];
  readonly failed: readonly { readonly round: number; readonly failure: string }[];
}

export async function readRounds(state: State, head: Head, before: Cursor, wallet: Wallet): Promise<Rounds> {
  const numbers = [...before.unsettled];
  for (let round = before.rounds; round < head.nextRound; round++) numbers.push(round);
  const papers: Papers[] = [];
  const unsettled: RoundView[] = [];
  const failed: { round: number; failure: string }[] = [];
  for (const numbersHere of slices(numbers, CHUNKS_AT_ONCE)) {
    const stored = await state.getMany(
      storage.tally.rounds,
      numbersHere.map((round): [number] => [round]),
    );
    for (const record of stored) {
      if (!record) continue;
      const view = roundView(record);
      if (view.phase === 'Failed') failed.push({ round: view.round, failure: view.failure ?? 'no reason given' });
      const found = view.phase === 'Settled' ? await gather(state, view, wallet) : undefined;
      if (found === 'later' || (view.phase !== 'Failed' && view.phase !== 'Settled')) unsettled.push(view);
      else if (found) papers.push(found);
    }
  }
  return { papers, unsettled, failed };
}

/** The papers of a settled round; undefined if it has paid the wallet nothing, 'later' if its notes are still to come. */
async function gather(state: State, view: RoundView, wallet: Wallet): Promise<Papers | 'later' | undefined> {
  const { round } = view;
  const payout = await state.get(storage.tally.payouts, round);
  const money = await state.get(storage.royalty.rounds, round);
  if (!payout || !money) return undefined;
  // all items, not the wallet's own
  const places = payout.items.map((item): [number, number] => [round, item]);
  let found: { place: number; enrolment: Uint8Array } | undefined;
  let place = 0;
  for (const some of slices(places, CHUNKS_AT_ONCE)) {
    for (const item of await state.getMany(storage.tally.items, some)) {
      if (item && sameBytes(item.account, wallet.account.publicKey)) found = { place, enrolment: item.enrolment };
      place++;
    }
  }
  if (money.notes === undefined) return money.state.tag === 'Live' ? 'later' : undefined;
  return found && { view, payout, ...found, class: money.notes.class, first: money.notes.first };
}

/** Bins that have closed since. */
export async function readBins(state: State, head: Head, before: Cursor): Promise<BinView[]> {
  const found: BinView[] = [];
  for (const [id, { bins }] of head.classes.entries()) {
    const numbers = range(before.classes[id]?.bins ?? 0, bins).map((bin): [number, number] => [id, bin]);
    for (const some of slices(numbers, CHUNKS_AT_ONCE)) {
      const records = await state.getMany(storage.notes.bins, some);
      for (const [i, record] of records.entries()) {
        const { first, count, digits, root, largest } = needed(record, `bin ${some[i]}`);
        found.push({ class: id, bin: (some[i] as [number, number])[1], first, count, digits, root, largest });
      }
    }
  }
  return found;
}

/** A note of a class. */
export interface Place {
  readonly class: number;
  readonly number: number;
}
const placeName = ({ class: id, number }: Place): string => `${id}/${number}`;

/** Some claims in their order, and the notes that were looked for. */
export interface Pass {
  readonly claims: readonly ClaimView[];
  noteAt(place: Place): Note | undefined;
}

/**
 * Reads claims and notes from where `before` ends, in passes that hold {@link PASS_CLAIMS} claims at most; gives of the notes those that claims have left, and
 * those at `wanted` that fall into the pass.
 */
export async function* readPasses(
  state: State,
  head: Head,
  before: Cursor,
  wanted: readonly Place[],
): AsyncGenerator<Pass> {
  const ends = head.classes.map((_, id) => before.classes[id]?.notes ?? 0);
  const names = new Set(wanted.map(placeName));
  let from = before.claims;
  do {
    // passes end where chunks do
    const to = Math.min(head.claims, Math.floor(from / CHUNK_CLAIMS) * CHUNK_CLAIMS + PASS_CLAIMS);
    const records = await readClaims(state, from, to);
    const held = new Map<string, Note>();
    for (const [id, { notes }] of head.classes.entries()) {
      const own = records.filter((one) => one.class === id);
      const looked = new Set(own.flatMap(({ first, outputs }) => range(first, first + outputs)));
      const begin = ends[id] as number;
      const end = to === head.claims ? notes : Math.max(begin, ...own.slice(-1).map((one) => one.first + one.outputs));
      for await (const [number, note] of readNotes(state, id, begin, end)) {
        const name = placeName({ class: id, number });
        if (looked.has(number) || names.has(name)) held.set(name, note);
      }
      ends[id] = end;
    }
    const noteAt = (place: Place): Note | undefined => held.get(placeName(place));
    const claims = records.map(({ outputs, ...claim }) => {
      const places = range(claim.first, claim.first + outputs).map((number) => ({ class: claim.class, number }));
      return { ...claim, outputs: places.map((place) => needed(noteAt(place), `note ${placeName(place)}`)) };
    });
    yield { claims, noteAt };
    from = to;
  } while (from < head.claims);
}

type ClaimRecord = Omit<ClaimView, 'outputs'> & { readonly outputs: number };

async function readClaims(state: State, from: number, to: number): Promise<ClaimRecord[]> {
  const found: ClaimRecord[] = [];
  if (from === to) return found;
  const chunks = range(Math.floor(from / CHUNK_CLAIMS), Math.ceil(to / CHUNK_CLAIMS)).map((chunk): [number] => [chunk]);
  for (const some of slices(chunks, CHUNKS_AT_ONCE)) {
    const lists = await state.getMany(storage.notes.claims, some);
    for (const [i, list] of lists.entries()) {
      const base = (some[i] as [number])[0] * CHUNK_CLAIMS;
      const whole = Math.min(CHUNK_CLAIMS, to - base);
      if (list.length < whole) throw missing(`claim ${base + list.length}`);
      for (let at = Math.max(0, from - base); at < whole; at++) {
        const { class: id, tag, amount, fee, destination, first, outputs } = list[at] as (typeof list)[number];
        found.push({ claim: base + at, class: id, tag, amount, fee, destination, first, outputs });
      }
    }
  }
  return found;
}

/** Notes `from` to `to` of a class with their numbers, chunk by chunk. */
async function* readNotes(state: State, id: number, from: number, to: number): AsyncGenerator<[number, Note]> {
  if (from >= to) return;
  const chunks = range(Math.floor(from / CHUNK_NOTES), Math.ceil(to / CHUNK_NOTES));
  for (const some of slices(chunks, CHUNKS_AT_ONCE)) {
    const lists = await state.getMany(
      storage.notes.notes,
      some.map((chunk): [number, number] => [id, chunk]),
    );
    for (const [i, list] of lists.entries()) {
      const base = (some[i] as number) * CHUNK_NOTES;
      const whole = Math.min(CHUNK_NOTES, to - base);
      if (list.length < whole) throw missing(`note ${id}/${base + list.length}`);
      for (let at = Math.max(0, from - base); at < whole; at++) yield [base + at, list[at] as Note];
    }
  }
}

/** The notes of a closed bin, in their order. Tells the node which bin is looked at, as a claim does. */
export async function readBinNotes(state: State, { class: id, first, count }: BinView): Promise<Note[]> {
  const notes: Note[] = [];
  for await (const [, note] of readNotes(state, id, first, first + count)) notes.push(note);
  return notes;
}

function needed<T>(found: T | undefined, what: string): T {
  if (found === undefined) throw missing(what);
  return found;
}

/** The state itself is not as the chain's rules make it. */
function missing(what: string): TacitError {
  return new TacitError('sdk/unexpected-answer', `the chain counts ${what}, which is not there`);
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);

function* slices<T>(list: readonly T[], size: number): Generator<T[]> {
  for (let at = 0; at < list.length; at += size) yield list.slice(at, at + size);
}
