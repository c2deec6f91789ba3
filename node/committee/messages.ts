/** What the node and its committee thread tell one another. Bytes are SCALE where a codec is named. */
import type { KeyPair } from '../../primitives/crypto/signature.ts';

import type { RoundParts } from './opened-parts.ts';

/** Given once when the thread starts; the secrets in it are never logged. */
export interface ThreadStart {
  readonly genesis: Uint8Array;
  /** Where submissions lie while their rounds are under way, if they are too many to be held in memory. */
  readonly folder: string;
  /** Bytes of them that are held in memory; what rounds of a few dozen contributors have by default. */
  readonly heldBytes?: number;
  /** Undefined in a node that is no validator: it evaluates what the committee computed and posts nothing. */
  readonly validator: ValidatorSecrets | undefined;
}

export interface ValidatorSecrets {
  /** The sr25519 committee key of the validator's session: it signs the posts, and the vault is encrypted under it. */
  readonly committee: KeyPair;
  readonly vaultPath: string;
  /** Whether a vault that names no chain is one of this chain: it lies beside final blocks of it. */
  readonly takesUnnamed: boolean;
  /** Module with a `tamper` export, for fault tests of members that lie; undefined in every real node. */
  readonly tamper: string | undefined;
}

/** State of a finalized block: `option(termInfo)`, and `roundInfo` per live round; in a node that is no validator, also of those that have just ended. */
export interface FinalState {
  readonly number: number;
  readonly term: Uint8Array;
  readonly rounds: readonly Uint8Array[];
  /** Sealed submissions out of finalized bodies that were not handed over before, in order. */
  readonly sealed: readonly Uint8Array[];
}

export interface ToThread {
  /** Undefined if it is still the one of the last message. */
  readonly final: FinalState | undefined;
  /** `roundInfo` of rounds whose close is final, as far as posts that are known bring them. */
  readonly foreseen: readonly Uint8Array[];
  /** What is public of the parts of rounds whose `U` stands, of each round once. */
  readonly opened: readonly RoundParts[];
}

export type FromThread =
  | { readonly kind: 'ready' }
  /** Sealed submissions could not be kept, as on a full disk: all are to be told again. */
  | { readonly kind: 'unkept' }
  /** Encoded unsigned extrinsics, ready for the pool, each with the duty it answers and the time it took. */
  | {
      readonly kind: 'posts';
      readonly number: number;
      readonly tookMs: number;
      readonly posts: readonly { readonly duty: string; readonly extrinsic: Uint8Array }[];
    }
  /** Whether the node's own evaluation of a round's scores gave the ciphertexts that the committee agreed on. */
  | { readonly kind: 'evaluated'; readonly round: number; readonly agrees: boolean; readonly tookMs: number }
  | { readonly kind: 'error'; readonly duty: string; readonly code: string; readonly message: string };
