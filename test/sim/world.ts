/** All blocks that were ever made, and what one node has of them: a chain that prunes, as node/chain does. */
import { blockName, type Header } from '../../primitives/block/header.ts';
import { hash32Of, hashOf } from '../../primitives/crypto/hash.ts';
import { fromHex, toHex } from '../../primitives/crypto/hex.ts';
import type { BlockRef } from '../../primitives/grandpa/index.ts';
import type { AuthoritySet } from '../../node/base/types.ts';
import type { VotedChain } from '../../node/consensus/grandpa/chain-view.ts';

export interface Block extends BlockRef {
  readonly parent: string;
  readonly header: Header;
  /** The set that votes on its children. */
  readonly set: number;
}

const NOTHING = new Uint8Array(32);

export class World {
  readonly blocks = new Map<string, Block>();
  readonly genesis: Block;
  /** In the order in which they were made. */
  readonly all: Block[] = [];
  readonly #voters: number;
  readonly #sets = new Map<number, AuthoritySet>();

  constructor(voters: number) {
    this.#voters = voters;
    this.genesis = this.#add(undefined, 0, 0);
  }

  make(parent: Block, changesSet: boolean): Block {
    return this.#add(parent, parent.number + 1, parent.set + (changesSet ? 1 : 0));
  }

  get(hash: string): Block {
    const block = this.blocks.get(hash);
    if (block === undefined) throw new Error(`nobody made ${hash}`);
    return block;
  }

  isAtOrAbove(ancestor: string, hash: string): boolean {
    const { number } = this.get(ancestor);
    let at = this.get(hash);
    while (at.number > number) at = this.get(at.parent);
    return at.hash === ancestor;
  }

  /** Every second change of sets gives a voter another key. */
  keyOf(voter: number, set: number): Uint8Array {
    return hash32Of('sim/voter', voter, Math.floor((set + (voter % 2)) / 2));
  }

  authorities(set: number): AuthoritySet {
    let found = this.#sets.get(set);
    if (found === undefined) {
      const authorities = Array.from({ length: this.#voters }, (_, at) => ({ id: this.keyOf(at, set), weight: 1n }));
      found = { setId: BigInt(set), authorities };
      this.#sets.set(set, found);
    }
    return found;
  }

  #add(parent: Block | undefined, number: number, set: number): Block {
    const header: Header = {
      parentHash: parent === undefined ? NOTHING : fromHex(parent.hash),
      number,
      stateRoot: hash32Of('sim/block', this.all.length),
      extrinsicsRoot: NOTHING,
      digest: { logs: [] },
    };
    const block = { hash: blockName(header), number, parent: parent?.hash ?? toHex(NOTHING), header, set };
    this.blocks.set(block.hash, block);
    this.all.push(block);
    return block;
  }
}

/** A stand-in for a signature that follows from everything signed; only the simulation can make one. */
export const sign = (publicKey: Uint8Array, payload: Uint8Array): Uint8Array =>
  hashOf('sim/signature', publicKey, payload);

export class SimChain implements VotedChain {
  readonly world: World;
  /** The finalized block and all above it. */
  tree: Map<string, Block>;
  readonly canonical: string[];
  readonly justifications = new Map<string, Uint8Array>();
  #best: Block;
  #root: Block;

  constructor(world: World) {
    this.world = world;
    this.tree = new Map([[world.genesis.hash, world.genesis]]);
    this.canonical = [world.genesis.hash];
    this.#best = world.genesis;
    this.#root = world.genesis;
  }

  best = (): Block => this.#best;
  finalized = (): Block => this.#root;
  authorities = (hash: string): AuthoritySet => this.world.authorities(this.world.get(hash).set);

  header(hash: string): Header | undefined {
    return this.block(hash)?.header;
  }

  block(hash: string): Block | undefined {
    const known = this.tree.get(hash);
    if (known !== undefined) return known;
    const block = this.world.blocks.get(hash);
    return block !== undefined && this.canonical[block.number] === hash ? block : undefined;
  }

  bestContaining(hash: string): BlockRef | undefined {
    const block = this.tree.get(hash);
    if (block === undefined) return this.block(hash) === undefined ? undefined : this.#best;
    if (this.world.isAtOrAbove(hash, this.#best.hash)) return this.#best;
    let best = block;
    for (const each of this.tree.values()) {
      if (each.number > best.number && this.world.isAtOrAbove(hash, each.hash)) best = each;
    }
    return best;
  }

  /** False if it is here or has no place here. */
  add(block: Block): boolean {
    if (this.tree.has(block.hash) || !this.tree.has(block.parent)) return false;
    this.tree.set(block.hash, block);
    if (block.number > this.#best.number) this.#best = block;
    return true;
  }

  /** Throws where node/chain would. */
  finalize(hash: string, justification: Uint8Array): void {
    const block = this.tree.get(hash);
    if (block === undefined || block === this.#root) {
      if (this.block(hash) === undefined) throw new Error('chain/unknown-block or chain/finality-conflict');
      return;
    }
    for (let at = block; at !== this.#root; at = this.world.get(at.parent)) this.canonical[at.number] = at.hash;
    const stays = new Map([[hash, block]]);
    // Parents stand before their children.
    for (const [each, other] of this.tree) if (stays.has(other.parent)) stays.set(each, other);
    this.tree = stays;
    this.#root = block;
    this.justifications.set(hash, justification);
    if (this.tree.has(this.#best.hash)) return;
    this.#best = block;
    for (const each of this.tree.values()) if (each.number > this.#best.number) this.#best = each;
  }
}
