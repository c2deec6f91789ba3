/**
 * Who guesses. The adversary sees all that is public: who has which note of a round, what everybody expects of it, which note is change of which claim, and of every
 * claim its time, bin and amount. It knows its own notes, the hours of every account, and the habits of wallets: tables of them are made from the truth.
 *
 * A strategy weighs the notes of a claim's bin by how likely each would have led to what is seen; the heaviest is its guess.
 */
import { amountsOf } from '../../client/sdk/claim-amount.ts';
import { AWAKE_HOURS, DAY, HOUR, type StrategyName, SURPRISE, WALLETS } from './setting.ts';
import { ADVERSARY, type Bin, type Claim, isAwake, type Note, type World } from './world.ts';

/** How a strategy weighs the notes of the bin of a claim: one weight each, none below zero. */
export type Strategy = (claim: Claim) => readonly number[];

/** What cannot be by the adversary's tables happens all the same, this often. */
const RARE = 1e-3;
/** Amounts at which it is looked what a note may hold. */
const LOOKS = 32;
/** Claims that are near in time, at most. */
const NEIGHBOURS = 24;
/** Blocks within which claims may be one wallet's. */
const NEAR = 450;

/** How well a note of a round fits a claim on its bin, by amounts alone. */
type Weigher = (note: Note, claim: Claim) => number;
const alike: Weigher = () => 1;

/** How often a claim of an amount follows: on a round's note, or on the change of a claim. */
interface Habit {
  first(amount: number): number;
  next(before: number, amount: number): number;
}

/** Frequencies of amounts in a world, as whoever has watched for long knows them. */
function habitOf({ claims, bins }: World): Habit {
  const counts = new Map<string, number>();
  const add = (key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1);
  const kindOf = ({ parent }: Note): string => (parent === undefined ? 'first' : `${parent.amount}`);
  for (const { notes } of bins) for (const note of notes) add(kindOf(note));
  for (const { note, amount } of claims) add(`${kindOf(note)} ${amount}`);
  const share = (kind: string, amount: number): number =>
    ((counts.get(`${kind} ${amount}`) ?? 0) + RARE) / ((counts.get(kind) ?? 0) + 1);
  return { first: (amount) => share('first', amount), next: (before, amount) => share(`${before}`, amount) };
}

/** How often wallets take this amount out of a note that holds so much. */
function chanceOf(amount: bigint, holds: number, largest: bigint): number {
  const drawn = amountsOf({ holds: BigInt(holds), largest });
  if (drawn === undefined) return 0;
  const { most, times, others } = drawn;
  const hits = (amount === most ? times : 0) + others.filter((other) => other === amount).length;
  return hits / (times + others.length);
}

/** How likely a note that is expected to hold so much is to be claimed from with this amount: the mean over what it may hold. */
function fitter(): Weigher {
  const known = new Map<string, number>();
  return ({ expected }, { amount, bin }) => {
    const name = `${expected} ${amount} ${bin.largest}`;
    const found = known.get(name);
    if (found !== undefined) return found;
    const spread = (expected * (SURPRISE + 5)) / 100;
    let sum = 0;
    for (let step = 0; step < LOOKS; step++) {
      const holds = Math.floor(expected - spread + (2 * spread * (step + 0.5)) / LOOKS);
      sum += chanceOf(BigInt(amount), holds, BigInt(bin.largest));
    }
    known.set(name, sum / LOOKS + RARE);
    return sum / LOOKS + RARE;
  };
}

/** How likely who was awake at one time is to be awake at another. */
function overlap(one: number, other: number): number {
  const apart = Math.abs((one % DAY) - (other % DAY));
  const hours = Math.min(apart, DAY - apart) / HOUR;
  return Math.max(0, 1 - hours / AWAKE_HOURS) + RARE;
}

export class Adversary {
  readonly #world: World;
  readonly #habit: Habit;
  readonly #fit: Weigher = fitter();
  /** Part of the pairs of claims that are one wallet's: in one block, and otherwise {@link NEAR}. */
  readonly #alike: { readonly block: number; readonly near: number };
  /** Of notes of rounds, the part of each wallet. */
  readonly #shares: readonly number[];
  /** By bin and amount. */
  readonly #parts = new Map<Weigher, Map<string, readonly number[]>>();

  constructor(world: World) {
    this.#world = world;
    this.#habit = habitOf(world);
    const minted = world.bins.flatMap(({ notes }) => notes.filter(({ parent }) => parent === undefined));
    const counts = Array.from({ length: WALLETS }, () => 0);
    for (const { owner } of minted) if (owner !== ADVERSARY) counts[owner] = (counts[owner] ?? 0) + 1;
    this.#shares = counts.map((count) => (count + 1) / (minted.length + WALLETS));
    this.#alike = { block: this.#alikeWithin(0, 0), near: this.#alikeWithin(1, NEAR) };
  }

  /** The strategies by their names. */
  strategies(): Readonly<Record<StrategyName, Strategy>> {
    const own = (weigh: Strategy): Strategy => this.#withoutOwn(weigh);
    return {
      uniform: own(({ bin }) => bin.notes.map(() => 1)),
      amount: own((claim) =>
        claim.bin.notes.map((note) => (note.parent ? this.#follows(note, claim) : this.#fit(note, claim))),
      ),
      timing: own((claim) => this.#timing(claim, alike)),
      change: own((claim) => this.#change(claim)),
      sums: own((claim) => this.#coincidence(claim, this.#fit)),
      all: own((claim) => this.#all(claim)),
    };
  }

  #withoutOwn(weigh: Strategy): Strategy {
    return (claim) => {
      const { notes } = claim.bin;
      return weigh(claim).map((weight, place) => (notes[place]?.owner === ADVERSARY ? 0 : weight));
    };
  }

  /** By the amounts that follow each other in wallets. */
  #follows({ parent }: Note, { amount }: Claim): number {
    return parent === undefined ? this.#habit.first(amount) : this.#habit.next(parent.amount, amount);
  }

  #awake({ owner, parent }: Note, { time }: Claim): number {
    if (parent !== undefined) return overlap(parent.time, time);
    return owner === ADVERSARY || isAwake(this.#world.wakes[owner] as number, time) ? 1 : RARE;
  }

  #timing(claim: Claim, weigh: Weigher): number[] {
    return this.#coincidence(claim, weigh).map(
      (weight, place) => weight * this.#awake(claim.bin.notes[place] as Note, claim),
    );
  }

  /** Change follows its claim: with the amounts, and in the hours, that one wallet would have. */
  #change(claim: Claim): number[] {
    return claim.bin.notes.map((note) => this.#follows(note, claim) * (note.parent ? this.#awake(note, claim) : 1));
  }

  #all(claim: Claim): number[] {
    return this.#timing(claim, this.#fit).map((weight, place) => {
      const note = claim.bin.notes[place] as Note;
      return weight * (note.parent ? this.#follows(note, claim) : this.#fit(note, claim));
    });
  }

  /** Part of the pairs of honest claims, so many blocks apart, that are one wallet's. */
  #alikeWithin(least: number, most: number): number {
    let [same, pairs] = [1, 100];
    for (const claim of this.#world.claims) {
      if (claim.note.owner === ADVERSARY) continue;
      for (const other of this.#around(claim, most)) {
        if (Math.abs(other.time - claim.time) < least) continue;
        pairs++;
        if (other.note.owner === claim.note.owner) same++;
      }
    }
    return same / pairs;
  }

  /** The claims of others than the adversary next to one in time. */
  #around({ number, time }: Claim, blocks: number): Claim[] {
    const { claims } = this.#world;
    const found: Claim[] = [];
    for (const step of [-1, 1]) {
      for (let at = number + step; found.length < NEIGHBOURS; at += step) {
        const other = claims[at];
        if (other === undefined || Math.abs(other.time - time) > blocks) break;
        if (other.note.owner !== ADVERSARY) found.push(other);
      }
    }
    return found;
  }

  /**
   * Claims near in time may be one wallet's: a wallet with notes in the bins of all of them, of amounts that fit by `weigh`, is more likely theirs. Change says
   * nothing of its owner; it weighs as the mean wallet does.
   */
  #coincidence(claim: Claim, weigh: Weigher): number[] {
    const likely = this.#shares.map(() => 1);
    for (const other of this.#around(claim, NEAR)) {
      const same = other.time === claim.time ? this.#alike.block : this.#alike.near;
      const parts = this.#partsOf(other, weigh);
      for (let wallet = 0; wallet < WALLETS; wallet++) {
        const times = (parts[wallet] as number) / (this.#shares[wallet] as number);
        likely[wallet] = (likely[wallet] as number) * (1 - same + same * times);
      }
    }
    const mean = likely.reduce((sum, one, wallet) => sum + one * (this.#shares[wallet] as number), 0);
    const total = this.#shares.reduce((sum, one) => sum + one, 0);
    return claim.bin.notes.map(({ owner, parent }) => {
      return parent !== undefined || owner === ADVERSARY ? mean / total : (likely[owner] as number);
    });
  }

  #partsOf(claim: Claim, weigh: Weigher): readonly number[] {
    const known = this.#parts.get(weigh) ?? new Map<string, readonly number[]>();
    this.#parts.set(weigh, known);
    const name = `${claim.bin.index} ${claim.amount}`;
    const parts = known.get(name) ?? this.#partsIn(claim, weigh);
    known.set(name, parts);
    return parts;
  }

  /** How likely each wallet is to have made a claim, by what it has in the claim's bin; change is anybody's. */
  #partsIn(claim: Claim, weigh: Weigher): number[] {
    const { notes }: Bin = claim.bin;
    const parts = this.#shares.map(() => 0);
    let [whole, changes] = [0, 0];
    for (const note of notes) {
      if (note.owner === ADVERSARY) continue;
      const weight = note.parent === undefined ? weigh(note, claim) : 1;
      whole += weight;
      if (note.parent !== undefined) changes += weight;
      else parts[note.owner] = (parts[note.owner] as number) + weight;
    }
    return parts.map((part, wallet) => (part + changes * (this.#shares[wallet] as number)) / whole);
  }
}
