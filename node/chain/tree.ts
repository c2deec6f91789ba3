import type { Header } from '../../pallets/support/types.ts';
import { toHex } from '../../primitives/crypto/hex.ts';
import { TacitError } from '../../primitives/errors.ts';
import type { BlockRef, HexHash } from '../base/types.ts';

export interface TreeBlock {
  readonly ref: BlockRef;
  readonly header: Header;
  /** Undefined for the finalized block only. */
  parent: TreeBlock | undefined;
  readonly children: TreeBlock[];
}

/** The finalized block and everything above it that is known. In memory: it is as large as finality is late. */
export class BlockTree {
  readonly #blocks = new Map<HexHash, TreeBlock>();
  #root: TreeBlock;
  #best: TreeBlock;

  constructor(finalized: BlockRef, header: Header) {
    this.#root = { ref: finalized, header, parent: undefined, children: [] };
    this.#best = this.#root;
    this.#blocks.set(finalized.hash, this.#root);
  }

  /** The finalized block. */
  get root(): TreeBlock {
    return this.#root;
  }

  /** The highest block; of several equally high the one that was added first. */
  get best(): TreeBlock {
    return this.#best;
  }

  get size(): number {
    return this.#blocks.size;
  }

  get(hash: HexHash): TreeBlock | undefined {
    return this.#blocks.get(hash);
  }

  /** The blocks at a height, in the order in which they were added. */
  at(number: number): TreeBlock[] {
    return [...this.#blocks.values()].filter(({ ref }) => ref.number === number);
  }

  /** Adds a block whose parent is here. */
  add(ref: BlockRef, header: Header): TreeBlock {
    const parent = this.#blocks.get(toHex(header.parentHash));
    if (!parent) throw new TacitError('chain/unknown-parent', 'the parent is not in the tree', { hash: ref.hash });
    const block: TreeBlock = { ref, header, parent, children: [] };
    parent.children.push(block);
    this.#blocks.set(ref.hash, block);
    if (ref.number > this.#best.ref.number) this.#best = block;
    return block;
  }

  /** Whether `descendant` is `ancestor` or above it; both of this tree. */
  isDescendent(ancestor: TreeBlock, descendant: TreeBlock): boolean {
    return ancestorAt(descendant, ancestor.ref.number) === ancestor;
  }

  /** The highest block at or above `block`; of several the one on the best branch, else the one added first. */
  bestAbove(block: TreeBlock): TreeBlock {
    if (this.isDescendent(block, this.#best)) return this.#best;
    return this.#highest(this.above(block));
  }

  /** Blocks to leave (children first) and to enter (parents first) on the way from one block to another. */
  route(from: TreeBlock, to: TreeBlock): { retracted: TreeBlock[]; enacted: TreeBlock[] } {
    const retracted: TreeBlock[] = [];
    const enacted: TreeBlock[] = [];
    let [left, right] = [from, to];
    while (left !== right) {
      if (left.ref.number >= right.ref.number) {
        retracted.push(left);
        left = left.parent!;
      } else {
        enacted.push(right);
        right = right.parent!;
      }
    }
    return { retracted, enacted: enacted.reverse() };
  }

  /** What would become final with `block` (parents first), and what would die. */
  finality(block: TreeBlock): { enacted: TreeBlock[]; pruned: TreeBlock[] } {
    const { enacted } = this.route(this.#root, block);
    const stays = new Set([this.#root, ...enacted, ...this.above(block)]);
    return { enacted, pruned: [...this.#blocks.values()].filter((other) => !stays.has(other)) };
  }

  /** Makes `block` the root: all that is not above it goes. The best block may change. */
  finalize(block: TreeBlock): void {
    const kept = this.above(block);
    this.#blocks.clear();
    for (const other of kept) this.#blocks.set(other.ref.hash, other);
    block.parent = undefined;
    this.#root = block;
    if (!this.#blocks.has(this.#best.ref.hash)) this.#best = this.#highest(kept);
  }

  /** `block` and all above it, in the order in which they were added. */
  above(block: TreeBlock): TreeBlock[] {
    const pending = [block];
    const found = new Set<TreeBlock>();
    for (let next = pending.pop(); next; next = pending.pop()) {
      found.add(next);
      pending.push(...next.children);
    }
    return [...this.#blocks.values()].filter((other) => found.has(other));
  }

  #highest(blocks: readonly TreeBlock[]): TreeBlock {
    return blocks.reduce((best, other) => (other.ref.number > best.ref.number ? other : best));
  }
}

function ancestorAt(block: TreeBlock, number: number): TreeBlock | undefined {
  let at: TreeBlock | undefined = block;
  while (at && at.ref.number > number) at = at.parent;
  return at?.ref.number === number ? at : undefined;
}
