/**
 * Tasks that wait for a thread. What blocks and votes ask for comes first, then the signatures of transactions, then the proofs of claims: anybody may send
 * claims at no cost, and they must not stand in the way of consensus. Those who give transactions take turns: none waits for what another has given much of.
 */
import { CHECK_WEIGHT } from '../../pallets/support/checks.ts';
import type { VerifyTask } from '../../pallets/support/host.ts';
import type { Giver } from '../base/givers.ts';
import { Rota } from './rota.ts';

/** Work per message: enough to make the message cheap, little enough to spread it over the threads and to let an urgent task soon have its turn. */
const BATCH_MS = 5;
const PICOSECONDS_PER_MS = 1e9;

/**
 * Claims on one bin in a message, which are checked together: sixteen cost what two cost alone. If one of them does not hold each is checked alone; so few go together
 * where nobody paid for it and a vote may wait meanwhile, for a tenth of a second at most.
 */
const TOGETHER = { now: 16, patient: 4 } as const;

/** About how many milliseconds a task takes a thread. */
export function costOf(task: VerifyTask): number {
  return Number(CHECK_WEIGHT[task.kind]) / PICOSECONDS_PER_MS;
}

export interface Waiting {
  readonly name: string;
  readonly task: VerifyTask;
  readonly settle: (ok: boolean) => void;
  readonly fail: (error: Error) => void;
  /** Who has given it and takes turns with others; without one consensus waits for it. */
  giver: Giver | undefined;
  /** Threads that have died while they did it. */
  deaths: number;
}

/** Where a task waits. */
interface Place {
  readonly rank: Rota<Waiting>;
  readonly path: readonly string[];
}

export class TaskQueue {
  /** What consensus waits for, in the order of arrival. */
  readonly #urgent = new Rota<Waiting>();
  /** By rank. */
  readonly #ranks: readonly Rota<Waiting>[] = [this.#urgent, new Rota(), new Rota()];
  readonly #places = new Map<string, Place>();

  get size(): number {
    return this.#places.size;
  }

  /** Of the next task: 0 if consensus waits for it, more for what may wait longer, Infinity if there is none. */
  get rank(): number {
    const rank = this.#ranks.findIndex(({ size }) => size > 0);
    return rank < 0 ? Infinity : rank;
  }

  add(waiting: Waiting): void {
    const { giver, task } = waiting;
    const rank = giver === undefined ? 0 : task.kind === 'hidden-claim' ? 2 : 1;
    const place = { rank: this.#ranks[rank]!, path: giver ?? [] };
    place.rank.add(place.path, waiting.name, waiting);
    this.#places.set(waiting.name, place);
  }

  /** Somebody cannot wait for this task any longer. */
  hasten(name: string): void {
    const place = this.#places.get(name);
    if (place === undefined || place.rank === this.#urgent) return;
    const waiting = place.rank.remove(place.path, name)!;
    waiting.giver = undefined;
    this.add(waiting);
  }

  /** The next task. */
  takeOne(): Waiting | undefined {
    const next = this.#ranks.find(({ size }) => size > 0)?.take();
    if (next !== undefined) this.#places.delete(next.name);
    return next;
  }

  /** The next tasks for one of `threads` threads, all of one rank; empty if none wait. */
  take(threads: number): Waiting[] {
    const rank = this.#ranks.find(({ size }) => size > 0);
    const batch: Waiting[] = [];
    if (rank === undefined) return batch;
    const share = Math.ceil(rank.size / threads);
    let cost = 0;
    while (batch.length < share && cost < BATCH_MS) {
      const next = rank.take();
      if (next === undefined) break;
      batch.push(next);
      cost += costOf(next.task);
      if (next.task.kind !== 'hidden-claim') continue;
      const together = TOGETHER[rank === this.#urgent ? 'now' : 'patient'];
      batch.push(...ofSameBin(rank, next, Math.min(together, share - batch.length + 1) - 1));
    }
    for (const { name } of batch) this.#places.delete(name);
    return batch;
  }

  /** Empties the queue. */
  drain(): Waiting[] {
    const all: Waiting[] = [];
    for (let next = this.takeOne(); next; next = this.takeOne()) all.push(next);
    return all;
  }
}

/** Takes up to `most` claims on the bin of a claim out of a rank, in the turns of those who gave them. */
function ofSameBin(rank: Rota<Waiting>, { task }: Waiting, most: number): Waiting[] {
  const bin = Buffer.from(task.parts[0] ?? []);
  const isLike = ({ task: { kind, parts } }: Waiting): boolean =>
    kind === 'hidden-claim' && bin.equals(parts[0] ?? new Uint8Array(0));
  const found: Waiting[] = [];
  for (let next = found.length < most && rank.take(isLike); next; next = found.length < most && rank.take(isLike)) {
    found.push(next);
  }
  return found;
}
