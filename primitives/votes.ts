/** What a juror commits to before the panel's votes are opened: the runtime checks it, a client makes it on its own machine. */
import { concatBytes, littleEndian, utf8 } from './crypto/bytes.ts';
import { blake2b256 } from './crypto/hash.ts';

/** Votes as they stand in the commitment. */
const VERDICTS = { Upheld: 0, Dismissed: 1 } as const;

export interface CommittedVote {
  /** Hash of block 0. */
  readonly genesis: Uint8Array;
  readonly dispute: bigint;
  readonly level: number;
  readonly juror: Uint8Array;
  readonly verdict: keyof typeof VERDICTS;
  /** 32 random bytes, secret until the vote is opened. */
  readonly salt: Uint8Array;
}

/**
 * blake2b-256 of `tacit/vote/1`, the genesis hash, dispute (u64, little endian), level (u8), juror, verdict (u8: 0 upheld, 1 dismissed) and salt, one after
 * the other. The juror is in it: what another has committed to cannot be copied.
 */
export function voteCommitment({ genesis, dispute, level, juror, verdict, salt }: CommittedVote): Uint8Array {
  const place = concatBytes(littleEndian(dispute, 8), Uint8Array.of(level));
  return blake2b256(concatBytes(utf8('tacit/vote/1'), genesis, place, juror, Uint8Array.of(VERDICTS[verdict]), salt));
}
