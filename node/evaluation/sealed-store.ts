import { toHex } from '../../primitives/crypto/hex.ts';
import { sealedId } from '../../primitives/proofs/sealed.ts';
import type { RoundInfo, SealedSource } from './payloads.ts';

/** Sealed submissions out of finalized bodies, by id, for as long as their rounds are under way. */
export class SealedStore {
  readonly #known = new Map<string, Uint8Array>();

  add(sealed: Uint8Array): void {
    this.#known.set(toHex(sealedId(sealed)), sealed);
  }

  readonly source: SealedSource = (id) => this.#known.get(toHex(id));

  /** Drops what belongs to none of the rounds. */
  keepOnly(rounds: readonly RoundInfo[]): void {
    const wanted = new Set(rounds.flatMap(({ submissions }) => submissions.map(({ id }) => toHex(id))));
    for (const id of this.#known.keys()) if (!wanted.has(id)) this.#known.delete(id);
  }
}
