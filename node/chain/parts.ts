import type { Header } from '../../pallets/support/types.ts';
import type { Applied } from '../../primitives/trie/index.ts';
import type { ChainRuntime, Host } from '../base/runtime.ts';
import type { Verifier } from '../base/types.ts';
import type { BlockStore } from '../db/index.ts';

export interface ChainParts {
  readonly store: BlockStore;
  readonly runtime: ChainRuntime;
  readonly verifier: Verifier & Host;
  /** State and header of block 0. */
  readonly genesis: Genesis;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Large extrinsics of blocks this far below the finalized one are dropped; undefined keeps them all. */
  readonly bodiesKept: number | undefined;
  /** An error that no caller can be told of. */
  readonly onError: (error: unknown) => void;
}

export interface Genesis {
  readonly applied: Applied;
  readonly header: Header;
}
