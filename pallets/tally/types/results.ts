/** What the openings of a round leave, and all of a round in one answer. */
import { MAX_ITEMS, MAX_SUMMED_VALUES } from '../../../primitives/round/limits.ts';
import { MAX_PAST } from '../../../primitives/round/novelty.ts';
import {
  bool,
  bounded,
  bytes,
  field,
  type Of,
  option,
  struct,
  u8,
  u16,
  u64,
  u128,
  vec,
} from '../../../primitives/scale/index.ts';
import { memberIndex } from '../../committee/types.ts';
import { balance, blockNumber } from '../../support/types.ts';
import { hash, itemIndex, point, roundId, scalar } from './ids.ts';
import { item, publishedPart, round, roundPhase, submission } from './round.ts';

/** What the opened parts of a round come to, while others are still to be opened. */
export const scoredParts = struct('tacit_tally::ScoredParts', {
  products: field(
    u128,
    'Size of the scores of all updates as far as they are known, without `gamma`, and whether they are below zero.',
  ),
  negative: bool,
  phi: field(u128, 'What bounds the scores of updates from below, without `gamma`.'),
  norm: field(u64, 'Weight norm of the updates in one score, without `gamma`.'),
  news: field(u128, 'What of the squares of `U` is new: what its price follows from.'),
});

/** The total that follows from what was opened, and what it decided. */
export const totalRecord = struct('tacit_tally::Total', {
  sum: field(u128, '`|T|`, public points included, and whether it is below zero.'),
  negative: bool,
  rate: field(u128, 'Grains paid per point of score.'),
  grains: field(u64, 'Grains in one unit of money: notes are counted in them.'),
  weightNorm: field(u64, 'Weight norm of each score: what the opening of the payout is held to.'),
  news: field(u128, 'What of the squares of `U` is new: what its price follows from.'),
});
export type TotalRecord = Of<typeof totalRecord>;

/** The encrypted payout vector as the block commits it: who owns an item reads its amount, nobody else does. */
export const payoutVector = struct('tacit_tally::PayoutVector', {
  round: roundId,
  items: field(bounded(vec(itemIndex), MAX_ITEMS), 'Item numbers, in the order of `z`.'),
  scores: field(bounded(vec(hash), MAX_ITEMS), 'Ciphertexts the vector was opened from: hash of each `D_i`.'),
  z: field(bounded(vec(u64), MAX_ITEMS), '`z_i = grains*stake + rate*score_i + m_i mod t`.'),
  sum: u128,
  negative: bool,
  rate: field(u128, 'Grains paid per point of score.'),
  grains: field(u64, 'Grains in one unit of money: notes are counted in them.'),
  stake: balance,
});
export type PayoutVector = Of<typeof payoutVector>;

/** What was opened of a round without payout. */
export const sumRecord = struct('tacit_tally::Sum', {
  ciphertext: field(hash, 'Hash of the ciphertext that it was opened from: the sum of all accepted vectors.'),
  contributors: field(u16, 'How many vectors are in it.'),
  sums: field(
    bounded(vec(u64), MAX_SUMMED_VALUES),
    'Per option or counter, the sum over all of them; of a meter, 1 for each bound that is reached.',
  ),
});

/** The beacon of a reveal, for whoever needs numbers that nobody chose. */
export const beaconRecord = struct('tacit_tally::Beacon', {
  round: roundId,
  closedAt: field(
    blockNumber,
    'The block that closed the round: the beacon was known to nobody before that was final.',
  ),
  block: field(blockNumber, 'The block in which the last of the secrets behind it stood.'),
  value: field(hash, 'Hash of all the secrets that were revealed.'),
});
export type BeaconRecord = Of<typeof beaconRecord>;

/** What is public of one part of a round's updates once that part of `U` is opened. */
export const partInfo = struct('tacit_tally::PartInfo', {
  direction: field(publishedPart, 'The part of `g`.'),
  aggregate: field(bytes, 'The part of `U`, i32 little endian.'),
  past: field(
    bounded(vec(bytes), MAX_PAST),
    'The same part of the aggregates that the scores are held against, in the order of the rule.',
  ),
});
export type PartInfo = Of<typeof partInfo>;

/** Where a round stands, in few bytes however large it is: what a follower asks before it asks for all of it. */
export const roundStatus = struct('tacit_tally::RoundStatus', {
  phase: roundPhase,
  attempt: u8,
  deadline: blockNumber,
  endedAt: option(blockNumber),
});
export type RoundStatus = Of<typeof roundStatus>;

/** What a contributor or a worker needs of a round, in one answer; its vectors are read by part. */
export const roundInfo = struct('tacit_tally::RoundInfo', {
  round,
  publicKey: field(option(bytes), 'Key-level `b`, packed (primitives/fhe/wire.ts); `a` follows from the context.'),
  sealKeys: vec(point),
  maskKeys: vec(point),
  items: vec(item),
  submissions: vec(submission),
  secrets: field(vec(option(scalar)), 'Revealed `x_A^seal`, per subset.'),
  directions: field(vec(bool), 'Of each part of `g`, whether it is published.'),
  scored: field(option(scoredParts), 'What the parts of `U` come to that are opened, while others are not.'),
  total: option(totalRecord),
  payout: option(payoutVector),
  sum: option(sumRecord),
  posted: field(vec(memberIndex), 'Members that have posted in the present step and attempt.'),
  keySums: field(
    vec(option(bytes)),
    'In KeyCheck, the packed key sum of each member that posted one in this attempt; empty in other phases.',
  ),
});
export type RoundInfo = Of<typeof roundInfo>;
