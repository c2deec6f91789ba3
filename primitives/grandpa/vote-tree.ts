import type { Ancestry, AncestryBlock, BlockRef, KnownBlock, Phase } from './types.ts';

interface Node extends KnownBlock {
  readonly children: string[];
  /** Who voted for this block or a descendant of it, as bit masks over the voter set. */
  prevote: bigint;
  precommit: bigint;
}
/** The base has no header here: what lies below it is not asked for. */
type Root = Omit<Node, 'header'>;

/** Voters at or above a block, by phase. */
export type Votes = Readonly<Record<Phase, bigint>>;

/** A target so many blocks above the base is not looked for: whoever names a base must not make us walk a whole chain. */
const MAX_HEIGHT = 16_384;

/**
 * The tree of blocks between a round's base and the targets of its votes, with the votes summed along every branch.
 * (The crate's VoteGraph, without its compression of unbranched edges: the chain above the last finalized block is short.)
 * It keeps what it has once seen: a block that the chain drops later, as a branch that died, can still be counted and proved.
 */
export class VoteTree {
  readonly base: BlockRef;
  readonly #root: Root;
  readonly #nodes = new Map<string, Node>();

  constructor(base: BlockRef) {
    this.base = base;
    this.#root = { number: base.number, parent: '', children: [], prevote: 0n, precommit: 0n };
  }

  /** A block of the tree above its base. */
  block(hash: string): AncestryBlock | undefined {
    const node = this.#nodes.get(hash);
    return node && { hash, number: node.number, parent: node.parent, header: node.header };
  }

  /** All blocks above the base, parents before children. */
  blocks(): AncestryBlock[] {
    const all = [...this.#nodes].map(([hash, { number, parent, header }]) => ({ hash, number, parent, header }));
    return all.sort((a, b) => a.number - b.number);
  }

  has({ hash, number }: BlockRef): boolean {
    return this.#node(hash)?.number === number;
  }

  /** Voters at or above a block of the tree. */
  votesAt(hash: string): Votes | undefined {
    return this.#node(hash);
  }

  /** Adds a vote. False, and nothing changed, if `target` is not known to be the base or a descendant of it. */
  insert(blocks: Ancestry, target: BlockRef, phase: Phase, voter: bigint): boolean {
    if (!this.grow(blocks, target)) return false;
    for (let hash = target.hash; ; ) {
      const node = this.#node(hash)!;
      node[phase] |= voter;
      if (hash === this.base.hash) return true;
      hash = node.parent;
    }
  }

  /** Takes the blocks from the tree up to `target` in. False, and nothing changed, if they are not all known. */
  grow(blocks: Ancestry, target: BlockRef): boolean {
    const known = this.#node(target.hash);
    if (known !== undefined) return known.number === target.number;
    if (target.number - this.base.number > MAX_HEIGHT) return false;
    const missing: AncestryBlock[] = [];
    for (let { hash, number } = target; this.#node(hash) === undefined; number--) {
      const block = blocks.block(hash);
      if (block === undefined || block.number !== number || number <= this.base.number) return false;
      missing.push({ hash, number, parent: block.parent, header: block.header });
      hash = block.parent;
    }
    // Heights must meet where the new branch joins the tree.
    const lowest = missing.at(-1)!;
    if (this.#node(lowest.parent)!.number !== lowest.number - 1) return false;
    for (const { hash, number, parent, header } of missing.reverse()) {
      this.#node(parent)!.children.push(hash);
      this.#nodes.set(hash, { number, parent, header, children: [], prevote: 0n, precommit: 0n });
    }
    return true;
  }

  /** The first block that fulfils `condition` on the way from `head` down to the base; undefined if none does. */
  findAncestor(head: BlockRef, condition: (votes: Votes) => boolean): BlockRef | undefined {
    for (let hash = head.hash; ; ) {
      const node = this.#node(hash);
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
    let node = this.#node(hash);
    if (node === undefined || !condition(node)) return undefined;
    for (;;) {
      const heavy: string | undefined = node.children.find((child) => condition(this.#node(child)!));
      if (heavy === undefined) return { hash, number: node.number };
      hash = heavy;
      node = this.#node(hash)!;
    }
  }

  /** Whether `block` is `ancestor` or descends from it; both must be in the tree, otherwise false. */
  isAtOrAbove(ancestor: string, block: string): boolean {
    const height = this.#node(ancestor)?.number;
    if (height === undefined) return false;
    for (let hash = block; ; ) {
      const node = this.#node(hash);
      if (node === undefined || node.number < height) return false;
      if (hash === ancestor) return true;
      hash = node.parent;
    }
  }

  #node(hash: string): Node | Root | undefined {
    return hash === this.base.hash ? this.#root : this.#nodes.get(hash);
  }
}
