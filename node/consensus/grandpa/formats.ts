/**
 * GRANDPA on the wire and on disk, in SCALE as Substrate writes it: block numbers u32, rounds and set ids u64, all fixed width.
 * Votes and proofs themselves stand in primitives/grandpa; lists of votes are bounded by two votes per voter of the largest set.
 */
import { type EquivocationProof, type Vote } from '../../../pallets/grandpa/types.ts';
import { header } from '../../../primitives/block/header.ts';
import { fromHex } from '../../../primitives/crypto/hex.ts';
import {
  type AncestryBlock,
  ancestryBlock,
  type BlockRef,
  blockRef,
  type Equivocation,
  justificationCodec,
  type RoundState,
  signedMessage,
  type SignedVote,
  signedVotes as votes,
  voteKind as kind,
} from '../../../primitives/grandpa/index.ts';
import { bool, enumeration, makeTy, option, struct, type Ty, u32, u64, vec } from '../../../primitives/scale/index.ts';
import { MAX_ROUND_BLOCKS } from './round-votes.ts';
import type { CatchUp, CommitPacket, RoundVotes, View, VotePacket, VotePosition, VoterRecord } from './types.ts';

export { votePayload } from '../../../primitives/grandpa/index.ts';

/** Largest answer that we take: the votes of two rounds with their headers. */
export const MAX_CATCH_UP = 2 * 1024 * 1024;

/** A header on the wire, a block of an ancestry here. */
const ancestryBlockCodec: Ty<AncestryBlock> = makeTy<AncestryBlock>({
  minSize: header.minSize,
  read: (reader) => ancestryBlock(header.read(reader)),
  write: (writer, block) => header.write(writer, block.header),
  def: () => header.def(),
});
const roundVotes: Ty<RoundVotes> = struct('grandpa::RoundVotes', {
  round: u64,
  base: blockRef,
  prevotes: votes,
  precommits: votes,
  ancestry: vec(ancestryBlockCodec).upTo(MAX_ROUND_BLOCKS),
}) as Ty<RoundVotes>;
const catchUp: Ty<CatchUp> = struct('grandpa::CatchUp', { setId: u64, rounds: vec(roundVotes).upTo(2) }) as Ty<CatchUp>;

/** What the topic `grandpa` carries. `attempt` tells a vote that is sent again from its first sending: gossip drops repetitions. */
export type GrandpaGossip =
  | { readonly tag: 'vote'; readonly value: VotePacket & { readonly attempt: number } }
  | { readonly tag: 'commit'; readonly value: CommitPacket };
export const grandpaGossip: Ty<GrandpaGossip> = enumeration('grandpa::Gossip', {
  vote: { round: u64, setId: u64, message: signedMessage, attempt: u32 },
  commit: { setId: u64, justification: justificationCodec },
}) as Ty<GrandpaGossip>;

/** What peers say to each other on a stream: where they stand, and the votes of the running round and the one before. */
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
const roundState: Ty<RoundState> = struct('grandpa::RoundState', {
  prevoteGhost: option(blockRef),
  finalized: option(blockRef),
  estimate: option(blockRef),
  completable: bool,
});
export const voterRecord: Ty<VoterRecord> = struct('grandpa::VoterRecord', {
  setId: u64,
  completed: option(struct('grandpa::Completed', { votes: roundVotes, state: roundState })),
  running: roundVotes,
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
