/**
 * When a wallet claims what. A note is paid out by denominations, one claim after the other: each takes one amount, and its change is claimed once its own bin
 * is closed. Each note waits a time of its own from when its bin has closed, exponential with a mean of hours, so that claims of one wallet come in an order of
 * chance and lie no closer together than those of strangers (docs/adr/036). The plan is kept, sealed: a wallet that was closed goes on where it was, and a claim
 * that was lost is sent again on the same terms.
 */
import { z } from 'zod';
import { type RandomBytes, sameBytes } from '../../primitives/crypto/bytes.ts';
import { fromHex, toHex } from '../../primitives/crypto/hex.ts';
import { TacitError } from '../../primitives/errors.ts';
import { SPLIT_PARTS } from '../../primitives/proofs/change-secrets.ts';
import { denominationBelow, isDenomination } from '../../primitives/proofs/denominations.ts';
import { WORD_BITS, wordOf } from './chance.ts';
import { claimable, LEAST_CLAIM, mostOf } from './claim.ts';
import { drawClaim } from './claim-amount.ts';
import type { Wallet } from './keys.ts';
import { nameOf } from './notes/follow.ts';
import type { OwnNote } from './notes/types.ts';
import { openText, sealText } from './sealed-text.ts';

/** A claim that is to be made. */
export interface Planned {
  /** The note it takes from. */
  readonly class: number;
  readonly number: number;
  /** The note's bin in its class. */
  readonly bin: number;
  /** What it takes, in units: a denomination. */
  readonly amount: bigint;
  /** Of 64 parts of what is left those of the first of two new notes; 0: one new note. */
  readonly split: number;
  /** By default the fresh account of the note. */
  readonly destination?: Uint8Array | undefined;
  /** Milliseconds since 1970; not before. */
  readonly due: number;
  /** The network may have heard of it: the note is claimed on these terms or not at all [two claims of one note show that both are one wallet's]. */
  readonly tried: boolean;
}

export interface Spread {
  /** Mean of the time that a note waits, in milliseconds; 0: all at once. */
  readonly meanMs: number;
  readonly now: number;
  readonly random: RandomBytes;
}

/** Six hours: longer times hide no more, shorter ones less (docs/adr/036). */
export const MEAN_MS: number = 6 * 3_600_000;

/** The longest time that a note waits, in means. */
const LONGEST_WAIT = 20;
/** Between two claims on one bin, in milliseconds: in one block they would halve each other's ring. */
const BIN_GAP_MS = 60_000;

const sameNote = (a: Pick<Planned, 'class' | 'number'>, b: Pick<Planned, 'class' | 'number'>): boolean =>
  a.class === b.class && a.number === b.number;

/**
 * Brings a plan up to date: what is claimed leaves it, what is overdue is drawn anew, new notes get a time of their own. Notes that are spent, whose bins are
 * open, or that hold too little to be claimed are no part of it. Sorted by its times.
 */
export function planClaims(notes: readonly OwnNote[], before: readonly Planned[], spread: Spread): Planned[] {
  const open = claimable(notes).filter((note) => (mostOf(note) ?? 0n) >= LEAST_CLAIM);
  const standing = before.filter((one) => open.some((note) => sameNote(note, one)));
  const added = open.filter((note) => !standing.some((one) => sameNote(note, one)));
  const kept = redrawn(standing, spread);
  return timed(
    kept,
    added.flatMap((note) => termsOf(note, spread.random) ?? []),
    spread,
  );
}

type Terms = Omit<Planned, 'due'>;

function termsOf({ class: id, number, amount: holds, bin }: OwnNote, random: RandomBytes): Terms | undefined {
  const drawn = bin && drawClaim({ holds, largest: bin.largest }, random);
  return drawn && { class: id, number, bin: bin.bin, ...drawn, tried: false };
}

/** What is wanted of a claim that is made at once. Without an amount: as much as it can take. */
export type Wish = Pick<Partial<Planned>, 'amount' | 'destination'>;

/**
 * One claim of a note at once: as is wanted, or as the plan has it if the network may have heard of it.
 * @throws `sdk/claim-tried` if something else is wanted than what may be under way
 */
export function claimNow(note: OwnNote, plan: readonly Planned[], wish: Wish, now: number): Planned {
  const before = plan.find((one) => one.tried && sameNote(one, note));
  const { amount, destination } = wish;
  if (before === undefined) {
    const { class: id, number, bin } = note;
    const most = denominationBelow(mostOf(note) ?? 0n) ?? LEAST_CLAIM;
    const place = { class: id, number, bin: bin?.bin ?? 0 };
    return { ...place, amount: amount ?? most, split: 0, ...(destination && { destination }), due: now, tried: false };
  }
  const isSame =
    (amount ?? before.amount) === before.amount &&
    (destination === undefined || sameBytes(destination, before.destination ?? new Uint8Array()));
  if (isSame) return { ...before, due: now };
  throw new TacitError(
    'sdk/claim-tried',
    `a claim of ${before.amount} units of the note ${nameOf(note)} may have been heard of: another one would show that both are one wallet's. Claim it on the same terms, without --amount and --to`,
    { note: nameOf(note), amount: `${before.amount}` },
  );
}

const isOneBin = (a: Pick<Planned, 'class' | 'bin'>, b: Pick<Planned, 'class' | 'bin'>): boolean =>
  a.class === b.class && a.bin === b.bin;

/** The claims that stand and, each at a time of its own from now on, some more. */
function timed(standing: readonly Planned[], claims: readonly Terms[], spread: Spread): Planned[] {
  const plan = [...standing];
  // in an order of chance: of two that are due at once the later one is moved
  for (const one of shuffled(claims, spread.random)) {
    const others = plan.filter((other) => isOneBin(other, one)).map((other) => other.due);
    let due = spread.now + exponential(spread);
    for (const other of others.sort((a, b) => a - b)) {
      if (spread.meanMs > 0 && Math.abs(due - other) < BIN_GAP_MS) due = other + BIN_GAP_MS;
    }
    plan.push({ ...one, due });
  }
  return plan.sort((a, b) => a.due - b.due);
}

/**
 * A plan in which every claim whose time has passed [the machine was asleep], or is farther than any wait [its clock was ahead], has a new time of its own from
 * now on: claims that are all overdue would be made at once. Sorted by its times.
 */
export function redrawn(plan: readonly Planned[], spread: Spread): Planned[] {
  const stands = ({ due }: Planned): boolean => due >= spread.now && due - spread.now <= LONGEST_WAIT * spread.meanMs;
  return timed(
    plan.filter(stands),
    plan.filter((one) => !stands(one)),
    spread,
  );
}

/** A time of chance with the spread's mean, at most twenty times as long. */
export function exponential({ meanMs, random }: Pick<Spread, 'meanMs' | 'random'>): number {
  return Math.min(LONGEST_WAIT, -Math.log((wordOf(random) + 1) / 2 ** WORD_BITS)) * meanMs;
}

function shuffled<T>(items: readonly T[], random: RandomBytes): T[] {
  return items
    .map((item) => ({ item, key: toHex(random(8)) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ item }) => item);
}

const KIND = { format: 'tacit-claims-1', label: 'tacit/claims-file/1' };
const count = z.number().int().min(0).max(0xff_ff_ff_ff);
const account = z
  .string()
  .regex(/^0x[0-9a-f]{64}$/)
  .transform((text): Uint8Array => fromHex(text));
const planSchema = z.strictObject({
  genesis: z.string(),
  claims: z
    .array(
      z.strictObject({
        class: count,
        number: count,
        bin: count,
        amount: z
          .string()
          .regex(/^[0-9]{1,20}$/)
          .transform(BigInt)
          .refine(isDenomination),
        split: z
          .number()
          .int()
          .min(0)
          .max(SPLIT_PARTS - 1),
        due: z.number().int().min(0),
        destination: account.optional(),
        // plans of before did not say it
        tried: z.boolean().default(true),
      }),
    )
    .max(100_000),
});

/** The text of a plan's file. It would tell which notes are the wallet's, so that only the wallet can read it. */
export function sealPlan(wallet: Wallet, genesis: Uint8Array, claims: readonly Planned[], random: RandomBytes): string {
  const whole = claims.map(({ amount, due, destination, ...rest }) => ({
    ...rest,
    amount: `${amount}`,
    due: Math.round(due),
    ...(destination && { destination: toHex(destination) }),
  }));
  return sealText(KIND, wallet, { genesis: toHex(genesis), claims: whole }, random);
}

/** The plan in a file's text; none if it is of another chain. Throws `sdk/bad-plan`. */
export function openPlan(wallet: Wallet, genesis: Uint8Array, text: string): Planned[] {
  const plan = openText(KIND, wallet, planSchema, text);
  if (plan === undefined)
    throw new TacitError('sdk/bad-plan', 'the file with the plan of claims is damaged or another wallet’s: delete it');
  return plan.genesis === toHex(genesis) ? plan.claims : [];
}
