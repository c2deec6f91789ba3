/** How peers behave: penalties that fade, bans, and how many requests a peer may make. Pure but for the clock passed in. */
import { BYTES_PER_REQUEST, LONGEST_DEBT, REQUEST_BURST, REQUEST_RATE } from '../base/limits.ts';

/** At this score a peer is banned. */
export const BAN_SCORE = -100;
export const BAN_TIME = 5 * 60_000;
/** Half of a penalty is forgotten after so many milliseconds. */
const HALF_LIFE = 60_000;
const MAX_RECORDS = 4_096;

/** What faults cost. Things that happen to honest nodes (lateness, races) cost little or nothing. */
export const penalties = {
  /** Bytes that are not what the protocol says. */
  garbage: -34,
  /** An answer that contradicts its request or its own hash. */
  'wrong-answer': -50,
  /** A block or justification that breaks the rules of the chain. */
  'invalid-block': -50,
  'invalid-gossip': -10,
  /** A header that no author of its slot has signed: nobody passes one on who has looked at it. */
  'bad-seal': -25,
  /** More messages than an honest node has reason to send. */
  flood: -2,
  'too-many-requests': -2,
  /** Also what a busy machine does. */
  timeout: -1,
  /** A signature that does not hold, which a fork between signer and us can cause. */
  'bad-transaction': -1,
  /** Another chain under the same name. */
  'wrong-genesis': -100,
  /** It has finalized a block that conflicts with ours. */
  'conflicting-finality': -100,
} as const;
export type Fault = keyof typeof penalties;

interface Behaviour {
  score: number;
  /** When `score` and `tokens` were right. */
  at: number;
  tokens: number;
  bannedUntil: number;
  usefulAt: number | undefined;
}

export class Reputation {
  readonly #now: () => number;
  readonly #peers = new Map<string, Behaviour>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Notes a fault; true if the peer is now banned. */
  penalize(peer: string, fault: Fault): boolean {
    const behaviour = this.#behaviour(peer);
    behaviour.score += penalties[fault];
    if (behaviour.score <= BAN_SCORE) {
      behaviour.bannedUntil = this.#now() + BAN_TIME;
      // After the ban the peer starts from half way, not from nothing.
      behaviour.score = BAN_SCORE / 2;
      return true;
    }
    return false;
  }

  isBanned(peer: string): boolean {
    const behaviour = this.#peers.get(peer);
    return behaviour !== undefined && behaviour.bannedUntil > this.#now();
  }

  /** 0 for a peer without faults, otherwise negative. */
  score(peer: string): number {
    return this.#peers.has(peer) ? this.#behaviour(peer).score : 0;
  }

  /** The peer has given something that was good and new. */
  noteUse(peer: string): void {
    this.#behaviour(peer).usefulAt = this.#now();
  }

  /** When it last did so. */
  lastUseful(peer: string): number | undefined {
    return this.#peers.get(peer)?.usefulAt;
  }

  /** Whether the peer may make a request now (token bucket). */
  admit(peer: string): boolean {
    const behaviour = this.#behaviour(peer);
    if (behaviour.tokens < 1) return false;
    behaviour.tokens--;
    return true;
  }

  /** The peer was given an answer of so many bytes: it has less to ask for until some time has passed. */
  charge(peer: string, bytes: number): void {
    const behaviour = this.#behaviour(peer);
    const worst = (-LONGEST_DEBT / 1000) * REQUEST_RATE;
    behaviour.tokens = Math.max(worst, behaviour.tokens - Math.floor(bytes / BYTES_PER_REQUEST));
  }

  /** Milliseconds until the peer is out of debt. */
  debt(peer: string): number {
    return Math.max(0, (1 - this.#behaviour(peer).tokens) / REQUEST_RATE) * 1000;
  }

  /** The peer's record, faded to the present. */
  #behaviour(peer: string): Behaviour {
    const now = this.#now();
    const known = this.#peers.get(peer);
    if (known === undefined) {
      if (this.#peers.size >= MAX_RECORDS) this.#forget(now);
      const fresh = { score: 0, at: now, tokens: REQUEST_BURST, bannedUntil: 0, usefulAt: undefined };
      this.#peers.set(peer, fresh);
      return fresh;
    }
    const elapsed = Math.max(0, now - known.at);
    known.score *= 2 ** (-elapsed / HALF_LIFE);
    if (known.score > -0.5) known.score = 0;
    known.tokens = Math.min(REQUEST_BURST, known.tokens + (elapsed / 1000) * REQUEST_RATE);
    known.at = now;
    return known;
  }

  /** Makes room: the oldest record that is no ban goes, or the oldest of all. */
  #forget(now: number): void {
    for (const [peer, { bannedUntil }] of this.#peers) {
      if (bannedUntil > now) continue;
      this.#peers.delete(peer);
      return;
    }
    const [oldest] = this.#peers.keys();
    if (oldest !== undefined) this.#peers.delete(oldest);
  }
}
