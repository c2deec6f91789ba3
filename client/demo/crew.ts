/** The main thread's hold on the eight party threads: typed questions, one at a time per party, errors with their codes. */
import { Worker } from 'node:worker_threads';
import { TacitError } from '../../primitives/errors.ts';
import { PARTIES } from './parties.ts';
import type { PartyAnswer, PartyRequest, PartyResults, PartyTask } from './party.ts';

/** Eight heaps in one process: with the default of some ten megabytes per space each would let much more garbage pile up than it needs. */
const YOUNG_HEAP_MB = 8;

export class Crew implements AsyncDisposable {
  readonly #threads: readonly Worker[];

  /** Starts one thread per party; they spread over the given nodes, and each has all of them to fall back on. */
  constructor(rpcs: readonly string[], seed: string) {
    this.#threads = PARTIES.map((_, party) => {
      const own = party % rpcs.length;
      const tacitParty: PartyTask = { party, seed, rpcs: [...rpcs.slice(own), ...rpcs.slice(0, own)] };
      return new Worker(new URL('./party.ts', import.meta.url), {
        workerData: { tacitParty },
        resourceLimits: { maxYoungGenerationSizeMb: YOUNG_HEAP_MB },
      });
    });
  }

  /** Asks every party at once; `each` hears of every answer as it comes. */
  async askAll<K extends PartyRequest['ask']>(
    request: Extract<PartyRequest, { ask: K }>,
    each: (party: number, done: number) => void = () => undefined,
  ): Promise<PartyResults[K][]> {
    let done = 0;
    return Promise.all(
      this.#threads.map(async (thread, party) => {
        const result = await ask(thread, request);
        each(party, ++done);
        return result as PartyResults[K];
      }),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.terminate()));
  }
}

function ask(thread: Worker, request: PartyRequest): Promise<PartyResults[PartyRequest['ask']]> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      thread.off('message', hear).off('error', reject).off('exit', gone);
      act();
    };
    const hear = (answer: PartyAnswer): void =>
      settle(() => {
        if ('result' in answer) resolve(answer.result);
        else reject(new TacitError(answer.failed.code, answer.failed.message));
      });
    const gone = (): void =>
      settle(() => reject(new TacitError('demo/party-gone', 'a party’s thread ended before it answered')));
    thread.on('message', hear).on('error', reject).on('exit', gone);
    thread.postMessage(request, []);
  });
}
