import type { HexHash } from '../../base/types.ts';

const BAN_MS = 10 * 60_000;
const MAX_BANNED = 8192;
/** Times that authors may find a transaction unusable which the state takes. */
const MAX_STRIKES = 3;
const MAX_STRUCK = 1024;

/** Why a transaction is not looked at. */
interface Ban {
  readonly until: number;
  /** The runtime's reason, if no state takes it; undefined if authors could not use it. */
  readonly lasting: string | undefined;
}

/** Transactions that no state of this chain takes, or that authors cannot use again and again: they are not looked at for a while. */
export class Bans {
  readonly #bans = new Map<HexHash, Ban>();
  readonly #strikes = new Map<HexHash, number>();
  /** Milliseconds of a steady clock. */
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  get(hash: HexHash): Ban | undefined {
    const ban = this.#bans.get(hash);
    if (ban === undefined || ban.until > this.#now()) return ban;
    this.#bans.delete(hash);
    return undefined;
  }

  add(hash: HexHash, lasting: string | undefined): void {
    if (this.#bans.size >= MAX_BANNED) this.#bans.delete(this.#bans.keys().next().value!);
    this.#bans.set(hash, { until: this.#now() + BAN_MS, lasting });
  }

  /** Counts that an author could not use a transaction; true, and it is banned, if that was once too often. */
  strike(hash: HexHash): boolean {
    const times = (this.#strikes.get(hash) ?? 0) + 1;
    this.#strikes.delete(hash);
    if (times >= MAX_STRIKES) {
      this.add(hash, undefined);
      return true;
    }
    if (this.#strikes.size >= MAX_STRUCK) this.#strikes.delete(this.#strikes.keys().next().value!);
    this.#strikes.set(hash, times);
    return false;
  }
}
