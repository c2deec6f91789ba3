import { blockName, type Header } from '../block/header.ts';
import { toHex } from '../crypto/hex.ts';
import type { Ancestry, AncestryBlock, BlockRef } from './types.ts';

/** Whether `block` is `ancestor` or a descendant of it, as far as `blocks` knows. */
export function descends(blocks: Ancestry, ancestor: BlockRef, block: BlockRef): boolean {
  let { hash, number } = block;
  while (number > ancestor.number) {
    const found = blocks.block(hash);
    if (found === undefined || found.number !== number) return false;
    hash = found.parent;
    number--;
  }
  return hash === ancestor.hash && number === ancestor.number;
}

/** A header as a block of an ancestry. Its hash is computed, so that nothing has to be believed. */
export function ancestryBlock(header: Header): AncestryBlock {
  return { hash: blockName(header), number: header.number, parent: toHex(header.parentHash), header };
}

/** Looks blocks up in a list first, then where else they may be. */
export function withBlocks(listed: readonly AncestryBlock[], others?: Ancestry): Ancestry {
  const byHash = new Map(listed.map((block) => [block.hash, block]));
  return { block: (hash) => byHash.get(hash) ?? others?.block(hash) };
}
