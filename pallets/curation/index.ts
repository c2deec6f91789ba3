import { bool, bounded, compact, field, option, str, u16, u32, u8, vec } from '../../primitives/scale/index.ts';
import { pin } from '../balances/index.ts';
import { grantId } from '../licensing/types.ts';
import { basisPoints, dataId, modelId, portfolioId } from '../ownership/types.ts';
import { criteria } from '../registry/types.ts';
import { accountId, balance, blockNumber, type Context, definePallet, method } from '../support/index.ts';
import { fundBonus, payUse, setBonus } from './bonuses.ts';
import { bond, leave } from './curators.ts';
import { held } from './held.ts';
import { count, end, evaluate, evaluationOf, scoreOf, withdraw } from './evaluations.ts';
import { closeBallots, conclude, join, propose } from './proposals.ts';
import { closeRating, fundPot, rate, reward } from './ratings.ts';
import { POTS, state } from './state.ts';
import {
  curator,
  type Curator,
  evaluation,
  type Evaluation,
  evaluationIndex,
  MAX_CID,
  MAX_PROPOSED,
  proposal,
  type Proposal,
  proposalId,
  score,
  type Score,
} from './types.ts';
import { weights } from './weights.ts';

/** The most evaluations of one answer. */
const PAGE = 64;

const about = { model: modelId, evaluation: evaluationIndex };
const cid = (what: string) => field(bounded(str, MAX_CID), what);

/** Curators weigh data by ballots that nobody reads; those who pay for a model say what it is worth. */
export const curation = definePallet({
  ...state,
  calls: {
    bond: {
      index: 0,
      docs: 'Put up a bond to curate, or more of it.',
      args: { amount: field(compact(balance), 'How much more.') },
      weight: ({ measured }) => measured(weights.bond),
      run(pallet, { amount }) {
        bond(pallet, pallet.origin.signed(), amount);
      },
    },
    leave: {
      index: 1,
      docs: 'Stop curating and get the bond back, once no proposal is under way in which the caller has a place.',
      args: {},
      weight: ({ measured }) => measured(weights.leave),
      run(pallet) {
        leave(pallet, pallet.origin.signed());
      },
    },
    propose: {
      index: 2,
      docs: 'Propose a portfolio of data, with a reward for its curators; opens the round of ballots.',
      args: {
        items: field(bounded(vec(dataId), MAX_PROPOSED), 'The data, ascending.'),
        criteria,
        curatorsBps: field(basisPoints, 'The part of what the portfolio earns that its curators get.'),
        reward: field(compact(balance), 'For those whose ballots are accepted, in equal parts.'),
        kMin: field(u16, 'The least number of ballots that are opened together.'),
        openBlocks: field(blockNumber, 'How long ballots may be cast.'),
        maxExtensions: field(u8, 'How often that long again, while there are fewer ballots than the least.'),
      },
      weight: ({ measured }, { items }) => measured(weights.propose, items.length),
      run(pallet, args) {
        propose(pallet, pallet.origin.signed(), args);
      },
    },
    join: {
      index: 3,
      docs: 'Take a place in a proposal. The ballot itself is an encrypted submission to the round of the tally.',
      args: { proposal: proposalId },
      weight: ({ measured }) => measured(weights.join),
      run(pallet, { proposal }) {
        join(pallet, pallet.origin.signed(), proposal);
      },
    },
    conclude: {
      index: 4,
      docs: 'Mint the portfolio of a proposal whose ballots are counted, or end it without; pays its curators. Anyone may.',
      args: { proposal: proposalId },
      weight: ({ measured }) => measured(weights.conclude),
      run(pallet, { proposal }) {
        pallet.origin.signed();
        conclude(pallet, proposal);
      },
    },
    closeBallots: {
      index: 5,
      docs: 'Close the ballots of a proposal before the time, when all its places are taken and everybody has voted. Anyone may.',
      args: { proposal: proposalId },
      weight: ({ measured }) => measured(weights.closeBallots),
      run(pallet, { proposal }) {
        pallet.origin.signed();
        closeBallots(pallet, proposal);
      },
    },
    evaluate: {
      index: 10,
      docs: 'Say what a model is worth, by a grant of the caller’s own that was paid for.',
      args: {
        model: modelId,
        rating: field(u8, 'From 0 to 100.'),
        input: cid('CID of an input that was tried.'),
        output: cid('CID of what the model made of it.'),
      },
      weight: ({ measured }) => measured(weights.evaluate),
      run(pallet, args) {
        evaluate(pallet, pallet.origin.signed(), args);
      },
    },
    count: {
      index: 11,
      docs: 'Let an evaluation count that has stood long enough. Anyone may.',
      args: about,
      weight: ({ measured }) => measured(weights.count),
      run(pallet, { model, evaluation }) {
        pallet.origin.signed();
        count(pallet, model, evaluation);
      },
    },
    withdraw: {
      index: 12,
      docs: 'Take back an evaluation: it counts no more.',
      args: about,
      weight: ({ measured }) => measured(weights.withdraw),
      run(pallet, { model, evaluation }) {
        withdraw(pallet, pallet.origin.signed(), model, evaluation);
      },
    },
    strike: {
      index: 13,
      docs: 'Take out an evaluation of another. Only the chain itself may: by a proposal of governance.',
      args: about,
      weight: ({ measured }) => measured(weights.strike),
      run(pallet, { model, evaluation }) {
        pallet.origin.root();
        end(pallet, model, evaluation, evaluationOf(pallet, model, evaluation));
      },
    },
    rate: {
      index: 14,
      docs: 'Say whether another’s evaluation helps, with points: of what was spent irrecoverably for the caller’s grant, each unit once.',
      args: {
        ...about,
        useful: field(bool, 'Whether it helps.'),
        points: field(compact(balance), 'With how many points, in units of 10^-6 TAC.'),
      },
      weight: ({ measured }) => measured(weights.rate),
      run(pallet, args) {
        rate(pallet, pallet.origin.signed(), args);
      },
    },
    closeRating: {
      index: 15,
      docs: 'Close a rating of a withdrawn evaluation: its deposit returns to who rated. Anyone may.',
      args: { ...about, grant: grantId },
      weight: ({ measured }) => measured(weights.closeRating),
      run(pallet, { model, evaluation, grant }) {
        pallet.origin.signed();
        closeRating(pallet, model, evaluation, grant);
      },
    },
    fundPot: {
      index: 16,
      docs: 'Pay into the pot for useful evaluations of a model.',
      args: { model: modelId, amount: compact(balance) },
      weight: ({ measured }) => measured(weights.fundPot),
      run(pallet, { model, amount }) {
        fundPot(pallet, pallet.origin.signed(), model, amount);
      },
    },
    reward: {
      index: 17,
      docs: 'Pay an evaluation what it is due, as far as the pot of its model reaches. Anyone may.',
      args: about,
      weight: ({ measured }) => measured(weights.reward),
      run(pallet, { model, evaluation }) {
        pallet.origin.signed();
        reward(pallet, model, evaluation);
      },
    },
    setBonus: {
      index: 20,
      docs: 'Say what the curators of a portfolio get for each use of it. The pot stays as it is: nobody takes out of it.',
      args: {
        portfolio: portfolioId,
        perUse: field(compact(balance), 'How much, the fee for the entry included; 0 ends it.'),
      },
      weight: ({ measured }) => measured(weights.setBonus),
      run(pallet, { portfolio, perUse }) {
        setBonus(pallet, pallet.origin.signed(), portfolio, perUse);
      },
    },
    fundBonus: {
      index: 21,
      docs: 'Pay into the pot for uses of a portfolio.',
      args: { portfolio: portfolioId, amount: compact(balance) },
      weight: ({ measured }) => measured(weights.fundBonus),
      run(pallet, { portfolio, amount }) {
        fundBonus(pallet, pallet.origin.signed(), portfolio, amount);
      },
    },
    payUse: {
      index: 22,
      docs: 'Pay the curators of a portfolio for a model that names it as a parent, once. Anyone may ask for it.',
      args: { portfolio: portfolioId, model: modelId },
      weight: ({ measured }) => measured(weights.payUse),
      run(pallet, { portfolio, model }) {
        pallet.origin.signed();
        payUse(pallet, portfolio, model);
      },
    },
  },
  genesis({ ctx }) {
    pin(ctx, POTS);
  },
  ...held,
  apis: {
    CurationApi: {
      version: 1,
      docs: 'Curators, proposals, evaluations and scores.',
      methods: {
        curator: method({
          docs: 'What an account has put up to curate.',
          inputs: { who: accountId },
          output: option(curator),
          run: (ctx, { who }): Curator | undefined => state.use(ctx).store.curators.get(who),
        }),
        proposal: method({
          docs: 'A proposal by its number.',
          inputs: { proposal: proposalId },
          output: option(proposal),
          run: (ctx, { proposal }): Proposal | undefined => state.use(ctx).store.proposals.get(proposal),
        }),
        score: method({
          docs: 'What a model is worth to those who paid for it.',
          inputs: { model: modelId },
          output: score,
          run: (ctx, { model }): Score => scoreOf(ctx, model),
        }),
        evaluations: method({
          docs: 'Evaluations of a model from a place on, in order; at most 64 an answer. Those that are gone are left out.',
          inputs: { model: modelId, from: u32, limit: u32 },
          output: vec(evaluation),
          run: (ctx, { model, from, limit }): Evaluation[] => evaluationsOf(ctx, model, from, limit),
        }),
      },
    },
  },
});

function evaluationsOf(ctx: Context, model: bigint, from: number, limit: number): Evaluation[] {
  const { store } = state.use(ctx);
  const end = Math.min(store.nextEvaluation.get(model), from + Math.min(limit, PAGE));
  const found: Evaluation[] = [];
  for (let at = from; at < end; at++) {
    const one = store.evaluations.get(model, at);
    if (one !== undefined) found.push(one);
  }
  return found;
}

export { scoreOf, standingEvaluation, strikeEvaluation, suspendEvaluation } from './evaluations.ts';
export { POTS } from './state.ts';
export * from './types.ts';
