/**
 * Royalties: what assets earn on its way to people. Streams along the lineage; issuance for data; and (specification §7) pools of models, the rule
 * and the money of a tally round, notes for the encrypted payout vector.
 */
import { MAX_ENROLMENT_BYTES } from '../../primitives/round/limits.ts';
import { bounded, bytes, compact, field, u8 } from '../../primitives/scale/index.ts';
import { pin } from '../balances/index.ts';
import { asset, basisPoints, dataId, MAX_SHARES, modelId } from '../ownership/index.ts';
import { accountId, balance, definePallet } from '../support/index.ts';
import { itemTasks, roundId } from '../tally/index.ts';
import { royaltyApi } from './api.ts';
import { held } from './held.ts';
import { backData, burnBacking, claimBase, releaseBacking, withdrawBacking } from './issuance/backing.ts';
import { claimBonus } from './issuance/bonus.ts';
import { createRound, enrol, fund, settleEnded, settlingWeight } from './rounds.ts';
import { forgetStatements, forgettingWeight, recountStanding, stateEvidence } from './rule/standing.ts';
import { evidence, roundPools, royaltyRule } from './rule/types.ts';
import { clearRoundRule, dropQueuedRound, openDueRound, queueRound, setRoundRule } from './schedule/schedule.ts';
import { preparation, roundTemplate } from './schedule/types.ts';
import { ESCROW, state } from './state.ts';
import { setContributorsShare } from './streams/contributors.ts';
import { collect, distribute, payAsset } from './streams/distribute.ts';
import { MAX_CURATORS, MAX_ITEMS_OF_PORTFOLIO, MAX_LINKS } from './streams/types.ts';
import { weights } from './weights.ts';

/** The most parties that one asset of a kind divides among. A bonus for data that comes before it is worth as much as four. */
const MOST_PARTIES = {
  Data: MAX_SHARES + 4,
  Portfolio: MAX_ITEMS_OF_PORTFOLIO + MAX_CURATORS,
  Model: MAX_LINKS + MAX_SHARES,
} as const;

export const royalty = definePallet({
  ...state,
  ...held,
  calls: {
    fund: {
      index: 0,
      docs: 'Pay into the pool of a model.',
      args: { model: modelId, amount: compact(balance) },
      weight: ({ measured }) => measured(weights.fund),
      run(pallet, { model, amount }) {
        fund(pallet, pallet.origin.signed(), model, amount);
      },
    },
    createRound: {
      index: 1,
      docs: 'Begin a royalty round over the pools of models that the caller owns or decides for.',
      args: { models: roundPools, rule: royaltyRule },
      weight: ({ measured }) => measured(weights.createRound),
      run(pallet, { models, rule }) {
        createRound(pallet, pallet.origin.signed(), models, rule);
      },
    },
    enrol: {
      index: 2,
      docs: 'Take part in a round: post masks and a one-time note key, and put up the stake.',
      args: { round: roundId, enrolment: bounded(bytes, MAX_ENROLMENT_BYTES) },
      weight: ({ measured }) => measured(weights.enrol),
      tasks: ({ ctx, origin }, { round, enrolment }) => itemTasks(ctx, round, origin.signed(), enrolment),
      run(pallet, { round, enrolment }) {
        enrol(pallet, pallet.origin.signed(), round, enrolment);
      },
    },
    pay: {
      index: 5,
      docs: 'Pay an asset: it has earned the amount, and passes it on when somebody has it distributed.',
      args: { asset: field(asset, 'Which asset.'), amount: compact(balance) },
      weight: ({ measured }) => measured(weights.pay),
      run(pallet, { asset, amount }) {
        payAsset(pallet, pallet.origin.signed(), asset, amount);
      },
    },
    distribute: {
      index: 6,
      docs: 'Divide what an asset has earned: among the assets that it comes from, its contributors and its people. Anyone may.',
      args: { asset: field(asset, 'Which asset.') },
      weight: ({ measured }, { asset }) => measured(weights.distribute, MOST_PARTIES[asset.tag]),
      run(pallet, { asset }) {
        pallet.origin.signed();
        distribute(pallet, asset);
      },
    },
    collect: {
      index: 7,
      docs: 'Pay an account all that it has earned. Anyone may.',
      args: { account: field(accountId, 'Who is paid.') },
      weight: ({ measured }) => measured(weights.collect),
      run(pallet, { account }) {
        pallet.origin.signed();
        collect(pallet, account);
      },
    },
    setContributorsShare: {
      index: 8,
      docs: 'Set the part of a model’s contributors in what its parents leave: at once if it is not lower than now, else with notice.',
      args: { model: modelId, bps: basisPoints },
      weight: ({ measured }) => measured(weights.setContributorsShare),
      run(pallet, { model, bps }) {
        setContributorsShare(pallet, pallet.origin.signed(), model, bps);
      },
    },
    claimBonus: {
      index: 9,
      docs: 'Pay data what it gets for its use in a period that is over: it has earned it. Anyone may.',
      args: { data: dataId },
      weight: ({ measured }) => measured(weights.claimBonus),
      run(pallet, { data }) {
        pallet.origin.signed();
        claimBonus(pallet, data);
      },
    },
    setRoundRule: {
      index: 10,
      docs: 'Set the rule under which the rounds of a model’s pool follow each other.',
      args: { model: modelId, template: roundTemplate },
      weight: ({ measured }) => measured(weights.setRoundRule),
      run(pallet, { model, template }) {
        setRoundRule(pallet, pallet.origin.signed(), model, template);
      },
    },
    clearRoundRule: {
      index: 11,
      docs: 'End the rule for the rounds of a pool; rounds that are prepared are dropped, and what was held goes back.',
      args: { model: modelId },
      weight: ({ measured }) => measured(weights.clearRoundRule),
      run(pallet, { model }) {
        clearRoundRule(pallet, pallet.origin.signed(), model);
      },
    },
    queueRound: {
      index: 12,
      docs: 'Prepare a round under the rule of a pool: commit to its direction and name who reports.',
      args: { model: modelId, ...preparation },
      weight: ({ measured }) => measured(weights.queueRound),
      run(pallet, { model, directions, reporters }) {
        queueRound(pallet, pallet.origin.signed(), model, { directions, reporters });
      },
    },
    dropQueuedRound: {
      index: 13,
      docs: 'Drop a prepared round; what was held goes back to who prepared it.',
      args: { model: modelId, place: field(u8, 'Its place among those prepared, from 0.') },
      weight: ({ measured }) => measured(weights.dropQueuedRound),
      run(pallet, { model, place }) {
        dropQueuedRound(pallet, pallet.origin.signed(), model, place);
      },
    },
    openDueRound: {
      index: 14,
      docs: 'Begin the round of a pool that is due. Anyone may; who prepared it pays.',
      args: { model: modelId },
      weight: ({ measured }) => measured(weights.openDueRound),
      run(pallet, { model }) {
        pallet.origin.signed();
        openDueRound(pallet, model);
      },
    },
    backData: {
      index: 15,
      docs: 'Put money behind data: it earns the base, and is burned if a ruling takes the data out of use for good.',
      args: { data: dataId, amount: compact(balance) },
      weight: ({ measured }) => measured(weights.backData),
      run(pallet, { data, amount }) {
        backData(pallet, pallet.origin.signed(), data, amount);
      },
    },
    withdrawBacking: {
      index: 16,
      docs: 'Take money from behind data. It earns nothing more, can be lost for a while yet, and is then released.',
      args: { data: dataId, amount: compact(balance) },
      weight: ({ measured }) => measured(weights.withdrawBacking),
      run(pallet, { data, amount }) {
        withdrawBacking(pallet, pallet.origin.signed(), data, amount);
      },
    },
    releaseBacking: {
      index: 17,
      docs: 'Have back what the caller has withdrawn from behind data, once it cannot be lost any more.',
      args: { data: dataId },
      weight: ({ measured }) => measured(weights.releaseBacking),
      run(pallet, { data }) {
        releaseBacking(pallet, pallet.origin.signed(), data);
      },
    },
    claimBase: {
      index: 18,
      docs: 'Pay data what its backing has earned for it, and the caller what it has earned as a backer. Anyone may.',
      args: { data: dataId },
      weight: ({ measured }) => measured(weights.claimBase),
      run(pallet, { data }) {
        claimBase(pallet, pallet.origin.signed(), data);
      },
    },
    burnBacking: {
      index: 19,
      docs: 'Burn what stands behind data that a ruling took out of use for good. Anyone may.',
      args: { data: dataId },
      weight: ({ measured }) => measured(weights.burnBacking),
      run(pallet, { data }) {
        pallet.origin.signed();
        burnBacking(pallet, data);
      },
    },
    enrolWithEvidence: {
      index: 20,
      docs: 'Take part in a round and show data of one’s own: where the round asks for it, for public points, or for a factor of one’s counts.',
      args: { round: roundId, enrolment: bounded(bytes, MAX_ENROLMENT_BYTES), ...evidence },
      weight: ({ measured }) => measured(weights.enrolWithEvidence),
      tasks: ({ ctx, origin }, { round, enrolment }) => itemTasks(ctx, round, origin.signed(), enrolment),
      run(pallet, { round, enrolment, ...shown }) {
        enrol(pallet, pallet.origin.signed(), round, enrolment, shown);
      },
    },
    stateStanding: {
      index: 21,
      docs: 'Show a round that one is enrolled in more data and claims; all that was shown counts together.',
      args: { round: roundId, ...evidence },
      weight: ({ measured }) => measured(weights.stateStanding),
      run(pallet, { round, ...added }) {
        stateEvidence(pallet, pallet.origin.signed(), round, added);
      },
    },
    recountStanding: {
      index: 22,
      docs: 'Count again what an item of an open round has shown, as things stand now: data may be sold, and claims revoked. Anyone may.',
      args: { round: roundId, account: field(accountId, 'Whose item it is.') },
      weight: ({ measured }) => measured(weights.recountStanding),
      run(pallet, { round, account }) {
        pallet.origin.signed();
        recountStanding(pallet, account, round);
      },
    },
  },
  onFinalize(pallet) {
    forgetStatements(pallet);
    settleEnded(pallet);
  },
  finalizeWeight: (pallet) => forgettingWeight(pallet) + settlingWeight(pallet),
  genesis({ ctx }) {
    pin(ctx, ESCROW);
  },
  apis: { RoyaltyApi: royaltyApi },
});

export {
  ESCROW,
  IDLE_SHARE,
  PLACE_GRACE_BLOCKS,
  ROUND_DEPOSIT,
  ROUNDS_PER_MODEL,
} from './state.ts';
export { poolOf } from './api.ts';
export { holdersIn } from './rule/holders.ts';
export * from './rule/types.ts';
export * from './types.ts';
