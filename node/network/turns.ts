import { TacitError } from '../../primitives/errors.ts';

/** Lets at most `places` tasks of one name run at once; the others wait in order, `waiting` of them at most. */
export class Turns {
  readonly #places: number;
  readonly #most: number;
  readonly #running = new Map<string, number>();
  readonly #waiting = new Map<string, (() => void)[]>();

  constructor(places: number, waiting = Infinity) {
    this.#places = places;
    this.#most = waiting;
  }

  /** Runs `task` when its turn has come. Throws `network/busy` if too many wait already, or if `signal` ends the wait. */
  async take<T>(name: string, task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const running = this.#running.get(name) ?? 0;
    if (running < this.#places) this.#running.set(name, running + 1);
    else await this.#wait(name, signal);
    try {
      return await task();
    } finally {
      this.#release(name);
    }
  }

  /** Resolves with the place of whoever ends. */
  async #wait(name: string, signal?: AbortSignal): Promise<void> {
    const waiting = this.#waiting.get(name) ?? [];
    if (waiting.length >= this.#most) {
      throw new TacitError('network/busy', `${waiting.length} requests wait already`, { name });
    }
    if (signal?.aborted) throw new TacitError('network/busy', 'given up before its turn', { name });
    this.#waiting.set(name, waiting);
    await new Promise<void>((resolve, reject) => {
      const wake = (): void => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const leave = (): void => {
        const at = waiting.indexOf(wake);
        if (at >= 0) waiting.splice(at, 1);
        reject(new TacitError('network/busy', 'given up before its turn', { name }));
      };
      signal?.addEventListener('abort', leave, { once: true });
      waiting.push(wake);
    });
  }

  #release(name: string): void {
    const next = this.#waiting.get(name)?.shift();
    if (next !== undefined) {
      next();
      return;
    }
    this.#waiting.delete(name);
    const left = (this.#running.get(name) ?? 1) - 1;
    if (left > 0) this.#running.set(name, left);
    else this.#running.delete(name);
  }
}
