import type { BlockRef } from '../base/types.ts';
import type { PeerState } from './ports.ts';

/** A peer that failed us is not asked for ranges so long; twice as long after each further failure, up to the longest. */
const AVOID_TIME = 10_000;
const LONGEST_AVOID_TIME = 60_000;
const MAX_FAILURES = 8;
/** Peers that have left with failures: whoever comes back finds them again. */
const MAX_REMEMBERED = 1_024;

interface Record {
  failures: number;
  avoidUntil: number;
}
interface Known extends Record {
  readonly state: PeerState;
}

/** What peers say of themselves, and how far they can be relied on for downloads. */
export class SyncPeers {
  readonly #peers = new Map<string, Known>();
  readonly #left = new Map<string, Record>();
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
    if (known !== undefined) Object.assign(known.state, state);
    else {
      const { failures, avoidUntil } = this.#left.get(peer) ?? { failures: 0, avoidUntil: -Infinity };
      this.#left.delete(peer);
      this.#peers.set(peer, { state, failures, avoidUntil });
    }
  }

  gone(peer: string): void {
    const known = this.#peers.get(peer);
    this.#peers.delete(peer);
    if (known === undefined || known.failures === 0) return;
    if (this.#left.size >= MAX_REMEMBERED) this.#left.delete(this.#left.keys().next().value!);
    this.#left.set(peer, { failures: known.failures, avoidUntil: known.avoidUntil });
  }

  /** A download from the peer ended early, gave less than it had claimed, or came so late that another was faster. */
  failed(peer: string): void {
    const known = this.#peers.get(peer);
    if (known === undefined) return;
    known.failures = Math.min(MAX_FAILURES, known.failures + 1);
    known.avoidUntil = this.#now() + Math.min(LONGEST_AVOID_TIME, AVOID_TIME * 2 ** (known.failures - 1));
  }

  /** Whether the peer has failed us and is not asked for now. */
  rests(peer: string): boolean {
    return (this.#peers.get(peer)?.avoidUntil ?? -Infinity) > this.#now();
  }

  /** The peer gave what was asked of it, and it was new and good. */
  delivered(peer: string): void {
    const known = this.#peers.get(peer);
    if (known !== undefined) known.failures = 0;
  }

  /**
   * The peer to level with: one that says it is ahead in blocks or in finality. Those that have not failed come first, then those
   * that claim most: a liar with the highest claim has its turn once, and then after all the others.
   */
  choose(best: BlockRef, finalized: BlockRef): string | undefined {
    const [first] = this.#sorted(({ state }) => {
      const hasFinality = state.finalized.number > finalized.number && state.finalized.number <= best.number;
      return state.best.number > best.number || hasFinality;
    });
    return first?.[0];
  }

  /** Peers that claim to have the block at a height, in order of preference. */
  having(height: number): string[] {
    return this.#sorted(({ state }) => state.best.number >= height).map(([peer]) => peer);
  }

  #sorted(fits: (known: Known) => boolean): [string, Known][] {
    const now = this.#now();
    return [...this.#peers]
      .filter(([, known]) => known.avoidUntil <= now && fits(known))
      .sort(([, a], [, b]) => a.failures - b.failures || b.state.best.number - a.state.best.number);
  }
}
