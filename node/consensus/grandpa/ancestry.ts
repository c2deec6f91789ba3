import type { BlockRef, ChainView } from './types.ts';

/** Whether `block` is `ancestor` or a descendant of it, by the chain. */
export function descends(chain: ChainView, ancestor: BlockRef, block: BlockRef): boolean {
  let { hash, number } = block;
  while (number > ancestor.number) {
    const found = chain.block(hash);
    if (found === undefined || found.number !== number) return false;
    hash = found.parent;
    number--;
  }
  return hash === ancestor.hash && number === ancestor.number;
}
