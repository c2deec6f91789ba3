/** Who pays for a transaction, what it costs at most before its call runs (fee and tip), and what there was to pay with on the state it was judged at. */
export interface Payer {
  /** Account id in hex. */
  readonly account: string;
  readonly cost: bigint;
  readonly means: bigint;
}

/** What one account has waiting. */
export interface Waiting {
  readonly count: number;
  readonly bytes: number;
  readonly cost: bigint;
}

interface Paid {
  readonly bytes: Uint8Array;
  readonly payer?: Payer | undefined;
}

const NOTHING: Waiting = { count: 0, bytes: 0, cost: 0n };

/** Sums over the waiting transactions of each account. */
export class Senders {
  readonly #waiting = new Map<string, Waiting>();

  of(account: string): Waiting {
    return this.#waiting.get(account) ?? NOTHING;
  }

  add(transaction: Paid): void {
    this.#change(transaction, 1);
  }

  remove(transaction: Paid): void {
    this.#change(transaction, -1);
  }

  #change({ bytes, payer }: Paid, by: 1 | -1): void {
    if (payer === undefined) return;
    const before = this.of(payer.account);
    const count = before.count + by;
    if (count === 0) this.#waiting.delete(payer.account);
    else {
      const cost = before.cost + BigInt(by) * payer.cost;
      this.#waiting.set(payer.account, { count, bytes: before.bytes + by * bytes.length, cost });
    }
  }
}
