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
  u16,
  u64,
  u128,
  vec,
} from '../../../primitives/scale/index.ts';
import { memberIndex } from '../../committee/types.ts';
import { balance, blockNumber } from '../../support/types.ts';
import { hash, itemIndex, point, roundId, scalar } from './ids.ts';
import { item, publishedPart, round, submission } from './round.ts';

/** The total that follows from what was opened, and what it decided. */
export const totalRecord = struct('tacit_tally::Total', {
  sum: field(u128, '`|T|`, public points included, and whether it is below zero.'),
  negative: bool,
  rate: field(u128, 'Grains paid per point of score.'),
  grains: field(u64, 'Grains in one unit of money: notes are counted in them.'),
  weightNorm: field(u64, 'Weight norm of each score: what the opening of the payout is held to.'),
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

/** Everything a contributor or a worker needs of a round, in one answer. */
export const roundInfo = struct('tacit_tally::RoundInfo', {
  round,
  publicKey: field(option(bytes), 'Key-level `b`, packed (primitives/fhe/wire.ts); `a` follows from the context.'),
  sealKeys: vec(point),
  maskKeys: vec(point),
  items: vec(item),
  submissions: vec(submission),
  secrets: field(vec(option(scalar)), 'Revealed `x_A^seal`, per subset.'),
  aggregate: field(option(bytes), '`U`, i32 little endian, part after part.'),
  directions: field(vec(option(publishedPart)), 'Published parts of `g`.'),
  past: field(
    bounded(vec(bytes), MAX_PAST),
    'The aggregates that the scores are held against, as `U`, in the order of the rule; none before `U` is opened.',
  ),
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
