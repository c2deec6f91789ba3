import { TacitError } from '../../primitives/errors.ts';
import type { Runtime } from '../../runtime/index.ts';
import type { Trie } from '../../primitives/trie/index.ts';
import type { Chain } from '../chain/chain.ts';
import type { TransactionPool } from '../chain/pool/pool.ts';
import type { BlockRef, HexHash, Network } from '../base/types.ts';
import type { SessionKeyring } from '../session-keys.ts';
import { hashParam } from './params.ts';

/** What clients are told about the chain as a whole. */
export interface ChainInfo {
  readonly name: string;
  /** Development, Local or Live. */
  readonly type: string;
  readonly properties: { readonly ss58Format: number; readonly tokenDecimals: number; readonly tokenSymbol: string };
}

export type VersionInfo = Runtime['version'];

/** What the RPC methods speak for. */
export interface Backend {
  readonly chain: Chain;
  readonly pool: TransactionPool;
  readonly runtime: Pick<Runtime, 'version' | 'metadata'>;
  readonly info: ChainInfo;
  readonly network: Pick<Network, 'peerId' | 'addresses' | 'peers' | 'isSyncing'>;
  readonly isAuthority: boolean;
  /** The keys of a validator. */
  readonly keyring?: SessionKeyring | undefined;
  /** GRANDPA's current round, as `grandpa_roundState` shows it. */
  readonly roundState: () => unknown;
  readonly nodeName: string;
  readonly nodeVersion: string;
}

const unknownBlock = (hash: HexHash): TacitError =>
  new TacitError('chain/unknown-block', `UnknownBlock: Header was not found in the database: ${hash}`);

/** The block that an optional last parameter names; the best one if there is none. */
export function blockAt({ chain }: Backend, value: unknown): BlockRef {
  if (value === undefined || value === null) return chain.best();
  const hash = hashParam(value);
  const header = chain.header(hash);
  if (!header) throw unknownBlock(hash);
  return { hash, number: header.number };
}

export function stateAt(backend: Backend, value: unknown): Trie {
  const { hash } = blockAt(backend, value);
  return backend.chain.state(hash)!;
}
