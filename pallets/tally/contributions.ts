/** What contributors put into an open round: sealed submissions and enrolments. The chain keeps hashes and keys; payloads stay in the block bodies. */
import { present } from '../../primitives/at.ts';
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { isTacitError } from '../../primitives/errors.ts';
import { fheParams } from '../../primitives/fhe/params.ts';
import { type Enrolment, enrolmentTasks, parseEnrolment } from '../../primitives/proofs/enrolment.ts';
import { parseSealed, proofTask, type SealedSubmission, sealedId } from '../../primitives/proofs/sealed.ts';
import { LANE_TABLE, laneName, type LaneRecord, laneSpecOf, VERDICT } from '../../primitives/round/index.ts';
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

function openRound({ store, errors }: Tally, id: number): Round {
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

/** The lane of a submission, its form, and the check of its proof. Fails with `UnknownRound`, `NotOpen`, `NoSuchLane`, `BadForm`. */
function readSubmission(
  tally: Tally,
  account: Uint8Array,
  { round: id, lane, part, sealed }: SubmitArgs,
): { round: Round; record: LaneRecord; form: SealedSubmission; task: VerifyTask } {
  const round = openRound(tally, id);
  const record = round.lanes.find((known) => known.lane === lane && known.part === part);
  ensure(record, tally.errors.NoSuchLane);
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
  const contributor = checkContributor(tally, round, account, record);
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
  store.rounds.put(id, { ...round, submissions: round.submissions + 1 });
  if (contributor !== undefined) {
    const [index, item] = contributor;
    store.items.put(id, index, { ...item, parts: item.parts | (1 << part) });
  }
  events.Submitted({ round: id, account, lane, part, id: submission.id });
}

/** Updates come from enrolled accounts, usage from the part's reporter. Gives the item of an update. */
function checkContributor(
  { store, errors }: Tally,
  round: Round,
  account: Uint8Array,
  record: LaneRecord,
): [number, Item] | undefined {
  if (LANE_TABLE[laneName(record.lane)].from === 'reporters') {
    const named = round.rule.reporters[record.part];
    ensure(named && sameBytes(named.account, account), errors.NotReporter);
    return undefined;
  }
  const index = store.itemOf.get(round.round, account);
  const item = index === undefined ? undefined : store.items.get(round.round, index);
  ensure(index !== undefined && item, errors.NotEnrolled);
  return [index, item];
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

/**
 * Enrols `account`: it becomes the round's next item. The caller reserves the stake.
 * Fails with `NotOpen`, `RoundFull`, `AlreadyEnrolled`, `BadForm`, `BadProof`, `KeyReused`.
 * @returns the item's number
 */
export function addItem(ctx: Context, id: number, account: Uint8Array, enrolment: Uint8Array): number {
  const tally = state.use(ctx);
  const { store, errors } = tally;
  const round = openRound(tally, id);
  ensure(!store.itemOf.has(id, account), errors.AlreadyEnrolled);
  ensure(round.items < round.rule.maxItems, errors.RoundFull);
  const form = readEnrolment(tally, round, enrolment);
  useKey(tally, id, form.ephemeral);
  useKey(tally, id, form.key);
  verified(tally, enrolmentTasks({ context: contextOf(ctx, round), account }, form));
  const index = round.items;
  const item = { account, enrolment, block: ctx.block, roomyBlocks: roomyBlocks(ctx), parts: 0 };
  store.items.put(id, index, { ...item, status: { tag: 'Pending' } });
  store.itemOf.put(id, account, index);
  store.rounds.put(id, { ...round, items: index + 1 });
  return index;
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

/** Items that have submitted all update parts: the accounts that `kMin` counts before the close. */
export function completeItems(tally: Tally, round: Round): number {
  const all = (1 << round.rule.parts.length) - 1;
  return itemsOf(tally, round).filter(({ parts }) => parts === all).length;
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
