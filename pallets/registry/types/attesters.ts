/** Who vouches for works, and what it said of which. */
import {
  bool,
  bounded,
  enumeration,
  field,
  named,
  type Of,
  option,
  str,
  struct,
  u8,
  u32,
  u64,
} from '../../../primitives/scale/index.ts';
import { asset } from '../../ownership/types.ts';
import { accountId, balance, blockNumber, h256 } from '../../support/index.ts';

export const MAX_ATTESTER_NAME = 64;
export const claimId = named('ClaimId', u64, 'Number of the claim.');

/** What an attester vouches for, one bit each. */
export const ATTESTS = { Identity: 1, SafetyAudit: 2, EnclaveQuote: 4, Benchmark: 8, Holder: 16 } as const;
export const ALL_KINDS = 31;
export const kinds = field(
  u8,
  'What it vouches for, added up: 1 identity, 2 safety audits, 4 enclave quotes, 8 benchmarks, 16 holders.',
);
export const claimKind = enumeration('tacit_registry::ClaimKind', {
  /** Who is behind the asset. */
  Identity: null,
  /** It was examined for harm that it could do. */
  SafetyAudit: null,
  /** It was made or runs in hardware whose quote was checked. */
  EnclaveQuote: null,
  /** How well it does on a benchmark. */
  Benchmark: null,
  /** Whose it is, of those whose accounts are paid as one: the digest names the holder, the same in all claims about its data. */
  Holder: null,
});
export type ClaimKind = Of<typeof claimKind>;

/** An account that vouches for works, with a bond behind its word. */
export const attester = struct('tacit_registry::Attester', {
  name: bounded(str, MAX_ATTESTER_NAME),
  kinds: field(u8, 'What it offers to vouch for; an admission says for which its word counts.'),
  bond: field(balance, 'Reserved, and lost if it lied.'),
  free: field(option(blockNumber), 'It has left: from this block on it may take its bond.'),
  disputes: field(u32, 'Open disputes about its claims: until they are over it does not take its bond.'),
});
export type Attester = Of<typeof attester>;

/** A time for which governance admitted an attester. Its end is put once and never moved back. */
export const admission = struct('tacit_registry::Admission', {
  kinds,
  from: field(blockNumber, 'The first block in which its word counts.'),
  until: field(blockNumber, 'The first block in which it no longer does.'),
  ended: field(option(blockNumber), 'The block in which it was dismissed or left before that.'),
});
export type Admission = Of<typeof admission>;

/** What an attester says of an asset: a digest of its report. Kept for good, with its end. */
export const claim = struct('tacit_registry::Claim', {
  attester: accountId,
  asset,
  kind: claimKind,
  digest: field(h256, 'sha2-256 of the report, or the name of the holder.'),
  admission: field(u32, 'Under which of the attester’s admissions.'),
  from: field(blockNumber, 'The first block in which it holds.'),
  until: field(blockNumber, 'The first block in which it no longer does.'),
  revoked: field(option(blockNumber), 'The block in which the attester took it back.'),
  struck: field(option(blockNumber), 'The block since which a ruling stands that it is false.'),
});
export type Claim = Of<typeof claim>;

export const judgedClaim = struct('tacit_registry::JudgedClaim', {
  id: claimId,
  claim,
  valid: field(bool, 'Whether it held in the block that was asked for.'),
});
export type JudgedClaim = Of<typeof judgedClaim>;
