/** What `tacit wallet balance|send` do. */
import { fromAddress, toAddress } from '../../../primitives/crypto/ss58.ts';
import { TacitError } from '../../../primitives/errors.ts';
import { table, tac } from '../../demo/report.ts';
import { exponential } from '../../sdk/claim-plan.ts';
import { random } from '../../sdk/ports.ts';
import { payFrom, type Payment, type Purse, purseFor, purses } from '../../sdk/spend.ts';
import { type OnChain, unitsOf } from '../flags.ts';
import { NoteBook } from './note-book.ts';
import { openChain } from './open-chain.ts';
import { minutesOf, pauseUntil } from './waiting.ts';
import { totalsOf } from './wallet.ts';

export interface SendFlags extends OnChain {
  readonly to: string;
  readonly amount?: string;
  readonly from?: string;
  readonly spread: string;
  readonly now?: boolean;
}

export async function showBalances(flags: OnChain): Promise<void> {
  const book = await NoteBook.open(flags);
  const { all, hidden } = await book.read(async (found, chain) => {
    return { all: await purses(chain, book.wallet, found.notes), hidden: totalsOf(found).hidden };
  });
  const rows = all.map((purse) => {
    return [purse.note ?? 'contributes', tac(purse.free), tac(purse.reserved), toAddress(purse.account)];
  });
  if (rows.length === 0) console.log('the wallet’s accounts hold nothing');
  else console.log(table(['note', 'free TAC', 'reserved TAC', 'account'], rows));
  if (hidden > 0n) console.log(`hidden in notes: ${tac(hidden)} TAC, which only this wallet can see`);
}

export async function sendMoney(flags: SendFlags): Promise<void> {
  const destination = fromAddress(flags.to);
  const payment: Payment = flags.amount === undefined ? 'all' : { amount: unitsOf('--amount', flags.amount) };
  const from = flags.from === undefined ? undefined : fromAddress(flags.from);
  const meanMs = flags.now ? 0 : minutesOf('--spread', flags.spread);
  const book = await NoteBook.open(flags);
  const all = await book.read((found, chain) => purses(chain, book.wallet, found.notes));
  const purse = chosen(all, payment, from && toAddress(from));
  await pauseUntil(
    Date.now() + exponential({ meanMs, random }),
    `the account ${toAddress(purse.account)} pays`,
    'Ctrl-C stops; --now does not wait',
  );
  await using chain = await openChain(flags);
  await payFrom(chain, purse, destination, payment);
  const amount = payment === 'all' ? 'all' : `${tac(payment.amount)} TAC`;
  console.log(`${amount} of ${toAddress(purse.account)} sent to ${toAddress(destination)}`);
}

/** The one account that pays. Two that pay together would be seen to be one wallet's, so that none are added up. */
function chosen(purses: readonly Purse[], payment: Payment, from: string | undefined): Purse {
  const all = purses.filter(({ note }) => note !== undefined);
  if (from !== undefined) {
    const found = all.find(({ account }) => toAddress(account) === from);
    if (found) return found;
    throw new TacitError('cli/no-purse', `${from} is no fresh account of this wallet that holds anything`, { from });
  }
  if (payment === 'all') {
    const [only] = all;
    if (only !== undefined && all.length === 1) return only;
    throw new TacitError('cli/linkable', `${all.length} accounts hold money: name the one --from which is paid`);
  }
  const found = purseFor(all, payment.amount);
  if (found) return found;
  const most = all.reduce((high, { free }) => (free > high ? free : high), 0n);
  throw new TacitError(
    'cli/linkable',
    `no account holds ${tac(payment.amount)} TAC alone (the most is ${tac(most)}); several that pay together would be linked: send in parts`,
  );
}
