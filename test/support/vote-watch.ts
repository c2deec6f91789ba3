/** Listens to all votes of a network from outside: who voted for what, and whether anybody voted twice. */
import { grandpaGossip, voterRecord } from '../../node/consensus/grandpa/formats.ts';
import { voteTask } from '../../node/consensus/grandpa/justification.ts';
import type { VotePacket, VoterRecord } from '../../node/consensus/grandpa/types.ts';
import type { SignedMessage } from '../../primitives/grandpa/index.ts';
import { BlockStore, openLevel } from '../../node/db/index.ts';
import { verifySignature } from '../../pallets/support/host.ts';
import { decodeAll } from '../../primitives/scale/index.ts';
import type { RawPeer } from './raw-peer.ts';

export interface HeardVote {
  readonly round: bigint;
  readonly setId: bigint;
  readonly message: SignedMessage;
}

/** Two different votes of one voter for one thing. */
export interface DoubleVote {
  readonly first: HeardVote;
  readonly second: HeardVote;
}

export class VoteWatch {
  readonly doubles: DoubleVote[] = [];
  readonly #votes = new Map<string, HeardVote>();
  readonly #listeners = new Set<(vote: HeardVote) => void>();

  constructor(peer: RawPeer) {
    peer.onMessage('grandpa', (data) => {
      const message = decodeAll(grandpaGossip, data);
      if (message.tag === 'vote') this.hear(message.value);
    });
  }

  /** Notes a vote whose signature is right. */
  hear({ round, setId, message }: VotePacket): void {
    if (!verifySignature(voteTask(setId, round, message.kind, message))) return;
    const vote = { round, setId, message };
    const place = `${setId} ${round} ${message.kind} ${message.id}`;
    const known = this.#votes.get(place);
    if (known === undefined) this.#votes.set(place, vote);
    else if (known.message.target.hash !== message.target.hash) this.doubles.push({ first: known, second: vote });
    for (const listener of this.#listeners) listener(vote);
  }

  /** Votes of one voter so far. */
  of(id: string): HeardVote[] {
    return [...this.#votes.values()].filter(({ message }) => message.id === id);
  }

  /** Resolves with the next vote that `wanted` accepts. */
  next(wanted: (vote: HeardVote) => boolean): Promise<HeardVote> {
    return new Promise((resolve) => {
      const listen = (vote: HeardVote): void => {
        if (!wanted(vote)) return;
        this.#listeners.delete(listen);
        resolve(vote);
      };
      this.#listeners.add(listen);
    });
  }
}

/** What a validator that does not run has on its disk of its own votes. */
export async function recordedVotes(database: string): Promise<VoterRecord> {
  const level = await openLevel(database);
  try {
    const bytes = new BlockStore(level).meta.get('grandpa/voter');
    if (bytes === undefined) throw new Error(`${database} holds no record of votes`);
    return decodeAll(voterRecord, bytes);
  } finally {
    await level.close();
  }
}
