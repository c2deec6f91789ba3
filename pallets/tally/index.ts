/**
 * Tally rounds (specification §3 to §7): keys of a round, sealed submissions, their checks, and openings of sums and of the encrypted
 * payout vector. Members post shares; the pallet decodes, finishes openings and names liars. What a round pays, and to whom, is the royalty pallet's.
 */
import { fixed, option, bounded, bytes, type Of, vec } from '../../primitives/scale/index.ts';
import { fheParams } from '../../primitives/fhe/params.ts';
import { SALT_BYTES } from '../../primitives/round/commitments.ts';
import { MAX_DIRECTION_BYTES, MAX_SEALED_BYTES } from '../../primitives/round/limits.ts';
import { stepOf } from '../../primitives/round/phases.ts';
import { POST_CALL } from '../committee/index.ts';
import { type Context, definePallet, method } from '../support/index.ts';
import { advanceAll, noteDirection } from './advance.ts';
import { itemsOf, submissionTasks, submit } from './contributions.ts';
import { held } from './held.ts';
import { hookWeight, judgingWeight } from './hook-weight.ts';
import { postersOf, postsOf } from './judging.ts';
import { pruneEnded } from './lifecycle.ts';
import { postTasks, sizeOfPost, takePost, validateDirection, validatePost } from './posts.ts';
import { roundOf } from './rounds.ts';
import { keepDirection, partInfoOf, publishedParts } from './score.ts';
import { type Config, state, type Tally } from './state.ts';
import {
  type BeaconRecord,
  type Item,
  laneNumber,
  lanePart,
  type PartInfo,
  partInfo,
  type PayoutVector,
  type Round,
  roundId,
  roundInfo,
  roundStatus,
  tallyPost,
} from './types.ts';
import { weights } from './weights.ts';

type RoundInfo = Of<typeof roundInfo>;
type RoundStatus = Of<typeof roundStatus>;

/** Blocks after its close in which the posts of a round are waited for: the close has to become final first, and a slot may pass unused. */
const SETTLING_BLOCKS = 3;

export const tally = definePallet({
  ...state,
  ...held,
  calls: {
    post: {
      index: POST_CALL,
      docs: 'A committee member’s post in a round. Unsigned: the member’s committee key signs the post itself.',
      args: { post: tallyPost, signature: fixed(64) },
      class: 'Operational',
      paysFee: false,
      weight: ({ measured }, { post: { body } }) =>
        measured(weights[`post${body.tag}`], sizeOfPost(body)) + judgingWeight(body),
      tasks: (pallet, { post, signature }) => postTasks(pallet, post, signature),
      run(pallet, { post }) {
        pallet.origin.none();
        takePost(pallet, post);
      },
    },
    submit: {
      index: 1,
      docs: 'Contribute a sealed submission to a lane of an open round. A deposit is held until the round has been checked.',
      args: { round: roundId, lane: laneNumber, part: lanePart, sealed: bounded(bytes, MAX_SEALED_BYTES) },
      weight: ({ measured }, { sealed }) => measured(weights.submit, sealed.length),
      tasks: (pallet, args) => submissionTasks(pallet, pallet.origin.signed(), args),
      run(pallet, args) {
        submit(pallet, pallet.origin.signed(), args);
      },
    },
    publishDirection: {
      index: 2,
      docs: 'Publish a part of the validation direction that was committed when the round was made. Unsigned, by anyone who knows it: only what was committed counts, and members that have seen it see to it that it stands.',
      args: {
        round: roundId,
        part: lanePart,
        salt: fixed(SALT_BYTES),
        direction: bounded(bytes, MAX_DIRECTION_BYTES),
      },
      class: 'Operational',
      paysFee: false,
      weight: ({ measured }) => measured(weights.publishDirection),
      run(pallet, shown) {
        pallet.origin.none();
        keepDirection(pallet, shown);
        noteDirection(pallet, shown.round);
      },
    },
  },
  validateUnsigned(pallet, call, source) {
    switch (call.tag) {
      case 'post':
        return validatePost(pallet, call.value.post, call.value.signature, source);
      case 'publishDirection':
        return validateDirection(pallet, call.value);
      default:
        return { unknown: { tag: 'NoUnsignedValidator' } };
    }
  },
  onFinalize(pallet) {
    advanceAll(pallet);
    pruneEnded(pallet);
  },
  finalizeWeight: hookWeight,
  genesis({ store }, config: Config | undefined) {
    if (config !== undefined) store.config.put(config);
  },
  apis: {
    TallyApi: {
      version: 1,
      docs: 'Rounds, with all that a contributor or a committee member needs of them.',
      methods: {
        live: method({
          docs: 'Rounds under way.',
          inputs: {},
          output: vec(roundId),
          run: (ctx): number[] => liveRounds(ctx),
        }),
        round: method({
          docs: 'A round with its keys, submissions and results, as far as they are kept.',
          inputs: { round: roundId },
          output: option(roundInfo),
          run: (ctx, { round }): RoundInfo | undefined => infoOf(ctx, round),
        }),
        status: method({
          docs: 'Where a round stands, in few bytes however large it is.',
          inputs: { round: roundId },
          output: option(roundStatus),
          run: (ctx, { round }): RoundStatus | undefined => state.use(ctx).store.rounds.get(round),
        }),
        part: method({
          docs: 'What is public of one part of a round’s updates, once that part of their sum is opened.',
          inputs: { round: roundId, part: lanePart },
          output: option(partInfo),
          run: (ctx, { round, part }): PartInfo | undefined => openedPart(ctx, round, part),
        }),
      },
    },
  },
});

function liveRounds(ctx: Context): number[] {
  return state.use(ctx).store.live.get();
}

function infoOf(ctx: Context, id: number): RoundInfo | undefined {
  const pallet = state.use(ctx);
  const { store } = pallet;
  const round = store.rounds.get(id);
  if (round === undefined) return undefined;
  const { subsets } = fheParams(round.paramsId);
  const keys = store.boxKeys.get(id);
  const step = stepOf(round.phase.tag);
  return {
    round,
    publicKey: store.publicKeys.get(id),
    sealKeys: keys?.seal ?? [],
    maskKeys: keys?.mask ?? [],
    // What an ended round no longer keeps is left out: all of it from the block on that forgets the first of it.
    items: wholeOf(round.items, (index) => store.items.get(id, index)),
    submissions: wholeOf(round.submissions, (index) => store.submissions.get(id, index)),
    secrets: subsets.map((_, subset) => store.secrets.get(id, subset)),
    directions: publishedParts(pallet, round),
    scored: store.scored.get(id),
    total: store.totals.get(id),
    payout: store.payouts.get(id),
    sum: store.sums.get(id),
    posted: step === undefined ? [] : postersOf(pallet, round, step, round.attempt),
    keySums: step === 'KeyCheck' ? keySumsOf(pallet, round) : [],
  };
}

/** What is public of one part of a round's updates; undefined before that part of `U` is opened. */
export function openedPart(ctx: Context, id: number, part: number): PartInfo | undefined {
  const pallet = state.use(ctx);
  const round = pallet.store.rounds.get(id);
  return round && partInfoOf(pallet, round, part);
}

/** Entries in their order; none if one of them is gone. */
function wholeOf<T>(count: number, entry: (index: number) => T | undefined): T[] {
  const found: T[] = [];
  for (let index = 0; index < count; index++) {
    const one = entry(index);
    if (one === undefined) return [];
    found.push(one);
  }
  return found;
}

/** Per member, the key sum it posted in the attempt that is being checked. */
function keySumsOf(pallet: Tally, round: Round): (Uint8Array | undefined)[] {
  const posts = new Map(postsOf(pallet, round, 'Keying', round.attempt).map(({ member, body }) => [member, body.sum]));
  const { n } = fheParams(round.paramsId);
  return Array.from({ length: n }, (_, member) => {
    const sum = posts.get(member);
    return sum !== undefined && sum.length > 0 ? sum : undefined;
  });
}

/**
 * The beacons of the last block with a reveal (specification §4.4), one of each round that was revealed in it. A beacon was unknown to everyone until its round had
 * closed: use it for what was fixed at block `closedAt` or before, and of several the one whose round closed first (see {@link awaitedBeacons}): who orders
 * the reveals has seen them. None before the first reveal.
 */
export function latestBeacons(ctx: Context): BeaconRecord[] {
  return state.use(ctx).store.beacons.get();
}

/** Rounds that have closed and whose beacon is not there: it will be, unless the round fails. */
export function awaitedBeacons(ctx: Context): { round: number; closedAt: number }[] {
  const tally = state.use(ctx);
  const closed = tally.store.live.get().map((id) => roundOf(tally, id));
  return closed.flatMap(({ round, closedAt, beacon }) =>
    closedAt === undefined || beacon !== undefined ? [] : [{ round, closedAt }],
  );
}

/**
 * Whether a round that has closed a moment ago is under way: its members post as fast as they can, and with every post it may go on. Whoever makes a block waits
 * for them within its slot; not later, when somebody is silent or the direction is withheld.
 */
export function isSettling(ctx: Context): boolean {
  const tally = state.use(ctx);
  return tally.store.live.get().some((id) => {
    const { closedAt } = roundOf(tally, id);
    return closedAt !== undefined && ctx.block - closedAt <= SETTLING_BLOCKS;
  });
}

/** A round, or undefined. */
export function findRound(ctx: Context, id: number): Round | undefined {
  return state.use(ctx).store.rounds.get(id);
}

/** The items of a round, in order. */
export function roundItems(ctx: Context, round: Round): Item[] {
  return itemsOf(state.use(ctx), round);
}

/** The payout vector of a settled round. */
export function payoutOf(ctx: Context, id: number): PayoutVector | undefined {
  return state.use(ctx).store.payouts.get(id);
}

export { type Consumer, endedRounds, endingRounds, takeNote } from './consumer.ts';
export { FORGOTTEN_AT_ONCE } from './costs.ts';
export { findItem, itemInOpenRound, setStanding } from './standing.ts';
export { addItem, isComplete, itemTasks, type NewItem } from './contributions.ts';
export { createRound } from './lifecycle.ts';
export { aggregateParts, priceShareOf } from './score.ts';
export { type Config as TallyConfig } from './state.ts';
export {
  admitReporter,
  admitVoter,
  ballotResultOf,
  closeFull,
  createBallotRound,
  createMeterRound,
  createStatisticsRound,
  exhaustedOf,
  postsBytesOf,
  statisticsOf,
  unrefusedContributors,
} from './sums.ts';
export { sizeOfPost } from './posts.ts';
export * from './types.ts';
