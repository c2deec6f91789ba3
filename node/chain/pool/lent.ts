import type { HexHash } from '../../base/types.ts';

/** Transactions that are pooled for one client alone, who may take them back. Bounded by what the clients offer at one time. */
export class Lent {
  readonly #owners = new Map<HexHash, object>();

  isOf(hash: HexHash, owner: object): boolean {
    return this.#owners.get(hash) === owner;
  }

  add(hash: HexHash, owner: object): void {
    this.#owners.set(hash, owner);
  }

  /** Somebody else wants it too: it is nobody's to take back any more. */
  share(hash: HexHash): void {
    this.#owners.delete(hash);
  }

  /** Ends an owner's hold; whether it was the only one. */
  end(hash: HexHash, owner: object): boolean {
    return this.isOf(hash, owner) && this.#owners.delete(hash);
  }
}
