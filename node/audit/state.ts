/** Check 15: what pallets say must always hold of their state does, and the sums kept along the chain are those of the whole state. */
import type { AnyPallet, Context } from '../../pallets/support/index.ts';
import { CHECK, type CheckBook } from './book.ts';
import type { DepositAudit } from './deposits.ts';
import { Glimpse, glimpsed } from './glimpse.ts';
import type { ReplayedBlock } from './types.ts';

/** The state is walked again after so many changed keys for each entry of it: then walking costs less than a tenth of executing. */
const CHANGES_PER_ENTRY = 4;

/** Walks the whole state at genesis, at the head, and between them in proportion to what blocks change. */
export class StateAudit {
  readonly #pallets: readonly AnyPallet[];
  readonly #deposits: DepositAudit;
  readonly #book: CheckBook;
  #changes = 0;
  #due = 0;
  #last = 0;

  constructor(genesis: Context, pallets: readonly AnyPallet[], deposits: DepositAudit, book: CheckBook) {
    this.#pallets = pallets;
    this.#deposits = deposits;
    this.#book = book;
    this.#walk(genesis);
  }

  block({ number, after, changed }: ReplayedBlock, isHead: boolean): void {
    this.#changes += changed.size;
    if (!isHead && this.#changes < this.#due) return;
    this.#deposits.whole(after);
    this.#walk(after);
    this.#last = number;
  }

  #walk(ctx: Context): void {
    const glimpse = new Glimpse(ctx.reader);
    const all = glimpsed(ctx, glimpse);
    for (const pallet of this.#pallets) {
      const fault = faultOf(pallet, all);
      const since = this.#last < ctx.block ? ` (held in block ${this.#last})` : '';
      this.#book.expect(CHECK.state, fault === undefined, `${pallet.name}: ${fault}${since}`);
    }
    this.#changes = 0;
    this.#due = CHANGES_PER_ENTRY * glimpse.met;
  }
}

/** Whatever a broken state makes a pallet throw, it is broken. */
function faultOf(pallet: AnyPallet, ctx: Context): string | undefined {
  try {
    pallet.tryState(ctx);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
