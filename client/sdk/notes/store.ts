/**
 * The note store: a wallet's book as the text of a file beside the wallet's own. It saves reading everything again, and nothing else: without it the next scan
 * begins with block 0 and finds the same.
 */
import { z } from 'zod';
import { type RandomBytes, sameBytes } from '../../../primitives/crypto/bytes.ts';
import { fromHex, toHex } from '../../../primitives/crypto/hex.ts';
import { ORDER } from '../../../primitives/crypto/ristretto.ts';
import { TacitError } from '../../../primitives/errors.ts';
import type { Wallet } from '../keys.ts';
import { openText, sealText } from '../sealed-text.ts';
import type { BinView, Book, OwnNote } from './types.ts';

const KIND = { format: 'tacit-notes-2', label: 'tacit/notes-file/1' };

/** Entries of any list in it at most. */
const MANY = 100_000;
const u32 = z.number().int().min(0).max(0xff_ff_ff_ff);
const hash = z
  .string()
  .regex(/^0x[0-9a-f]{64}$/)
  .transform(fromHex);
const u64 = z
  .string()
  .regex(/^[0-9]{1,20}$/)
  .transform(BigInt);
const signed = z
  .string()
  .regex(/^-?[0-9]{1,40}$/)
  .transform(BigInt);
const scalar = z
  .string()
  .regex(/^[0-9]{1,77}$/)
  .transform(BigInt)
  .refine((value) => value < ORDER);
const text = z.string().max(1000);

const ofRound = z.strictObject({
  round: u32,
  item: u32,
  stake: u64,
  rate: u64,
  score: signed.optional(),
});
const ofClaim = z.strictObject({ claim: u32 });
const binSchema = z.strictObject({
  class: u32,
  bin: u32,
  first: u32,
  count: u32,
  digits: u32,
  root: hash,
  largest: u64,
});
const noteSchema = z.strictObject({
  class: u32,
  number: u32,
  modulus: u64,
  grains: u64,
  origin: z.union([ofRound, ofClaim]),
  key: scalar,
  amount: u64,
  twin: z.union([z.literal(0), z.literal(1)]),
  blinding: scalar,
  tag: hash,
  spent: z.strictObject({ claim: u32, amount: u64, fee: u64, destination: hash }).optional(),
  /** Place in `bins`. */
  bin: u32.optional(),
});
const bookSchema = z.strictObject({
  genesis: hash,
  cursor: z.strictObject({
    block: u32,
    rounds: u32,
    unsettled: z.array(u32).max(MANY),
    claims: u32,
    classes: z.array(z.strictObject({ notes: u32, bins: u32 })).max(1000),
  }),
  bins: z.array(binSchema).max(MANY),
  notes: z.array(noteSchema).max(MANY),
  problems: z.array(z.strictObject({ where: text, code: text, message: text })).max(MANY),
  failed: z.array(z.strictObject({ round: u32, failure: text })).max(MANY),
});

/** Bytes as hexadecimal, big integers as decimals, nothing where nothing is. */
const plain = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, one: unknown) => {
      if (typeof one === 'bigint') return `${one}`;
      return one instanceof Uint8Array ? toHex(one) : one;
    }),
  );

/** The text of a store. Whoever opens it can spend the notes in it; only the wallet can. */
export function sealBook(wallet: Wallet, book: Book, random: RandomBytes): string {
  const bins: BinView[] = [];
  const places = new Map<string, number>();
  const placeOf = (bin: BinView): number => {
    const name = `${bin.class}/${bin.bin}`;
    const known = places.get(name) ?? bins.push(bin) - 1;
    places.set(name, known);
    return known;
  };
  const notes = book.notes.map(({ opening, bin, ...note }) => {
    // its amount is then one of grains
    return { ...note, ...opening, bin: bin && placeOf(bin) };
  });
  const { genesis, cursor, problems, failed } = book;
  return sealText(KIND, wallet, plain({ genesis, cursor, bins, notes, problems, failed }), random);
}

/**
 * The book in a store's text.
 * @throws `sdk/bad-store` if it is damaged or another wallet's, `sdk/other-chain` if it is of another chain
 */
export function openBook(wallet: Wallet, genesis: Uint8Array, file: string): Book {
  const found = openText(KIND, wallet, bookSchema, file);
  if (found === undefined) throw badStore();
  if (!sameBytes(found.genesis, genesis))
    throw new TacitError('sdk/other-chain', 'the store of notes is of another chain than this node’s');
  const { bins, notes, ...rest } = found;
  return { ...rest, notes: notes.map((note) => noteFrom(note, bins)) };
}

function noteFrom(
  { amount, twin, blinding, bin: place, ...note }: z.infer<typeof noteSchema>,
  bins: readonly BinView[],
): OwnNote {
  const bin = place === undefined ? undefined : bins[place];
  if (place !== undefined && bin === undefined) throw badStore();
  if (note.grains === 0n) throw badStore();
  return {
    ...note,
    origin: 'round' in note.origin ? { ...note.origin, score: note.origin.score } : note.origin,
    amount: amount / note.grains,
    opening: { amount, twin, blinding },
    spent: note.spent,
    bin,
  };
}

function badStore(): TacitError {
  const what = 'the store of notes is damaged or another wallet’s: delete it, and the next scan makes it anew';
  return new TacitError('sdk/bad-store', what);
}
