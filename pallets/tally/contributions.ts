/** What contributors put into an open round: sealed submissions and enrolments. The chain keeps hashes and keys; payloads stay in the block bodies. */
import { present } from '../../primitives/at.ts';
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { isTacitError } from '../../primitives/errors.ts';
import { fheParams } from '../../primitives/fhe/params.ts';
import { type Enrolment, enrolmentTasks, parseEnrolment } from '../../primitives/proofs/enrolment.ts';
import {
  parseSealed,
  proofTask,
  SEALED_VERSION,
  type SealedSubmission,
  sealedId,
} from '../../primitives/proofs/sealed.ts';
import { LANES } from '../../primitives/proofs/lane.ts';
import {
  countHolders,
  itemLanes,
  LANE_TABLE,
  laneName,
  type LaneRecord,
  laneSpecOf,
  VERDICT,
} from '../../primitives/round/index.ts';
import { reserve, slashReserved, unreserve } from '../balances/index.ts';
import { type Context, ensure, fail, type PalletError, type VerifyTask } from '../support/index.ts';
import { roomyBlocks } from '../system/index.ts';
import { configOf, contextOf } from './rounds.ts';
import { type Config, state, type Tally } from './state.ts';
import type { Item, Round, Submission } from './types.ts';

/** What a parser made of outside bytes, or the call fails with `error`. */
function parsed<T>(parse: () => T, error: PalletError): T {
  try {
    return parse();
  } catch (thrown) {
    if (isTacitError(thrown)) fail(error);
    throw thrown;
  }
}

/** An open round, or the call fails with `UnknownRound` or `NotOpen`. */
export function openRound({ store, errors }: Tally, id: number): Round {
  const round = store.rounds.get(id);
  ensure(round, errors.UnknownRound);
  ensure(round.phase.tag === 'Open', errors.NotOpen);
  return round;
}

function useKey({ store, errors }: Tally, round: number, key: Uint8Array): void {
  ensure(!store.usedKeys.has(round, key), errors.KeyReused);
  store.usedKeys.put(round, key, undefined);
}

function verified({ ctx, errors }: Tally, tasks: readonly VerifyTask[]): void {
  for (const task of tasks) ensure(ctx.host.verify(task), errors.BadProof);
}

/** The deposit of a submission of `length` bytes. */
export function depositOf(config: Config, length: number): bigint {
  return config.depositBase + config.depositPerByte * BigInt(length);
}

export interface SubmitArgs {
  round: number;
  lane: number;
  part: number;
  sealed: Uint8Array;
}

/** The lane of a submission, its form, and the check of its proof. Fails with `UnknownRound`, `NotOpen`, `NoSuchLane`, `WrongVersion`, `BadForm`. */
function readSubmission(
  tally: Tally,
  account: Uint8Array,
  { round: id, lane, part, sealed }: SubmitArgs,
): { round: Round; record: LaneRecord; form: SealedSubmission; task: VerifyTask } {
  const round = openRound(tally, id);
  const record = round.lanes.find((known) => known.lane === lane && known.part === part);
  ensure(record, tally.errors.NoSuchLane);
  ensure(sealed[0] === SEALED_VERSION, tally.errors.WrongVersion);
  const binding = { context: contextOf(tally.ctx, round), spec: laneSpecOf(record), account };
  const form = parsed(() => parseSealed(fheParams(round.paramsId), binding.spec, sealed), tally.errors.BadForm);
  return { round, record, form, task: proofTask(binding, form) };
}

/** What is to be verified of a submission, for nodes to do ahead. */
export function submissionTasks(tally: Tally, account: Uint8Array, args: SubmitArgs): VerifyTask[] {
  return [readSubmission(tally, account, args).task];
}

/** `tally.submit`: takes a sealed submission of one lane and part. */
export function submit(tally: Tally, account: Uint8Array, args: SubmitArgs): void {
  const { ctx, store, events, errors } = tally;
  const { lane, part, sealed } = args;
  const { round, record, form, task } = readSubmission(tally, account, args);
  const id = round.round;
  const own = checkContributor(tally, round, account, record);
  ensure(!store.submissionOf.has(id, account, lane, part), errors.AlreadySubmitted);
  useKey(tally, id, form.ephemeral);
  verified(tally, [task]);

  reserve(ctx, account, depositOf(configOf(tally), sealed.length));
  const submission: Submission = {
    account,
    lane,
    part,
    id: sealedId(sealed),
    ephemeral: form.ephemeral.slice(),
    length: sealed.length,
    block: ctx.block,
    verdict: VERDICT.pending,
    reason: 0,
  };
  store.submissions.put(id, round.submissions, submission);
  store.submissionOf.put(id, account, lane, part, round.submissions);
  store.rounds.put(id, { ...round, submissions: round.submissions + 1, deadline: deadlineAfter(ctx, round) });
  if (own !== undefined) noteOfItem(tally, round, own, record);
  events.Submitted({ round: id, account, lane, part, id: submission.id });
}

/**
 * The deadline of a round that has one submission more. One of counts closes with the next block once nobody is waited for: its reporters were all named when it was made, and each hands in
 * once. Of ballots the consumer says whether it may (`closeFull`): a vote may go on that must not know their sums.
 */
function deadlineAfter(ctx: Context, { sum, submissions, deadline }: Round): number {
  const waitsForAll = sum === undefined || sum.lane === LANES.ballot || submissions + 1 < sum.places;
  return waitsForAll ? deadline : Math.min(deadline, ctx.block + 1);
}

/** Whether the account is one that the lane's submissions come from. Gives its item, if it has to be one. Fails with `NotReporter`, `NotAdmitted`, `NotEnrolled`. */
function checkContributor(
  { store, errors }: Tally,
  round: Round,
  account: Uint8Array,
  { lane, part }: LaneRecord,
): [number, Item] | undefined {
  switch (LANE_TABLE[laneName(lane)].from) {
    case 'reporters': {
      const named = round.rule.reporters[part];
      ensure(named && sameBytes(named.account, account), errors.NotReporter);
      return undefined;
    }
    case 'admitted':
      ensure(store.admitted.has(round.round, account), errors.NotAdmitted);
      return undefined;
    case 'items': {
      const index = store.itemOf.get(round.round, account);
      const item = index === undefined ? undefined : store.items.get(round.round, index);
      ensure(index !== undefined && item, errors.NotEnrolled);
      return [index, item];
    }
  }
}

/** Notes what an item has submitted, if that is a part which completes it. */
function noteOfItem({ store }: Tally, round: Round, [index, item]: [number, Item], record: LaneRecord): void {
  // No part is taken twice.
  if (itemLanes([record]).length > 0) store.items.put(round.round, index, { ...item, parts: item.parts + 1 });
}

function readEnrolment(tally: Tally, round: Round, enrolment: Uint8Array): Enrolment {
  return parsed(() => parseEnrolment(fheParams(round.paramsId), enrolment), tally.errors.BadForm);
}

/** What is to be verified of an enrolment, for nodes to do ahead. */
export function itemTasks(ctx: Context, id: number, account: Uint8Array, enrolment: Uint8Array): VerifyTask[] {
  const tally = state.use(ctx);
  const round = openRound(tally, id);
  return enrolmentTasks({ context: contextOf(ctx, round), account }, readEnrolment(tally, round, enrolment));
}

/** What enrols: an account, as the item of a holder, which it is itself if nobody vouches for one. */
export interface NewItem extends Pick<Item, 'account' | 'enrolment' | 'holder'> {}

/**
 * Enrols an account: it becomes the round's next item. The caller reserves the stake.
 * Fails with `NotOpen`, `RoundFull`, `KeptForOthers`, `AlreadyEnrolled`, `BadForm`, `BadProof`, `KeyReused`.
 * @returns the item's number
 */
export function addItem(ctx: Context, id: number, { account, enrolment, holder }: NewItem): number {
  const tally = state.use(ctx);
  const { store, errors } = tally;
  const round = openRound(tally, id);
  ensure(!store.itemOf.has(id, account), errors.AlreadyEnrolled);
  ensure(round.items < round.rule.maxItems, errors.RoundFull);
  const { holders } = round.rule;
  const isNew = holders && !store.holderOf.has(id, holder);
  ensure(leavesRoom(round, isNew), errors.KeptForOthers);
  const form = readEnrolment(tally, round, enrolment);
  useKey(tally, id, form.ephemeral);
  useKey(tally, id, form.key);
  verified(tally, enrolmentTasks({ context: contextOf(ctx, round), account }, form));
  const index = round.items;
  const item = { account, holder, enrolment, block: ctx.block, roomyBlocks: roomyBlocks(ctx), parts: 0 };
  store.items.put(id, index, { ...item, status: { tag: 'Pending' }, standing: 0n, factor: 1 });
  store.itemOf.put(id, account, index);
  if (isNew) store.holderOf.put(id, holder, undefined);
  store.rounds.put(id, { ...round, items: index + 1, holders: round.holders + (isNew ? 1 : 0) });
  return index;
}

/** Whether, once one more item has its place, as many holders as the round needs can still have one [one holder with many accounts took all places, and the round never closed]. @param isNew whether the item is of a holder that has none */
function leavesRoom({ rule, items, holders }: Round, isNew: boolean): boolean {
  if (!rule.holders) return true;
  return holders + (isNew ? 1 : 0) + rule.maxItems - items - 1 >= rule.kMin;
}

/** A round's items in order. */
export function itemsOf({ store }: Tally, round: Round): Item[] {
  return Array.from({ length: round.items }, (_, index) =>
    present(store.items.get(round.round, index), `item ${index}`),
  );
}

/** A round's submissions in order. */
export function submissionsOf({ store }: Tally, round: Round): Submission[] {
  return Array.from({ length: round.submissions }, (_, index) =>
    present(store.submissions.get(round.round, index), `submission ${index}`),
  );
}

/** Whether an item has submitted everything that the round's lanes ask of items. */
export function isComplete(round: Pick<Round, 'lanes'>, { parts }: Pick<Item, 'parts'>): boolean {
  return parts === itemLanes(round.lanes).length;
}

/** What `kMin` counts before the close: holders of items that lack nothing, or admitted accounts, each of which submits once. */
export function completeContributors(tally: Tally, round: Round): number {
  if (round.sum !== undefined) return round.submissions;
  const complete = itemsOf(tally, round).filter((item) => isComplete(round, item));
  return countHolders(complete.map(({ holder }) => holder));
}

/** Gives back the deposits of the submissions that `keep` names, takes those of the others. */
export function returnDeposits(tally: Tally, round: Round, keep: (submission: Submission) => boolean): void {
  const { ctx } = tally;
  const config = configOf(tally);
  for (const submission of submissionsOf(tally, round)) {
    const deposit = depositOf(config, submission.length);
    if (keep(submission)) unreserve(ctx, submission.account, deposit);
    else slashReserved(ctx, submission.account, deposit);
  }
}
