/** What the openings of a round leave, and all of a round in one answer. */
import { MAX_ITEMS } from '../../../primitives/round/limits.ts';
import { bool, bounded, bytes, type Of, option, struct, u64, u128, vec } from '../../../primitives/scale/index.ts';
import { memberIndex } from '../../committee/types.ts';
import { balance } from '../../support/types.ts';
import { hash, itemIndex, point, roundId, scalar } from './ids.ts';
import { item, publishedPart, round, submission } from './round.ts';

/** What the opened total decided. */
export const totalRecord = struct('tacit_tally::Total', {
  /** Hash of each score ciphertext `D_i`, in the order of the accepted items. */
  scores: bounded(vec(hash), MAX_ITEMS),
  /** Hash of `sum D_i`. */
  ciphertext: hash,
  /** `|T|`, and whether it is below zero. */
  sum: u128,
  negative: bool,
  /** Grains paid per point of score. */
  rate: u128,
  /** Grains in one unit of money: notes are counted in them. */
  grains: u64,
});
export type TotalRecord = Of<typeof totalRecord>;

/** The encrypted payout vector as the block commits it: who owns an item reads its amount, nobody else does. */
export const payoutVector = struct('tacit_tally::PayoutVector', {
  round: roundId,
  /** Item numbers, in the order of `z`. */
  items: bounded(vec(itemIndex), MAX_ITEMS),
  /** Ciphertexts the vector was opened from: hash of each `D_i`. */
  scores: bounded(vec(hash), MAX_ITEMS),
  /** `z_i = grains*stake + rate*score_i + m_i mod t`. */
  z: bounded(vec(u64), MAX_ITEMS),
  sum: u128,
  negative: bool,
  /** Grains paid per point of score. */
  rate: u128,
  /** Grains in one unit of money: notes are counted in them. */
  grains: u64,
  stake: balance,
});
export type PayoutVector = Of<typeof payoutVector>;

/** Everything a contributor or a worker needs of a round, in one answer. */
export const roundInfo = struct('tacit_tally::RoundInfo', {
  round,
  /** Key-level `b`, packed (primitives/fhe/wire.ts); `a` follows from the context. */
  publicKey: option(bytes),
  sealKeys: vec(point),
  maskKeys: vec(point),
  items: vec(item),
  submissions: vec(submission),
  /** Revealed `x_A^seal`, per subset. */
  secrets: vec(option(scalar)),
  /** `U`, i32 little endian, part after part. */
  aggregate: option(bytes),
  /** Published parts of `g`. */
  directions: vec(option(publishedPart)),
  total: option(totalRecord),
  payout: option(payoutVector),
  /** Members that have posted in the present step and attempt. */
  posted: vec(memberIndex),
  /** In KeyCheck, the packed key sum of each member that posted one in this attempt; empty in other phases. */
  keySums: vec(option(bytes)),
});
export type RoundInfo = Of<typeof roundInfo>;
