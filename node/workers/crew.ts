/** The threads of a pool. One that dies is replaced after a pause, which grows while its followers die as well. */
import { Worker } from 'node:worker_threads';
import type { Waiting } from './queue.ts';
import { packTasks } from './tasks.ts';

/** A verification needs kilobytes; without limits each thread takes 95 MB for the garbage of loading its modules. In MB. */
const HEAP = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 96 };
/** Milliseconds before a dead thread is replaced; twice as long each time, so that a start that cannot succeed does not take the machine. */
const FIRST_PAUSE_MS = 100;
/** Short, for consensus waits for signatures meanwhile. */
const LONGEST_PAUSE_MS = 2000;
/** Milliseconds after which what a thread dies of has nothing to do with its start. */
const STEADY_MS = 10_000;

export interface Thread {
  readonly worker: Worker;
  /** Batches under way, by id, in the order in which the thread does them. */
  readonly batches: Map<number, readonly Waiting[]>;
  /** It has one batch, and gets no other before that is answered: if it dies, it dies of that. */
  alone: boolean;
}

export interface CrewParts {
  readonly script: URL;
  /** A thread has answered a batch, or is new. */
  readonly free: () => void;
  /** A thread has died over these batches. */
  readonly died: (batches: readonly (readonly Waiting[])[], reason: string) => void;
}

export class Crew {
  readonly #parts: CrewParts;
  readonly #threads = new Set<Thread>();
  readonly #pauses = new Set<NodeJS.Timeout>();
  #nextBatch = 0;
  #closed = false;

  constructor(size: number, parts: CrewParts) {
    this.#parts = parts;
    for (let i = 0; i < size; i++) this.#start(FIRST_PAUSE_MS);
  }

  /** Threads that live. */
  get size(): number {
    return this.#threads.size;
  }

  /** The thread with the least to do, if it has less than `batches`. */
  idlest(batches: number): Thread | undefined {
    let found: Thread | undefined;
    for (const thread of this.#threads) {
      if (!thread.alone && thread.batches.size < (found?.batches.size ?? batches)) found = thread;
    }
    return found;
  }

  /** Sends a batch to a thread, which does it after those it has; `alone` goes to one that has none. */
  send(thread: Thread, batch: readonly Waiting[], alone = false): void {
    thread.alone = alone;
    const packed = packTasks(batch.map(({ task }) => task));
    const id = this.#nextBatch++;
    thread.batches.set(id, batch);
    thread.worker.postMessage({ id, packed }, [packed.buffer]);
  }

  /** Ends all threads; gives what they were about. */
  async close(): Promise<Waiting[]> {
    this.#closed = true;
    for (const pause of this.#pauses) clearTimeout(pause);
    const left = [...this.#threads].flatMap(({ batches }) => [...batches.values()].flat());
    await Promise.all([...this.#threads].map(({ worker }) => worker.terminate()));
    return left;
  }

  #start(pauseMs: number): void {
    const started = performance.now();
    const worker = new Worker(this.#parts.script, { resourceLimits: HEAP });
    worker.unref();
    const thread: Thread = { worker, batches: new Map(), alone: false };
    this.#threads.add(thread);
    worker.on('message', ({ id, results }: { id: number; results: Uint8Array }) => {
      const batch = thread.batches.get(id) ?? [];
      thread.batches.delete(id);
      thread.alone = false;
      for (const [i, { settle }] of batch.entries()) settle(results[i] === 1);
      this.#parts.free();
    });
    let reason: string | undefined;
    worker.on('error', (error) => {
      reason = error instanceof Error ? error.message : String(error);
    });
    // a thread that ends itself dies without an error
    worker.on('exit', (code) => {
      if (this.#closed) return;
      this.#threads.delete(thread);
      this.#startLater(performance.now() - started < STEADY_MS ? pauseMs : FIRST_PAUSE_MS);
      this.#parts.died([...thread.batches.values()], reason ?? `exit code ${code}`);
    });
  }

  #startLater(pauseMs: number): void {
    const next = Math.min(LONGEST_PAUSE_MS, 2 * pauseMs);
    const timer = setTimeout(() => {
      this.#pauses.delete(timer);
      try {
        this.#start(next);
      } catch {
        // the machine has no thread to give just now
        this.#startLater(next);
        return;
      }
      this.#parts.free();
    }, pauseMs);
    timer.unref();
    this.#pauses.add(timer);
  }
}
