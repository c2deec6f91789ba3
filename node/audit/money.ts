/** Check 14: in every block, what all accounts hold is what was issued and not burned, deposits are reserved, escrows cover what they owe. */
import { totalIssuance } from '../../pallets/balances/index.ts';
import { royalty } from '../../pallets/royalty/index.ts';
import {
  type AnyPallet,
  type Context,
  type EventRecord,
  fromLatin1,
  storagePrefix,
} from '../../pallets/support/index.ts';
import { system } from '../../pallets/system/index.ts';
import { CHECK, type CheckBook } from './book.ts';
import { DepositAudit } from './deposits.ts';
import { checkOwed } from './owed.ts';
import { checkPools } from './pools.ts';
import { StateAudit } from './state.ts';
import type { ReplayedBlock } from './types.ts';

/** How much each event of `balances` adds to what there is. A withdrawn fee exists no more until it is deposited. */
const ISSUED: Readonly<Record<string, bigint>> = {
  Minted: 1n,
  Deposit: 1n,
  Withdraw: -1n,
  Burned: -1n,
  Slashed: -1n,
  DustLost: -1n,
};

/** Keys of accounts end with the account itself, after a prefix of 32 bytes and a hash of 16. */
const ACCOUNTS = storagePrefix('System', 'Account');

function heldBy(ctx: Context, key: string): bigint {
  const { free, reserved } = system.use(ctx).store.account.get(fromLatin1(key.slice(48))).data;
  return free + reserved;
}

/** Keeps sums along the chain: a block is looked at by what it changed, not by walking the whole state. */
export class MoneyAudit {
  readonly #book: CheckBook;
  readonly #deposits: DepositAudit;
  readonly #state: StateAudit;
  #held = 0n;
  #issued: bigint;

  constructor(genesis: Context, pallets: readonly AnyPallet[], book: CheckBook) {
    this.#book = book;
    this.#deposits = new DepositAudit(genesis, pallets, book);
    this.#state = new StateAudit(genesis, pallets, this.#deposits, book);
    for (const [key] of genesis.storage.entries(ACCOUNTS)) this.#held += heldBy(genesis, key);
    this.#issued = this.#held;
    this.#compare(genesis);
  }

  /** @param isHead whether it is the last one: then everything is counted anew */
  block(block: ReplayedBlock, isHead: boolean): void {
    const { events, changed, before, after } = block;
    for (const event of events) this.#issued += issuedBy(event);
    for (const key of changed) if (key.startsWith(ACCOUNTS)) this.#held += heldBy(after, key) - heldBy(before, key);
    this.#compare(after);
    this.#compareIssued(block);
    checkPools(block, this.#book);
    checkOwed(block, this.#book);
    this.#deposits.block(block);
    this.#state.block(block, isHead);
  }

  /** Nothing is minted after genesis but what the rule of the issuance tells, and counts. */
  #compareIssued({ events, before, after }: ReplayedBlock): void {
    const minted = events.reduce((sum, event) => sum + mintedBy(event), 0n);
    const told = events.reduce((sum, event) => sum + toldBy(event), 0n);
    const counted = issuedUntil(after) - issuedUntil(before);
    this.#book.same(CHECK.money, 'minted against what the issuance tells', told, minted);
    this.#book.same(CHECK.money, 'minted against what the issuance counts', counted, minted);
  }

  #compare(ctx: Context): void {
    this.#book.same(CHECK.money, 'sum of all accounts against issued minus burned', this.#issued, this.#held);
    this.#book.same(CHECK.money, 'total issuance as the state has it', this.#issued, totalIssuance(ctx));
  }
}

const mintedBy = ({ pallet, name, data }: EventRecord): bigint =>
  pallet === 'Balances' && name === 'Minted' ? (data as { amount: bigint }).amount : 0n;
/** What of an event of royalties was issued with it: for a period of use, and of the base when it is paid. */
const TOLD: Readonly<Record<string, (data: unknown) => bigint>> = {
  PeriodClosed: (data) => (data as { issued: bigint }).issued,
  BaseEarned: (data) => (data as { amount: bigint }).amount,
  BackerPaid: (data) => (data as { amount: bigint }).amount,
};
const toldBy = ({ pallet, name, data }: EventRecord): bigint =>
  pallet === 'Royalty' ? (TOLD[name]?.(data) ?? 0n) : 0n;
const issuedUntil = (ctx: Context): bigint => royalty.use(ctx).store.issuance.get().issued;

function issuedBy({ pallet, name, data }: EventRecord): bigint {
  const sign = pallet === 'Balances' ? ISSUED[name] : undefined;
  return sign === undefined ? 0n : sign * (data as { amount: bigint }).amount;
}
