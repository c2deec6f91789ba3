/** What `tacit wallet balance|send` do. */
import { fromAddress, toAddress } from '../../../primitives/crypto/ss58.ts';
import { TacitError } from '../../../primitives/errors.ts';
import { table, tac } from '../../demo/report.ts';
import { exponential } from '../../sdk/claim-plan.ts';
import { random } from '../../sdk/ports.ts';
import { payFrom, type Payment, type Purse, purseFor, purses } from '../../sdk/spend.ts';
import { type OnChain, wholeNumber } from '../flags.ts';
import { openChain } from './open-chain.ts';
import { openWallet } from './open-wallet.ts';
import { minutesOf, pauseUntil } from './waiting.ts';

export interface SendFlags extends OnChain {
  readonly to: string;
  readonly amount?: string;
  readonly round?: string;
  readonly spread: string;
  readonly now?: boolean;
}

const nameOf = ({ round }: Purse): string => (round === undefined ? 'contributes' : `${round}`);

export async function showBalances(flags: OnChain): Promise<void> {
  const wallet = await openWallet(flags.wallet);
  await using chain = await openChain(flags);
  const all = await purses(chain, wallet);
  if (all.length === 0) return console.log('the wallet’s accounts hold nothing');
  const rows = all.map((purse) => [nameOf(purse), tac(purse.free), tac(purse.reserved), toAddress(purse.account)]);
  console.log(table(['round', 'free TAC', 'reserved TAC', 'account'], rows));
}

/** Whole TAC with up to six decimals, in units. */
function unitsOf(text: string): bigint {
  const [, whole, decimals = ''] = /^([0-9]{1,18})(?:\.([0-9]{1,6}))?$/.exec(text) ?? [];
  if (whole === undefined)
    throw new TacitError('cli/bad-flag', `--amount takes TAC with up to six decimals, not '${text}'`, {
      flag: '--amount',
    });
  return BigInt(whole) * 1_000_000n + BigInt(decimals.padEnd(6, '0'));
}

export async function sendMoney(flags: SendFlags): Promise<void> {
  const destination = fromAddress(flags.to);
  const payment: Payment = flags.amount === undefined ? 'all' : { amount: unitsOf(flags.amount) };
  const round = flags.round === undefined ? undefined : wholeNumber('--round', flags.round);
  const meanMs = flags.now ? 0 : minutesOf('--spread', flags.spread);
  const wallet = await openWallet(flags.wallet);
  const purse = await chosen(flags, wallet, payment, round);
  await pauseUntil(
    Date.now() + exponential({ meanMs, random }),
    `the account of round ${nameOf(purse)} pays`,
    'Ctrl-C stops; --now does not wait',
  );
  await using chain = await openChain(flags);
  await payFrom(chain, wallet, purse, destination, payment);
  const amount = payment === 'all' ? 'all' : `${tac(payment.amount)} TAC`;
  console.log(`${amount} of ${toAddress(purse.account)} sent to ${toAddress(destination)}`);
}

/** The one account that pays. Two that pay together would be seen to be one wallet's, so that none are added up. */
async function chosen(
  flags: SendFlags,
  wallet: Parameters<typeof purses>[1],
  payment: Payment,
  round: number | undefined,
): Promise<Purse> {
  await using chain = await openChain(flags);
  const all = (await purses(chain, wallet)).filter((purse) => purse.round !== undefined);
  if (round !== undefined) {
    const found = all.find((purse) => purse.round === round);
    if (found) return found;
    throw new TacitError('cli/no-purse', `the account of round ${round} holds nothing`, { round });
  }
  if (payment === 'all') {
    const [only] = all;
    if (only !== undefined && all.length === 1) return only;
    throw new TacitError(
      'cli/linkable',
      `${all.length} accounts hold money: name the --round that pays, one at a time`,
    );
  }
  const found = purseFor(all, payment.amount);
  if (found) return found;
  const most = all.reduce((high, { free }) => (free > high ? free : high), 0n);
  throw new TacitError(
    'cli/linkable',
    `no account holds ${tac(payment.amount)} TAC alone (the most is ${tac(most)}); several that pay together would be linked: send in parts`,
  );
}
