import type { BlockRef } from '../base/types.ts';
import type { PeerState } from './ports.ts';

/** A peer that failed us is not asked for ranges so long; twice as long after each further failure, up to the longest. */
const AVOID_TIME = 10_000;
const LONGEST_AVOID_TIME = 60_000;
const MAX_FAILURES = 8;

interface Known {
  readonly state: PeerState;
  failures: number;
  avoidUntil: number;
}

/** What peers say of themselves, and how far they can be relied on for downloads. */
export class SyncPeers {
  readonly #peers = new Map<string, Known>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  get(peer: string): PeerState | undefined {
    return this.#peers.get(peer)?.state;
  }

  /** A peer tells where it stands. */
  note(peer: string, state: PeerState): void {
    const known = this.#peers.get(peer);
    if (known === undefined) this.#peers.set(peer, { state, failures: 0, avoidUntil: -Infinity });
    else Object.assign(known.state, state);
  }

  gone(peer: string): void {
    this.#peers.delete(peer);
  }

  /** A download from the peer ended early, or gave less than it had claimed. */
  failed(peer: string): void {
    const known = this.#peers.get(peer);
    if (known === undefined) return;
    known.failures = Math.min(MAX_FAILURES, known.failures + 1);
    known.avoidUntil = this.#now() + Math.min(LONGEST_AVOID_TIME, AVOID_TIME * 2 ** (known.failures - 1));
  }

  /** The peer gave blocks that were new to us. */
  delivered(peer: string): void {
    const known = this.#peers.get(peer);
    if (known !== undefined) known.failures = 0;
  }

  /**
   * The peer to download from: one that says it is ahead in blocks or in finality. Those that have not failed come first, then those
   * that claim most: a liar with the highest claim has its turn once, and then after all the others.
   */
  choose(best: BlockRef, finalized: BlockRef): string | undefined {
    let chosen: readonly [peer: string, known: Known] | undefined;
    for (const [peer, known] of this.#peers) {
      if (known.avoidUntil > this.#now()) continue;
      const { state } = known;
      const hasFinality = state.finalized.number > finalized.number && state.finalized.number <= best.number;
      if (state.best.number <= best.number && !hasFinality) continue;
      if (chosen === undefined || isPreferred(known, chosen[1])) chosen = [peer, known];
    }
    return chosen?.[0];
  }
}

function isPreferred(a: Known, b: Known): boolean {
  return a.failures === b.failures ? a.state.best.number > b.state.best.number : a.failures < b.failures;
}
