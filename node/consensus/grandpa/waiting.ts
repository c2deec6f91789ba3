import type { BlockRef } from '../../../primitives/grandpa/index.ts';
import type { CommitPacket, VotePacket } from './types.ts';

const MAX_COMMITS = 16;
/** So many missing blocks are asked for at one time. */
const MAX_WANTED = 16;

/** What came before its time: votes of rounds to come, and votes and commits for blocks that are not here. All of it is bounded. */
export class Waiting {
  #early: VotePacket[] = [];
  #votes: VotePacket[] = [];
  #commits: CommitPacket[] = [];

  addEarly(packet: VotePacket): void {
    enqueue(this.#early, packet);
  }

  /** False if it is not kept. */
  addVote(packet: VotePacket): boolean {
    return enqueue(this.#votes, packet);
  }

  addCommit(packet: CommitPacket): void {
    const { target } = packet.justification.commit;
    this.#commits = this.#commits.filter(({ justification: { commit } }) => commit.target.hash !== target.hash);
    if (this.#commits.length >= MAX_COMMITS) this.#commits.shift();
    this.#commits.push(packet);
  }

  takeEarly(): VotePacket[] {
    const early = this.#early;
    this.#early = [];
    return early;
  }

  takeVotes(): VotePacket[] {
    const votes = this.#votes;
    this.#votes = [];
    return votes;
  }

  takeCommits(): CommitPacket[] {
    const commits = this.#commits;
    this.#commits = [];
    return commits;
  }

  /** Forgets votes of rounds that nobody counts, and commits for blocks that are final. */
  prune(isCounted: (round: bigint) => boolean, finalized: number): void {
    this.#votes = this.#votes.filter(({ round }) => isCounted(round));
    this.#commits = this.#commits.filter(({ justification: { commit } }) => commit.target.number > finalized);
  }

  /** The missing blocks above `height`: a fetch that failed must not be the last. */
  wanted(height: number): BlockRef[] {
    const targets = [
      ...this.#commits.map(({ justification }) => justification.commit.target),
      ...this.#votes.map(({ message }) => message.target),
    ].filter(({ number }) => number > height);
    return [...new Map(targets.map((target) => [target.hash, target])).values()].slice(0, MAX_WANTED);
  }
}

/** Keeps at most two different votes per voter, round and kind, which also bounds the queue. */
function enqueue(queue: VotePacket[], packet: VotePacket): boolean {
  const { round, message } = packet;
  const alike = queue.filter(
    (other) => other.round === round && other.message.id === message.id && other.message.kind === message.kind,
  );
  if (alike.length >= 2 || alike.some((other) => other.message.target.hash === message.target.hash)) return false;
  queue.push(packet);
  return true;
}
