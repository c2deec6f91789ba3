import { enumeration, fixed, newtype, type Of, struct, tuple, u32, u64, vec } from '../../primitives/scale/index.ts';
import { toHex } from '../../primitives/crypto/hex.ts';
import { votePayload as signedBytes } from '../../primitives/grandpa/formats.ts';
import { grandpaId } from '../session/index.ts';
import { h256 } from '../support/index.ts';

/** Formats of the crate `finality-grandpa` and of `sp_consensus_grandpa`. */
const signature = newtype('sp_consensus_grandpa::app::Signature', fixed(64));
export const prevote = struct('finality_grandpa::Prevote', { targetHash: h256, targetNumber: u32 });
export const precommit = struct('finality_grandpa::Precommit', { targetHash: h256, targetNumber: u32 });
export type Vote = Of<typeof prevote>;

const equivocationOf = (vote: typeof prevote) =>
  struct('finality_grandpa::Equivocation', {
    roundNumber: u64,
    identity: grandpaId,
    first: tuple(vote, signature),
    second: tuple(vote, signature),
  });
export const equivocation = enumeration('sp_consensus_grandpa::Equivocation', {
  Prevote: equivocationOf(prevote),
  Precommit: equivocationOf(precommit),
});
/** Two votes of one voter in one round of one set: the proof that it does not follow the protocol. */
export const equivocationProof = struct('sp_consensus_grandpa::EquivocationProof', { setId: u64, equivocation });
export type EquivocationProof = Of<typeof equivocationProof>;

export const authorityList = vec(tuple(grandpaId, u64));
export type AuthorityList = Of<typeof authorityList>;
export const scheduledChange = struct('sp_consensus_grandpa::ScheduledChange', {
  nextAuthorities: authorityList,
  delay: u32,
});
/** What the chain tells the voters, in digests of engine `FRNK`. */
export const consensusLog = enumeration(
  'sp_consensus_grandpa::ConsensusLog',
  {
    ScheduledChange: scheduledChange,
    ForcedChange: tuple(u32, scheduledChange),
    OnDisabled: u64,
    Pause: u32,
    Resume: u32,
  },
  { indexes: { ScheduledChange: 1, ForcedChange: 2, OnDisabled: 3, Pause: 4, Resume: 5 } },
);
/** Engine id of GRANDPA in digests. */
export const GRANDPA_ENGINE = Uint8Array.from([0x46, 0x52, 0x4e, 0x4b]);

const kindOf = { Prevote: 'prevote', Precommit: 'precommit', PrimaryPropose: 'propose' } as const;
export type VoteName = keyof typeof kindOf;

/** The 53 bytes that a voter signs: message tag and vote, round, set. */
export function votePayload(kind: VoteName, vote: Vote, round: bigint, setId: bigint): Uint8Array {
  const target = { hash: toHex(vote.targetHash), number: vote.targetNumber };
  return signedBytes(setId, round, kindOf[kind], target);
}
