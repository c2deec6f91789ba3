/** How often a strategy is right. */
import { Dice } from './random.ts';
import type { Strategy } from './adversary.ts';
import { DAY, EVERY, ITEMS } from './setting.ts';
import { ADVERSARY, type Claim, type Note, type World } from './world.ts';

/** Guesses of one strategy in one world. */
export interface Hits {
  /** Claims of honest wallets that were guessed at. */
  readonly claims: number;
  /** Of them those whose note, whose item, and whose account was guessed. */
  readonly note: number;
  readonly item: number;
  readonly account: number;
  /** Notes among which the strategy is left in doubt: two to the power of the entropy of its weights, median. */
  readonly left: number;
}

/** Two to the power of the entropy: the number of notes, if all weigh the same. */
export function effectiveSize(weights: readonly number[]): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const entropy = weights.reduce(
    (sum, weight) => (weight > 0 ? sum - (weight / total) * Math.log2(weight / total) : sum),
    0,
  );
  return 2 ** entropy;
}

/** One of the heaviest, by chance. */
function heaviest(weights: readonly number[], dice: Dice): number {
  const most = weights.reduce((high, weight) => Math.max(high, weight), 0);
  const best = weights.flatMap((weight, place) => (weight === most ? [place] : []));
  return best[dice.below(best.length)] as number;
}

/** A guess of a claim's note, and by following change back to a round, of its item. */
class Guesses {
  readonly #strategy: Strategy;
  readonly #dice: Dice;
  readonly #known = new Map<number, { note: Note; left: number }>();

  constructor(strategy: Strategy, seed: number) {
    this.#strategy = strategy;
    this.#dice = new Dice(seed, 3);
  }

  noteOf(claim: Claim): { note: Note; left: number } {
    const known = this.#known.get(claim.number);
    if (known !== undefined) return known;
    const weights = this.#strategy(claim);
    const guess = { note: claim.bin.notes[heaviest(weights, this.#dice)] as Note, left: effectiveSize(weights) };
    this.#known.set(claim.number, guess);
    return guess;
  }

  /** The note of a round that the guess of a claim leads to. */
  originOf(claim: Claim): Note {
    let { note } = this.noteOf(claim);
    while (note.parent !== undefined) ({ note } = this.noteOf(note.parent));
    return note;
  }
}

/** The claims that are guessed at: of honest wallets, from the second quarter on, evenly. */
export function sampleOf({ claims }: World, size: number): Claim[] {
  const honest = claims.slice(claims.length >> 2).filter(({ note }) => note.owner !== ADVERSARY);
  const wanted = Math.min(size, honest.length);
  return Array.from({ length: wanted }, (_, i) => honest[Math.floor((i * honest.length) / wanted)] as Claim);
}

/** Lets a strategy guess. */
export function hitsOf(world: World, sample: readonly Claim[], strategy: Strategy): Hits {
  const guesses = new Guesses(strategy, world.setting.seed);
  let [note, item, account] = [0, 0, 0];
  const left: number[] = [];
  for (const claim of sample) {
    const guess = guesses.noteOf(claim);
    const origin = guesses.originOf(claim);
    left.push(guess.left);
    if (guess.note === claim.note) note++;
    if (origin.item === claim.note.item) item++;
    if (origin.owner === claim.note.owner) account++;
  }
  left.sort((a, b) => a - b);
  return { claims: sample.length, note, item, account, left: left[left.length >> 1] ?? 0 };
}

/** How soon money comes. */
export interface Pace {
  /** Days from a round to a claim of its money, median. */
  readonly days: number;
  /** Of a hundred units that the first half of the rounds paid, those claimed at the end. */
  readonly paid: number;
  /** Claims for an item of the first half, in hundredths. */
  readonly claims: number;
}

export function paceOf({ claims, bins, setting }: World): Pace {
  const items = Math.floor(setting.rounds / 2) * ITEMS;
  const early = claims.filter(({ note }) => note.item < items);
  const minted = bins.flatMap(({ notes }) => notes.filter(({ item, parent }) => item < items && parent === undefined));
  const days = early
    .map(({ time, note }) => (time - (Math.floor(note.item / ITEMS) + 1) * EVERY) / DAY)
    .sort((a, b) => a - b);
  const sum = (amounts: readonly { readonly amount: number }[]): number =>
    amounts.reduce((all, { amount }) => all + amount, 0);
  return {
    days: days[days.length >> 1] ?? 0,
    paid: Math.floor((100 * sum(early)) / Math.max(1, sum(minted))),
    claims: Math.round((100 * early.length) / Math.max(1, items)),
  };
}
