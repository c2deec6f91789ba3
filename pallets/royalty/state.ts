/** Storage, events and errors of the royalty pallet. */
import { field, vec, u32 } from '../../primitives/scale/index.ts';
import { modelId } from '../registry/types.ts';
import { accountId, balance, constant, defineState, event, map, palletAccount, value } from '../support/index.ts';
import { itemIndex, roundId } from '../tally/types.ts';
import { issuanceConstants, issuanceErrors, issuanceEvents, issuanceStorage } from './issuance/decl.ts';
import { ruleConstants, ruleErrors, ruleEvents, ruleStorage } from './rule/decl.ts';
import { roundPools } from './rule/types.ts';
import { scheduleConstants, scheduleErrors, scheduleEvents, scheduleStorage } from './schedule/decl.ts';
import { streamErrors, streamEvents, streamStorage } from './streams/decl.ts';
import { ROYALTY_PALLET, royaltyRound } from './types.ts';

/** Reserved by the model's owner for each round under way. */
export const ROUND_DEPOSIT = 10_000_000n;
/** Rounds of one model, and of one owner, that may be under way at the same time: there are few places, and everyone's rounds need one. */
export const ROUNDS_PER_MODEL = 2;
export const ROUNDS_PER_OWNER = 4;
/** An item that held its place until the close and brought nothing into it loses this part of its stake: one in so many. */
export const IDLE_SHARE = 4n;
/** Who enrolled less than so many blocks with room before the close (a minute) had no time to submit, and loses nothing. */
export const PLACE_GRACE_BLOCKS = 30;

const staker = field(accountId, 'Who had put it up.');

export const state = defineState({
  name: 'Royalty',
  index: ROYALTY_PALLET,
  docs: 'What assets earn on its way to people: streams along the lineage, issuance for data in use and data with backing, pools of models with their rounds.',
  storage: {
    pools: map(modelId, balance, { default: 0n, hasher: 'twox64Concat', docs: 'What waits to be paid, by model.' }),
    live: value(vec(roundId), { default: [], docs: 'Rounds whose money is not settled yet.' }),
    rounds: map(roundId, royaltyRound, { hasher: 'twox64Concat', docs: 'The money side of rounds, by number.' }),
    ...ruleStorage,
    ...streamStorage,
    ...issuanceStorage,
    ...scheduleStorage,
  },
  events: {
    PoolFunded: event('Somebody paid into the pool of a model.', {
      model: modelId,
      by: field(accountId, 'Who paid.'),
      amount: field(balance, 'How much.'),
    }),
    RoundCreated: event('A royalty round was made.', {
      round: roundId,
      models: roundPools,
      pool: field(balance, 'What it may pay on top of the stakes: all that the models give.'),
    }),
    Enrolled: event('An account takes part in a round; its stake is held.', {
      round: roundId,
      account: field(accountId, 'Who takes part.'),
      item: itemIndex,
    }),
    RoundCharged: event('The owner paid for the posts of the committee; the fee is burned.', {
      round: roundId,
      fee: field(balance, 'How much.'),
    }),
    RoundSettled: event('A round ended with payouts.', {
      round: roundId,
      paid: field(balance, 'Paid out of the pool, without the stakes.'),
      shared: field(
        balance,
        'Owed to the accepted items, an equal part each: what scores paid less than the price of the aggregate.',
      ),
      dust: field(balance, 'Left of the pool; it went back to the models.'),
    }),
    RoundRefunded: event('A round ended without payouts: the models have their pools back.', { round: roundId }),
    StakeReturned: event('A stake, or what is left of it, went back to who had put it up.', {
      round: roundId,
      account: staker,
      amount: field(balance, 'What went back.'),
    }),
    StakeLost: event(
      'A stake was burned: all of it if its enrolment failed the check of its masks, a part if it held a place and brought nothing into it.',
      { round: roundId, account: staker, amount: field(balance, 'What was burned.') },
    ),
    ...ruleEvents,
    ...streamEvents,
    ...issuanceEvents,
    ...scheduleEvents,
    PriceOwed: event(
      'Scores were paid less than the price of the aggregate: an accepted item may collect its part of the rest.',
      {
        round: roundId,
        account: field(accountId, 'Who may.'),
        amount: field(balance, 'How much.'),
      },
    ),
  },
  constants: {
    RoundsPerModel: constant(u32, ROUNDS_PER_MODEL, 'Rounds of one model that may be under way at the same time.'),
    RoundsPerOwner: constant(u32, ROUNDS_PER_OWNER, 'Rounds of one owner that may be under way at the same time.'),
    IdleShare: constant(
      u32,
      Number(IDLE_SHARE),
      'An item that held a place until the close and brought nothing into it loses one part in so many of its stake.',
    ),
    PlaceGraceBlocks: constant(
      u32,
      PLACE_GRACE_BLOCKS,
      'Who enrolled less than so many blocks with room for one more contribution before the close loses nothing.',
    ),
    RoundDeposit: constant(balance, ROUND_DEPOSIT, 'Held from the owner of a round under way.'),
    ...issuanceConstants,
    ...ruleConstants,
    ...scheduleConstants,
  },
  errors: {
    UnknownModel: 'No model has this number.',
    PoolTooSmall: 'The pool of a model holds less than the round is to take of it.',
    ModelBusy: 'As many rounds of this model as may be are under way.',
    OwnerBusy: 'As many rounds of this owner as may be are under way.',
    StakeTooSmall: 'The stake of an item is at least the least amount that can be claimed.',
    UnknownRound: 'No royalty round has this number.',
    ...ruleErrors,
    ...streamErrors,
    ...issuanceErrors,
    ...scheduleErrors,
  },
});

export type Royalty = ReturnType<typeof state.use>;

/** Holds pools, stakes and all that is owed; no key opens it. */
export const ESCROW: Uint8Array = palletAccount('tacitroy');
