import type { Logger } from 'pino';
import type { ChainSpec } from '../../chain-spec/index.ts';
import type { TacitError } from '../../primitives/errors.ts';
import type { Chain, ChainApi, TransactionPool } from '../chain/index.ts';
import type { BlockStore } from '../db/index.ts';
import type { ValidatorKeys } from '../keys.ts';
import type { KeyClaims } from '../process/key-claims.ts';
import type { SessionKeyring } from '../session-keys.ts';
import type { NetworkService } from '../network/index.ts';
import type { Origins } from '../rpc/index.ts';
import type { VerifyPool } from '../workers/index.ts';
import type { Stops } from './lifetime.ts';

export interface NodeConfig {
  readonly spec: ChainSpec;
  /** Where the database and the peer key live. */
  readonly directory: string;
  /** Present in a validator. */
  readonly keys: ValidatorKeys | undefined;
  /** Has, or takes, whatever keys sign; released when the node has stopped. */
  readonly claims: KeyClaims;
  readonly rpc: { readonly host: string; readonly port: number; readonly origins: Origins };
  /** Undefined: no metrics are served. */
  readonly metricsPort: number | undefined;
  /** Multiaddresses to listen on. */
  readonly listen: readonly string[];
  readonly bootnodes: readonly string[];
  readonly archive: boolean;
  /** Module that makes this member of the committee lie: for fault tests only. */
  readonly tamper?: string | undefined;
  readonly log: Logger;
}

/** A node that runs. */
export interface RunningNode {
  readonly chain: ChainApi;
  /** State and runtime APIs, for those in the process. */
  readonly states: Chain;
  /** Also small records by name (`store.meta`). */
  readonly store: BlockStore;
  readonly pool: TransactionPool;
  readonly network: NetworkService;
  readonly verifier: VerifyPool;
  readonly rpcPort: number;
  readonly metricsPort: number | undefined;
  /** Resolves with `db/damaged` when the database turns out to have lost something, `db/write-failed` when a write failed: the node is to be stopped. */
  readonly damaged: Promise<TacitError>;
  /** Ends everything in order; what was acknowledged is in the database. */
  stop(): Promise<void>;
}

/** A validator's keys: those that sign, and all that it holds. */
export interface Signing {
  readonly keys: ValidatorKeys;
  readonly keyring: SessionKeyring;
  readonly vaultPath: string;
  /** Whether there were final blocks of the chain beside it at the start. */
  readonly hadBlocks: boolean;
}

/** What every part of the node is built on. */
export interface Foundation {
  readonly config: NodeConfig;
  /** Undefined in a node that validates nothing. */
  readonly signing: Signing | undefined;
  readonly stops: Stops;
  readonly onError: (error: unknown) => void;
  readonly verifier: VerifyPool;
  readonly store: BlockStore;
  readonly chain: Chain;
  readonly pool: TransactionPool;
  /** Chain and pool as one, as network and finality see them. */
  readonly api: ChainApi;
}
