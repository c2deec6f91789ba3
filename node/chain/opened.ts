/**
 * The chain as a database has it, and whether it has all of it. LevelDB drops the records of its log whose checksums are wrong and goes on with the next
 * ones: what comes of a bad sector is a database that opens, with holes.
 */
import { toHex } from '../../primitives/crypto/hex.ts';
import { isTacitError } from '../../primitives/errors.ts';
import { checkStored } from '../../primitives/trie/index.ts';
import { type BlockStore, damaged } from '../db/index.ts';
import { decodeHeader, refOf } from '../base/header.ts';
import { BlockTree } from './tree.ts';
import type { BlockRef, Header, HexHash } from '../base/types.ts';

/** Finalized blocks whose headers are looked at, and those whose bodies are, which may be megabytes each. */
const CHECKED_HEADERS = 4096;
const CHECKED_BODIES = 32;
/**
 * Nodes and bytes of state that are read before the node starts: seconds at most. A larger state is read so far; what is missing beyond is found when it
 * is asked for (`BlockStore`).
 */
const STATE_LIMITS = { parts: 200_000, bytes: 256 << 20 };

/**
 * The finalized block and those above it. Errors: `db/damaged` if a block of them, one of those below, or a part of a state is not there.
 *
 * @param bodiesKept finalized blocks that still have their large extrinsics; undefined: all
 */
export async function openTree(store: BlockStore, bodiesKept: number | undefined): Promise<BlockTree> {
  try {
    const finalized = store.finalized();
    const tree = new BlockTree(finalized, storedBlock(store, finalized, true));
    checkBelow(store, finalized, bodiesKept ?? CHECKED_BODIES);
    for (const ref of await store.open()) {
      const header = storedBlock(store, ref, true);
      if (!tree.get(toHex(header.parentHash))) throw hole(store, 'a block has no parent', ref);
      tree.add(ref, header);
    }
    const roots = tree.above(tree.root).map(({ header }) => header.stateRoot);
    checkStored(store.nodes, roots, STATE_LIMITS);
    return tree;
  } catch (error) {
    // Whatever cannot be decoded was written by this code, so it is not what was written.
    if (!isTacitError(error) || error.code === 'db/damaged') throw error;
    throw damaged(store.place, error.message, { ...error.details, cause: error.code });
  }
}

/** That the finalized chain hangs together down to where we look. */
function checkBelow(store: BlockStore, finalized: BlockRef, bodiesKept: number): void {
  const lowest = Math.max(0, finalized.number - CHECKED_HEADERS);
  const withBody = finalized.number - Math.min(bodiesKept, CHECKED_BODIES);
  let at = finalized;
  while (true) {
    if (store.canonical(at.number) !== at.hash) throw hole(store, 'a finalized block is not on the list of them', at);
    if (at.number <= lowest) return;
    const header = storedBlock(store, at, at.number > withBody);
    at = { hash: toHex(header.parentHash), number: at.number - 1 };
  }
}

function storedBlock(store: BlockStore, ref: BlockRef, withBody: boolean): Header {
  const header = storedHeader(store, ref.hash);
  if (!header || refOf(header).hash !== ref.hash) throw hole(store, 'the header of a block is missing', ref);
  if (header.number !== ref.number) throw hole(store, 'a block stands at another height', ref);
  if (withBody && !store.body(ref.hash)) throw hole(store, 'the body of a block is missing', ref);
  return header;
}

/** A header as it is stored; `hash` has 32 bytes. */
export function storedHeader(store: BlockStore, hash: HexHash): Header | undefined {
  const bytes = store.header(hash);
  return bytes && decodeHeader(bytes);
}

const hole = (store: BlockStore, what: string, ref: BlockRef): Error => damaged(store.place, what, { ...ref });
