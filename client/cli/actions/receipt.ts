/** What `tacit wallet receipt|verify-receipt|verifier-key|statement|verify-statement` do. Checks need no node. */
import { readFileSync, statSync } from 'node:fs';
import { toHex } from '../../../primitives/crypto/hex.ts';
import { toAddress } from '../../../primitives/crypto/ss58.ts';
import { TacitError } from '../../../primitives/errors.ts';
import { table, tac } from '../../demo/report.ts';
import { knownChain } from '../../sdk/node/chain-file.ts';
import { files } from '../../sdk/node/files.ts';
import { openUpdate } from '../../sdk/node/update-file.ts';
import { type Checked, checkReceipt, makeReceipt } from '../../sdk/receipt/receipt.ts';
import { checkStatement, makeStatement, makeVerifierKey } from '../../sdk/receipt/statement.ts';
import { numberType, type OnChain, wholeNumber } from '../flags.ts';
import { tryOutput } from '../output.ts';
import { openChain } from './open-chain.ts';
import { openWallet } from './open-wallet.ts';

/** Bytes of the largest file that is read: a statement about many rounds. */
const MAX_BYTES = 128 << 20;

function readText(path: string): string {
  try {
    const { size } = statSync(path);
    if (size <= MAX_BYTES) return readFileSync(path, 'utf8');
  } catch (error) {
    throw new TacitError('cli/no-file', `cannot read ${path}: ${(error as NodeJS.ErrnoException).code}`, { path });
  }
  throw new TacitError('cli/no-file', `${path} is too large: it has more than ${MAX_BYTES} bytes`, { path });
}

/** The chain to trust: without a node there is nobody to believe instead. */
function trusted(file: string | undefined): string {
  const { chain } = knownChain(file);
  if (chain !== undefined) return String(chain);
  throw new TacitError('cli/no-chain', 'nothing says which chain to trust: give its specification with --chain FILE');
}

export async function writeReceipt(flags: OnChain & { round: string; out: string; open?: boolean }): Promise<void> {
  const round = wholeNumber('--round', flags.round);
  tryOutput('--out', flags.out);
  const wallet = await openWallet(flags.wallet);
  await using chain = await openChain(flags);
  const text = await makeReceipt(chain, wallet, round, { open: flags.open === true });
  await files.replace(flags.out, text);
  console.log(`the receipt of round ${round} is in ${flags.out}, ${text.length.toLocaleString('en')} characters`);
  if (flags.open) console.error('Whoever has this file reads what the round paid to you, and can prove it to others.');
}

export async function verifyReceipt(flags: {
  receipt: string;
  chain?: string;
  wallet?: string;
  update?: string;
  type?: string;
}): Promise<void> {
  const text = readText(flags.receipt);
  const chain = trusted(flags.chain);
  await using update = flags.update === undefined ? null : await openUpdate(flags.update, numberType(flags.type));
  const wallet = flags.wallet === undefined ? undefined : await openWallet(flags.wallet);
  console.log(linesOf(await checkReceipt(text, chain, { wallet, update: update ?? undefined })).join('\n'));
}

function linesOf({ block, facts, own, earned, share }: Checked): string[] {
  const { view, payout, noteClass } = facts;
  const parts = own.submissions.map(({ part, id, block: at }) => `  part ${part}: ${toHex(id)} in block ${at}`);
  const lines = [
    `proved by the final block ${block.number}, ${block.hash}`,
    `round ${view.round}: item ${own.item} of ${toAddress(own.view.account)} is one of ${view.accepted.length} that were counted`,
    ...parts,
    `the direction is the one that was committed to; the rate, ${payout.rate} grains a point, follows from the total ${payout.negative ? '-' : ''}${payout.sum} and the rule`,
    `the payout is note ${own.number} of class ${noteClass}`,
  ];
  if (earned === undefined)
    return [...lines, 'what it holds the receipt does not say: with --wallet its owner reads it'];
  const score = earned.score === undefined ? 'the round paid stakes alone' : `score ${earned.score}`;
  lines.push(`the note holds ${tac(earned.amount)} TAC, of it ${tac(payout.stake)} stake; ${score}`);
  if (share === undefined) return lines;
  const { update, points, counts } = share;
  return [...lines, `the score is ${update} of the update + ${points} public points + ${counts} of counts`];
}

export async function writeVerifierKey({ wallet: path, out }: { wallet: string; out: string }): Promise<void> {
  tryOutput('--out', out);
  await files.replace(out, makeVerifierKey(await openWallet(path)));
  console.log(`statements can be made for the key in ${out}`);
}

export async function writeStatement(flags: OnChain & { rounds: string; for: string; out: string }): Promise<void> {
  const rounds = flags.rounds.split(',').map((text) => wholeNumber('--rounds', text.trim()));
  const key = readText(flags.for);
  tryOutput('--out', flags.out);
  const wallet = await openWallet(flags.wallet);
  await using chain = await openChain(flags);
  await files.replace(flags.out, await makeStatement(chain, wallet, rounds, key));
  console.log(`the statement is in ${flags.out}: only the verifier reads it, and can convince nobody with it`);
}

export async function verifyStatement(flags: { statement: string; wallet: string; chain?: string }): Promise<void> {
  const text = readText(flags.statement);
  const chain = trusted(flags.chain);
  const { account, notes, block } = await checkStatement(text, chain, await openWallet(flags.wallet));
  console.log(`whoever made this has the notes of ${toAddress(account)}, by the final block ${block.number}:`);
  const rows = notes.map(({ round, amount, stake }) => [`${round}`, tac(amount), tac(stake)]);
  console.log(table(['round', 'amount TAC', 'of it stake'], rows));
}
