/** What claims have done to the wallet's notes: spent them, and left change (specification §12.11). No requests. */
import { toHex } from '../../../primitives/crypto/hex.ts';
import type { Wallet } from '../keys.ts';
import { changeOf, type ClaimView } from './own.ts';
import type { BinView, OwnNote, Problem } from './types.ts';

/** The larger of two comes first; of two that hold the same the older. */
const larger = (a: OwnNote, b: OwnNote): number => {
  if (a.opening.amount !== b.opening.amount) return a.opening.amount > b.opening.amount ? -1 : 1;
  return a.number - b.number;
};

/** Notes under their tags. Two with one key have one tag: the larger comes first. */
export class NoteIndex {
  readonly #byTag = new Map<string, OwnNote[]>();

  constructor(notes: readonly OwnNote[]) {
    for (const note of notes) this.add(note);
  }

  add(note: OwnNote): void {
    const tag = toHex(note.tag);
    this.#byTag.set(tag, [...(this.#byTag.get(tag) ?? []), note].sort(larger));
  }

  of(tag: Uint8Array): readonly OwnNote[] {
    return this.#byTag.get(toHex(tag)) ?? [];
  }

  /** Replaces all notes of a tag. */
  put(tag: Uint8Array, notes: readonly OwnNote[]): void {
    this.#byTag.set(toHex(tag), [...notes]);
  }

  /** All notes, by class and number. */
  all(): OwnNote[] {
    return [...this.#byTag.values()].flat().sort((a, b) => a.class - b.class || a.number - b.number);
  }

  /** Notes that a claim can take from: unspent, and of two with one key the larger. */
  claimable(): OwnNote[] {
    const firsts = [...this.#byTag.values()].flatMap(([first]) => (first && first.spent === undefined ? [first] : []));
    return firsts.sort((a, b) => a.class - b.class || a.number - b.number);
  }
}

/** Lets other work of this thread go on. */
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

/**
 * Follows claims in their order, through chains of change: marks what they have spent, and adds the change that is found.
 * @returns claims of own notes whose change is not the wallet's own
 */
export async function followClaims(
  genesis: Uint8Array,
  wallet: Wallet,
  index: NoteIndex,
  claims: readonly ClaimView[],
): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const claim of claims) {
    const spent = index.of(claim.tag);
    if (spent.length === 0) continue;
    await pause();
    const { claim: number, amount, fee, destination } = claim;
    index.put(
      claim.tag,
      spent.map((note) => ({ ...note, spent: { claim: number, amount, fee, destination } })),
    );
    // which of the notes with this tag it was is not shown: the larger first
    const change = spent
      .filter((note) => note.class === claim.class)
      .map((note) => changeOf(genesis, wallet, note, claim))
      .find((found) => found.length > 0);
    for (const note of change ?? []) index.add(note);
    if (change === undefined) {
      const message = `it has spent the note ${nameOf(spent[0] as OwnNote)}, and what it left is not this wallet’s`;
      problems.push({ where: `claim ${number}`, code: 'sdk/no-change', message });
    }
  }
  return problems;
}

/** The name of a note on the chain. */
export const nameOf = ({ class: id, number }: Pick<OwnNote, 'class' | 'number'>): string => `${id}/${number}`;

/** The same notes with the bins that they stand in. */
export function withBins(notes: readonly OwnNote[], bins: readonly BinView[]): OwnNote[] {
  const perClass = Map.groupBy(bins, (bin) => bin.class);
  return notes.map((note) => {
    if (note.bin !== undefined) return note;
    const bin = (perClass.get(note.class) ?? []).find(
      ({ first, count }) => note.number >= first && note.number < first + count,
    );
    return bin === undefined ? note : { ...note, bin };
  });
}
