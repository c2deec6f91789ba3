import type { ChainApi } from '../base/types.ts';
import { type BlockSource, useless } from './source.ts';

/** Height of the highest block of ours, up to `top`, that is on the peer's best chain: by bisection. */
export async function commonHeight(
  { chain, source }: { readonly chain: ChainApi; readonly source: BlockSource },
  peer: string,
  top: number,
  signal: AbortSignal,
): Promise<number> {
  const shared = async (height: number): Promise<boolean> => {
    const [block] = await source.ask(peer, { tag: 'number', value: height }, 1, false, signal);
    return block !== undefined && block.ref.number === height && chain.hashByNumber(height) === block.ref.hash;
  };
  if (await shared(top)) return top;
  let low = chain.finalized().number;
  let high = top;
  if (low > 0 && !(await shared(Math.min(low, top)))) {
    // An honest peer that is merely behind cannot be chosen; it has another chain or is not telling.
    throw useless('the peer does not share our finalized chain');
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (await shared(middle)) low = middle;
    else high = middle;
  }
  return low;
}
