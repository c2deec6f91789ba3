import type { View } from './types.ts';

/** An answer must come within so many periods. */
const ANSWER_PERIODS = 16;
/** The same peer is not asked again for so many periods; up to four times as long if it gave no answer. */
const COOLDOWN_PERIODS = 16;
const MOST_FAILURES = 2;
/** Nobody is asked within so many periods of the last asking, whoever comes and goes. */
const GAP_PERIODS = 4;
/** What a peer said of itself is true for so many periods. */
const VIEW_PERIODS = 64;
const MAX_PEERS = 512;

interface Asked {
  readonly at: number;
  readonly failures: number;
}

/**
 * Where the peers stand, and whom to ask for votes. Asking is slow whatever peers say or do: one question at a time, a gap between
 * two, and a longer one for the same peer, which leaving and coming back does not shorten.
 */
export class Peers {
  readonly #period: number;
  readonly #views = new Map<string, { readonly view: View; readonly at: number }>();
  readonly #asked = new Map<string, Asked>();
  #open: { readonly peer: string; readonly until: number } | undefined;
  #notBefore = -Infinity;

  constructor(period: number) {
    this.#period = period;
  }

  note(peer: string, view: View, now: number): void {
    this.#views.delete(peer);
    this.#views.set(peer, { view, at: now });
    if (this.#views.size > MAX_PEERS) this.#views.delete(this.#views.keys().next().value!);
  }

  gone(peer: string): void {
    this.#views.delete(peer);
    if (this.#open?.peer === peer) this.close(false);
  }

  /** Whether we are waiting for this peer's answer. */
  isAsked(peer: string): boolean {
    return this.#open?.peer === peer;
  }

  /** The open question has been answered, or it will not be. */
  close(answered: boolean): void {
    if (this.#open === undefined) return;
    const { peer } = this.#open;
    const { at, failures } = this.#asked.get(peer)!;
    this.#asked.set(peer, { at, failures: answered ? 0 : Math.min(MOST_FAILURES, failures + 1) });
    this.#open = undefined;
  }

  /** Whom to ask now among the peers whose view `mayHelp`; the question is then open. */
  ask(now: number, mayHelp: (view: View) => boolean): string | undefined {
    if (this.#open !== undefined && this.#open.until <= now) this.close(false);
    if (this.#open !== undefined || now < this.#notBefore) return undefined;
    this.#forget(now);
    const ready = [...this.#views]
      .filter(([peer, { view }]) => mayHelp(view) && now >= this.#readyAt(peer))
      .map(([peer]) => peer);
    if (ready.length === 0) return undefined;
    // Whoever failed comes last, then whoever was asked last: a liar does not keep us from the others.
    const rank = (peer: string): readonly [number, number] => {
      const { failures = 0, at = -Infinity } = this.#asked.get(peer) ?? {};
      return [failures, at];
    };
    const peer = ready.reduce((best, each) => {
      const [a, b] = [rank(each), rank(best)];
      return a[0] < b[0] || (a[0] === b[0] && a[1] < b[1]) ? each : best;
    });
    this.#asked.set(peer, { at: now, failures: this.#asked.get(peer)?.failures ?? 0 });
    this.#open = { peer, until: now + ANSWER_PERIODS * this.#period };
    this.#notBefore = now + GAP_PERIODS * this.#period;
    return peer;
  }

  /** When the open question is given up. */
  get wakeAt(): number | undefined {
    return this.#open?.until;
  }

  #readyAt(peer: string): number {
    const asked = this.#asked.get(peer);
    return asked === undefined ? -Infinity : asked.at + COOLDOWN_PERIODS * this.#period * 2 ** asked.failures;
  }

  #forget(now: number): void {
    for (const [peer, { at }] of this.#views) {
      if (now - at > VIEW_PERIODS * this.#period) this.#views.delete(peer);
    }
    if (this.#asked.size <= MAX_PEERS) return;
    for (const peer of this.#asked.keys()) if (this.#readyAt(peer) <= now) this.#asked.delete(peer);
  }
}
