/**
 * Royalties (specification §7, §8): pools of models, the rule and the money of a tally round, notes for the encrypted payout vector, anonymous claims.
 */
import { RING_PROOF_BYTES } from '../../primitives/proofs/ring.ts';
import { SALT_BYTES } from '../../primitives/round/commitments.ts';
import { MAX_DIRECTION_BYTES, MAX_ENROLMENT_BYTES } from '../../primitives/round/limits.ts';
import { bounded, bytes, compact, fixed, type Of } from '../../primitives/scale/index.ts';
import { pin } from '../balances/index.ts';
import { accountId, balance, type Context, definePallet, method } from '../support/index.ts';
import { modelId } from '../registry/index.ts';
import { itemTasks, lanePart, roundId, roundRule } from '../tally/index.ts';
import { claim, validateClaim } from './claims.ts';
import { held } from './held.ts';
import { createRound, enrol, fund, publishDirection, settleEnded } from './rounds.ts';
import { ESCROW, state } from './state.ts';
import { binIndex, type BinRecord, royaltyRoundAnswer } from './types.ts';
import { weights } from './weights.ts';

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
      docs: 'Begin a royalty round over the pool of a model that the caller owns.',
      args: { model: modelId, rule: roundRule },
      weight: ({ measured }) => measured(weights.createRound),
      run(pallet, { model, rule }) {
        createRound(pallet, pallet.origin.signed(), model, rule);
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
    publishDirection: {
      index: 3,
      docs: 'Publish a part of the validation direction that was committed when the round was made.',
      args: {
        round: roundId,
        part: lanePart,
        salt: fixed(SALT_BYTES),
        direction: bounded(bytes, MAX_DIRECTION_BYTES),
      },
      weight: ({ measured }) => measured(weights.publishDirection),
      run(pallet, { round, part, salt, direction }) {
        publishDirection(pallet, pallet.origin.signed(), round, part, salt, direction);
      },
    },
    claim: {
      index: 4,
      docs: 'Claim a note without saying whose it is: unsigned, to a fresh account. The fee is taken out of the amount.',
      args: {
        round: roundId,
        bin: binIndex,
        amount: compact(balance),
        destination: accountId,
        proof: fixed(RING_PROOF_BYTES),
      },
      paysFee: false,
      weight: ({ measured }) => measured(weights.claim),
      run(pallet, args) {
        pallet.origin.none();
        claim(pallet, args);
      },
    },
  },
  validateUnsigned(pallet, call) {
    return call.tag === 'claim' ? validateClaim(pallet, call.value) : { unknown: { tag: 'NoUnsignedValidator' } };
  },
  onFinalize(pallet) {
    settleEnded(pallet);
  },
  genesis({ ctx }) {
    pin(ctx, ESCROW);
  },
  apis: {
    RoyaltyApi: {
      version: 1,
      docs: 'Pools, and rounds with their notes.',
      methods: {
        pool: method({
          docs: 'What waits in the pool of a model.',
          inputs: { model: modelId },
          output: balance,
          run: (ctx, { model }): bigint => poolOf(ctx, model),
        }),
        round: method({
          docs: 'The money side of a round, with its notes.',
          inputs: { round: roundId },
          output: royaltyRoundAnswer,
          run: (ctx, { round }): Of<typeof royaltyRoundAnswer> => infoOf(ctx, round),
        }),
      },
    },
  },
});

/** What a model's pool holds. */
export function poolOf(ctx: Context, model: bigint): bigint {
  return state.use(ctx).store.pools.get(model);
}

function infoOf(ctx: Context, id: number): Of<typeof royaltyRoundAnswer> {
  const { store } = state.use(ctx);
  const round = store.rounds.get(id);
  if (round === undefined) return undefined;
  const bins = Array.from({ length: round.bins }, (_, index) => store.bins.get(id, index) as BinRecord);
  return { round, bins };
}

export {
  CLAIM_FEE,
  ESCROW,
  IDLE_SHARE,
  PLACE_GRACE_BLOCKS,
  ROUND_DEPOSIT,
  ROUNDS_PER_MODEL,
} from './state.ts';
export * from './types.ts';
