/** How long blocks take to become final: from the time stamp their author put into them to the news of their finality here. */
import type { Header } from '@polkadot/types/interfaces';
import { at } from '../../primitives/at.ts';
import type { Chain } from '../sdk/connect.ts';

export class FinalityWatch implements AsyncDisposable {
  readonly latencies: number[] = [];
  readonly #chain: Chain;
  #stop: () => void = () => undefined;
  #last: number | undefined;
  /** When the news of a block's finality came, by its number. */
  readonly #finalAt = new Map<number, number>();
  readonly #waiting: (() => void)[] = [];
  #queue: Promise<void> = Promise.resolve();

  private constructor(chain: Chain) {
    this.#chain = chain;
  }

  static async start(chain: Chain): Promise<FinalityWatch> {
    const watch = new FinalityWatch(chain);
    watch.#stop = await chain.api.rpc.chain.subscribeFinalizedHeads((head) => watch.#heard(head, Date.now()));
    return watch;
  }

  /** All blocks since the last news are final now; the first news only says where to begin. */
  #heard(head: Header, now: number): void {
    const number = head.number.toNumber();
    const from = (this.#last ?? number) + 1;
    this.#last = Math.max(number, this.#last ?? 0);
    for (let n = from; n <= number; n++) this.#finalAt.set(n, now);
    for (const resolve of this.#waiting.splice(0)) resolve();
    this.#queue = this.#queue
      .then(async () => {
        for (let n = from; n <= number; n++) this.latencies.push(Math.max(0, now - (await timeOf(this.#chain, n))));
      })
      // a measurement that fails while the connection is down is not taken
      .catch(() => undefined);
  }

  /** Milliseconds from the news that one block is final to the news that a later one is. The first must not have been final before the watch began. */
  async between(first: number, second: number): Promise<number> {
    // others may hear of the same block a moment earlier
    while ((this.#last ?? 0) < second) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return at(this.#finalAt, second) - at(this.#finalAt, first);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop();
    await this.#queue;
  }
}

/** Time stamp of the best chain's block `number`, in milliseconds since 1970. */
async function timeOf(chain: Chain, number: number): Promise<number> {
  const state = await chain.api.at(await chain.api.rpc.chain.getBlockHash(number));
  return Number((await state.query.timestamp?.now?.())?.toString());
}
