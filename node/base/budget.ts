/** How often something may happen per name: token buckets, a bounded number of them. */
export interface BudgetLimits {
  /** Per second. */
  readonly rate: number;
  /** At once. */
  readonly burst: number;
}

const MAX_NAMES = 4_096;

export class Budget {
  readonly #limits: BudgetLimits;
  readonly #now: () => number;
  readonly #names = new Map<string, { tokens: number; at: number }>();

  /** @param now milliseconds, monotonic */
  constructor(limits: BudgetLimits, now: () => number) {
    this.#limits = limits;
    this.#now = now;
  }

  /** Milliseconds between two, in the long run. */
  get interval(): number {
    return 1000 / this.#limits.rate;
  }

  /** Whether it may happen once more; if so, it counts. */
  spend(name: string): boolean {
    const isLeft = this.isLeft(name);
    this.charge(name, isLeft ? 1 : 0);
    return isLeft;
  }

  /** Whether it may happen once more. */
  isLeft(name: string): boolean {
    return this.#tokens(name) >= 1;
  }

  /** Counts what has happened, however often it might have. */
  charge(name: string, times: number): void {
    const tokens = this.#tokens(name) - times;
    // The least recently seen name makes room: it has its tokens back, or nearly.
    this.#names.delete(name);
    if (this.#names.size >= MAX_NAMES) this.#names.delete(this.#names.keys().next().value!);
    this.#names.set(name, { tokens, at: this.#now() });
  }

  #tokens(name: string): number {
    const { rate, burst } = this.#limits;
    const known = this.#names.get(name);
    return known === undefined ? burst : Math.min(burst, known.tokens + ((this.#now() - known.at) / 1000) * rate);
  }
}
