/** The main thread's hold on the eight party threads: typed questions, one at a time per party, errors with their codes. */
import { Worker } from 'node:worker_threads';
import { TacitError } from '../../primitives/errors.ts';
import { PARTIES } from './parties.ts';
import type { PartyAnswer, PartyRequest, PartyResults, PartyTask } from './party.ts';

/** Eight heaps in one process: with the default of some ten megabytes per space each would let much more garbage pile up than it needs. */
const YOUNG_HEAP_MB = 8;

/** A party's thread, and its end, which may come while nobody asks: it rejects with the reason. */
interface Member {
  readonly thread: Worker;
  readonly end: Promise<never>;
}

export class Crew implements AsyncDisposable {
  readonly #members: readonly Member[];

  /** Starts one thread per party; they spread over the given nodes, and each has all of them to fall back on. */
  constructor(rpcs: readonly string[], seed: string) {
    this.#members = PARTIES.map((_, party) => {
      const own = party % rpcs.length;
      const tacitParty: PartyTask = { party, seed, rpcs: [...rpcs.slice(own), ...rpcs.slice(0, own)] };
      const thread = new Worker(new URL('./party.ts', import.meta.url), {
        workerData: { tacitParty },
        resourceLimits: { maxYoungGenerationSizeMb: YOUNG_HEAP_MB },
      });
      return { thread, end: endOf(thread) };
    });
  }

  /** Asks every party at once; `each` hears of every answer as it comes. */
  async askAll<K extends PartyRequest['ask']>(
    request: Extract<PartyRequest, { ask: K }>,
    each: (party: number, done: number) => void = () => undefined,
  ): Promise<PartyResults[K][]> {
    let done = 0;
    return Promise.all(
      this.#members.map(async ({ thread, end }, party) => {
        const result = await Promise.race([ask(thread, request), end]);
        each(party, ++done);
        return result as PartyResults[K];
      }),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#members.map(({ thread }) => thread.terminate()));
  }
}

function endOf(thread: Worker): Promise<never> {
  const end = new Promise<never>((_, reject) => {
    thread.once('error', reject);
    thread.once('exit', () => reject(new TacitError('demo/party-gone', 'a party’s thread ended before it answered')));
  });
  end.catch(() => undefined);
  return end;
}

function ask(thread: Worker, request: PartyRequest): Promise<PartyResults[PartyRequest['ask']]> {
  return new Promise((resolve, reject) => {
    thread.once('message', (answer: PartyAnswer) => {
      if ('result' in answer) resolve(answer.result);
      else reject(new TacitError(answer.failed.code, answer.failed.message));
    });
    thread.postMessage(request, []);
  });
}
