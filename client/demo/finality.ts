/** How long blocks take to become final: from the time stamp their author put into them to the news of their finality here. */
import type { Header } from '@polkadot/types/interfaces';
import type { Chain } from '../sdk/connect.ts';

export class FinalityWatch implements AsyncDisposable {
  readonly latencies: number[] = [];
  readonly #chain: Chain;
  #stop: () => void = () => undefined;
  #last: number | undefined;
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
    this.#queue = this.#queue
      .then(async () => {
        for (let n = from; n <= number; n++) this.latencies.push(Math.max(0, now - (await timeOf(this.#chain, n))));
      })
      // a measurement that fails while the connection is down is not taken
      .catch(() => undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop();
    await this.#queue;
  }
}

/** Time stamp of the best chain's block `number`, in milliseconds since 1970. */
export async function timeOf(chain: Chain, number: number): Promise<number> {
  const state = await chain.api.at(await chain.api.rpc.chain.getBlockHash(number));
  return Number((await state.query.timestamp?.now?.())?.toString());
}
