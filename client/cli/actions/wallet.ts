/** What `tacit wallet scan|checkpoint` do. */
import { table, tac } from '../../demo/report.ts';
import { claimable, LEAST_CLAIM, waitOf } from '../../sdk/claim.ts';
import { constants } from '../../sdk/generated/chain.ts';
import { nameOf, type OwnNote, type Scan } from '../../sdk/notes/index.ts';
import type { OfNode, OnChain } from '../flags.ts';
import { NoteBook } from './note-book.ts';
import { openChain } from './open-chain.ts';

export async function scanNotes(flags: OnChain & { readonly all?: boolean }): Promise<void> {
  const book = await NoteBook.open(flags);
  const found = await book.read((seen) => seen);
  tellProblems(found);
  const shown = found.notes.filter(({ spent, amount }) => flags.all || (!spent && amount > 0n));
  if (found.notes.length === 0) return console.log('no notes');
  if (shown.length > 0)
    console.log(
      table(
        HEAD,
        shown.map((note) => rowOf(note, found)),
      ),
    );
  const { hidden, dust, paid } = totalsOf(found);
  console.log(`hidden ${tac(hidden)} TAC, of it dust ${tac(dust)}; claimed and paid ${tac(paid)} TAC`);
}

const HEAD = ['note', 'from', 'holds TAC', 'of it stake', 'score', 'ring', 'state'];

function rowOf(note: OwnNote, found: Scan): string[] {
  const { origin, amount, bin } = note;
  const isRound = 'round' in origin;
  return [
    nameOf(note),
    isRound ? `round ${origin.round}` : 'change',
    tac(amount),
    isRound ? tac(origin.stake) : '-',
    isRound && origin.score !== undefined ? `${origin.score}` : '-',
    bin ? `${bin.count}` : 'open',
    stateOf(note, found),
  ];
}

function stateOf(note: OwnNote, found: Scan): string {
  if (note.spent) return `claimed: ${tac(note.spent.amount - note.spent.fee)} TAC`;
  if (note.amount < LEAST_CLAIM) return 'dust';
  if (!claimable(found.notes).includes(note)) return 'has the key of a larger note';
  if (note.bin) return `unclaimed, ${tac(note.bin.largest)} TAC at a time`;
  return `waits for its bin, ${timeOf(waitOf(found, note))} at most`;
}

/** Sums of a wallet, in units. */
interface Totals {
  /** In notes that are not spent, dust included. */
  readonly hidden: bigint;
  /** In notes of less than a claim takes. */
  readonly dust: bigint;
  /** In notes whose bins are open. */
  readonly waiting: bigint;
  /** By the wallet's claims, fees left out. */
  readonly paid: bigint;
}

export function totalsOf({ notes }: Scan): Totals {
  const sum = (some: readonly OwnNote[]): bigint => some.reduce((total, { amount }) => total + amount, 0n);
  const unspent = notes.filter(({ spent }) => !spent);
  const dust = unspent.filter(({ amount }) => amount < LEAST_CLAIM);
  const waiting = unspent.filter(({ amount, bin }) => amount >= LEAST_CLAIM && !bin);
  const paid = new Map(notes.flatMap(({ spent }) => (spent ? [[spent.claim, spent.amount - spent.fee] as const] : [])));
  return {
    hidden: sum(unspent),
    dust: sum(dust),
    waiting: sum(waiting),
    paid: [...paid.values()].reduce((a, b) => a + b, 0n),
  };
}

/** How long the notes wait at most whose bins are open; undefined if there are none that could be claimed then. */
export function longest(found: Scan): string | undefined {
  const waiting = claimable(found.notes).filter(({ amount, bin }) => amount >= LEAST_CLAIM && !bin);
  if (waiting.length === 0) return undefined;
  return timeOf(Math.max(...waiting.map((note) => waitOf(found, note))));
}

/** Blocks as time. */
function timeOf(blocks: number): string {
  const seconds = Math.ceil((blocks * Number(constants.aura.slotDuration)) / 1000);
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7200 ? `${Math.ceil(seconds / 60)} min` : `${Math.ceil(seconds / 3600)} h`;
}

/** What is wrong with some notes is told; the others go their way. */
export function tellProblems({ problems }: Scan): void {
  for (const { where, code, message } of problems) console.error(`${where}: ${message} (${code})`);
}

export async function printCheckpoint(flags: OfNode): Promise<void> {
  await using chain = await openChain(flags);
  await chain.light.finalizedState();
  console.log(JSON.stringify(await chain.light.checkpoint(), null, 2));
}
