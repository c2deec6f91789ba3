/** What goes into the voter and what comes out of it. */
import type {
  BlockRef,
  Equivocation,
  Justification,
  SignedMessage,
  VoterSet,
} from '../../../primitives/grandpa/index.ts';
import type { CatchUp, CommitPacket, View, VotePacket, VoterRecord } from './types.ts';

export type VoterInput =
  | { readonly kind: 'tick' }
  /** New blocks are in the chain: what waited for them is looked at again. */
  | { readonly kind: 'blocks' }
  /** The chain has finalized a block, for our asking or another reason, and holds it on its disk. */
  | { readonly kind: 'finalized'; readonly block: BlockRef }
  /** The effect with this number has been done, or could not be. Until one of both comes, nothing is believed of it. */
  | { readonly kind: 'done' | 'failed'; readonly effect: EffectId }
  /** Votes, commits and catch-ups come with verified signatures; `from` is the peer that passed them on. */
  | { readonly kind: 'vote'; readonly packet: VotePacket; readonly from?: string }
  | { readonly kind: 'commit'; readonly packet: CommitPacket; readonly from?: string }
  | { readonly kind: 'view'; readonly peer: string; readonly view: View }
  | { readonly kind: 'catch-up'; readonly peer: string; readonly catchUp: CatchUp }
  /** A peer gave no usable answer to our catch-up request. */
  | { readonly kind: 'no-catch-up'; readonly peer: string }
  | { readonly kind: 'peer-gone'; readonly peer: string };

export type EffectId = number;

export type VoterAction =
  /** Effects: each is answered by `done` or `failed`, at most one of a kind is under way. */
  | { readonly kind: 'persist'; readonly effect: EffectId; readonly record: VoterRecord }
  | {
      readonly kind: 'finalize';
      readonly effect: EffectId;
      readonly setId: bigint;
      readonly justification: Justification;
    }
  | { readonly kind: 'send'; readonly packet: VotePacket; readonly again: boolean }
  | { readonly kind: 'send-commit'; readonly packet: CommitPacket }
  /** Tell the peers where we stand. */
  | { readonly kind: 'view'; readonly view: View }
  | { readonly kind: 'ask-catch-up'; readonly peer: string; readonly round: bigint }
  | { readonly kind: 'equivocation'; readonly proof: Equivocation }
  /** A vote or proof names a block that we do not have; `from` is the peer that passed it on. */
  /** `again`: nobody has named it anew. */
  | {
      readonly kind: 'want-block';
      readonly block: BlockRef;
      readonly from: string | undefined;
      readonly again: boolean;
    };

export interface VoterConfig {
  readonly voters: VoterSet;
  readonly setId: bigint;
  /** Last finalized block at the start. */
  readonly finalized: BlockRef;
  /** T in milliseconds. */
  readonly period: number;
  /** Our key, absent in a node that only follows. */
  readonly self:
    | {
        readonly id: string;
        sign(packet: Omit<VotePacket, 'message'>, kind: SignedMessage['kind'], target: BlockRef): Uint8Array;
      }
    | undefined;
  /** Votes of this set that are not in the record may have been cast in rounds up to this one: there is no vote in those. */
  readonly silentThrough?: bigint;
  /** How far above a round's base votes go, in blocks; {@link REACH} of voting-round.ts if absent. */
  readonly reach?: number;
  /** What the last run left, of this set or undefined. */
  readonly record: VoterRecord | undefined;
}
