/**
 * Finding the wallet's notes and reading their amounts. A node that serves a scan sees the same requests, in the same order and of the same size, whatever
 * the wallet holds: everything of every round is read before anything is looked for.
 */
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { toHex } from '../../primitives/crypto/hex.ts';
import type { Scalar } from '../../primitives/crypto/ristretto.ts';
import { isTacitError, TacitError } from '../../primitives/errors.ts';
import { parseEnrolment, recoverEnrolment } from '../../primitives/proofs/enrolment.ts';
import { type Bin, decodeBin, type NoteOpening, openNote } from '../../primitives/proofs/notes.ts';
import { claimTag } from '../../primitives/proofs/ring.ts';
import type { Chain } from './connect.ts';
import { storage } from './generated/chain.ts';
import type { Wallet } from './keys.ts';
import { contextOf, finalizedState, paramsOf, readTags, type RoundView, type State } from './round.ts';
import { type PayoutView, roundView, unknownRound } from './views.ts';

/** A note that belongs to the wallet. Amounts in units of 10^-6 TAC. */
export interface OwnNote {
  readonly round: number;
  readonly item: number;
  /** What the note pays: stake and earnings. */
  readonly amount: bigint;
  /** The stake in it, which comes back. */
  readonly stake: bigint;
  /** Grains paid per point of score; 0 if the round paid nothing. */
  readonly rate: bigint;
  /** Grains in a unit: the note counts its amount in them, and a claim pays whole units. */
  readonly grains: bigint;
  /** The score, what is paid on top of the stake by the rate: only the wallet can read it; undefined if the rate is 0. */
  readonly score: bigint | undefined;
  readonly spent: boolean;
  readonly bin: Bin;
  /** Place in the bin. */
  readonly place: number;
  /** One-time secret of the note: never shown. */
  readonly key: Scalar;
  readonly opening: NoteOpening;
}

/** What a scan has found, and what it has seen on the way. */
export interface Scan {
  readonly notes: readonly OwnNote[];
  /** Every round of the chain, by number. */
  readonly rounds: ReadonlyMap<number, RoundView>;
  /** Rounds that paid the wallet what it cannot read, and why. */
  readonly problems: readonly { readonly round: number; readonly error: TacitError }[];
}

/** Everything public of a settled round that a wallet needs, kept until all rounds are read. */
interface Papers {
  readonly view: RoundView;
  readonly payout: PayoutView;
  /** The place of the wallet's item in the payout, if it has one. */
  readonly own: number;
  readonly enrolment: Uint8Array | undefined;
  readonly bins: readonly Bin[];
  readonly tags: ReadonlySet<string>;
}

/**
 * The wallet's note of one round, if the round has settled and paid it. Tells the node which round is looked at, not whose wallet is looking.
 * @throws `sdk/unknown-round`, and what reading the note throws
 */
export async function scanRound(
  chain: Readers,
  wallet: Wallet,
  round: number,
  at?: State,
): Promise<OwnNote | undefined> {
  const state = at ?? (await finalizedState(chain));
  const stored = await state.get(storage.tally.rounds, round);
  if (!stored) throw unknownRound(round);
  const papers = await gather(state, roundView(stored), wallet);
  return papers && noteOf(chain, wallet, papers);
}

type Readers = Pick<Chain, 'genesis' | 'light'>;

/** The wallet's notes of all rounds so far. What is wrong with one note does not hide the others. */
export async function scan(chain: Readers, wallet: Wallet): Promise<Scan> {
  const state = await finalizedState(chain);
  const next = await state.get(storage.tally.nextRound);
  const numbers = Array.from({ length: next - 1 }, (_, i): [number] => [i + 1]);
  const stored = await state.getMany(storage.tally.rounds, numbers);
  const views = stored.flatMap((round) => (round ? [roundView(round)] : []));
  const kept: Papers[] = [];
  for (const view of views) {
    const papers = await gather(state, view, wallet);
    if (papers) kept.push(papers);
  }
  // only now: work between two requests would tell of which round it was
  const notes: OwnNote[] = [];
  const problems: { round: number; error: TacitError }[] = [];
  for (const papers of kept) {
    try {
      const note = noteOf(chain, wallet, papers);
      if (note) notes.push(note);
    } catch (error) {
      if (!isTacitError(error)) throw error;
      problems.push({ round: papers.view.round, error });
    }
  }
  return { notes, problems, rounds: new Map(views.map((view) => [view.round, view])) };
}

/** Reads the papers of a round: the same requests for every wallet. Undefined if the round has paid nobody. */
async function gather(state: State, view: RoundView, wallet: Wallet): Promise<Papers | undefined> {
  const { round } = view;
  const payout = await state.get(storage.tally.payouts, round);
  if (!payout) return undefined;
  // all items, not the wallet's own
  const places = payout.items.map((item): [number, number] => [round, item]);
  const items = await state.getMany(storage.tally.items, places);
  const money = await state.get(storage.royalty.rounds, round);
  const indexes = Array.from({ length: money?.bins ?? 0 }, (_, index): [number, number] => [round, index]);
  const records = await state.getMany(storage.royalty.bins, indexes);
  const tags = await readTags(state, round);
  const own = items.findIndex((item) => item !== undefined && sameBytes(item.account, wallet.account.publicKey));
  const bins = own < 0 ? [] : records.flatMap((record) => (record ? [decodeBin(record.bin)] : []));
  return { view, payout, own, enrolment: items[own]?.enrolment, bins, tags };
}

function noteOf(chain: Readers, wallet: Wallet, papers: Papers): OwnNote | undefined {
  const { view, payout, own, bins, tags } = papers;
  const [item, z] = [payout.items[own], payout.z[own]];
  if (item === undefined || z === undefined || !papers.enrolment) return undefined;
  const params = paramsOf(chain, view);
  const enrolment = parseEnrolment(params, papers.enrolment);
  const context = { context: contextOf(chain.genesis, view), account: wallet.account.publicKey };
  const secrets = recoverEnrolment(params, context, wallet.noteSeed, enrolment);
  const { bin, place } = findNote(bins, view.round, enrolment.key);
  const opening = openNote(bin.notes[place] as Bin['notes'][number], z, secrets.m, secrets.r, params.t);
  const { rate, grains, stake } = payout;
  return {
    round: view.round,
    item,
    amount: opening.amount / grains,
    stake,
    rate,
    grains,
    score: scoreOf(opening.amount - grains * stake, rate),
    spent: tags.has(toHex(claimTag(secrets.key))),
    bin,
    place,
    key: secrets.key,
    opening,
  };
}

function scoreOf(earned: bigint, rate: bigint): bigint | undefined {
  if (rate === 0n) return undefined;
  if (earned % rate !== 0n)
    throw new TacitError(
      'sdk/bad-payout',
      `the payout of ${earned} grains is no multiple of the round’s rate of ${rate}`,
    );
  return earned / rate;
}

function findNote(bins: readonly Bin[], round: number, key: Uint8Array): { bin: Bin; place: number } {
  for (const bin of bins) {
    const place = bin.notes.findIndex((note) => sameBytes(note.key, key));
    if (place >= 0) return { bin, place };
  }
  throw new TacitError('sdk/no-note', `round ${round} has settled but holds no note of this enrolment`, { round });
}
