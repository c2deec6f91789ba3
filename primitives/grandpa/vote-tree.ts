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

/**
 * Where a block stands to the base: at or above it; surely not, as one below it or on another branch; or nobody knows, as blocks
 * between the two are missing.
 */
export type Place = 'inside' | 'outside' | 'unknown';

/**
 * A target so many blocks above the base is not looked for: whoever names a base must not make us walk a whole chain. Voters stay far
 * below it (`REACH` in node/consensus/grandpa/voting-round.ts), so that their votes count on lower bases than theirs too.
 */
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
  /** Blocks by which votes turned out to be outside: whoever is told of those votes needs them to see the same. */
  readonly #outside = new Map<string, AncestryBlock>();

  constructor(base: BlockRef) {
    this.base = base;
    this.#root = { number: base.number, parent: '', children: [], prevote: 0n, precommit: 0n };
  }

  /** A block above the base that votes made known, or one beside it by which a vote is outside. */
  block(hash: string): AncestryBlock | undefined {
    const node = this.#nodes.get(hash);
    if (node === undefined) return this.#outside.get(hash);
    return { hash, number: node.number, parent: node.parent, header: node.header };
  }

  /** All blocks that {@link block} knows, parents before children. */
  blocks(): AncestryBlock[] {
    const inside = [...this.#nodes].map(([hash, { number, parent, header }]) => ({ hash, number, parent, header }));
    return [...inside, ...this.#outside.values()].sort((a, b) => a.number - b.number);
  }

  has({ hash, number }: BlockRef): boolean {
    return this.#node(hash)?.number === number;
  }

  /** Voters at or above a block of the tree. */
  votesAt(hash: string): Votes | undefined {
    return this.#node(hash);
  }

  /** Adds a vote where it belongs; one outside of the tree supports no block of it. */
  insert(blocks: Ancestry, target: BlockRef, phase: Phase, voter: bigint): Place {
    const place = this.grow(blocks, target);
    if (place !== 'inside') return place;
    for (let hash = target.hash; ; ) {
      const node = this.#node(hash)!;
      node[phase] |= voter;
      if (hash === this.base.hash) return place;
      hash = node.parent;
    }
  }

  /** Finds where a block stands, and takes the blocks from the tree up to it in if it is a descendant of the base. */
  grow(blocks: Ancestry, target: BlockRef): Place {
    const known = this.#node(target.hash);
    if (known !== undefined) return known.number === target.number ? 'inside' : 'outside';
    if (target.number <= this.base.number) return 'outside';
    if (target.number - this.base.number > MAX_HEIGHT) return 'unknown';
    const missing: AncestryBlock[] = [];
    const outside = (): Place => {
      for (const block of missing) this.#outside.set(block.hash, block);
      return 'outside';
    };
    let { hash, number } = target;
    for (; this.#node(hash) === undefined; number--) {
      if (number <= this.base.number) return outside();
      const block = blocks.block(hash) ?? this.#outside.get(hash);
      if (block === undefined) return 'unknown';
      missing.push({ hash, number: block.number, parent: block.parent, header: block.header });
      // A height that is not the block's own names no block at all.
      if (block.number !== number) return outside();
      hash = block.parent;
    }
    if (this.#node(hash)!.number !== number) return outside();
    for (const block of missing.reverse()) {
      this.#node(block.parent)!.children.push(block.hash);
      const { number: height, parent, header } = block;
      this.#nodes.set(block.hash, { number: height, parent, header, children: [], prevote: 0n, precommit: 0n });
    }
    return 'inside';
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
