/**
 * Part of check 14: of every account exactly that is reserved which pallets hold as deposits, and accounts of pallets hold what they owe. The sums are kept
 * along the chain. What an entry adds to them follows from the entry, and from values that pallets read by their keys: so of a block only the entries are
 * looked at that it changed, before and after it, and of pallets only those whose answer may be another.
 */
import type { AnyPallet, Context, Held } from '../../pallets/support/index.ts';
import { fromLatin1, latin1, storagePrefix } from '../../pallets/support/index.ts';
import { holdings } from '../../pallets/balances/index.ts';
import { toHex } from '../../primitives/crypto/hex.ts';
import { CHECK, type CheckBook } from './book.ts';
import { Glimpse, glimpsed } from './glimpse.ts';
import type { ReplayedBlock } from './types.ts';

/** Keys of accounts end with the account itself. */
const ACCOUNTS = storagePrefix('System', 'Account');
const ACCOUNT_BYTES = 32;

type Declaration = 'deposits' | 'owes';
/** Amounts by account, one character per byte. */
type Sums = Map<string, bigint>;

function add(sums: Sums, list: Iterable<Held>, sign: bigint): void {
  for (const [account, amount] of list) {
    const name = latin1(account);
    sums.set(name, (sums.get(name) ?? 0n) + sign * amount);
  }
}

/** What one pallet declares, followed along the chain. */
class Followed {
  readonly #pallet: AnyPallet;
  readonly #what: Declaration;
  /** What its last answer was taken from. */
  #seen: readonly Glimpse[] = [];

  constructor(pallet: AnyPallet, what: Declaration) {
    this.#pallet = pallet;
    this.#what = what;
  }

  /** All of it, by a walk over the pallet's state. */
  whole(ctx: Context, sums: Sums): void {
    const glimpse = new Glimpse(ctx.reader);
    add(sums, this.#pallet[this.#what](glimpsed(ctx, glimpse)), 1n);
    this.#seen = [glimpse];
  }

  /** What a block changed of it. @param changed keys in byte order */
  changes({ before, after }: ReplayedBlock, changed: readonly string[], sums: Sums): void {
    if (!changed.some((key) => this.#seen.some((glimpse) => glimpse.rests(key)))) return;
    const [was, is] = [new Glimpse(before.reader, changed), new Glimpse(after.reader, changed)];
    add(sums, this.#pallet[this.#what](glimpsed(before, was)), -1n);
    add(sums, this.#pallet[this.#what](glimpsed(after, is)), 1n);
    this.#seen = [is];
  }

  get name(): string {
    return `${this.#what} of ${this.#pallet.name}`;
  }
}

/** Sums of one declaration over all pallets. */
class Ledger {
  readonly #followed: readonly Followed[];
  readonly #book: CheckBook;
  #sums: Sums = new Map();

  constructor(pallets: readonly AnyPallet[], what: Declaration, book: CheckBook) {
    this.#followed = pallets.map((pallet) => new Followed(pallet, what));
    this.#book = book;
  }

  #each(body: (followed: Followed) => void): void {
    for (const followed of this.#followed) {
      try {
        body(followed);
      } catch (error) {
        // A state on which a pallet cannot say what it holds is a finding.
        const why = error instanceof Error ? error.message : String(error);
        this.#book.expect(CHECK.money, false, `${followed.name} cannot be told: ${why}`);
      }
    }
  }

  /** Accounts whose sum the block has changed. */
  block(block: ReplayedBlock, changed: readonly string[]): string[] {
    const changes: Sums = new Map();
    this.#each((followed) => followed.changes(block, changed, changes));
    const touched = [...changes].filter(([, amount]) => amount !== 0n);
    for (const [account, amount] of touched) this.#put(account, this.of(account) + amount);
    return touched.map(([account]) => account);
  }

  /** Counts anew, and compares with what was kept. */
  whole(ctx: Context, isFirst: boolean): string[] {
    const sums: Sums = new Map();
    this.#each((followed) => followed.whole(ctx, sums));
    const accounts = new Set([...sums.keys(), ...this.#sums.keys()]);
    if (!isFirst) {
      for (const account of accounts) {
        const what = `what is held of ${toHex(fromLatin1(account))}, counted anew`;
        this.#book.same(CHECK.money, what, sums.get(account) ?? 0n, this.of(account));
      }
    }
    this.#sums = new Map([...sums].filter(([, sum]) => sum !== 0n));
    return [...accounts];
  }

  of(account: string): bigint {
    return this.#sums.get(account) ?? 0n;
  }

  #put(account: string, sum: bigint): void {
    if (sum === 0n) this.#sums.delete(account);
    else this.#sums.set(account, sum);
  }
}

/** Compares accounts with the sums of what is held of them. */
export class DepositAudit {
  readonly #book: CheckBook;
  readonly #deposits: Ledger;
  readonly #owed: Ledger;
  /** What accounts of pallets hold beyond what they owe. */
  readonly #surplus: Sums = new Map();

  constructor(genesis: Context, pallets: readonly AnyPallet[], book: CheckBook) {
    this.#book = book;
    this.#deposits = new Ledger(pallets, 'deposits', book);
    this.#owed = new Ledger(pallets, 'owes', book);
    this.#whole(genesis, true);
  }

  block(block: ReplayedBlock): void {
    const changed = [...block.changed].sort();
    const accounts = changed.filter((key) => key.startsWith(ACCOUNTS)).map((key) => key.slice(-ACCOUNT_BYTES));
    const reserved = new Set([...this.#deposits.block(block, changed), ...accounts]);
    for (const account of reserved) this.#compareDeposits(block.after, account);
    const owed = new Set([...this.#owed.block(block, changed), ...accounts.filter((each) => this.#surplus.has(each))]);
    for (const account of owed) this.#compareEscrow(block.after, account);
  }

  /** Counts everything anew. */
  whole(ctx: Context): void {
    this.#whole(ctx, false);
  }

  #whole(ctx: Context, isFirst: boolean): void {
    const accounts = new Set(this.#deposits.whole(ctx, isFirst));
    for (const account of holdings.reservers(ctx)) accounts.add(latin1(account));
    for (const account of accounts) this.#compareDeposits(ctx, account);
    for (const account of this.#owed.whole(ctx, isFirst)) this.#compareEscrow(ctx, account);
  }

  #compareDeposits(ctx: Context, account: string): void {
    const who = fromLatin1(account);
    const [sum, reserved] = [this.#deposits.of(account), holdings.reservedOf(ctx, who)];
    const what = `deposits of ${sum} of ${toHex(who)} are backed by ${reserved} reserved`;
    this.#book.expect(CHECK.money, reserved === sum, what);
  }

  /** Gifts may make an account hold more than it owes; nothing may ever take from that. */
  #compareEscrow(ctx: Context, account: string): void {
    const who = fromLatin1(account);
    const owed = this.#owed.of(account);
    const before = this.#surplus.get(account) ?? 0n;
    const surplus = holdings.freeOf(ctx, who) - owed;
    const what = `${owed} that ${toHex(who)} owes are backed by ${owed + surplus} (surplus before: ${before})`;
    this.#book.expect(CHECK.money, surplus >= before, what);
    this.#surplus.set(account, surplus);
  }
}
