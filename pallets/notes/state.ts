/** Storage, events and errors of the notes pallet. */
import { bounded, field, fixed, u16, u32, u8, u128, unit, vec } from '../../primitives/scale/index.ts';
import { PARAMETERS } from '../parameters/index.ts';
import { accountId, balance, constant, defineState, event, map, palletAccount, value } from '../support/index.ts';
import {
  BIN_NOTES,
  binIndex,
  binRecord,
  CHUNK_CLAIMS,
  CHUNK_NOTES,
  claimRecord,
  classId,
  fullBin,
  MAX_CLASSES,
  MAX_FULL,
  note,
  noteClass,
  noteIndex,
} from './types.ts';

/** Constant fee taken out of a claimed amount, because a fresh account has nothing to pay with; burned. In units of 10^-6 TAC. */
export const CLAIM_FEE = 10_000n;
/** The smallest denomination that pays the fee and the existential deposit (specification §12.2). */
export const LEAST_CLAIM = 20_000n;

/** Holds what was brought in and not paid; no key opens it. */
export const ESCROW: Uint8Array = palletAccount('tacitnot');

const chunk = (items: number): string => `number div ${items}`;

export const state = defineState({
  name: 'Notes',
  index: 47,
  docs: 'Notes of rounds and change of claims, in bins across rounds; anonymous claims that leave hidden change.',
  storage: {
    classes: value(bounded(vec(noteClass), MAX_CLASSES), {
      default: [],
      docs: 'Notes of one plaintext modulus and one size of grains; the place is the class’s number.',
    }),
    notes: map([classId, u32], bounded(vec(note), CHUNK_NOTES), {
      default: [],
      hasher: 'twox64Concat',
      docs: `The list of a class, which only grows, by class and ${chunk(CHUNK_NOTES)}.`,
    }),
    full: value(bounded(vec(fullBin), MAX_FULL), {
      default: [],
      docs: 'Bins that take no more notes and are closed at the end of a block, the oldest first.',
    }),
    bins: map([classId, binIndex], binRecord, { hasher: 'twox64Concat', docs: 'Closed bins.' }),
    tags: map(fixed(32), unit, {
      hasher: 'identity',
      docs: 'Tags of all notes that were spent, on the whole chain: a tag is spent once.',
    }),
    claims: map(u32, bounded(vec(claimRecord), CHUNK_CLAIMS), {
      default: [],
      hasher: 'twox64Concat',
      docs: `All claims in their order, by ${chunk(CHUNK_CLAIMS)}: a wallet reads on from the last that it has seen, and shows nobody which is its own.`,
    }),
    claimCount: value(u32, { default: 0, docs: 'How many claims were paid.' }),
  },
  events: {
    NotesMinted: event('The payouts of a round stand as notes: each can be spent once, without saying whose it is.', {
      class: classId,
      first: noteIndex,
      notes: field(u16, 'How many.'),
      brought: field(balance, 'What all of them together are worth, in whole units.'),
    }),
    BinClosed: event('A bin takes no more notes; claims may name it from now on.', {
      class: classId,
      bin: binIndex,
      first: noteIndex,
      notes: field(u16, 'How many notes hide each other.'),
      root: field(fixed(32), 'Root of the bin: what proofs of claims are about.'),
      largest: field(balance, 'The largest amount that a claim on it takes, in units.'),
    }),
    Claimed: event(
      'An amount was claimed out of a note, and the rest stands in new notes; nobody learns which note it was, nor what is left.',
      {
        class: classId,
        bin: binIndex,
        tag: field(fixed(32), 'The note’s tag: each note has one, and it says nothing of whose note it is.'),
        destination: field(accountId, 'Who was paid.'),
        amount: field(balance, 'What was taken out of the note, in units.'),
        fee: field(balance, 'What of it was taken as fee and burned.'),
        first: noteIndex,
        outputs: field(u8, 'How many new notes there are: 1 or 2.'),
      },
    ),
  },
  constants: {
    ClaimFee: constant(balance, CLAIM_FEE, 'Taken out of every claimed amount.'),
    LeastClaim: constant(balance, LEAST_CLAIM, 'The smallest amount that a claim takes.'),
    BinNotes: constant(u32, BIN_NOTES, 'Notes of a bin at most: it is closed when it has as many.'),
    ChunkNotes: constant(u32, CHUNK_NOTES, 'Notes that stand under one key of `Notes`.'),
    ChunkClaims: constant(u32, CHUNK_CLAIMS, 'Claims that stand under one key of `Claims`.'),
    BinLeast: constant(u128, PARAMETERS.BinLeast.default, `${PARAMETERS.BinLeast.docs} Unless the parameter is set.`),
    BinWait: constant(u128, PARAMETERS.BinWait.default, `${PARAMETERS.BinWait.docs} Unless the parameter is set.`),
    BinPatience: constant(
      u128,
      PARAMETERS.BinPatience.default,
      `${PARAMETERS.BinPatience.docs} Unless the parameter is set.`,
    ),
  },
  errors: {
    TooManyClasses: 'There are as many classes as may be.',
    BadMint: 'A class has a modulus above 3 * 2^48, grains that are a power of 16, and gets at least one note.',
    UnknownBin: 'The class has no such closed bin.',
    AlreadyClaimed: 'The note of this tag is spent.',
    Exhausted: 'More would be paid of the class than its rounds have brought in.',
  },
});

export type Notes = ReturnType<typeof state.use>;
