/**
 * Tasks that wait for a thread. What blocks and votes ask for comes first, then the signatures of transactions, then the proofs of claims: anybody may send
 * claims at no cost, and they must not stand in the way of consensus.
 */
import { CHECK_WEIGHT } from '../../pallets/support/checks.ts';
import type { VerifyTask } from '../../pallets/support/host.ts';

/** How soon an answer is needed: for consensus, or for a transaction that may wait. */
export type Urgency = 'now' | 'patient';

/** Work per message: enough to make the message cheap, little enough to spread it over the threads and to let an urgent task soon have its turn. */
const BATCH_MS = 5;
const PICOSECONDS_PER_MS = 1e9;

/**
 * Claims on one bin in a message, which are checked together: sixteen cost what two cost alone. If one of them does not hold each is checked alone; so few go together
 * where nobody paid for it and a vote may wait meanwhile, for a tenth of a second at most.
 */
const TOGETHER = { now: 16, patient: 4 } as const satisfies Record<Urgency, number>;

/** About how many milliseconds a task takes a thread. */
export function costOf(task: VerifyTask): number {
  return Number(CHECK_WEIGHT[task.kind]) / PICOSECONDS_PER_MS;
}

export interface Waiting {
  readonly name: string;
  readonly task: VerifyTask;
  readonly settle: (ok: boolean) => void;
  readonly fail: (error: Error) => void;
  /** Threads that have died while they did it. */
  deaths: number;
}

export class TaskQueue {
  /** By rank, each in the order of arrival. */
  readonly #ranks: readonly Map<string, Waiting>[] = [new Map(), new Map(), new Map()];

  get size(): number {
    return this.#ranks.reduce((sum, { size }) => sum + size, 0);
  }

  add(waiting: Waiting, urgency: Urgency): void {
    const rank = urgency === 'now' ? 0 : waiting.task.kind === 'hidden-claim' ? 2 : 1;
    this.#ranks[rank]!.set(waiting.name, waiting);
  }

  /** Somebody cannot wait for this task any longer. */
  hasten(name: string): void {
    for (const rank of this.#ranks.slice(1)) {
      const found = rank.get(name);
      if (found === undefined) continue;
      rank.delete(name);
      this.#ranks[0]!.set(name, found);
    }
  }

  /** The next tasks for one of `threads` threads, all of one rank; empty if none wait. */
  take(threads: number): Waiting[] {
    const rank = this.#ranks.find(({ size }) => size > 0);
    const batch: Waiting[] = [];
    if (rank === undefined) return batch;
    const share = Math.ceil(rank.size / threads);
    let cost = 0;
    for (const [name, waiting] of rank) {
      if (batch.length >= share || cost >= BATCH_MS) break;
      rank.delete(name);
      batch.push(waiting);
      cost += costOf(waiting.task);
      if (waiting.task.kind !== 'hidden-claim') continue;
      const together = TOGETHER[rank === this.#ranks[0] ? 'now' : 'patient'];
      batch.push(...ofSameBin(rank, waiting, Math.min(together, share - batch.length + 1) - 1));
    }
    return batch;
  }

  /** Empties the queue. */
  drain(): Waiting[] {
    const all = this.#ranks.flatMap((rank) => [...rank.values()]);
    for (const rank of this.#ranks) rank.clear();
    return all;
  }
}

/** Takes up to `most` claims on the bin of a claim out of a rank. */
function ofSameBin(rank: Map<string, Waiting>, { task }: Waiting, most: number): Waiting[] {
  const bin = Buffer.from(task.parts[0] ?? []);
  const found: Waiting[] = [];
  for (const [name, waiting] of rank) {
    if (found.length >= most) break;
    const { kind, parts } = waiting.task;
    if (kind !== 'hidden-claim' || !bin.equals(parts[0] ?? new Uint8Array(0))) continue;
    rank.delete(name);
    found.push(waiting);
  }
  return found;
}
