/** The balance sheet: every account at genesis and at the end, and what the events of all blocks say of each. Nothing is left over, to the last unit. */
import type { ApiPromise } from '@polkadot/api';
import type { AccountInfo } from '@polkadot/types/interfaces';
import { fromAddress } from '../../primitives/crypto/ss58.ts';
import { table, tac } from '../demo/report.ts';
import { devAccount } from '../sdk/keys.ts';
import type { Block, ChainEvent, Json } from './ledger.ts';
import type { BalanceSheet } from './report.ts';

/** Accounts that no key opens begin with these bytes; the name of their pallet follows. */
const PALLET_PREFIX = 'modl';
const PALLET_NAMES: Readonly<Record<string, string>> = {
  tacitown: 'what assets have earned',
  tacitroy: 'pools, stakes, owed',
  tacitnot: 'notes and hidden change',
  tacitlic: 'escrow of licences',
  tacitcur: 'pots of evaluations',
  tacitvou: 'channels of vouchers',
  tacituse: 'bills of metered uses',
  tacittre: 'treasury',
};
const VALIDATORS = ['Alice', 'Bob', 'Charlie', 'Dave', 'Eve', 'Ferdie', 'Grace', 'Heidi', 'Ivan', 'Judy'];

type Amounts = Map<string, bigint>;
const NOTHING = { minted: 0n, burned: 0n, paid: 0n, toAuthors: 0n };

/** Makes the sheet up to a final block. @param known names of accounts, by address @param purses the events by which everybody got what it begins with */
export async function sheetOf(
  api: ApiPromise,
  blocks: readonly Block[],
  { known, purses }: { known: ReadonlyMap<string, string>; purses: readonly ChainEvent[] },
): Promise<BalanceSheet> {
  const last = blocks.at(-1) as Block;
  const genesis = api.genesisHash.toHex();
  const [start, end] = await Promise.all([balancesAt(api, genesis), balancesAt(api, last.hash)]);
  const [supplyStart, supplyEnd] = await Promise.all([issuanceAt(api, genesis), issuanceAt(api, last.hash)]);
  const moved: Amounts = new Map();
  const purse: Amounts = new Map();
  for (const event of purses) if (event.name === 'balances.Transfer') book(event, purse, { ...NOTHING });
  const totals = { ...NOTHING };
  for (const { events } of blocks) for (const event of events) book(event, moved, totals);
  // fees that no author could be paid are burned without a word of their own
  const burned = totals.burned + totals.paid - totals.toAuthors;
  // people first, as the story knows them, then what no key opens, then whoever else there is
  const others = [...start.keys(), ...end.keys(), ...moved.keys()].toSorted((a, b) => rankOf(a) - rankOf(b));
  const addresses = [...new Set([...known.keys(), ...others])];
  const lines = addresses.map((address) => ({
    account: known.get(address) ?? nameOf(address),
    address,
    start: `${start.get(address) ?? 0n}`,
    purse: `${purse.get(address) ?? 0n}`,
    end: `${end.get(address) ?? 0n}`,
    moved: `${moved.get(address) ?? 0n}`,
  }));
  return {
    block: last.number,
    lines,
    supply: { start: `${supplyStart}`, end: `${supplyEnd}`, minted: `${totals.minted}`, burned: `${burned}` },
    fees: { paid: `${totals.paid}`, toAuthors: `${totals.toAuthors}` },
  };
}

/** What each account holds, free and reserved. */
async function balancesAt(api: ApiPromise, hash: string): Promise<Amounts> {
  const at = await api.at(hash);
  const entries = (await at.query['system']!['account']!.entries()) as unknown as [{ args: unknown[] }, AccountInfo][];
  return new Map(
    entries.map(([{ args }, { data }]) => [String(args[0]), data.free.toBigInt() + data.reserved.toBigInt()]),
  );
}

async function issuanceAt(api: ApiPromise, hash: string): Promise<bigint> {
  const at = await api.at(hash);
  return BigInt(String(await at.query['balances']!['totalIssuance']!()));
}

/** Books one event of money. */
function book({ name, data }: ChainEvent, moved: Amounts, totals: typeof NOTHING): void {
  const amount = amountOf(data['amount']);
  const add = (who: Json | undefined, by: bigint): void => {
    moved.set(String(who), (moved.get(String(who)) ?? 0n) + by);
  };
  switch (name) {
    case 'balances.Transfer':
    case 'balances.ReserveRepatriated':
      add(data['from'], -amount);
      add(data['to'], amount);
      break;
    case 'balances.Minted':
      add(data['who'], amount);
      totals.minted += amount;
      break;
    case 'balances.Burned':
    case 'balances.Slashed':
    case 'balances.DustLost':
      add(data['who'] ?? data['account'], -amount);
      totals.burned += amount;
      break;
    // a fee is withdrawn, and deposited with the author when the block ends
    case 'balances.Withdraw':
      add(data['who'], -amount);
      break;
    case 'balances.Deposit':
      add(data['who'], amount);
      totals.toAuthors += amount;
      break;
    case 'transactionPayment.TransactionFeePaid':
      totals.paid += amountOf(data['actualFee']);
      break;
  }
}

const amountOf = (value: Json | undefined): bigint =>
  typeof value === 'number' || typeof value === 'string' ? BigInt(value) : 0n;

const validators = (): ReadonlyMap<string, string> =>
  new Map(VALIDATORS.map((name) => [devAccount(`//${name}`).address, name]));

/** The name of the pallet whose account it is, if no key opens it. */
function palletOf(address: string): string | undefined {
  const text = Buffer.from(fromAddress(address).slice(0, 12)).toString('latin1');
  return text.startsWith(PALLET_PREFIX) ? text.slice(PALLET_PREFIX.length) : undefined;
}

function nameOf(address: string): string {
  const pallet = palletOf(address);
  if (pallet !== undefined) return PALLET_NAMES[pallet] ?? `account of ${pallet}`;
  return validators().get(address) ?? address;
}

const rankOf = (address: string): number => (palletOf(address) === undefined ? 1 : 0);

/** What of a sheet has to be zero, or the same, by name: found and expected. */
export function soundness(sheet: BalanceSheet): Record<string, readonly [string, string]> {
  const { lines, supply, fees } = sheet;
  const total = (of: (line: BalanceSheet['lines'][number]) => bigint): bigint =>
    lines.reduce((sum, line) => sum + of(line), 0n);
  const unexplained = lines.filter(({ start, end, moved }) => BigInt(start) + BigInt(moved) !== BigInt(end));
  return {
    accountsAtStart: [`${total(({ start }) => BigInt(start))}`, supply.start],
    accountsAtEnd: [`${total(({ end }) => BigInt(end))}`, supply.end],
    supply: [`${BigInt(supply.start) + BigInt(supply.minted) - BigInt(supply.burned)}`, supply.end],
    fees: [fees.toAuthors, fees.paid],
    unexplained: [unexplained.map(({ account }) => account).join(', '), ''],
  };
}

/** As people read it; accounts of which nothing has changed are left out. */
export function renderSheet({ block, lines, supply, fees }: BalanceSheet): string {
  const signed = (amount: bigint): string => `${amount < 0n ? '' : '+'}${tac(amount)}`;
  const rowOf = (account: string, begins: bigint, ends: bigint): string[] => [
    account,
    tac(begins),
    tac(ends),
    signed(ends - begins),
  ];
  const all = lines.map(({ account, start, purse, end }) => {
    return { account, begins: BigInt(start) + BigInt(purse), ends: BigInt(end) };
  });
  const changed = all.filter(({ begins, ends }) => begins !== ends);
  const still = all.filter(({ begins, ends }) => begins === ends);
  const rest = still.reduce((sum, { ends }) => sum + ends, 0n);
  const total = (key: 'begins' | 'ends'): bigint => all.reduce((sum, line) => sum + line[key], 0n);
  const rows = [
    ...changed.map(({ account, begins, ends }) => rowOf(account, begins, ends)),
    rowOf(`${still.length} others`, rest, rest),
    rowOf('all', total('begins'), total('ends')),
  ];
  return [
    table(['account', 'begins with', `in block ${block}`, 'difference'], rows),
    '',
    `supply ${tac(BigInt(supply.start))} at genesis + ${tac(BigInt(supply.minted))} minted - ${tac(BigInt(supply.burned))} burned = ${tac(BigInt(supply.end))} now`,
    `fees ${tac(BigInt(fees.paid))} paid = ${tac(BigInt(fees.toAuthors))} to the authors of blocks`,
  ].join('\n');
}
