import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Host, VerifyTask } from '../../pallets/support/host.ts';
import { blake2b256 } from '../../primitives/crypto/hash.ts';
import { TacitError } from '../../primitives/errors.ts';
import type { Verifier } from '../base/types.ts';
import { TaskQueue, type Urgency, type Waiting } from './queue.ts';
import { packTasks } from './tasks.ts';
import { verifyTask } from './verify.ts';

/** Results remembered, about 100 bytes each. */
const REMEMBERED = 1 << 16;

/** A verification needs kilobytes; without limits each thread takes 95 MB for the garbage of loading its modules. In MB. */
const HEAP = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 96 };

interface Thread {
  readonly worker: Worker;
  /** Batches under way, by id. */
  readonly batches: Map<number, readonly Waiting[]>;
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
  readonly #threads: Thread[] = [];
  readonly #queue = new TaskQueue();
  readonly #results = new Map<string, boolean>();
  readonly #pending = new Map<string, Promise<boolean>>();
  readonly #onFault: ((error: unknown) => void) | undefined;
  #nextBatch = 0;
  #closed = false;
  #misses = 0;

  constructor(options: { threads?: number; onFault?: (error: unknown) => void } = {}) {
    const { threads = Math.max(1, Math.min(3, availableParallelism() - 1)), onFault } = options;
    this.#onFault = onFault;
    for (let i = 0; i < threads; i++) this.#threads.push(this.#start());
  }

  /** Checks that the runtime asked for and no thread had answered: they block the event loop. */
  get misses(): number {
    return this.#misses;
  }

  /** Tasks that wait for a thread. */
  get backlog(): number {
    return this.#queue.size;
  }

  /** The runtime tells of a fault of its own. */
  report(error: unknown): void {
    this.#onFault?.(error);
  }

  verify(task: VerifyTask): boolean;
  verify(tasks: readonly VerifyTask[], urgency?: Urgency): Promise<boolean[]>;
  verify(asked: VerifyTask | readonly VerifyTask[], urgency: Urgency = 'now'): boolean | Promise<boolean[]> {
    if (!('kind' in asked)) return Promise.all(asked.map((task) => this.#later(task, urgency)));
    const name = nameOf(asked);
    const known = this.#results.get(name);
    if (known !== undefined) return known;
    this.#misses++;
    const ok = verifyTask(asked);
    this.#remember(name, ok);
    return ok;
  }

  async close(): Promise<void> {
    this.#closed = true;
    const error = new TacitError('workers/closed', 'the verifying threads were stopped');
    for (const waiting of this.#queue.drain()) waiting.fail(error);
    for (const thread of this.#threads) {
      for (const batch of thread.batches.values()) for (const waiting of batch) waiting.fail(error);
    }
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
  }

  #later(task: VerifyTask, urgency: Urgency): Promise<boolean> {
    const name = nameOf(task);
    const known = this.#results.get(name);
    if (known !== undefined) return Promise.resolve(known);
    const pending = this.#pending.get(name);
    if (pending) {
      if (urgency === 'now') this.#queue.hasten(name);
      return pending;
    }
    const answer = new Promise<boolean>((settle, fail) => {
      if (this.#closed) fail(new TacitError('workers/closed', 'the verifying threads were stopped'));
      this.#queue.add({ name, task, settle, fail }, urgency);
    })
      .then((ok) => {
        this.#remember(name, ok);
        return ok;
      })
      .finally(() => this.#pending.delete(name));
    this.#pending.set(name, answer);
    // What is asked in the same turn goes in one message.
    queueMicrotask(() => this.#dispatch());
    return answer;
  }

  #dispatch(): void {
    while (this.#queue.size > 0) {
      const thread = this.#threads.reduce((least, other) => (other.batches.size < least.batches.size ? other : least));
      // Two batches per thread keep it busy; more would only lengthen the way of what comes later.
      if (thread.batches.size >= 2) return;
      const batch = this.#queue.take(this.#threads.length);
      const packed = packTasks(batch.map(({ task }) => task));
      const id = this.#nextBatch++;
      thread.batches.set(id, batch);
      thread.worker.postMessage({ id, packed }, [packed.buffer]);
    }
  }

  #remember(name: string, ok: boolean): void {
    // A map keeps insertion order: the oldest result goes first.
    if (this.#results.size >= REMEMBERED) this.#results.delete(this.#results.keys().next().value!);
    this.#results.set(name, ok);
  }

  #start(): Thread {
    const worker = new Worker(new URL('./thread.ts', import.meta.url), { resourceLimits: HEAP });
    worker.unref();
    const thread: Thread = { worker, batches: new Map() };
    worker.on('message', ({ id, results }: { id: number; results: Uint8Array }) => {
      const batch = thread.batches.get(id) ?? [];
      thread.batches.delete(id);
      for (const [i, { settle }] of batch.entries()) settle(results[i] === 1);
      this.#dispatch();
    });
    worker.on('error', () => this.#replace(thread));
    return thread;
  }

  /** A thread died (out of memory, say): its tasks go to the others, a new thread takes its place. */
  #replace(dead: Thread): void {
    if (this.#closed) return;
    this.#threads[this.#threads.indexOf(dead)] = this.#start();
    for (const waiting of [...dead.batches.values()].flat()) this.#queue.add(waiting, 'now');
    dead.batches.clear();
    this.#dispatch();
  }
}
