/** What a node remembers of the votes it has passed on, so that each travels once per sending and nobody can multiply them. */
import type { VotePacket } from './types.ts';

/** Different votes of one voter, kind and round that are passed on: two prove an equivocation, more add nothing. */
const MAX_TARGETS = 2;
/** Votes sent again are passed on at most so often, in milliseconds. */
const REPEAT_INTERVAL = 300;

interface Passed {
  readonly targets: Map<string, { attempt: number; at: number }>;
  readonly round: bigint;
}

export class GossipFilter {
  readonly #passed = new Map<string, Passed>();

  /** Whether to look at this vote at all. Does not note it: its signature may be wrong. */
  wants({ round, message }: VotePacket, attempt: number, now: number): boolean {
    const targets = this.#passed.get(keyOf(round, message))?.targets;
    if (targets === undefined) return true;
    const before = targets.get(message.target.hash);
    if (before === undefined) return targets.size < MAX_TARGETS;
    // Another number, not a greater one: whoever replays a vote with the greatest must not silence its voter.
    return attempt !== before.attempt && now - before.at >= REPEAT_INTERVAL;
  }

  note({ round, message }: VotePacket, attempt: number, now: number): void {
    const key = keyOf(round, message);
    const passed = this.#passed.get(key) ?? { targets: new Map(), round };
    passed.targets.set(message.target.hash, { attempt, at: now });
    this.#passed.set(key, passed);
  }

  /** Forgets rounds below `round`. */
  prune(round: bigint): void {
    for (const [key, passed] of this.#passed) if (passed.round < round) this.#passed.delete(key);
  }
}

function keyOf(round: bigint, { id, kind }: VotePacket['message']): string {
  return `${round}/${kind}/${id}`;
}
