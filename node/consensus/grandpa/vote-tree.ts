import type { BlockRef, ChainView, Phase } from './types.ts';

interface Node {
  readonly number: number;
  readonly parent: string;
  readonly children: string[];
  /** Who voted for this block or a descendant of it, as bit masks over the voter set. */
  prevote: bigint;
  precommit: bigint;
}

/** Voters at or above a block, by phase. */
export type Votes = Readonly<Record<Phase, bigint>>;

/**
 * The tree of blocks between a round's base and the targets of its votes, with the votes summed along every branch.
 * (The crate's VoteGraph, without its compression of unbranched edges: the chain above the last finalized block is short.)
 */
export class VoteTree {
  readonly base: BlockRef;
  readonly #nodes = new Map<string, Node>();

  constructor(base: BlockRef) {
    this.base = base;
    this.#nodes.set(base.hash, { number: base.number, parent: '', children: [], prevote: 0n, precommit: 0n });
  }

  /** Adds a vote. False, and nothing changed, if `target` is not known to be the base or a descendant of it. */
  insert(chain: ChainView, target: BlockRef, phase: Phase, voter: bigint): boolean {
    if (!this.#grow(chain, target)) return false;
    for (let hash = target.hash; ; ) {
      const node = this.#nodes.get(hash)!;
      node[phase] |= voter;
      if (hash === this.base.hash) return true;
      hash = node.parent;
    }
  }

  /** Makes nodes from the tree up to `target`. */
  #grow(chain: ChainView, target: BlockRef): boolean {
    const known = this.#nodes.get(target.hash);
    if (known !== undefined) return known.number === target.number;
    const missing: { hash: string; number: number; parent: string }[] = [];
    for (let { hash, number } = target; !this.#nodes.has(hash); number--) {
      const block = chain.block(hash);
      if (block === undefined || block.number !== number || number <= this.base.number) return false;
      missing.push({ hash, number, parent: block.parent });
      hash = block.parent;
    }
    for (const { hash, number, parent } of missing.reverse()) {
      this.#nodes.get(parent)!.children.push(hash);
      this.#nodes.set(hash, { number, parent, children: [], prevote: 0n, precommit: 0n });
    }
    return true;
  }

  /** The first block that fulfils `condition` on the way from `head` down to the base; undefined if none does. */
  findAncestor(head: BlockRef, condition: (votes: Votes) => boolean): BlockRef | undefined {
    for (let hash = head.hash; ; ) {
      const node = this.#nodes.get(hash);
      if (node === undefined) return undefined;
      if (condition(node)) return { hash, number: node.number };
      if (hash === this.base.hash) return undefined;
      hash = node.parent;
    }
  }

  /**
   * The GHOST from `from` (the base by default): follows children while one fulfils `condition`, which at most one child of a
   * block is expected to do. Undefined if `from` itself does not fulfil it.
   */
  findGhost(condition: (votes: Votes) => boolean, from: BlockRef = this.base): BlockRef | undefined {
    let hash = from.hash;
    let node = this.#nodes.get(hash);
    if (node === undefined || !condition(node)) return undefined;
    for (;;) {
      const heavy: string | undefined = node.children.find((child) => condition(this.#nodes.get(child)!));
      if (heavy === undefined) return { hash, number: node.number };
      hash = heavy;
      node = this.#nodes.get(hash)!;
    }
  }

  /** Whether `block` is `ancestor` or descends from it; both must be in the tree, otherwise false. */
  isAtOrAbove(ancestor: string, block: string): boolean {
    const height = this.#nodes.get(ancestor)?.number;
    if (height === undefined) return false;
    for (let hash = block; ; ) {
      const node = this.#nodes.get(hash);
      if (node === undefined || node.number < height) return false;
      if (hash === ancestor) return true;
      hash = node.parent;
    }
  }
}
