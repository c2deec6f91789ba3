/**
 * Proofs that a block is final: `round ++ commit ++ headers` as Substrate stores them under the engine id FRNK. The headers lead
 * from the lowest precommit's target to all others, so that the proof stands without a chain.
 */
import { fromHex, toHex } from '../../../primitives/crypto/hex.ts';
import { TacitError } from '../../../primitives/errors.ts';
import { struct, u64, vec } from '../../../primitives/scale/index.ts';
import { header as headerCodec } from '../../../pallets/support/types.ts';
import { headerHash } from '../../base/header.ts';
import type { AuthoritySet, Header, Verifier, VerifyTask } from '../../base/types.ts';
import { decodeUntrusted } from '../../base/untrusted.ts';
import { validateCommit } from './commit.ts';
import { commitCodec, votePayload } from './formats.ts';
import type { BlockRef, ChainView, Commit, SignedVote, VoteKind } from './types.ts';
import { VoterSet } from './voter-set.ts';

export interface Justification {
  readonly round: bigint;
  readonly commit: Commit;
  /** Headers between the lowest precommit target (exclusive) and the others (inclusive). */
  readonly ancestries: readonly Header[];
}

/** More headers than this between precommit targets are refused: voters who finalize vote close together. */
const MAX_ANCESTRIES = 1024;
const justificationCodec = struct('grandpa::Justification', {
  round: u64,
  commit: commitCodec,
  ancestries: vec(headerCodec).upTo(MAX_ANCESTRIES),
});

/** The voters of a set by their hexadecimal names. */
export function voterSetOf({ authorities }: Pick<AuthoritySet, 'authorities'>): VoterSet {
  return new VoterSet(authorities.map(({ id, weight }) => ({ id: toHex(id), weight })));
}

/** Bytes of the proof for a commit whose blocks are known. Throws `grandpa/unknown-block` if a header is missing. */
export function encodeJustification(
  round: bigint,
  commit: Commit,
  header: (hash: string) => Header | undefined,
): Uint8Array {
  const base = Math.min(...commit.precommits.map(({ target }) => target.number));
  const between = new Map<string, Header>();
  for (const { target } of commit.precommits) {
    for (let { hash, number } = target; number > base && !between.has(hash); number--) {
      const found = header(hash);
      if (found === undefined) throw new TacitError('grandpa/unknown-block', 'no header for a precommit', { hash });
      between.set(hash, found);
      hash = toHex(found.parentHash);
    }
  }
  return justificationCodec.codec.enc({ round, commit, ancestries: [...between.values()] });
}

/** Throws `grandpa/bad-justification` if the bytes have not its form. */
export function decodeJustification(bytes: Uint8Array): Justification {
  const decoded = decodeUntrusted(justificationCodec, bytes);
  if (decoded === undefined) throw bad('not a justification');
  return decoded;
}

/** The ed25519 check of a vote. */
export function voteTask(setId: bigint, round: bigint, kind: VoteKind, vote: SignedVote): VerifyTask {
  return { kind: 'ed25519', parts: [fromHex(vote.id), votePayload(setId, round, kind, vote.target), vote.signature] };
}

/** Everything about a proof but its signatures, which are left to the caller as tasks. Throws `grandpa/bad-justification`. */
export function checkJustification(
  bytes: Uint8Array,
  authorities: AuthoritySet['authorities'],
  setId: bigint,
): { readonly round: bigint; readonly target: BlockRef; readonly tasks: VerifyTask[] } {
  const { round, commit, ancestries } = decodeJustification(bytes);
  const blocks = new Map(ancestries.map((header) => [headerHash(header), header]));
  const visited = new Set<string>();
  const chain: ChainView = {
    block(hash) {
      const header = blocks.get(hash);
      if (header === undefined) return undefined;
      visited.add(hash);
      return { number: header.number, parent: toHex(header.parentHash) };
    },
    bestContaining: () => undefined,
  };
  const verdict = validateCommit(commit, voterSetOf({ authorities }), chain);
  if (!verdict.valid) throw bad(verdict.reason);
  // Headers that no vote needs would make the same proof exist in many forms.
  if (visited.size !== ancestries.length) throw bad('superfluous headers');
  return {
    round,
    target: commit.target,
    tasks: commit.precommits.map((vote) => voteTask(setId, round, 'precommit', vote)),
  };
}

/** Whether `bytes` prove that the voters of a set finalized a block, and which. Throws `grandpa/bad-justification` if not. */
export async function verifyJustification(
  bytes: Uint8Array,
  authorities: AuthoritySet['authorities'],
  setId: bigint,
  verifier: Verifier,
): Promise<{ readonly round: bigint; readonly target: BlockRef }> {
  const { round, target, tasks } = checkJustification(bytes, authorities, setId);
  const results = await verifier.verify(tasks);
  if (results.length !== tasks.length || !results.every(Boolean)) throw bad('a signature is wrong');
  return { round, target };
}

function bad(reason: string): TacitError {
  return new TacitError('grandpa/bad-justification', `justification refused: ${reason}`, { reason });
}
