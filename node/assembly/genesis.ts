import type { ChainSpec } from '../../chain-spec/index.ts';
import { fromLatin1 } from '../../pallets/support/index.ts';
import { type Change, Trie } from '../../primitives/trie/index.ts';
import { runtime } from '../../runtime/index.ts';
import type { Genesis } from '../chain/index.ts';

/** The genesis block of a specification: the same on every node. */
export function genesisOf(spec: ChainSpec): Genesis {
  const { changes, header } = runtime.genesis(spec);
  const writes = [...changes].map(([key, value]): Change => [fromLatin1(key), value]);
  const applied = new Trie({ get: () => undefined }, Trie.emptyRoot).apply(writes);
  return { applied, header: header(applied.root) };
}
