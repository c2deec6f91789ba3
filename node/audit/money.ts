/** Check 14: in every block, what all accounts hold is what was issued and not burned, the escrow covers what is owed, and deposits are reserved. */
import { freeOf, totalIssuance } from '../../pallets/balances/index.ts';
import { ESCROW, obligations } from '../../pallets/royalty/index.ts';
import { type Context, type EventRecord, fromLatin1, latin1, storagePrefix } from '../../pallets/support/index.ts';
import { system } from '../../pallets/system/index.ts';
import { CHECK, type CheckBook } from './book.ts';
import { DepositAudit } from './deposits.ts';
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
const ROYALTY = storagePrefix('Royalty', '').slice(0, 16);

function heldBy(ctx: Context, key: string): bigint {
  const { free, reserved } = system.use(ctx).store.account.get(fromLatin1(key.slice(48))).data;
  return free + reserved;
}

/** Keeps the sum of all accounts along the chain: a block is looked at by what it changed, not by walking the whole state. */
export class MoneyAudit {
  readonly #book: CheckBook;
  readonly #escrow: string;
  readonly #deposits: DepositAudit;
  #held = 0n;
  #issued: bigint;
  #surplus = 0n;

  constructor(genesis: Context, book: CheckBook) {
    this.#book = book;
    this.#deposits = new DepositAudit(book);
    this.#escrow = latin1(system.use(genesis).store.account.keyOf(ESCROW));
    for (const [key] of genesis.storage.entries(ACCOUNTS)) this.#held += heldBy(genesis, key);
    this.#issued = this.#held;
    this.#compare(genesis);
  }

  block(block: ReplayedBlock): void {
    const { events, changed, before, after } = block;
    for (const event of events) this.#issued += issuedBy(event);
    let owesAnew = false;
    for (const key of changed) {
      if (key.startsWith(ACCOUNTS)) this.#held += heldBy(after, key) - heldBy(before, key);
      owesAnew ||= key === this.#escrow || key.startsWith(ROYALTY);
    }
    this.#compare(after);
    if (owesAnew) this.#compareEscrow(after);
    this.#deposits.block(block);
  }

  #compare(ctx: Context): void {
    this.#book.same(CHECK.money, 'sum of all accounts against issued minus burned', this.#issued, this.#held);
    this.#book.same(CHECK.money, 'total issuance as the state has it', this.#issued, totalIssuance(ctx));
  }

  /** Gifts may make the escrow hold more than it owes; nothing may ever take from that. */
  #compareEscrow(ctx: Context): void {
    const owed = obligations(ctx);
    const surplus = freeOf(ctx, ESCROW) - owed;
    const what = `pools, stakes and notes of ${owed} are backed by ${owed + surplus} (surplus before: ${this.#surplus})`;
    this.#book.expect(CHECK.money, surplus >= this.#surplus, what);
    this.#surplus = surplus;
  }
}

function issuedBy({ pallet, name, data }: EventRecord): bigint {
  const sign = pallet === 'Balances' ? ISSUED[name] : undefined;
  return sign === undefined ? 0n : sign * (data as { amount: bigint }).amount;
}
