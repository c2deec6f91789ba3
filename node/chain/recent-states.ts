import type { Header } from '../../pallets/support/types.ts';
import { fromHex } from '../../primitives/crypto/hex.ts';
import { Trie } from '../../primitives/trie/index.ts';
import type { HexHash } from '../base/types.ts';
import type { BlockStore } from '../db/index.ts';
import { storedHeader } from './opened.ts';
import { Recent } from './recent.ts';
import type { BlockTree } from './tree.ts';

/** Nodes of the state in memory (about 300 bytes each) at which it is read from the database again. */
const RESIDENT_NODES = 100_000;
/** States and headers of so many blocks are at hand without the database. States hold the large values of their block. */
const RECENT_STATES = 32;
const RECENT_HEADERS = 1024;

/** Headers and states of blocks: those asked for last are at hand, the others come from the database. */
export class RecentStates {
  readonly #store: BlockStore;
  readonly #tree: BlockTree;
  readonly #states = new Recent<HexHash, Trie>(RECENT_STATES);
  readonly #headers = new Recent<HexHash, Header>(RECENT_HEADERS);

  constructor(store: BlockStore, tree: BlockTree) {
    this.#store = store;
    this.#tree = tree;
  }

  header(hash: HexHash): Header | undefined {
    const inTree = this.#tree.get(hash);
    if (inTree) return inTree.header;
    const recent = this.#headers.get(hash);
    if (recent) return recent;
    const header = fromHex(hash).length === 32 ? storedHeader(this.#store, hash) : undefined;
    if (header) this.#headers.set(hash, header);
    return header;
  }

  /** The state after a block. */
  state(hash: HexHash): Trie | undefined {
    const known = this.#states.get(hash);
    if (known && known.residents < RESIDENT_NODES) return known;
    const header = this.header(hash);
    if (!header) return undefined;
    const trie = new Trie(this.#store.nodes, header.stateRoot);
    this.#states.set(hash, trie);
    return trie;
  }

  keep(hash: HexHash, state: Trie): void {
    this.#states.set(hash, state);
  }

  forget(hash: HexHash): void {
    this.#states.delete(hash);
  }
}
