/**
 * The chain and its wallets, as far as claims are concerned: rounds mint notes, bins close, wallets claim, change comes back as notes (specification §12). All in
 * whole numbers.
 */
import { drawClaim } from '../../client/sdk/claim-amount.ts';
import { present } from '../../primitives/at.ts';
import { SPLIT_PARTS } from '../../primitives/proofs/change-secrets.ts';
import { Timeline } from './queue.ts';
import { Dice } from './random.ts';
import {
  AWAKE_HOURS,
  BIN_LEAST,
  BIN_WAIT,
  DAY,
  DENOMINATIONS,
  denominationUpTo,
  EVERY,
  HOUR,
  ITEMS,
  LEAST_CLAIM,
  LEAST_POOL,
  MOST_POOL,
  type Setting,
  STAKE,
  SURPRISE,
  WALLETS,
} from './setting.ts';

/** Owner of the adversary's items. */
export const ADVERSARY = -1;

export interface Note {
  readonly number: number;
  /** Wallet, or {@link ADVERSARY}. Public of a round's note, hidden of change. */
  readonly owner: number;
  /** Number of the item whose money it is; public of a round's note, hidden of change. */
  readonly item: number;
  /** Hidden. */
  readonly amount: number;
  /** What everybody expects a round's note to hold; 0 of change. */
  readonly expected: number;
  /** The claim that it is change of, which is public; undefined of a round's note. */
  readonly parent: Claim | undefined;
}

export interface Bin {
  readonly index: number;
  readonly first: number;
  readonly closedAt: number;
  /** Largest amount of a claim. */
  readonly largest: number;
  readonly notes: readonly Note[];
}

export interface Claim {
  readonly number: number;
  readonly time: number;
  readonly bin: Bin;
  readonly amount: number;
  /** Hidden: the note that it spends. */
  readonly note: Note;
}

/** Everything that has happened. */
export interface World {
  readonly setting: Setting;
  readonly bins: readonly Bin[];
  readonly claims: readonly Claim[];
  /** Last block of the last round. */
  readonly end: number;
  /** First waking hour of each wallet; public enough. */
  readonly wakes: readonly number[];
}

/** Whether a wallet that wakes at this hour is awake in a block. */
export function isAwake(wakes: number, time: number): boolean {
  return (Math.floor(time / HOUR) + 24 - wakes) % 24 < AWAKE_HOURS;
}

/** The block in which a wallet has been awake for `blocks` more. */
export function awakeAfter(wakes: number, from: number, blocks: number): number {
  const shift = wakes * HOUR;
  const since = from - shift + DAY;
  const [days, within] = [Math.floor(since / DAY), Math.min(since % DAY, AWAKE_HOURS * HOUR)];
  const total = within + blocks;
  return (days - 1 + Math.floor(total / (AWAKE_HOURS * HOUR))) * DAY + (total % (AWAKE_HOURS * HOUR)) + shift;
}

/** The next block in which somebody who looks once a day, at any time of the waking hours, looks. */
function nextVisit(owner: number, wakes: number, from: number): number {
  for (let day = Math.floor((from - wakes * HOUR) / DAY); ; day++) {
    const within = new Dice(owner, day).below(AWAKE_HOURS * HOUR);
    const visit = day * DAY + wakes * HOUR + within;
    if (visit > from) return visit;
  }
}

class Chain {
  readonly #setting: Setting;
  readonly #timeline = new Timeline();
  readonly #dice: Dice;
  readonly #habits: Dice;
  readonly #random = (n: number): Uint8Array => this.#habits.bytes(n);
  readonly bins: Bin[] = [];
  readonly claims: Claim[] = [];
  readonly wakes: number[];
  /** What an account is good for, from 10 to 100. */
  readonly #quality: readonly number[];
  /** Wallets, each as often as it takes part. */
  readonly #crowd: readonly number[];
  #open: Note[] = [];
  #openedAt = 0;
  #notes = 0;
  #items = 0;

  constructor(setting: Setting) {
    this.#setting = setting;
    this.#dice = new Dice(setting.seed, 1);
    this.#habits = new Dice(setting.seed, 2);
    const list = (limit: number): number[] => Array.from({ length: WALLETS }, () => this.#dice.below(limit));
    this.wakes = list(24);
    this.#quality = list(91).map((quality) => quality + 10);
    this.#crowd = Array.from({ length: WALLETS }, (_, wallet) =>
      Array.from({ length: Math.ceil(WALLETS / (wallet + 8)) }, () => wallet),
    ).flat();
  }

  run(): number {
    const { rounds } = this.#setting;
    for (let round = 1; round <= rounds; round++) this.#timeline.at(round * EVERY, () => this.#settle(round * EVERY));
    const end = rounds * EVERY;
    this.#timeline.run(end);
    return end;
  }

  /** A round pays: sixteen notes, whose owners are known, and whose amounts are guessed. */
  #settle(time: number): void {
    const { sybils } = this.#setting;
    const owners = new Set<number>();
    let adversaries = 0;
    while (owners.size + adversaries < ITEMS) {
      if (this.#dice.chance(sybils, 100)) adversaries++;
      else owners.add(this.#crowd[this.#dice.below(this.#crowd.length)] as number);
    }
    const all = [...owners, ...Array.from({ length: adversaries }, () => ADVERSARY)];
    const expected = all.map((owner) => (owner === ADVERSARY ? 55 : (this.#quality[owner] as number)));
    const scores = expected.map((one) => one * (100 - SURPRISE + this.#dice.below(2 * SURPRISE + 1)));
    const pool = LEAST_POOL + this.#dice.below(MOST_POOL - LEAST_POOL);
    const shares = (of: readonly number[]): number[] => {
      const total = of.reduce((sum, one) => sum + one, 0);
      return of.map((one) => STAKE + Math.floor((pool * one) / total));
    };
    const [hopes, amounts] = [shares(expected), shares(scores)];
    all.forEach((owner, i) => {
      const note = { owner, item: this.#items++, amount: amounts[i] as number, expected: hopes[i] as number };
      this.#append({ ...note, parent: undefined }, time);
    });
  }

  #append(note: Omit<Note, 'number'>, time: number): void {
    if (this.#open.length === 0) {
      this.#openedAt = time;
      const bin = this.bins.length;
      this.#timeline.at(time + BIN_WAIT, () => this.#closeOld(bin, time + BIN_WAIT));
    }
    this.#open.push({ ...note, number: this.#notes++ });
    const isOld = time - this.#openedAt >= BIN_WAIT && this.#open.length >= BIN_LEAST;
    if (isOld || this.#open.length === this.#setting.places) this.#close(time);
  }

  #closeOld(bin: number, time: number): void {
    if (bin === this.bins.length && this.#open.length >= BIN_LEAST) this.#close(time);
  }

  #close(closedAt: number): void {
    const notes = this.#open;
    this.#open = [];
    const minted = notes.filter(({ parent }) => parent === undefined);
    const mean = minted.reduce((sum, { amount }) => sum + amount, 0) / Math.max(1, minted.length);
    const place = denominationUpTo(mean);
    const largest = minted.length === 0 ? this.bins.at(-1)?.largest : DENOMINATIONS[Math.max(0, place)];
    const bin = { index: this.bins.length, first: notes[0]?.number ?? 0, closedAt, largest: largest ?? 0, notes };
    this.bins.push(bin);
    for (const note of notes) if (note.amount >= LEAST_CLAIM) this.#plan(bin, note);
  }

  /** When the owner of a note claims from it. */
  #plan(bin: Bin, note: Note): void {
    const { delay } = this.#setting;
    const wakes = note.owner === ADVERSARY ? this.#habits.below(24) : (this.wakes[note.owner] as number);
    const due =
      delay === 'at once'
        ? nextVisit(note.owner, wakes, bin.closedAt)
        : awakeAfter(wakes, bin.closedAt, 1 + this.#habits.exponential(delay));
    this.#timeline.at(due, () => this.#claim(bin, note, due));
  }

  #claim(bin: Bin, note: Note, time: number): void {
    const { splitAt } = this.#setting;
    const holding = { holds: BigInt(note.amount), largest: BigInt(bin.largest) };
    const drawn = present(drawClaim(holding, this.#random, BigInt(splitAt)), 'what is claimed');
    const [amount, split] = [Number(drawn.amount), drawn.split];
    const claim: Claim = { number: this.claims.length, time, bin, amount, note };
    this.claims.push(claim);
    const left = note.amount - amount;
    const first = split === 0 ? left : Math.floor((left * split) / SPLIT_PARTS);
    const change = { owner: note.owner, item: note.item, expected: 0, parent: claim };
    this.#append({ ...change, amount: first }, time);
    if (split > 0) this.#append({ ...change, amount: left - first }, time);
  }
}

/** Runs a world to its last round. */
export function worldOf(setting: Setting): World {
  const chain = new Chain(setting);
  const end = chain.run();
  return { setting, bins: chain.bins, claims: chain.claims, end, wakes: chain.wakes };
}
