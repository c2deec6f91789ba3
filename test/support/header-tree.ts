/** Blocks as headers with true hashes, for tests of proofs that must stand without a chain. */
import { blockName, type Header } from '../../primitives/block/header.ts';
import { hash32Of } from '../../primitives/crypto/hash.ts';
import { fromHex, toHex } from '../../primitives/crypto/hex.ts';
import type { Ancestry, BlockRef, KnownBlock } from '../../primitives/grandpa/index.ts';

export class HeaderTree implements Ancestry {
  readonly blocks = new Map<string, KnownBlock>();
  readonly genesis: BlockRef;
  #made = 0;

  constructor() {
    this.genesis = this.#add(new Uint8Array(32), 0, 'genesis');
  }

  block(hash: string): KnownBlock | undefined {
    return this.blocks.get(hash);
  }

  /** A new block on `parent`; siblings differ by their label. */
  grow(parent: BlockRef, label: string | number = this.#made++): BlockRef {
    return this.#add(fromHex(parent.hash), parent.number + 1, label);
  }

  /** Whether `block` is `ancestor` or above it. */
  isAtOrAbove(ancestor: string, block: string): boolean {
    for (let at: string | undefined = block; at !== undefined; at = this.blocks.get(at)?.parent) {
      if (at === ancestor) return true;
    }
    return false;
  }

  #add(parentHash: Uint8Array, number: number, label: string | number): BlockRef {
    const stateRoot = hash32Of('test/state', label);
    const header: Header = { parentHash, number, stateRoot, extrinsicsRoot: new Uint8Array(32), digest: { logs: [] } };
    const hash = blockName(header);
    this.blocks.set(hash, { number, parent: toHex(parentHash), header });
    return { hash, number };
  }
}
