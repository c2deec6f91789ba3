/** What `tacit wallet claim` does: one claim at a time, by a plan that is kept beside the wallet. */
import { fromAddress, toAddress } from '../../../primitives/crypto/ss58.ts';
import { TacitError } from '../../../primitives/errors.ts';
import { tac } from '../../demo/report.ts';
import { claim, claimable, LEAST_CLAIM, mostOf } from '../../sdk/claim.ts';
import { claimNow, exponential, type Planned, planClaims, type Wish } from '../../sdk/claim-plan.ts';
import type { Chain } from '../../sdk/connect.ts';
import { constants } from '../../sdk/generated/chain.ts';
import { proveInThread } from '../../sdk/node/prove.ts';
import { nameOf, type OwnNote, type Scan } from '../../sdk/notes/index.ts';
import { random } from '../../sdk/ports.ts';
import { type OnChain, unitsOf, wholeNumber } from '../flags.ts';
import { followPlan } from './follow-plan.ts';
import { KeptPlan } from './kept-plan.ts';
import { NoteBook } from './note-book.ts';
import { patiently } from './patience.ts';
import { minutesOf, pauseUntil } from './waiting.ts';
import { longest, tellProblems, totalsOf } from './wallet.ts';
import { whyNoNote } from './why-no-note.ts';

export interface ClaimFlags extends OnChain {
  readonly round?: string;
  readonly note?: string;
  readonly amount?: string;
  readonly to?: string;
  readonly spread: string;
  readonly now?: boolean;
}

const SHOWN =
  'A claim shows the amount it takes, its time and this connection. Which note of its bin it came from, what that held and what is left stay hidden.';
const GOES_ON = 'Ctrl-C stops; the same command goes on with the plan';
const UNSURE =
  'Nobody knows whether the claim has arrived: it is looked, and if it has not, the same claim is made again later';
const AGAIN = 'a claim on it may have been heard of; it is made again on the same terms';
const LINKED =
  'Claims that follow each other at once are seen to be one wallet’s: without --now they are spread over days.';
/** Fewer notes in a ring than bins close with on a chain in use. */
const SMALL_RING = Number(constants.notes.binLeast);

export async function claimNotes(flags: ClaimFlags): Promise<void> {
  const destination = flags.to === undefined ? undefined : fromAddress(flags.to);
  const units = flags.amount === undefined ? undefined : unitsOf('--amount', flags.amount);
  const round = flags.round === undefined ? undefined : wholeNumber('--round', flags.round);
  const meanMs = flags.now ? 0 : minutesOf('--spread', flags.spread);
  const isOne = round !== undefined || flags.note !== undefined;
  if (!isOne && (destination !== undefined || units !== undefined))
    throw new TacitError(
      'cli/linkable',
      'several claims to one account would link them: name a --note or a --round, or leave --to and --amount out',
    );
  const book = await NoteBook.open(flags);
  const genesis = await book.genesis();
  await using _ = await book.lockClaims(genesis);
  const before = await book.readPlan(genesis);
  const kept = new KeptPlan(before, (plan) => book.keepPlan(genesis, plan));
  const wish = { ...(units !== undefined && { amount: units }), ...(destination && { destination }) };
  await (isOne ? claimOne(book, flags, round, wish, { before, kept }) : claimAll(book, { before, kept }, meanMs));
}

/** The plan as it was found, and as it is kept. */
interface Plans {
  readonly before: readonly Planned[];
  readonly kept: KeptPlan;
}

/** One claim of the note that the flags name, at once. */
async function claimOne(
  book: NoteBook,
  { note: name }: ClaimFlags,
  round: number | undefined,
  wish: Wish,
  { before, kept }: Plans,
): Promise<void> {
  await book.read(async (found, chain) => {
    tellProblems(found);
    const isIt = (note: OwnNote): boolean =>
      name === undefined ? 'round' in note.origin && note.origin.round === round : nameOf(note) === name;
    const note = found.notes.find(isIt);
    if (note === undefined && round === undefined)
      throw new TacitError('cli/no-note', `this wallet has no note ${name}`, { note: name });
    if (note === undefined || (round !== undefined && note.spent))
      return console.log(whyNoNote(found, round as number));
    console.log(SHOWN);
    const one = claimNow(note, before, wish, Date.now());
    if (one.tried) console.error(`note ${nameOf(note)}: ${AGAIN}`);
    await claimed(book, found, chain, note, one, kept);
    await kept.made(one);
  });
}

/** Everything there is to claim, by a plan, until only dust is left; at once where that is wanted: then what can be claimed now. */
async function claimAll(book: NoteBook, { before, kept }: Plans, meanMs: number): Promise<void> {
  let found = await book.read((seen) => seen);
  tellProblems(found);
  if (!found.notes.some(({ spent, amount }) => !spent && amount >= LEAST_CLAIM)) return console.log(nothingLeft(found));
  console.log(SHOWN);
  let isFresh = true;
  const failures = await followPlan(before, {
    meanMs,
    random,
    now: Date.now,
    renew: async (planned, without) => {
      if (!isFresh) found = await patiently(() => book.read((seen) => seen), GOES_ON);
      isFresh = false;
      const notes = found.notes.filter((note) => !without.has(nameOf(note)));
      const plan = planClaims(notes, planned, { meanMs, now: Date.now(), random });
      if (meanMs === 0 && plan.length > 1) console.error(LINKED);
      return plan;
    },
    rest: (until) => pauseUntil(until, 'it is looked what the claims have left', GOES_ON),
    until: (next) => pauseUntil(next.due, `${tac(next.amount)} TAC of the note ${nameOf(next)} are claimed`, GOES_ON),
    idle: () => untilBinsClose(found, meanMs),
    keep: (left) => kept.keep(left),
    claim: (one) => claimPlanned(book, found, one, kept),
    failed: (one, error) => console.error(`note ${nameOf(one)}: ${error.message} (${error.code})`),
    unsure: (one, error) => console.error(`note ${nameOf(one)}: ${error.message}. ${UNSURE}.`),
  });
  if (meanMs === 0) await patiently(() => book.read((seen) => tellWaiting(seen)), GOES_ON);
  if (failures > 0)
    throw new TacitError('cli/claims-failed', `${failures} claims failed; the same command tries them again`);
}

/** A connection of its own for each, without a scan: it shows no more than one claim [a scan begins where the wallet's last one ended, over whatever connection that was]. */
async function claimPlanned(book: NoteBook, found: Scan, one: Planned, kept: KeptPlan): Promise<void> {
  const note = found.notes.find((own) => nameOf(own) === nameOf(one));
  if (note === undefined) throw new TacitError('cli/no-note', `this wallet has no note ${nameOf(one)}`);
  await book.apart((chain) => claimed(book, found, chain, note, one, kept));
}

async function claimed(
  { wallet }: NoteBook,
  found: Scan,
  chain: Chain,
  note: OwnNote,
  one: Planned,
  kept: KeptPlan,
): Promise<void> {
  const name = nameOf(note);
  const ring = note.bin?.count ?? 0;
  if (note.bin && ring < SMALL_RING)
    console.error(`note ${name}: it hides among ${ring} notes, which is few: whoever knows of the others knows of it`);
  const done = await claim(chain, wallet, found, note, one, { prove: proveInThread, onStep: kept.stepsOf(one) });
  const left = done.hidden / note.grains;
  console.log(
    `note ${name}: ${tac(done.paid)} TAC to ${toAddress(done.destination)}; ${tac(left)} TAC stay hidden; ring of ${ring}`,
  );
}

/** Waits for a while if there are notes whose bins are open; else there is nothing more to come. */
async function untilBinsClose(found: Scan, meanMs: number): Promise<boolean> {
  const most = longest(found);
  if (most === undefined) return false;
  const due = Date.now() + exponential({ meanMs, random });
  await pauseUntil(due, `it is looked whether bins have closed (at most ${most} from now)`, GOES_ON);
  return true;
}

function tellWaiting(found: Scan): void {
  const { waiting } = totalsOf(found);
  const most = longest(found);
  const later = claimable(found.notes).filter((note) => (mostOf(note) ?? 0n) >= LEAST_CLAIM);
  if (later.length > 0) console.log(`${later.length} more notes can be claimed; not two of one bin at once`);
  if (most !== undefined) console.log(`${tac(waiting)} TAC are in bins that are open, ${most} more at most`);
}

function nothingLeft(found: Scan): string {
  const { paid, dust } = totalsOf(found);
  if (paid === 0n) return dust === 0n ? 'nothing to claim' : `nothing to claim but dust: ${tac(dust)} TAC`;
  return `nothing to claim: ${tac(paid)} TAC are paid, ${tac(dust)} TAC are dust`;
}
