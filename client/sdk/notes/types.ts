/** What a wallet knows of its notes. Amounts in units of 10^-6 TAC unless they are called grains. */
import type { Scalar } from '../../../primitives/crypto/ristretto.ts';
import type { NoteOpening } from '../../../primitives/proofs/notes.ts';
import type { RoundView } from '../views.ts';

/** A closed bin that holds a note of the wallet. */
export interface BinView {
  readonly class: number;
  /** Number among the bins of its class. */
  readonly bin: number;
  /** Number of its first note in the class. */
  readonly first: number;
  /** How many notes hide each other. */
  readonly count: number;
  /** Digits of a place, base 4. */
  readonly digits: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
  /** The largest amount that a claim on it takes. */
  readonly largest: bigint;
}

/** The claim that has spent a note. */
export interface SpentBy {
  /** Number among all claims of the chain. */
  readonly claim: number;
  /** What it took out of the note, the fee included. */
  readonly amount: bigint;
  /** What of that was burned. */
  readonly fee: bigint;
  /** Who was paid, 32 bytes. */
  readonly destination: Uint8Array;
}

/** A note that a round paid. */
export interface OfRound {
  readonly round: number;
  readonly item: number;
  /** The stake in it, which comes back. */
  readonly stake: bigint;
  /** Grains paid per point of score; 0 if the round paid nothing. */
  readonly rate: bigint;
  /** What is paid on top of the stake by the rate: only the wallet can read it; undefined if the rate is 0. */
  readonly score: bigint | undefined;
}

/** A note that an own claim has left. */
export interface OfClaim {
  /** Number of the claim among all claims of the chain. */
  readonly claim: number;
}

/** A note that belongs to the wallet. */
export interface OwnNote {
  /** Class and number name a note on the chain. */
  readonly class: number;
  readonly number: number;
  /** The plaintext modulus of its class. */
  readonly modulus: bigint;
  /** Grains in a unit. */
  readonly grains: bigint;
  readonly origin: OfRound | OfClaim;
  /** What it holds, in whole units, rounded down. */
  readonly amount: bigint;
  /** One-time secret: never shown. */
  readonly key: Scalar;
  /** What it holds in grains, and what opens it. */
  readonly opening: NoteOpening;
  /** What marks it spent, 32 bytes: says nothing of the note to others. */
  readonly tag: Uint8Array;
  readonly spent: SpentBy | undefined;
  /** Undefined while its bin is open. */
  readonly bin: BinView | undefined;
}

/** What the wallet cannot read or find, and why. */
export interface Problem {
  /** `round 7`, `claim 12`. */
  readonly where: string;
  readonly code: string;
  readonly message: string;
}

/** How far a wallet has read. Depends on the chain and on when it read, not on what it holds. */
export interface Cursor {
  /** The final block in whose state it read. */
  readonly block: number;
  /** Rounds below this number are known, except {@link unsettled}. */
  readonly rounds: number;
  /** Rounds that had neither settled nor failed, ascending. */
  readonly unsettled: readonly number[];
  readonly claims: number;
  /** Notes and closed bins of each class. */
  readonly classes: readonly { readonly notes: number; readonly bins: number }[];
}

/** Everything a wallet has read and found: kept by the store, made anew by a scan from the start. */
export interface Book {
  /** Hash of block 0. */
  readonly genesis: Uint8Array;
  readonly cursor: Cursor;
  /** By class and number. */
  readonly notes: readonly OwnNote[];
  readonly problems: readonly Problem[];
  /** Rounds that failed, and why: the last some thousand. */
  readonly failed: readonly { readonly round: number; readonly failure: string }[];
}

/** The bin of a class that is open, and when it closes at the latest. */
export interface OpenBinView {
  /** Number of its first note. */
  readonly first: number;
  /** How many notes it has so far. */
  readonly count: number;
  /** Blocks until it closes, however few notes come; 0 if it closes with the next block. */
  readonly blocksLeft: number;
}

/** A book that is up to date, and what is not kept. */
export interface Scan extends Book {
  /** Per class. */
  readonly open: readonly OpenBinView[];
  /** The rounds that have neither settled nor failed. */
  readonly unsettled: readonly RoundView[];
}
