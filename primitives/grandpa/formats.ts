/**
 * Votes and proofs of GRANDPA in SCALE as Substrate writes them: block numbers u32, rounds and set ids u64, all fixed width.
 * Lists of votes are bounded by two votes per voter of the largest set.
 */
import { header } from '../block/header.ts';
import { fromHex, toHex } from '../crypto/hex.ts';
import { TacitError } from '../errors.ts';
import { fixed, makeTy, struct, type Ty, u32, u64, vec, Writer } from '../scale/index.ts';
import type { BlockRef, Commit, Justification, SignedMessage, SignedVote, VoteKind } from './types.ts';
import { MAX_VOTERS } from './voter-set.ts';

/** More headers than this in one justification are refused: voters who finalize vote close together. */
export const MAX_ANCESTRIES = 1024;

/** 32 bytes shown as `0x` hexadecimal. */
const name32: Ty<string> = makeTy<string>({
  minSize: 32,
  read: (reader) => toHex(reader.take(32)),
  write(writer, value) {
    const bytes = fromHex(value);
    if (bytes.length !== 32)
      throw new TacitError('grandpa/bad-name', `a hash or key has 32 bytes, not ${bytes.length}`);
    writer.raw(bytes);
  },
  def: () => ({ tag: 'array', length: 32, of: fixed(1) }),
});

const kinds: readonly VoteKind[] = ['prevote', 'precommit', 'propose'];
/** One byte: which kind of vote. */
export const voteKind: Ty<VoteKind> = makeTy<VoteKind>({
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

export const blockRef: Ty<BlockRef> = struct('grandpa::Target', { hash: name32, number: u32 });
/** A `SignedPrecommit` (or prevote): no tag of its kind. */
export const signedVote: Ty<SignedVote> = struct('grandpa::SignedVote', {
  target: blockRef,
  signature: fixed(64),
  id: name32,
});
export const signedMessage: Ty<SignedMessage> = struct('grandpa::SignedMessage', {
  kind: voteKind,
  target: blockRef,
  signature: fixed(64),
  id: name32,
});
export const signedVotes: Ty<readonly SignedVote[]> = vec(signedVote).upTo(2 * MAX_VOTERS) as Ty<readonly SignedVote[]>;

export const commitCodec: Ty<Commit> = struct('grandpa::Commit', { target: blockRef, precommits: signedVotes });
/** As Substrate stores it under the engine id FRNK. */
export const justificationCodec: Ty<Justification> = struct('grandpa::Justification', {
  round: u64,
  commit: commitCodec,
  ancestries: vec(header).upTo(MAX_ANCESTRIES),
}) as Ty<Justification>;

/** The 53 bytes that a vote signs: kind, target, round, set. */
export function votePayload(setId: bigint, round: bigint, kind: VoteKind, target: BlockRef): Uint8Array {
  const writer = new Writer(53);
  voteKind.write(writer, kind);
  blockRef.write(writer, target);
  writer.u64(round);
  writer.u64(setId);
  return writer.finish();
}
