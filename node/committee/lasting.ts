import type { Worker } from 'node:worker_threads';
import { pause } from '../base/serial.ts';
import type { FromThread, ToThread } from './messages.ts';

export interface LastingParts {
  readonly spawn: () => Worker;
  readonly onMessage: (message: Exclude<FromThread, { kind: 'ready' }>) => void;
  /** It is there and knows nothing: called at every start. */
  readonly onReady: () => void;
  /** It has died by itself and is started again after so many milliseconds. */
  readonly onDeath: (why: string, againMs: number) => void;
  /** The first pause before a new start, in milliseconds, and the longest; each is twice the one before. */
  readonly pauses?: readonly [number, number];
}

/** The committee thread, which is started again whenever it dies: a validator without it would let the tally wait, and nobody would notice. */
export class LastingThread {
  readonly #parts: LastingParts;
  readonly #pauses: readonly [number, number];
  readonly #over = new AbortController();
  #worker: Worker | undefined;
  #isReady = false;
  #pause: number;

  constructor(parts: LastingParts) {
    this.#parts = parts;
    this.#pauses = parts.pauses ?? [1000, 60_000];
    this.#pause = this.#pauses[0];
  }

  /** Resolves when it is ready; rejects if it dies before, and then it is not started again. */
  async start(): Promise<void> {
    const life = this.#live();
    await life.ready;
    void this.#keep(life.end);
  }

  /** Gives it a message. One that is not there is told nothing: see `onReady`. */
  tell(message: ToThread): void {
    if (this.#isReady) this.#worker?.postMessage(message);
  }

  async stop(): Promise<void> {
    this.#over.abort();
    await this.#worker?.terminate();
  }

  /** One thread from its start to its end: when it is ready, and why it ended. */
  #live(): { readonly ready: Promise<void>; readonly end: Promise<Error> } {
    const worker = this.#parts.spawn();
    this.#worker = worker;
    let cause: Error | undefined;
    worker.on('error', (error: Error) => {
      cause = error;
    });
    const end = new Promise<Error>((resolve) => {
      worker.once('exit', (code) => {
        this.#isReady = false;
        resolve(cause ?? new Error(`it ended with exit code ${code}`));
      });
    });
    const ready = new Promise<void>((resolve, reject) => {
      worker.on('message', (message: FromThread) => {
        if (message.kind !== 'ready') this.#parts.onMessage(message);
        else {
          this.#isReady = true;
          resolve();
          this.#parts.onReady();
        }
      });
      void end.then(reject);
    });
    return { ready, end };
  }

  /** Another life, and why it ended. A machine that is out of threads or memory does not even begin one: that is a death as well. */
  #again(): Promise<Error> {
    try {
      const { ready, end } = this.#live();
      ready.catch(() => undefined);
      return end;
    } catch (error) {
      return Promise.resolve(error instanceof Error ? error : new Error(String(error)));
    }
  }

  async #keep(first: Promise<Error>): Promise<void> {
    const { onDeath } = this.#parts;
    const [shortest, longest] = this.#pauses;
    const { signal } = this.#over;
    for (let end = first, began = performance.now(); ; began = performance.now()) {
      const why = await end;
      if (signal.aborted) return;
      // One that has lived long dies of something new.
      if (performance.now() - began > longest) this.#pause = shortest;
      onDeath(why.message, this.#pause);
      await pause(this.#pause, signal);
      if (signal.aborted) return;
      this.#pause = Math.min(2 * this.#pause, longest);
      end = this.#again();
    }
  }
}
