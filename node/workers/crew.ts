/** The threads of a pool. One that dies is replaced after a pause, which grows while its followers die as well. */
import { Worker } from 'node:worker_threads';
import type { Waiting } from './queue.ts';
import { packTasks, READY } from './tasks.ts';

/** A verification needs kilobytes; without limits each thread takes 95 MB for the garbage of loading its modules. In MB. */
const HEAP = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 96 };
/** Milliseconds before a dead thread is replaced; twice as long each time, so that a start that cannot succeed does not take the machine. */
export const FIRST_PAUSE_MS = 100;
/** Short, for consensus waits for signatures meanwhile. */
const LONGEST_PAUSE_MS = 2000;
/** Milliseconds after which what a thread dies of has nothing to do with its start. */
const STEADY_MS = 10_000;
/** After so many starts of each thread that came to nothing in a row nobody is left waiting, some three seconds. */
const STARTS = 6;

/** What a thread says: that it has started, or what came of a batch. */
type Message = typeof READY | { readonly id: number; readonly results: Uint8Array };

export interface Thread {
  readonly worker: Worker;
  /** Batches under way, by id, in the order in which the thread does them. */
  readonly batches: Map<number, readonly Waiting[]>;
  /** It has started. None has a batch before: what a thread dies of while it starts is no task's fault. */
  ready: boolean;
  /** It has one batch, and gets no other before that is answered: if it dies, it dies of that. */
  alone: boolean;
}

export interface CrewParts {
  readonly script: URL;
  readonly threads: number;
  /** Milliseconds before a dead thread is replaced. */
  readonly firstPause: number;
  /** A thread has answered a batch, or is new. */
  readonly free: () => void;
  /** A thread has died over these batches. */
  readonly died: (batches: readonly (readonly Waiting[])[], reason: string) => void;
  /** No thread is there, and none can be started. Others are still tried. */
  readonly barren: (reason: string) => void;
}

export class Crew {
  readonly #parts: CrewParts;
  readonly #threads = new Set<Thread>();
  readonly #pauses = new Set<NodeJS.Timeout>();
  #nextBatch = 0;
  /** Starts in a row that came to nothing. */
  #vain = 0;
  #closed = false;

  constructor(parts: CrewParts) {
    this.#parts = parts;
    for (let i = 0; i < parts.threads; i++) this.#start(parts.firstPause);
  }

  /** Threads that work. */
  get size(): number {
    return [...this.#threads].filter(({ ready }) => ready).length;
  }

  /** The thread with the least to do, if it has less than `batches`. */
  idlest(batches: number): Thread | undefined {
    let found: Thread | undefined;
    for (const thread of this.#threads) {
      if (thread.ready && !thread.alone && thread.batches.size < (found?.batches.size ?? batches)) found = thread;
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
    const thread: Thread = { worker, batches: new Map(), ready: false, alone: false };
    this.#threads.add(thread);
    worker.on('message', (message: Message) => this.#onMessage(thread, message));
    let reason: string | undefined;
    worker.on('error', (error) => {
      reason = error instanceof Error ? error.message : String(error);
    });
    // a thread that ends itself dies without an error
    worker.on('exit', (code) => {
      if (this.#closed) return;
      this.#threads.delete(thread);
      this.#startLater(performance.now() - started < STEADY_MS ? pauseMs : this.#parts.firstPause);
      const why = reason ?? `exit code ${code}`;
      this.#parts.died([...thread.batches.values()], why);
      if (!thread.ready) this.#failedToStart(why);
    });
  }

  #onMessage(thread: Thread, message: Message): void {
    if (message === READY) {
      thread.ready = true;
      this.#vain = 0;
    } else {
      const batch = thread.batches.get(message.id) ?? [];
      thread.batches.delete(message.id);
      thread.alone = false;
      for (const [i, { settle }] of batch.entries()) settle(message.results[i] === 1);
    }
    this.#parts.free();
  }

  #failedToStart(why: string): void {
    if (++this.#vain >= STARTS * this.#parts.threads && this.size === 0) this.#parts.barren(why);
  }

  #startLater(pauseMs: number): void {
    const next = Math.min(LONGEST_PAUSE_MS, 2 * pauseMs);
    const timer = setTimeout(() => {
      this.#pauses.delete(timer);
      try {
        this.#start(next);
      } catch (error) {
        // the machine has no thread to give just now
        this.#startLater(next);
        this.#failedToStart(error instanceof Error ? error.message : String(error));
      }
    }, pauseMs);
    timer.unref();
    this.#pauses.add(timer);
  }
}
