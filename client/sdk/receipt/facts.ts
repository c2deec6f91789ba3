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
  aggregateValues,
  NO_PARTS,
  type OpenedPart,
  paidBy,
  partWeights,
  paymentOf,
  type PublicTerms,
  publicTerms,
  scoreBounds,
  type ScoredParts,
  scoredParts,
  signedBytes,
  totalScore,
} from '../../../primitives/round/score.ts';
import { constants, storage } from '../generated/chain.ts';
import type { LightClient, State } from '../light/index.ts';
import { type MoneyView, paramsOf, readAggregatePart } from '../round.ts';
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
  const { weights, scored } = await weightsOf(state, view);
  const counts = acceptedCounts(view.rule, submissions);
  const bounds = scoreBounds(view.rule, scored, counts, terms);
  const total = payout.negative ? -payout.sum : payout.sum;
  checkTotal(view, total - totalScore(view.rule, scored, 0n, terms), counts, terms);
  const payment = paymentOf(view.rule, total, bounds, params.maxWeightNorm);
  const isRight = payment.rate === payout.rate && payment.grains === payout.grains && payout.stake === view.rule.stake;
  if (!isRight) throw unlike('wrong-payment', `the rate of round ${round} does not follow from its total and its rule`);
  if (payout.z.length !== view.accepted.length || payout.items.some((item, place) => item !== view.accepted[place]))
    throw unlike('wrong-payout', `the payout of round ${round} is not of its accepted items`);
  const paid = paidBy(payment, total);
  const shared = BigInt(view.accepted.length) * priceShare(view.rule, view.accepted.length, scored, paid);
  const minted = await notesOf(state, view, payout, params, { paid, shared });
  const { noteClass } = minted;
  const items = views.map((one, place): PaidItem => {
    const submitted = ofItem(view, one, submissions);
    return { view: one, submissions: submitted, ...paymentAt(place, one, payout, params, minted) };
  });
  return { context: contextOf(genesis, view), params, view, payout, noteClass, items, weights, terms };
}

/** What an item of the payout was paid with. Throws `receipt/wrong-note` if its note does not follow from its enrolment and its payout. */
function paymentAt(
  place: number,
  { enrolment: bytes }: ItemView,
  payout: PayoutView,
  params: FheParams,
  { noteClass, first, notes }: Minted,
): Omit<PaidItem, 'view' | 'submissions'> {
  const enrolment = parsed(params, bytes);
  const [item, z, note] = [at(payout.items, place), at(payout.z, place), at(notes, place)];
  const number = first + place;
  const { key, commitment } = mintNote(z, enrolment.mask, enrolment.key);
  if (sameBytes(key, note.key) && sameBytes(commitment, note.commitment)) return { item, enrolment, z, number, note };
  throw unlike('wrong-note', `note ${number} of class ${noteClass} is not that of item ${item}`);
}

function parsed(params: FheParams, enrolment: Uint8Array): Enrolment {
  try {
    return parseEnrolment(params, enrolment);
  } catch (error) {
    if (isTacitError(error)) throw unlike('not-counted', `an enrolment is malformed: ${error.message}`);
    throw error;
  }
}

/** One part of the aggregates that a round is held against, in the order of its rule. */
async function pastOf(state: State, { round, rule }: RoundView, part: number): Promise<Int32Array[]> {
  const places = rule.past.map((id): [number, number] => [id, part]);
  const found = await state.getMany(storage.tally.aggregates, places);
  return found.map((bytes, i) => {
    if (bytes?.length === 4 * at(rule.parts, part)) return aggregateValues(bytes);
    throw unlike('not-settled', `round ${round} is held against round ${rule.past[i]}, whose aggregate is not there`, {
      round,
    });
  });
}

/** The part of the direction that was committed to. */
async function directionOf(state: State, { round, rule }: RoundView, part: number): Promise<Int8Array> {
  const published = await state.get(storage.tally.directions, round, part);
  const hash = published && directionHash(part, published.salt, published.values);
  const isCommitted = hash !== undefined && sameBytes(hash, rule.directions[part] ?? new Uint8Array(0));
  if (published === undefined || !isCommitted)
    throw unlike(
      'wrong-direction',
      `part ${part} of the direction of round ${round} is not what its rule committed to`,
    );
  if (published.values.length === rule.parts[part]) return signedBytes(published.values);
  const why = `part ${part} of the direction of round ${round} has another length than the aggregate`;
  throw unlike('wrong-direction', why);
}

/** `v'` of every part, from `U`, the direction that was committed to, and what is past: read and weighed part by part. */
async function weightsOf(state: State, view: RoundView): Promise<{ weights: Int32Array[]; scored: ScoredParts }> {
  const { round, rule, accepted } = view;
  const weights: Int32Array[] = [];
  let scored = NO_PARTS;
  for (const part of rule.parts.keys()) {
    const aggregate = await readAggregatePart(state, view, part);
    if (aggregate === undefined) throw unlike('not-settled', `the aggregate of round ${round} is not there`, { round });
    const direction = await directionOf(state, view, part);
    const opened: OpenedPart = { direction, aggregate, past: await pastOf(state, view, part) };
    weights.push(partWeights(rule, accepted.length, opened));
    scored = scoredParts(rule, accepted.length, [opened], scored);
  }
  return { weights, scored };
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
interface Minted {
  readonly noteClass: number;
  readonly first: number;
  readonly notes: readonly Note[];
}

async function notesOf(
  state: State,
  { round, accepted, rule }: RoundView,
  payout: PayoutView,
  params: FheParams,
  { paid, shared }: Pick<MoneyView, 'paid' | 'shared'>,
): Promise<Minted> {
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
