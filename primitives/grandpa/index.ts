/**
 * GRANDPA without a node: formats of votes and proofs, the counting of a round, and the one rule by which commits are made and
 * checked. Pure: no clock, no I/O; usable by nodes, audits and browsers. The voter itself lives in node/consensus/grandpa.
 *
 * ```ts
 * const { target } = await verifyJustification(bytes, authorities, setId, verifySignature);
 * ```
 */
export { ancestryBlock, descends, withBlocks } from './ancestry.ts';
export { commitOf, type CommitVerdict, validateCommit } from './commit.ts';
export {
  blockRef,
  commitCodec,
  justificationCodec,
  MAX_ANCESTRIES,
  signedMessage,
  signedVote,
  signedVotes,
  voteKind,
  votePayload,
} from './formats.ts';
export {
  type Authorities,
  badJustification,
  checkJustification,
  checkProof,
  decodeJustification,
  encodeJustification,
  justify,
  type SignatureCheck,
  signatureOf,
  verifyJustification,
  voterSetOf,
} from './justification.ts';
export { genesisState, Round, type RoundState, type VoteImport } from './round.ts';
export {
  type Ancestry,
  type AncestryBlock,
  type BlockRef,
  type Commit,
  type Equivocation,
  type Justification,
  type KnownBlock,
  type Phase,
  sameBlock,
  type SignedMessage,
  type SignedVote,
  type VoteKind,
} from './types.ts';
export { type Authority, MAX_VOTERS, VoterSet } from './voter-set.ts';
