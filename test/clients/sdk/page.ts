/** What a page does with the packed SDK. The test calls it, and speaks with it in texts. */
import { browserPorts, buildInWorkerAt } from '../../../client/sdk/browser/index.ts';
import {
  balanceOf,
  buildHere,
  type Builder,
  type BuildInput,
  type Chain,
  connect,
  isRefusal,
  openWalletText,
  payFrom,
  purses,
  sealWallet,
  type Wallet,
  walletOf,
} from '../../../client/sdk/index.ts';
import { ofText, toText } from './tagged.ts';

/** What a page keeps its wallet under, and the passphrase of its user. */
const NAME = 'mine.wallet';
const PHRASE = 'a phrase of the user';

let wallet: Wallet | undefined;
let chain: Chain | undefined;

const here = <T>(what: T | undefined): T => {
  if (what === undefined) throw new Error('called before what comes first');
  return what;
};

/** Counts the turns that the page's event loop takes while `work` is under way. */
async function turnsDuring<T>(work: () => Promise<T>): Promise<{ result: T; turns: number }> {
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  try {
    return { result: await work(), turns };
  } finally {
    clearInterval(timer);
  }
}

const page = {
  /** Makes a wallet and keeps it, or opens the one that is kept. Gives its account. */
  async wallet(): Promise<string> {
    const { files, random } = browserPorts;
    const text = await files.read(NAME);
    const seed = text === undefined ? random(32) : openWalletText(NAME, text, PHRASE);
    if (text === undefined) await files.replace(NAME, sealWallet(seed, PHRASE));
    wallet = walletOf(seed);
    return wallet.account.address;
  },

  /** Connects, and gives the final block that the node has proved. */
  async connect(url: string, specification: string): Promise<number> {
    chain = await connect(url, { chain: specification });
    return (await chain.light.finalizedState()).block.number;
  },

  /** Code of the refusal if the node is asked to prove another chain's finality. */
  async refusal(url: string, specification: string): Promise<string> {
    return connect(url, { chain: specification, patienceMs: 0 }).then(
      () => 'none',
      (error: unknown) => (isRefusal(error) ? (error as { code: string }).code : `not refused: ${String(error)}`),
    );
  },

  /** Code of the error if the browser lets no connection through. */
  async unreachable(url: string, specification: string): Promise<string> {
    return connect(url, { chain: specification, timeoutMs: 1000 }).then(
      () => 'none',
      (error: { code?: string }) => `${error.code}`,
    );
  },

  /** Waits until a final block shows that the wallet has been paid, and sends a part of it on. Gives what the destination then has. */
  async payOn(destination: string, amount: string): Promise<string> {
    const to = ofText(destination) as Uint8Array;
    const [tacit, own] = [here(chain), here(wallet)];
    let [purse] = await purses(tacit, own, []);
    while (purse === undefined) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      [purse] = await purses(tacit, own, []);
    }
    await payFrom(tacit, purse, to, { amount: BigInt(amount) });
    return toText(await balanceOf(tacit, to));
  },

  /** Builds in a worker whose file is at `url`, or in the page itself. */
  async build(input: string, url: string | undefined): Promise<string> {
    const build: Builder = url === undefined ? buildHere : buildInWorkerAt(url);
    const progress: number[] = [];
    const inputs = [ofText(input) as BuildInput];
    const { result, turns } = await turnsDuring(() => build(inputs, { onProgress: (built) => progress.push(built) }));
    return toText({ sealed: result[0], progress, turns });
  },

  /** Code and text of the error with which building ends. */
  async failure(input: string, url: string): Promise<string> {
    return buildInWorkerAt(url)([ofText(input) as BuildInput]).then(
      () => 'none',
      (error: { code?: string; message: string }) => `${error.code}: ${error.message}`,
    );
  },

  async close(): Promise<void> {
    await chain?.close();
  },
};

export type Page = typeof page;
Object.assign(globalThis, { page });
