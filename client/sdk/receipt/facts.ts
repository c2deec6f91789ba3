/**
 * What the chain holds of a settled round, read from one final state and worked out again: whose items and submissions were counted, what the weights, bounds and rate
 * follow to be, and which note each payout became (specification §15.2). The same requests whoever asks.
 */
import { at } from '../../../primitives/at.ts';
import { sameBytes } from '../../../primitives/crypto/bytes.ts';
import { isTacitError, TacitError } from '../../../primitives/errors.ts';
import type { FheParams, RoundContext } from '../../../primitives/fhe/params.ts';
import { type Enrolment, parseEnrolment } from '../../../primitives/proofs/enrolment.ts';
import { LANES } from '../../../primitives/proofs/lane.ts';
import { mintNote, type Note } from '../../../primitives/proofs/notes.ts';
import { directionHash } from '../../../primitives/round/commitments.ts';
import { countHolders } from '../../../primitives/round/holders.ts';
import { VERDICT } from '../../../primitives/round/phases.ts';
import { priceShare } from '../../../primitives/round/price.ts';
import {
  acceptedCounts,
  aggregateOfParts,
  type OpenedPart,
  paidBy,
  partWeights,
  paymentOf,
  type PublicTerms,
  publicTerms,
  scoreBounds,
  signedBytes,
  totalScore,
} from '../../../primitives/round/score.ts';
import { constants, storage } from '../generated/chain.ts';
import type { LightClient, State } from '../light/index.ts';
import { type MoneyView, paramsOf, readAggregate } from '../round.ts';
import {
  contextOf,
  type ItemView,
  itemView,
  type PayoutView,
  type RoundView,
  roundView,
  unknownRound,
} from '../views.ts';

/** An accepted item, and what it was paid with. */
export interface PaidItem {
  readonly item: number;
  readonly view: ItemView;
  readonly enrolment: Enrolment;
  /** Its opened payout under its mask. */
  readonly z: bigint;
  /** Its submissions, part after part: id of the sealed bytes, and the block that holds them. */
  readonly submissions: readonly { readonly part: number; readonly id: Uint8Array; readonly block: number }[];
  /** Number of its note in the class. */
  readonly number: number;
  readonly note: Note;
}

/** What of a settled round anybody can work out again. */
export interface RoundFacts {
  readonly context: RoundContext;
  readonly params: FheParams;
  readonly view: RoundView;
  readonly payout: PayoutView;
  /** Class of its notes. */
  readonly noteClass: number;
  readonly items: readonly PaidItem[];
  /** `v'`, part after part: what a unit of each coordinate of an update is worth. */
  readonly weights: readonly Int32Array[];
  readonly terms: PublicTerms;
}

/** What a receipt cannot be given for. */
export function unlike(what: string, message: string, details: Record<string, unknown> = {}): TacitError {
  return new TacitError(`receipt/${what}`, message, details);
}

/**
 * Reads a settled round of a final state, and checks that what stands there follows from what it says it followed from.
 * @throws `sdk/unknown-round`, `receipt/not-settled`, `receipt/not-counted`, `receipt/wrong-direction`, `receipt/wrong-payment`, `receipt/wrong-payout`,
 * `receipt/wrong-note`; `light/...` if the state is not proved
 */
export async function readFacts(
  light: LightClient,
  genesis: Uint8Array,
  state: State,
  round: number,
): Promise<RoundFacts> {
  const stored = await state.get(storage.tally.rounds, round);
  if (!stored) throw unknownRound(round);
  const view = roundView(stored);
  const payout = await state.get(storage.tally.payouts, round);
  if (view.phase !== 'Settled' || payout === undefined)
    throw unlike('not-settled', `round ${round} has paid nobody: its phase is ${view.phase}`, { round });
  const params = paramsOf({ light }, view);
  const submissions = await submissionsOf(state, view);
  const views = await acceptedItems(state, view);
  const terms = publicTerms(view.rule, views);
  const { weights, aggregate, parts } = await weightsOf(state, view);
  const counts = acceptedCounts(view.rule, submissions);
  const bounds = scoreBounds(view.rule, weights, counts, terms);
  const total = payout.negative ? -payout.sum : payout.sum;
  checkTotal(view, total - totalScore(view.rule, weights, aggregate, 0n, terms), counts, terms);
  const payment = paymentOf(view.rule, total, bounds, params.maxWeightNorm);
  const isRight = payment.rate === payout.rate && payment.grains === payout.grains && payout.stake === view.rule.stake;
  if (!isRight) throw unlike('wrong-payment', `the rate of round ${round} does not follow from its total and its rule`);
  if (payout.z.length !== view.accepted.length || payout.items.some((item, place) => item !== view.accepted[place]))
    throw unlike('wrong-payout', `the payout of round ${round} is not of its accepted items`);
  const paid = paidBy(payment, total);
  const shared = BigInt(view.accepted.length) * priceShare(view.rule, view.accepted.length, parts, paid);
  const { noteClass, first, notes } = await notesOf(state, view, payout, params, { paid, shared });
  const items = views.map((one, place): PaidItem => {
    const enrolment = parsed(params, one.enrolment);
    const [z, note] = [payout.z[place] as bigint, notes[place] as Note];
    const { key, commitment } = mintNote(z, enrolment.mask, enrolment.key);
    if (!sameBytes(key, note.key) || !sameBytes(commitment, note.commitment))
      throw unlike(
        'wrong-note',
        `note ${first + place} of class ${noteClass} is not that of item ${payout.items[place]}`,
      );
    const item = payout.items[place] as number;
    return { item, view: one, enrolment, z, submissions: ofItem(view, one, submissions), number: first + place, note };
  });
  return { context: contextOf(genesis, view), params, view, payout, noteClass, items, weights, terms };
}

function parsed(params: FheParams, enrolment: Uint8Array): Enrolment {
  try {
    return parseEnrolment(params, enrolment);
  } catch (error) {
    if (isTacitError(error)) throw unlike('not-counted', `an enrolment is malformed: ${error.message}`);
    throw error;
  }
}

/** The aggregates that a round is held against, part after part, in the order of its rule. */
async function pastOf(state: State, { round, rule }: RoundView): Promise<Int32Array[][]> {
  const found = await state.getMany(
    storage.tally.aggregates,
    rule.past.map((id): [number] => [id]),
  );
  const length = 4 * rule.parts.reduce((sum, values) => sum + values, 0);
  return found.map((bytes, i) => {
    if (bytes?.length === length) return aggregateOfParts(rule, bytes);
    throw unlike('not-settled', `round ${round} is held against round ${rule.past[i]}, whose aggregate is not there`, {
      round,
    });
  });
}

/** `v'` of every part, from `U`, the direction that was committed to, and what is past. */
async function weightsOf(
  state: State,
  view: RoundView,
): Promise<{ weights: Int32Array[]; aggregate: Int32Array[]; parts: OpenedPart[] }> {
  const { round, rule } = view;
  const aggregate = await readAggregate(state, view);
  if (aggregate === undefined) throw unlike('not-settled', `the aggregate of round ${round} is not there`, { round });
  const places = rule.parts.map((_, part): [number, number] => [round, part]);
  const published = await state.getMany(storage.tally.directions, places);
  const past = await pastOf(state, view);
  const parts = aggregate.map((sum, part): OpenedPart => {
    const direction = published[part];
    const hash = direction && directionHash(part, direction.salt, direction.values);
    if (direction === undefined || hash === undefined || !sameBytes(hash, rule.directions[part] ?? new Uint8Array(0)))
      throw unlike(
        'wrong-direction',
        `part ${part} of the direction of round ${round} is not what its rule committed to`,
      );
    if (direction.values.length !== sum.length)
      throw unlike(
        'wrong-direction',
        `part ${part} of the direction of round ${round} has another length than the aggregate`,
      );
    return { direction: signedBytes(direction.values), aggregate: sum, past: past.map((one) => at(one, part)) };
  });
  return { weights: parts.map((part) => partWeights(rule, view.accepted.length, part)), aggregate, parts };
}

/** What of the total is neither of the updates nor public came from counts: there is none without reports, and not more than they may have counted. */
function checkTotal(view: RoundView, left: bigint, counts: readonly bigint[], { factors }: PublicTerms): void {
  const { reporters } = view.rule;
  const points = counts.reduce((sum, one) => sum + one, 0n);
  const largest = reporters.reduce((high, { total }) => (total > high ? total : high), 0n);
  const most = BigInt(Math.max(1, ...factors)) * points * largest;
  if (left < 0n || left > most)
    throw unlike(
      'wrong-payment',
      `the total of round ${view.round} does not follow from its aggregate, direction and counts`,
    );
}

type Submitted = NonNullable<Awaited<ReturnType<typeof submissionsOf>>>[number];

async function submissionsOf(state: State, { round, submissions }: RoundView) {
  const places = Array.from({ length: submissions }, (_, index): [number, number] => [round, index]);
  const found = await state.getMany(storage.tally.submissions, places);
  return found.map((one, index) => {
    if (one !== undefined) return one;
    throw unlike('not-counted', `submission ${index} of round ${round} is not there`, { round });
  });
}

async function acceptedItems(state: State, { round, rule, accepted }: RoundView): Promise<ItemView[]> {
  const places = accepted.map((item): [number, number] => [round, item]);
  const found = await state.getMany(storage.tally.items, places);
  const views = found.map((one, place) => {
    const view = one && itemView(one);
    if (view?.status === 'Accepted') return view;
    throw unlike('not-counted', `item ${accepted[place]} of round ${round} was not accepted`, { round });
  });
  const holders = views.map(({ holder }) => holder);
  if (rule.holders && countHolders(holders) < holders.length)
    throw unlike('not-counted', `round ${round} accepted two items of one holder`, { round });
  return views;
}

/** The submissions of an item: one for every part, all of them accepted. */
function ofItem(view: RoundView, { account }: ItemView, submissions: readonly Submitted[]): PaidItem['submissions'] {
  return view.rule.parts.map((_, part) => {
    const own = submissions.filter(
      (one) => one.lane === LANES.update && one.part === part && sameBytes(one.account, account),
    );
    const [only] = own;
    if (only !== undefined && own.length === 1 && only.verdict === VERDICT.accepted)
      return { part, id: only.id, block: only.block };
    throw unlike('not-counted', `part ${part} of an accepted item of round ${view.round} was not counted`);
  });
}

/** Where the notes of the round stand, and the notes in the order of the payout. */
async function notesOf(
  state: State,
  { round, accepted, rule }: RoundView,
  payout: PayoutView,
  params: FheParams,
  { paid, shared }: Pick<MoneyView, 'paid' | 'shared'>,
) {
  const money = await state.get(storage.royalty.rounds, round);
  const minted = money?.notes;
  if (money?.state.tag !== 'Settled' || minted === undefined)
    throw unlike('not-settled', `round ${round} has no notes`, { round });
  if (money.pool !== rule.pool || money.stake !== rule.stake)
    throw unlike('wrong-payment', `round ${round} has not the pool and stake of its rule`);
  if (money.paid !== paid)
    throw unlike('wrong-payment', `round ${round} took ${money.paid} units out of its pool; its total says ${paid}`);
  if (money.shared !== shared)
    throw unlike(
      'wrong-payment',
      `round ${round} owes ${money.shared} units for its aggregate; what was opened says ${shared}`,
    );
  const { class: noteClass, first } = minted;
  const found = (await state.get(storage.notes.classes))[noteClass];
  if (found?.modulus !== params.t || found.grains !== payout.grains)
    throw unlike('wrong-note', `class ${noteClass} is not that of the notes of round ${round}`);
  const size = constants.notes.chunkNotes;
  const chunks = new Set(accepted.map((_, place) => Math.floor((first + place) / size)));
  const keys = [...chunks].map((chunk): [number, number] => [noteClass, chunk]);
  const lists = new Map((await state.getMany(storage.notes.notes, keys)).map((list, i) => [keys[i]?.[1], list]));
  const notes = accepted.map((_, place) => {
    const note = lists.get(Math.floor((first + place) / size))?.[(first + place) % size];
    if (note !== undefined) return note;
    throw unlike('wrong-note', `class ${noteClass} has no note ${first + place}`);
  });
  return { noteClass, first, notes };
}

/** The item of an account. Throws `receipt/no-item`. */
export function itemOfAccount({ items, view }: RoundFacts, account: Uint8Array): PaidItem {
  const found = items.find((one) => sameBytes(one.view.account, account));
  if (found !== undefined) return found;
  throw unlike('no-item', `round ${view.round} accepted no item of this account`, { round: view.round });
}
