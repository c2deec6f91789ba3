import { toHex } from '../../primitives/crypto/hex.ts';
import { sealedId } from '../../primitives/proofs/sealed.ts';
import type { RoundInfo, SealedSource } from './payloads.ts';
import { Shelf } from './shelf.ts';

/** Bytes of sealed submissions that are held in memory: those of some rounds of a few contributors. */
const HELD_BYTES = 32 * 1024 * 1024;

/** Sealed submissions out of finalized bodies, by id, for as long as their rounds are under way. However many there are, few of them are held in memory. */
export class SealedStore {
  readonly #shelf: Shelf;

  /** @param folder where those lie that are not held */
  constructor(folder: string, heldBytes: number = HELD_BYTES) {
    this.#shelf = new Shelf(folder, heldBytes);
  }

  add(sealed: Uint8Array): void {
    this.#shelf.put(toHex(sealedId(sealed)), sealed);
  }

  readonly source: SealedSource = {
    has: (id) => this.#shelf.has(toHex(id)),
    read: (id) => this.#shelf.get(toHex(id)),
  };

  /** Drops what belongs to none of the rounds. */
  keepOnly(rounds: readonly RoundInfo[]): void {
    const wanted = new Set(rounds.flatMap(({ submissions }) => submissions.map(({ id }) => toHex(id))));
    for (const id of this.#shelf.names()) if (!wanted.has(id)) this.#shelf.remove(id);
  }
}
