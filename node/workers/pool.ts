import { availableParallelism } from 'node:os';
import type { Host, VerifyTask } from '../../pallets/support/host.ts';
import { blake2b256 } from '../../primitives/crypto/hash.ts';
import { TacitError } from '../../primitives/errors.ts';
import type { Giver } from '../base/givers.ts';
import type { Verifier } from '../base/types.ts';
import { Crew, FIRST_PAUSE_MS } from './crew.ts';
import { Deadly } from './deadly.ts';
import { TaskQueue, type Waiting } from './queue.ts';
import { packTasks } from './tasks.ts';
import { verifyTask } from './verify.ts';

/** Results remembered, about 100 bytes each. */
const REMEMBERED = 1 << 16;

/** Two batches per thread keep it busy; more would only lengthen the way of what comes later. */
const BATCHES_AT_ONCE = 2;
/** Threads that may die over a task, the second time in a batch of its own, before it counts as what kills them. */
const TRIES = 2;

export interface PoolOptions {
  readonly threads?: number;
  /** Hears of faults of the runtime, and of threads that die. */
  readonly onFault?: (error: unknown) => void;
  /** Milliseconds before a dead thread is replaced, the first time. */
  readonly firstPause?: number;
  /** What the threads run. */
  readonly script?: URL;
  /** Milliseconds, monotonic. */
  readonly now?: () => number;
}

/** Names a task: two tasks of one name are the same question. */
function nameOf(task: VerifyTask): string {
  return Buffer.from(blake2b256(packTasks([task]))).toString('latin1');
}

/**
 * Worker threads that verify signatures and proofs. As {@link Verifier} it answers in the background; as {@link Host} it
 * answers the runtime at once, from what the threads found before or, on a miss, by verifying on the calling thread.
 */
export class VerifyPool implements Verifier, Host {
  readonly #crew: Crew;
  readonly #queue = new TaskQueue();
  /** Tasks that a thread may have died over: each goes alone, so that none fails for its neighbour. */
  readonly #suspects = new TaskQueue();
  readonly #results = new Map<string, boolean>();
  readonly #pending = new Map<string, { readonly waiting: Waiting; readonly answer: Promise<boolean> }>();
  readonly #deadly: Deadly;
  readonly #onFault: ((error: unknown) => void) | undefined;
  #closed = false;
  #misses = 0;

  constructor(options: PoolOptions = {}) {
    const { threads = Math.max(1, Math.min(3, availableParallelism() - 1)), onFault } = options;
    const { firstPause = FIRST_PAUSE_MS } = options;
    const { script = new URL('./thread.ts', import.meta.url), now = () => performance.now() } = options;
    this.#deadly = new Deadly(now);
    this.#onFault = onFault;
    this.#crew = new Crew({
      threads,
      firstPause,
      script,
      free: () => this.#dispatch(),
      died: (batches, reason) => this.#died(batches, reason),
      barren: (reason) => this.#failAll(new TacitError('workers/no-thread', `no verifying thread starts: ${reason}`)),
    });
  }

  /** Checks that the runtime asked for and no thread had answered: they block the event loop. */
  get misses(): number {
    return this.#misses;
  }

  /** Tasks that wait for a thread. */
  get backlog(): number {
    return this.#queue.size + this.#suspects.size;
  }

  /** The runtime tells of a fault of its own. */
  report(error: unknown): void {
    this.#onFault?.(error);
  }

  /**
   * Throws or rejects with `workers/died` for a task that threads have died over, at once while that is not long ago; rejects with `workers/no-thread` if none can be
   * started, and with `workers/closed`.
   */
  verify(task: VerifyTask): boolean;
  verify(tasks: readonly VerifyTask[], patientFor?: Giver): Promise<boolean[]>;
  verify(asked: VerifyTask | readonly VerifyTask[], patientFor?: Giver): boolean | Promise<boolean[]> {
    if (!('kind' in asked)) return Promise.all(asked.map((task) => this.#later(task, patientFor)));
    const name = nameOf(asked);
    const known = this.#results.get(name);
    if (known !== undefined) return known;
    // What has killed threads would end the node here.
    const deadly = this.#deadly.get(name);
    if (deadly !== undefined) throw deadly;
    this.#misses++;
    const ok = verifyTask(asked);
    this.#remember(name, ok);
    return ok;
  }

  async close(): Promise<void> {
    this.#closed = true;
    const error = closed();
    this.#failAll(error);
    for (const waiting of await this.#crew.close()) waiting.fail(error);
  }

  #later(task: VerifyTask, patientFor: Giver | undefined): Promise<boolean> {
    const name = nameOf(task);
    const known = this.#results.get(name);
    if (known !== undefined) return Promise.resolve(known);
    const deadly = this.#deadly.get(name);
    if (deadly !== undefined) return Promise.reject(deadly);
    const pending = this.#pending.get(name);
    if (pending) {
      if (patientFor === undefined) this.#hasten(pending.waiting);
      return pending.answer;
    }
    if (this.#closed) return Promise.reject(closed());
    return this.#ask(name, task, patientFor);
  }

  #ask(name: string, task: VerifyTask, giver: Giver | undefined): Promise<boolean> {
    const { promise, resolve: settle, reject: fail } = Promise.withResolvers<boolean>();
    const waiting: Waiting = { name, task, settle, fail, giver, deaths: 0 };
    const answer = promise
      .then((ok) => {
        this.#remember(name, ok);
        return ok;
      })
      .finally(() => this.#pending.delete(name));
    this.#pending.set(name, { waiting, answer });
    this.#queue.add(waiting);
    // What is asked in the same turn goes in one message.
    queueMicrotask(() => this.#dispatch());
    return answer;
  }

  /** Consensus waits for a task now, also should the thread die that has it. */
  #hasten(waiting: Waiting): void {
    waiting.giver = undefined;
    for (const queue of [this.#queue, this.#suspects]) queue.hasten(waiting.name);
  }

  #dispatch(): void {
    while (this.backlog > 0) {
      // They come before others of their rank, and not before what consensus waits for.
      const isSuspect = this.#suspects.rank <= this.#queue.rank;
      // With nothing before it and nothing after it on its thread: answers of a thread that dies can be lost, and the fault must not fall on their tasks.
      const thread = this.#crew.idlest(isSuspect ? 1 : BATCHES_AT_ONCE);
      if (thread === undefined) return;
      const suspect = isSuspect ? this.#suspects.takeOne() : undefined;
      this.#crew.send(thread, suspect ? [suspect] : this.#queue.take(this.#crew.size), isSuspect);
    }
  }

  #failAll(error: TacitError): void {
    for (const waiting of [...this.#suspects.drain(), ...this.#queue.drain()]) waiting.fail(error);
  }

  #remember(name: string, ok: boolean): void {
    // A map keeps insertion order: the oldest result goes first.
    if (this.#results.size >= REMEMBERED) this.#results.delete(this.#results.keys().next().value!);
    this.#results.set(name, ok);
  }

  /** A thread died (out of memory, say), as far as is known over the first of these batches: what it had answered just before may be lost with it. */
  #died([guilty = [], ...others]: readonly (readonly Waiting[])[], reason: string): void {
    this.#onFault?.(new TacitError('workers/thread-ended', `a verifying thread has ended: ${reason}`));
    for (const waiting of others.flat()) this.#queue.add(waiting);
    for (const waiting of guilty) {
      if (++waiting.deaths < TRIES) this.#suspects.add(waiting);
      else {
        const error = killer(waiting.task, reason);
        this.#deadly.add(waiting.name, error);
        waiting.fail(error);
      }
    }
    this.#dispatch();
  }
}

const closed = (): TacitError => new TacitError('workers/closed', 'the verifying threads were stopped');

const killer = ({ kind }: VerifyTask, reason: string): TacitError =>
  new TacitError('workers/died', `${TRIES} threads have died over a check of kind ${kind}: ${reason}`, { kind });
