import type { BlockRef } from '../../../primitives/grandpa/index.ts';
import type { CommitPacket, VotePacket } from './types.ts';

/** What a peer has passed on. */
export interface Heard<P> {
  readonly packet: P;
  /** Undefined if that is not known. */
  readonly from: string | undefined;
}

/** A block that is missing, and who has named it. */
export interface Wanted {
  readonly block: BlockRef;
  readonly from: string | undefined;
}

const MAX_COMMITS = 16;
/** So many missing blocks are asked for at one time. */
const MAX_WANTED = 16;

/** What came before its time: votes of rounds to come, and votes and commits for blocks that are not here. All of it is bounded. */
export class Waiting {
  #early: Heard<VotePacket>[] = [];
  #votes: Heard<VotePacket>[] = [];
  #commits: Heard<CommitPacket>[] = [];

  addEarly(vote: Heard<VotePacket>): void {
    enqueue(this.#early, vote);
  }

  /** False if it is not kept, and was not before. */
  addVote(vote: Heard<VotePacket>): boolean {
    return enqueue(this.#votes, vote);
  }

  addCommit(commit: Heard<CommitPacket>): void {
    const { hash } = targetOf(commit);
    this.#commits = this.#commits.filter((other) => targetOf(other).hash !== hash);
    if (this.#commits.length >= MAX_COMMITS) this.#commits.shift();
    this.#commits.push(commit);
  }

  takeEarly(): Heard<VotePacket>[] {
    const early = this.#early;
    this.#early = [];
    return early;
  }

  takeVotes(): Heard<VotePacket>[] {
    const votes = this.#votes;
    this.#votes = [];
    return votes;
  }

  takeCommits(): Heard<CommitPacket>[] {
    const commits = this.#commits;
    this.#commits = [];
    return commits;
  }

  /** Forgets votes of rounds that nobody counts, and commits for blocks that are final. */
  prune(isCounted: (round: bigint) => boolean, finalized: number): void {
    this.#votes = this.#votes.filter(({ packet }) => isCounted(packet.round));
    this.#commits = this.#commits.filter((commit) => targetOf(commit).number > finalized);
  }

  /**
   * The missing blocks above `height`, with who named them: a fetch that failed must not be the last. Those of proofs first, then of each
   * voter in turn: one that votes for many does not keep those of the others away.
   */
  wanted(height: number): Wanted[] {
    const byVoter = new Map<string, Wanted[]>();
    for (const { packet, from } of this.#votes) {
      const { id, target } = packet.message;
      byVoter.set(id, [...(byVoter.get(id) ?? []), { block: target, from }]);
    }
    const most = Math.max(0, ...[...byVoter.values()].map(({ length }) => length));
    const turns = Array.from({ length: most }, (_, at) => [...byVoter.values()].flatMap((list) => list[at] ?? []));
    const proved = this.#commits.map((commit): Wanted => ({ block: targetOf(commit), from: commit.from }));
    const wanted = [...proved, ...turns.flat()].filter(({ block }) => block.number > height).reverse();
    // Of several that name the same block the first counts.
    return [...new Map(wanted.map((each) => [each.block.hash, each])).values()].reverse().slice(0, MAX_WANTED);
  }
}

const targetOf = ({ packet }: Heard<CommitPacket>): BlockRef => packet.justification.commit.target;

/** Keeps at most two different votes per voter, round and kind, which also bounds the queue. True if it has this one. */
function enqueue(queue: Heard<VotePacket>[], vote: Heard<VotePacket>): boolean {
  const { round, message } = vote.packet;
  const alike = queue
    .map(({ packet }) => packet)
    .filter((other) => other.round === round && other.message.id === message.id && other.message.kind === message.kind);
  if (alike.some((other) => other.message.target.hash === message.target.hash)) return true;
  if (alike.length >= 2) return false;
  queue.push(vote);
  return true;
}
