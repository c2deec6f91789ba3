/**
 * A network of real validator processes for one test file: a folder and ports of its own, connections that are closed and processes that are gone at the end.
 * Everything waits for events of the chain; nothing sleeps.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChainSpecJson } from '../../chain-spec/index.ts';
import { type Chain, connect } from '../../client/sdk/connect.ts';
import { LocalNetwork } from '../../node/local/network.ts';
import { scratchFolder } from './scratch.ts';

export interface TestNetworkOptions {
  /** RPC of validator i listens on `basePort + i`; libp2p and metrics on 100 and 200 above. */
  readonly basePort: number;
  /** What differs from the local chain's deadlines. */
  readonly tally?: Partial<NonNullable<ChainSpecJson['genesis']['tally']>>;
  /** Modules that make validators lie, by index. */
  readonly tamper?: ReadonlyMap<number, string>;
}

/** A block that is final. */
export interface FinalBlock {
  readonly number: number;
  readonly hash: string;
}

export class TestNetwork implements AsyncDisposable {
  readonly directory: string;
  readonly network: LocalNetwork;
  readonly #chains = new Map<number, Promise<Chain>>();

  private constructor({ basePort, tally = {}, tamper }: TestNetworkOptions) {
    this.directory = scratchFolder('network');
    this.network = new LocalNetwork({
      directory: this.directory,
      validators: 4,
      basePort,
      ...(tamper === undefined ? {} : { tamper }),
    });
    const spec = JSON.parse(readFileSync(this.network.specFile, 'utf8')) as ChainSpecJson;
    spec.genesis.tally = { ...(spec.genesis.tally as NonNullable<ChainSpecJson['genesis']['tally']>), ...tally };
    writeFileSync(this.network.specFile, JSON.stringify(spec));
  }

  /** Starts four validators; cleans up if that fails. */
  static async start(options: TestNetworkOptions): Promise<TestNetwork> {
    const made = new TestNetwork(options);
    try {
      await made.network.start();
    } catch (error) {
      await made.stop();
      throw error;
    }
    return made;
  }

  /** polkadot.js connected to a running validator: the same connection until the validator is killed. */
  chain(index: number): Promise<Chain> {
    const known = this.#chains.get(index);
    if (known !== undefined) return known;
    const made = connect(this.network.validator(index).rpc, {
      chain: readFileSync(this.network.specFile, 'utf8'),
    });
    this.#chains.set(index, made);
    return made;
  }

  /** `kill -9`. */
  async kill(index: number): Promise<void> {
    await this.#disconnect(index);
    await this.network.kill(index);
  }

  /** Starts a killed validator again; resolves when its finalized chain has come to where the others' was, and is the same. */
  async revive(index: number): Promise<void> {
    await this.network.launch(index);
    const other = this.network.validators.find((validator) => validator.index !== index);
    if (other === undefined) return;
    const goal = await finalHead(await this.chain(other.index));
    await this.expectSame(index, goal);
  }

  /** Waits until validator `index` has finalized `block`'s height. @throws if it has finalized another block there */
  async expectSame(index: number, block: FinalBlock): Promise<void> {
    const chain = await this.chain(index);
    await untilFinal(chain, block.number);
    const hash = (await chain.api.rpc.chain.getBlockHash(block.number)).toHex();
    if (hash !== block.hash)
      throw new Error(`validator ${index} has finalized ${hash} at ${block.number}, not ${block.hash}`);
  }

  /** Validator's log so far, one record per line that is one. */
  log(index: number): { readonly msg?: string; readonly level?: number }[] {
    const { directory } = this.network.validator(index);
    return readFileSync(join(directory, 'node.log'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('{') && line.endsWith('}'))
      .map((line) => JSON.parse(line) as { msg?: string; level?: number });
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#chains.keys()].map((index) => this.#disconnect(index)));
    await this.network.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #disconnect(index: number): Promise<void> {
    const chain = this.#chains.get(index);
    this.#chains.delete(index);
    await chain?.then(
      ({ close }) => close(),
      () => undefined,
    );
  }
}

export async function finalHead(chain: Chain): Promise<FinalBlock> {
  const hash = await chain.api.rpc.chain.getFinalizedHead();
  const header = await chain.api.rpc.chain.getHeader(hash);
  return { number: header.number.toNumber(), hash: hash.toHex() };
}

/** Resolves when the block of this height is final for the node. */
export async function untilFinal(chain: Chain, number: number): Promise<void> {
  for await (const block of finalBlocks(chain, number)) if (block.number >= number) return;
}

/** Resolves when the node's best block has this height. */
export async function untilBest(chain: Chain, number: number): Promise<void> {
  let stop: (() => void) | undefined;
  await new Promise<void>((resolve, reject) => {
    chain.api.rpc.chain
      .subscribeNewHeads((head) => {
        if (head.number.toNumber() >= number) resolve();
      })
      .then((unsubscribe) => {
        stop = unsubscribe;
      }, reject);
  });
  stop?.();
}

/** Every block from height `first` on as it becomes final, none left out. Ends when the caller leaves the loop, or `broken` rejects. */
export async function* finalBlocks(
  chain: Chain,
  first: number,
  broken: Promise<never> = new Promise(() => undefined),
): AsyncGenerator<FinalBlock> {
  let head = -1;
  let wake = (): void => undefined;
  const unsubscribe = await chain.api.rpc.chain.subscribeFinalizedHeads((header) => {
    head = Math.max(head, header.number.toNumber());
    wake();
  });
  try {
    for (let number = first; ; ) {
      if (number <= head) {
        yield { number, hash: (await chain.api.rpc.chain.getBlockHash(number)).toHex() };
        number++;
        continue;
      }
      const news = new Promise<void>((resolve) => {
        wake = resolve;
      });
      await Promise.race([news, broken]);
    }
  } finally {
    unsubscribe();
  }
}
