/**
 * GRANDPA on the wire and on disk, in SCALE as Substrate writes it: block numbers u32, rounds and set ids u64, all fixed width.
 * Lists of votes are bounded by two votes per voter of the largest set.
 */
import { fromHex, toHex } from '../../../primitives/crypto/hex.ts';
import { type EquivocationProof, type Vote, votePayload as palletPayload } from '../../../pallets/grandpa/types.ts';
import { TacitError } from '../../../primitives/errors.ts';
import { enumeration, fixed, makeTy, option, struct, type Ty, u32, u64, vec } from '../../../primitives/scale/index.ts';
import type {
  BlockRef,
  CatchUp,
  Commit,
  CommitPacket,
  Equivocation,
  SignedMessage,
  SignedVote,
  View,
  VoteKind,
  VotePacket,
  VotePosition,
  VoterRecord,
} from './types.ts';
import { MAX_VOTERS } from './voter-set.ts';

/** Largest encoding that any of our decoders is given: a catch-up with two votes per voter and phase. */
export const MAX_MESSAGE = 4 * MAX_VOTERS * 132 + 256;

/** 32 bytes shown as `0x` hexadecimal. */
const name32: Ty<string> = makeTy<string>({
  minSize: 32,
  read: (reader) => toHex(reader.take(32)),
  write(writer, value) {
    const bytes = fromHex(value);
    if (bytes.length !== 32) throw new TacitError('grandpa/bad-name', 'a hash or key has 32 bytes');
    writer.raw(bytes);
  },
  def: () => ({ tag: 'array', length: 32, of: fixed(1) }),
});

const kinds: readonly VoteKind[] = ['prevote', 'precommit', 'propose'];
const kind: Ty<VoteKind> = makeTy<VoteKind>({
  minSize: 1,
  read(reader) {
    const tag = reader.u8();
    const found = kinds[tag];
    if (found === undefined) throw new TacitError('grandpa/bad-vote-kind', `${tag} is no kind of vote`);
    return found;
  },
  write: (writer, value) => writer.u8(kinds.indexOf(value)),
  def: () => ({ tag: 'primitive', name: 'u8' }),
});

const blockRef: Ty<BlockRef> = struct('grandpa::Target', { hash: name32, number: u32 });
/** A `SignedPrecommit` (or prevote): no tag of its kind. */
const signedVote: Ty<SignedVote> = struct('grandpa::SignedVote', {
  target: blockRef,
  signature: fixed(64),
  id: name32,
});
const signedMessage: Ty<SignedMessage> = struct('grandpa::SignedMessage', {
  kind,
  target: blockRef,
  signature: fixed(64),
  id: name32,
});
const votes: Ty<readonly SignedVote[]> = vec(signedVote).upTo(2 * MAX_VOTERS) as Ty<readonly SignedVote[]>;

export const commitCodec: Ty<Commit> = struct('grandpa::Commit', { target: blockRef, precommits: votes });
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

/** The 53 bytes a vote signs, as the pallet checks them. */
export function votePayload(setId: bigint, round: bigint, voteKind: VoteKind, target: BlockRef): Uint8Array {
  return palletPayload(names[voteKind], voteFor(target), round, setId);
}

/** The proof that the pallet judges. */
export function equivocationProofOf({ setId, round, phase, id, first, second }: Equivocation): EquivocationProof {
  const half = ({ target, signature }: SignedVote): [Vote, Uint8Array] => [voteFor(target), signature];
  const value = { roundNumber: round, identity: fromHex(id), first: half(first), second: half(second) };
  return { setId, equivocation: { tag: names[phase], value } };
}
