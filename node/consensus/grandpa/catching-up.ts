import { FUTURE_ROUNDS, type Intake } from './intake.ts';
import type { Peers } from './peers.ts';
import type { Rounds } from './rounds.ts';
import type { CatchUp, RoundVotes } from './types.ts';

export interface CatchingUpParts {
  readonly setId: bigint;
  readonly rounds: Rounds;
  readonly peers: Peers;
  readonly intake: Intake;
  /** A later round has begun. */
  readonly begin: () => void;
}

/** Votes that are missing: asked of peers, counted, and what others have completed is followed. */
export class CatchingUp {
  readonly #parts: CatchingUpParts;

  constructor(parts: CatchingUpParts) {
    this.#parts = parts;
  }

  /** The peer to ask now for the votes of its rounds, if we lack some. */
  ask(now: number): string | undefined {
    const { setId, rounds, peers } = this.#parts;
    const isStuck = rounds.current.isLong(now);
    return peers.ask(now, (view) => {
      if (view.setId !== setId) return false;
      // Far behind; or without progress, which a peer in the same round or the one before may help.
      return view.round > rounds.number + FUTURE_ROUNDS || (isStuck && view.round + 1n >= rounds.number);
    });
  }

  /** Takes the answer of a peer that was asked. */
  take(peer: string, { setId, rounds: told }: CatchUp, now: number): void {
    const { rounds, peers, intake } = this.#parts;
    if (!peers.isAsked(peer)) return;
    peers.close(true);
    if (setId !== this.#parts.setId) return;
    for (const votes of told) {
      if (votes.round <= rounds.number) intake.told(votes, peer);
      // Others may count what we cannot, as the blocks of some votes are known to them only.
      const isStuck = votes.round === rounds.number && rounds.current.isLong(now);
      if (votes.round > rounds.number || isStuck) this.#jump(votes, now);
    }
  }

  /** Goes on after a round that others have completed. */
  #jump(votes: RoundVotes, now: number): void {
    const { rounds, intake, begin } = this.#parts;
    const round = rounds.jump(votes, now);
    if (round === undefined) return;
    intake.accuse(round);
    begin();
    intake.finalizeFrom(round);
  }
}
