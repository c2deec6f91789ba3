/** What the notes pallet keeps: codecs are the declaration, TypeScript types follow from them. */
import { MAX_OUTPUTS } from '../../primitives/proofs/hidden-bin.ts';
import { bounded, field, fixed, named, type Of, struct, u16, u32, u64, u8, vec } from '../../primitives/scale/index.ts';
import { accountId, balance, blockNumber } from '../support/index.ts';

/** Notes of a class that stand under one key of the state: 4 KiB. */
export const CHUNK_NOTES = 64;
/** Claims that stand under one key of the state. */
export const CHUNK_CLAIMS = 32;
/** Classes at most: all powers of 16 below 2^48 for five plaintext moduli. */
export const MAX_CLASSES = 60;
/** Bins that are full and wait for their root: more come only where blocks bring thousands of notes. */
export const MAX_FULL: number = 2 * MAX_CLASSES;
/** Notes of a bin at most. */
export const BIN_NOTES = 1_024;

export const classId = named(
  'ClassId',
  u16,
  'Number of the class: rounds with one plaintext modulus and one size of grains.',
);
export const binIndex = named('BinIndex', u32, 'Number of the bin among those of its class.');
export const noteIndex = named('NoteIndex', u32, 'Number of the note in the list of its class.');

/** A note: encoded points (primitives/proofs/notes.ts). */
export const note = struct('tacit_notes::Note', {
  key: field(fixed(32), 'One-time key of whoever may spend it.'),
  commitment: field(fixed(32), 'Commitment to what it holds.'),
});

/** The new notes of a claim. */
export const outputs = field(
  bounded(vec(note), MAX_OUTPUTS),
  'The change: one note or two, which hold what is left of the note that is spent.',
);

/** The bin that fills. */
const filling = struct('tacit_notes::Filling', {
  first: field(u32, 'Number of its first note in the class.'),
  since: field(blockNumber, 'The block in which that was made; means nothing while there is none.'),
  brought: field(balance, 'What rounds brought in by its notes, in whole units.'),
  ofRounds: field(u32, 'How many of its notes are of rounds; the others are change.'),
});
export type Filling = Of<typeof filling>;

export const noteClass = struct('tacit_notes::Class', {
  modulus: field(u64, 'The plaintext modulus of its rounds.'),
  grains: field(u64, 'Grains in one unit of money: a power of 16. Notes hold grains.'),
  notes: field(u32, 'How many notes it has.'),
  bins: field(u32, 'How many bins are closed.'),
  brought: field(balance, 'What rounds have brought in: whole units.'),
  paid: field(balance, 'What claims have taken out, fees included: never more than was brought in.'),
  open: filling,
});
export type NoteClass = Of<typeof noteClass>;

/** A bin that takes no more notes and is closed at the end of a block. */
export const fullBin = struct('tacit_notes::FullBin', {
  class: classId,
  bin: filling,
  count: field(u16, 'How many notes it has.'),
});
export type FullBin = Of<typeof fullBin>;

/** A closed bin: what claims name. */
export const binRecord = struct('tacit_notes::Bin', {
  first: field(u32, 'Number of its first note in the class.'),
  count: field(u16, 'How many notes it has.'),
  digits: field(u8, 'Digits of a place, base 4: 3 or 5.'),
  root: field(fixed(32), 'Hash of its canonical bytes (primitives/proofs/hidden-bin.ts).'),
  largest: field(balance, 'The largest amount that a claim on it takes, in units.'),
  closedAt: field(blockNumber, 'The block at whose end it was closed.'),
});
export type BinRecord = Of<typeof binRecord>;

/** A claim that was paid: what a wallet finds its change by. */
export const claimRecord = struct('tacit_notes::Claim', {
  class: classId,
  bin: binIndex,
  tag: field(fixed(32), 'The tag of the note that was spent.'),
  amount: field(balance, 'What it took out of the note, in units; the fee is part of it.'),
  fee: field(balance, 'What of it was burned; the destination was paid the rest.'),
  destination: accountId,
  first: field(u32, 'Number of its first new note in the class.'),
  outputs: field(u8, 'How many new notes: 1 or 2.'),
});
export type ClaimRecord = Of<typeof claimRecord>;

/** Where the notes of a round stand: the note of its place p has the number first + p. */
export const mintedNotes = struct('tacit_notes::Minted', { class: classId, first: noteIndex });
export type MintedNotes = Of<typeof mintedNotes>;
