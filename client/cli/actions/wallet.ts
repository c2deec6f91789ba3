/** What `tacit wallet scan|checkpoint` do. */
import { table, tac } from '../../demo/report.ts';
import { LEAST_CLAIM, type OwnNote, type Scan, scan } from '../../sdk/claim.ts';
import type { OfNode, OnChain } from '../flags.ts';
import { openChain } from './open-chain.ts';
import { openWallet } from './open-wallet.ts';

export async function scanNotes(flags: OnChain): Promise<void> {
  const wallet = await openWallet(flags.wallet);
  await using chain = await openChain(flags);
  const found = await scan(chain, wallet);
  tellProblems(found);
  if (found.notes.length === 0) return console.log('no notes');
  const rows = found.notes.map((note) => [
    `${note.round}`,
    tac(note.amount),
    tac(note.stake),
    `${note.score ?? '-'}`,
    stateOf(note),
  ]);
  console.log(table(['round', 'amount TAC', 'of it stake', 'score', 'state'], rows));
}

function stateOf({ spent, amount }: OwnNote): string {
  if (spent) return 'claimed';
  return amount < LEAST_CLAIM ? 'below the fee' : 'unclaimed';
}

/** What is wrong with some notes is told; the others go their way. */
export function tellProblems({ problems }: Scan): void {
  for (const { round, error } of problems) console.error(`round ${round}: ${error.message} (${error.code})`);
}

export async function printCheckpoint(flags: OfNode): Promise<void> {
  await using chain = await openChain(flags);
  await chain.light.finalizedState();
  console.log(JSON.stringify(await chain.light.checkpoint(), null, 2));
}
