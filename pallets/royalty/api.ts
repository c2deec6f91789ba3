/** What clients ask of royalties. */
import { option, vec } from '../../primitives/scale/index.ts';
import { asset, dataId, modelId } from '../ownership/types.ts';
import { accountId, type Api, balance, blockNumber, type Context, method } from '../support/index.ts';
import { roundId } from '../tally/types.ts';
import { backerInfoOf, backingInfoOf, previewBase } from './issuance/backing.ts';
import { bonusInfoOf, issuanceInfoOf } from './issuance/bonus.ts';
import { backerInfo, backingInfo, basePreview, bonusInfo, issuanceInfo } from './issuance/types.ts';
import { standingInfoOf } from './rule/standing.ts';
import { type StandingInfo, standingInfo } from './rule/types.ts';
import { type ScheduleInfo, scheduleInfo } from './schedule/types.ts';
import { state } from './state.ts';
import { preview, streamInfoOf } from './streams/distribute.ts';
import { portion, type StreamInfo, streamInfo } from './streams/types.ts';
import { type RoyaltyRound, royaltyRound } from './types.ts';

/** What a model's pool holds. */
export function poolOf(ctx: Context, model: bigint): bigint {
  return state.use(ctx).store.pools.get(model);
}

function scheduleOf(ctx: Context, model: bigint): ScheduleInfo {
  const { store } = state.use(ctx);
  return { schedule: store.schedules.get(model), queue: store.queues.get(model) };
}

export const royaltyApi: Api = {
  version: 1,
  docs: 'Where the money of assets goes; pools, and rounds with their notes.',
  methods: {
    pool: method({
      docs: 'What waits in the pool of a model.',
      inputs: { model: modelId },
      output: balance,
      run: (ctx, { model }): bigint => poolOf(ctx, model),
    }),
    round: method({
      docs: 'The money side of a round, and where its notes stand.',
      inputs: { round: roundId },
      output: option(royaltyRound),
      run: (ctx, { round }): RoyaltyRound | undefined => state.use(ctx).store.rounds.get(round),
    }),
    standing: method({
      docs: 'What an account has stated in a round, and what is public of its score by it: as it counts, and as it would be counted now.',
      inputs: { round: roundId, account: accountId },
      output: option(standingInfo),
      run: (ctx, { round, account }): StandingInfo | undefined => standingInfoOf(ctx, round, account),
    }),
    owed: method({
      docs: 'What an account may collect.',
      inputs: { account: accountId },
      output: balance,
      run: (ctx, { account }): bigint => state.use(ctx).store.owed.get(account),
    }),
    stream: method({
      docs: 'What an asset has earned, and what of it was divided.',
      inputs: { asset },
      output: streamInfo,
      run: (ctx, { asset }): StreamInfo => streamInfoOf(ctx, asset),
    }),
    preview: method({
      docs: 'Who would get what if the asset earned an amount and it were divided now; none of an unknown asset. One step: assets in the answer divide in their turn.',
      inputs: { asset, amount: balance },
      output: option(vec(portion)),
      run: (ctx, { asset, amount }) => preview(ctx, asset, amount),
    }),
    schedule: method({
      docs: 'The rule for the rounds of a pool, and the rounds that are prepared.',
      inputs: { model: modelId },
      output: scheduleInfo,
      run: (ctx, { model }): ScheduleInfo => scheduleOf(ctx, model),
    }),
    issuance: method({
      docs: 'The period of the issuance for data that runs, and what it would issue if it ended now.',
      inputs: {},
      output: issuanceInfo,
      run: (ctx) => issuanceInfoOf(ctx),
    }),
    bonus: method({
      docs: 'The use of data that waits for a bonus, and what that is if its period is closed.',
      inputs: { data: dataId },
      output: bonusInfo,
      run: (ctx, { data }) => bonusInfoOf(ctx, data),
    }),
    backing: method({
      docs: 'What stands behind data, and what it has earned up to now and was not paid.',
      inputs: { data: dataId },
      output: backingInfo,
      run: (ctx, { data }) => backingInfoOf(ctx, data),
    }),
    backer: method({
      docs: 'What an account has behind data, and what it has earned by it up to now and was not paid.',
      inputs: { data: dataId, account: accountId },
      output: backerInfo,
      run: (ctx, { data, account }) => backerInfoOf(ctx, data, account),
    }),
    previewBase: method({
      docs: 'What so much more backing would earn in so many blocks from now on, if no other came or went and no parameter was set.',
      inputs: { amount: balance, blocks: blockNumber },
      output: basePreview,
      run: (ctx, { amount, blocks }) => previewBase(ctx, amount, blocks),
    }),
  },
};
