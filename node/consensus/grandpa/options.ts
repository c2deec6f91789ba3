import type { Logger } from 'pino';
import type { EquivocationProof } from '../../../pallets/grandpa/types.ts';
import type { Equivocation } from '../../../primitives/grandpa/index.ts';
import type { ChainApi, MetaStore, Verifier } from '../../base/types.ts';
import type { GrandpaWire } from '../../network/types.ts';
import type { LastVote } from './last-vote.ts';

/** T: the time a message is assumed to need. A round lasts 4T when all is well. */
export const DEFAULT_PERIOD = 120;

/** An ed25519 key that votes. */
export interface VoterKey {
  readonly publicKey: Uint8Array;
  sign(payload: Uint8Array): Uint8Array;
}

export interface GrandpaOptions {
  readonly chain: ChainApi;
  readonly wire: GrandpaWire;
  readonly store: MetaStore;
  readonly verifier: Verifier;
  readonly log: Logger;
  /** Absent in a node that only follows. */
  readonly key?: VoterKey;
  /** Tells whether `store` has lost votes of the key. */
  readonly lastVote?: LastVote;
  /** T in milliseconds. */
  readonly period?: number;
  /** Milliseconds, monotonic. */
  readonly now?: () => number;
  /** Milliseconds since 1970. */
  readonly wallClock?: () => number;
  /** Told of every voter caught voting twice, with the proof for `grandpa.reportEquivocation`. */
  readonly onEquivocation?: (proof: EquivocationProof, equivocation: Equivocation) => void;
}
