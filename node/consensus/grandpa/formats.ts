/**
 * GRANDPA on the wire and on disk, in SCALE as Substrate writes it: block numbers u32, rounds and set ids u64, all fixed width.
 * Lists of votes are bounded by two votes per voter of the largest set.
 */
import { type EquivocationProof, type Vote } from '../../../pallets/grandpa/types.ts';
import { fromHex } from '../../../primitives/crypto/hex.ts';
import {
  type BlockRef,
  blockRef,
  commitCodec,
  type Equivocation,
  MAX_VOTERS,
  signedMessage,
  type SignedVote,
  signedVotes as votes,
  voteKind as kind,
} from '../../../primitives/grandpa/index.ts';
import { enumeration, option, struct, type Ty, u32, u64, vec } from '../../../primitives/scale/index.ts';
import type { CatchUp, CommitPacket, View, VotePacket, VotePosition, VoterRecord } from './types.ts';

export { votePayload } from '../../../primitives/grandpa/index.ts';

/** Largest encoding that any of our decoders is given: a catch-up with two votes per voter and phase. */
export const MAX_MESSAGE = 4 * MAX_VOTERS * 132 + 256;

const catchUp: Ty<CatchUp> = struct('grandpa::CatchUp', {
  setId: u64,
  round: u64,
  base: blockRef,
  prevotes: votes,
  precommits: votes,
});

/** What the topic `grandpa` carries. `attempt` tells a vote that is sent again from its first sending: gossip drops repetitions. */
export type GrandpaGossip =
  | { readonly tag: 'vote'; readonly value: VotePacket & { readonly attempt: number } }
  | { readonly tag: 'commit'; readonly value: CommitPacket };
export const grandpaGossip: Ty<GrandpaGossip> = enumeration('grandpa::Gossip', {
  vote: { round: u64, setId: u64, message: signedMessage, attempt: u32 },
  commit: { round: u64, setId: u64, commit: commitCodec },
}) as Ty<GrandpaGossip>;

/** What peers say to each other on a stream: where they stand, and the votes of a completed round. */
export type GrandpaRequest =
  | { readonly tag: 'view'; readonly value: View }
  | { readonly tag: 'catchUp'; readonly value: { readonly setId: bigint; readonly round: bigint } };
const view: Ty<View> = struct('grandpa::View', { round: u64, setId: u64, finalized: u32 });
export const grandpaRequest: Ty<GrandpaRequest> = enumeration('grandpa::Request', {
  view,
  catchUp: { setId: u64, round: u64 },
}) as Ty<GrandpaRequest>;
export type GrandpaResponse =
  | { readonly tag: 'view'; readonly value: View }
  | { readonly tag: 'catchUp'; readonly value: CatchUp | undefined };
export const grandpaResponse: Ty<GrandpaResponse> = enumeration('grandpa::Response', {
  view,
  catchUp: option(catchUp),
}) as Ty<GrandpaResponse>;

const castVote = struct('grandpa::CastVote', { round: u64, message: signedMessage });
export const voterRecord: Ty<VoterRecord> = struct('grandpa::VoterRecord', {
  setId: u64,
  completed: option(catchUp),
  base: blockRef,
  cast: vec(castVote).upTo(64),
}) as Ty<VoterRecord>;
export const votePosition: Ty<VotePosition> = struct('grandpa::VotePosition', { setId: u64, round: u64, kind });

const names = { prevote: 'Prevote', precommit: 'Precommit', propose: 'PrimaryPropose' } as const;
const voteFor = ({ hash, number }: BlockRef): Vote => ({ targetHash: fromHex(hash), targetNumber: number });

/** The proof that the pallet judges. */
export function equivocationProofOf({ setId, round, phase, id, first, second }: Equivocation): EquivocationProof {
  const half = ({ target, signature }: SignedVote): [Vote, Uint8Array] => [voteFor(target), signature];
  const value = { roundNumber: round, identity: fromHex(id), first: half(first), second: half(second) };
  return { setId, equivocation: { tag: names[phase], value } };
}
