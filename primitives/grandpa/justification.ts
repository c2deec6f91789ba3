/**
 * Proofs that a block is final: `round ++ commit ++ headers` as Substrate stores them under the engine id FRNK. The headers lead
 * from the lowest precommit's target to all others, so that the proof stands without a chain.
 */
import type { Header } from '../block/header.ts';
import { fromHex, toHex } from '../crypto/hex.ts';
import { isTacitError, TacitError } from '../errors.ts';
import { ancestryBlock } from './ancestry.ts';
import { commitOf, validateCommit } from './commit.ts';
import { justificationCodec, MAX_ANCESTRIES, votePayload } from './formats.ts';
import type { Round } from './round.ts';
import type { Ancestry, BlockRef, Commit, Justification, SignedVote, VoteKind } from './types.ts';
import { VoterSet } from './voter-set.ts';

/** The voters of a set as the chain names them: ed25519 public keys (32 bytes) and weights. */
export type Authorities = readonly { readonly id: Uint8Array; readonly weight: bigint }[];

/** An ed25519 signature (64 bytes) of `publicKey` (32 bytes) that is to be checked by the chain's rule (primitives/crypto/signature.ts). */
export interface SignatureCheck {
  readonly publicKey: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

export function voterSetOf(authorities: Authorities): VoterSet {
  return new VoterSet(authorities.map(({ id, weight }) => ({ id: toHex(id), weight })));
}

/** The signature of a vote. */
export function signatureOf(setId: bigint, round: bigint, kind: VoteKind, vote: SignedVote): SignatureCheck {
  return {
    publicKey: fromHex(vote.id),
    message: votePayload(setId, round, kind, vote.target),
    signature: vote.signature,
  };
}

/**
 * The proof that a round's precommits give for the highest block above height `above`, with at most `maxHeaders` headers; undefined if
 * they give none.
 */
export function justify(round: Round, above: number, maxHeaders: number = MAX_ANCESTRIES): Justification | undefined {
  const headersOf = (commit: Commit): Header[] => ancestriesOf(commit, (hash) => round.block(hash)?.header);
  const commit = commitOf(round, above, (some) => headersOf(some).length <= maxHeaders);
  return commit && { round: round.number, commit, ancestries: headersOf(commit) };
}

/** Bytes of a commit with the headers that `header` gives. Throws `grandpa/unknown-block` if one is missing. */
export function encodeJustification(
  round: bigint,
  commit: Commit,
  header: (hash: string) => Header | undefined,
): Uint8Array {
  return justificationCodec.codec.enc({ round, commit, ancestries: ancestriesOf(commit, header) });
}

function ancestriesOf({ precommits }: Commit, header: (hash: string) => Header | undefined): Header[] {
  const base = Math.min(...precommits.map(({ target }) => target.number));
  const between = new Map<string, Header>();
  for (const { target } of precommits) {
    for (let { hash, number } = target; number > base && !between.has(hash); number--) {
      const found = header(hash);
      if (found === undefined)
        throw new TacitError('grandpa/unknown-block', `the header of block ${number}, a precommit's, is missing`, {
          hash,
        });
      between.set(hash, found);
      hash = toHex(found.parentHash);
    }
  }
  return [...between.values()];
}

/** Throws `grandpa/bad-justification` if the bytes have not its form. */
export function decodeJustification(bytes: Uint8Array): Justification {
  try {
    return justificationCodec.codec.dec(bytes);
  } catch (error) {
    if (isTacitError(error)) throw badJustification('not a justification');
    throw error;
  }
}

/** Everything about a proof but its signatures, which are left to the caller. Throws `grandpa/bad-justification`. */
export function checkProof(
  { round, commit, ancestries }: Justification,
  voters: VoterSet,
  setId: bigint,
): { readonly round: bigint; readonly target: BlockRef; readonly signatures: SignatureCheck[] } {
  const blocks = new Map(ancestries.map(ancestryBlock).map((block) => [block.hash, block]));
  const visited = new Set<string>();
  const chain: Ancestry = {
    block(hash) {
      visited.add(hash);
      return blocks.get(hash);
    },
  };
  const verdict = validateCommit(commit, voters, chain);
  if (!verdict.valid) throw badJustification(verdict.reason);
  // Headers that no vote needs, or that come twice, would make the same proof exist in many forms.
  const needed = [...blocks.keys()].filter((hash) => visited.has(hash)).length;
  if (needed !== ancestries.length) throw badJustification('superfluous headers');
  const signatures = commit.precommits.map((vote) => signatureOf(setId, round, 'precommit', vote));
  return { round, target: commit.target, signatures };
}

/** {@link checkProof} of encoded bytes. */
export function checkJustification(
  bytes: Uint8Array,
  authorities: Authorities,
  setId: bigint,
): ReturnType<typeof checkProof> {
  return checkProof(decodeJustification(bytes), voterSetOf(authorities), setId);
}

/**
 * Whether `bytes` prove that the voters of a set finalized a block, and which. The set that votes on a block is the one in the
 * state of its parent. Throws `grandpa/bad-justification` if they do not.
 *
 * ```ts
 * const { target } = await verifyJustification(bytes, authorities, setId, ({ publicKey, message, signature }) =>
 *   ed25519Verify(signature, message, publicKey),
 * );
 * ```
 */
export async function verifyJustification(
  bytes: Uint8Array,
  authorities: Authorities,
  setId: bigint,
  verifySignature: (check: SignatureCheck) => boolean | Promise<boolean>,
): Promise<{ readonly round: bigint; readonly target: BlockRef }> {
  const { round, target, signatures } = checkJustification(bytes, authorities, setId);
  for (const check of signatures) if (!(await verifySignature(check))) throw badJustification('a signature is wrong');
  return { round, target };
}

export function badJustification(reason: string): TacitError {
  return new TacitError('grandpa/bad-justification', `justification refused: ${reason}`, { reason });
}
