/** The notes of a chain on paper: lists, bins and claims as the chain's rules make them (specification §12.10), and the entries of the state that hold them. */
import { storage } from '../../../client/sdk/generated/chain.ts';
import { encodeHiddenBin, type HiddenBin, openHiddenBin } from '../../../primitives/proofs/hidden-bin.ts';
import { tagOfHiddenClaim, verifyHiddenClaim } from '../../../primitives/proofs/hidden-check.ts';
import type { Note } from '../../../primitives/proofs/notes.ts';
import { hash32Of } from '../../../primitives/crypto/hash.ts';
import type { Change } from '../../../primitives/trie/index.ts';
import { entry } from './paper-chain.ts';
import type { claimOf, Mint } from './settled.ts';

type Claim = ReturnType<typeof claimOf>;
interface Bin {
  readonly first: number;
  readonly count: number;
  readonly digits: number;
  readonly root: Uint8Array;
  readonly largest: bigint;
  readonly closedAt: number;
}
export interface ClaimRecord {
  class: number;
  bin: number;
  tag: Uint8Array;
  amount: bigint;
  fee: bigint;
  destination: Uint8Array;
  first: number;
  outputs: number;
}
const FEE = 10_000n;

export class PaperNotes {
  readonly #genesis: Uint8Array;
  readonly #classes: { modulus: bigint; grains: bigint; notes: Note[]; bins: Bin[] }[] = [];
  readonly claims: ClaimRecord[] = [];

  constructor(genesis: Uint8Array) {
    this.#genesis = genesis;
  }

  /** The number of a class, which is made if there is none. */
  classOf(modulus: bigint, grains: bigint): number {
    const known = this.#classes.findIndex((one) => one.modulus === modulus && one.grains === grains);
    return known >= 0 ? known : this.#classes.push({ modulus, grains, notes: [], bins: [] }) - 1;
  }

  /** Adds notes to a class. */
  mint(modulus: bigint, grains: bigint): Mint {
    return (notes) => {
      const id = this.classOf(modulus, grains);
      return { class: id, first: this.add(id, notes) };
    };
  }

  add(id: number, notes: readonly Note[]): number {
    return this.#of(id).notes.push(...notes) - notes.length;
  }

  /** Closes the bin that fills. */
  close(id: number, largest: bigint): number {
    const { notes, bins } = this.#of(id);
    const { first = 0, count = 0 } = bins.at(-1) ?? {};
    const from = first + count;
    const shape = { first: from, count: notes.length - from, digits: notes.length - from <= 64 ? 3 : 5 };
    const bytes = encodeHiddenBin(this.#bin(id, bins.length, shape));
    return bins.push({ ...shape, root: hash32Of('tacit/hidden-bin/1', bytes), largest, closedAt: 5 }) - 1;
  }

  #of(id: number) {
    const found = this.#classes[id];
    if (!found) throw new Error(`no class ${id}`);
    return found;
  }

  #bin(id: number, index: number, { first, count, digits }: Pick<Bin, 'first' | 'count' | 'digits'>): HiddenBin {
    const { modulus, grains, notes } = this.#of(id);
    return { genesis: this.#genesis, modulus, grains, index, digits, notes: notes.slice(first, first + count) };
  }

  /** Pays a claim if it holds, as the chain would while it takes this fee; whether it did. */
  pay({ class: id, bin: index, amount, outputs, destination, proof }: Claim, fee = FEE): boolean {
    const bin = this.#of(id).bins[index];
    if (!bin || amount > bin.largest) return false;
    const open = openHiddenBin(this.#bin(id, index, bin));
    const terms = { amount, fee, destination, outputs };
    const tag = tagOfHiddenClaim({ bin: open, terms, proof });
    if (this.claims.some((one) => one.tag.join() === tag.join())) return false;
    if (!verifyHiddenClaim({ bin: open, terms, proof })) return false;
    this.record({ class: id, bin: index, tag, amount, fee, destination }, outputs);
    return true;
  }

  /** A claim as it stands on the chain, whether or not anybody could have proved it. */
  record(claim: Omit<ClaimRecord, 'first' | 'outputs'>, outputs: readonly Note[]): void {
    this.claims.push({ ...claim, first: this.add(claim.class, outputs), outputs: outputs.length });
  }

  /** All entries of the state. */
  entries(): Change[] {
    const { notes } = storage;
    const chunks = <T>(list: readonly T[], size: number): T[][] =>
      Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));
    const classes = this.#classes.map(({ modulus, grains, notes: list, bins }) => {
      const { first = 0, count = 0 } = bins.at(-1) ?? {};
      const open = { first: first + count, since: 1, brought: 0n, ofRounds: 0 };
      return { modulus, grains, notes: list.length, bins: bins.length, brought: 0n, paid: 0n, open };
    });
    return [
      entry(notes.classes, [], classes),
      entry(notes.claimCount, [], this.claims.length),
      ...chunks(this.claims, 32).map((list, chunk) => entry(notes.claims, [chunk], list)),
      ...this.#classes.flatMap(({ notes: list, bins }, id) => [
        ...chunks(list, 64).map((some, chunk) => entry(notes.notes, [id, chunk], some)),
        ...bins.map((bin, i) => entry(notes.bins, [id, i], bin)),
      ]),
    ];
  }
}
