/** Transfers per second, of one real node and of four validators: signed before, pushed through a WebSocket, counted in blocks. */
import { readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { devNames } from '../../chain-spec/index.ts';
import { type Chain, connect } from '../../client/sdk/connect.ts';
import { devAccount } from '../../client/sdk/keys.ts';
import { type BenchCase, median, type Sample } from '../harness.ts';
import { JsonRpc } from '../support/jsonrpc.ts';
import { withDevNode, withNetwork } from '../support/process.ts';

const TRANSFERS = 30_000;
/** For four validators, which share this machine's processors. */
const TRANSFERS_OF_FOUR = 8000;
/** Submissions without an answer at one time. */
const WINDOW = 512;
/** Submitted and in no block yet: what the node's pool (8,192) just holds, and so the most that a block can take. */
const BACKLOG = 8000;
/** Above the existential deposit. */
const AMOUNT = 1_000_000n;
const LIMIT_MS = 120_000;

/** Signed between two looks at the event loop: some ten milliseconds, also on a busy machine far less than a connection stands. */
const BATCH = 32;

/** Transfers from all development accounts in turn. The connection is answered while they are signed, or the node would drop it. */
async function sign(chain: Chain, destination: string, count: number): Promise<string[]> {
  const { api } = chain;
  const transfer = api.tx.balances?.transferKeepAlive?.(destination, AMOUNT);
  if (!transfer) throw new Error('the chain has no balances.transferKeepAlive');
  const { genesisHash, runtimeVersion } = api;
  const signers = devNames.map((name) => devAccount(`//${name}`));
  const signed: string[] = [];
  while (signed.length < count) {
    const nonce = Math.floor(signed.length / signers.length);
    const signer = signers[signed.length % signers.length] as (typeof signers)[number];
    const options = { blockHash: genesisHash, genesisHash, nonce, runtimeVersion };
    signed.push(transfer.sign(signer, options).toHex());
    if (signed.length % BATCH === 0) await setImmediate();
  }
  return signed;
}

/** Calls `onBlock` with the extrinsics of every new best block. */
async function followBest(rpc: JsonRpc, onBlock: (extrinsics: readonly string[]) => void): Promise<void> {
  await rpc.subscribe('chain_subscribeNewHeads', (head) => {
    void rpc
      .call('chain_getBlockHash', [Number((head as { number: string }).number)])
      .then((hash) => rpc.call('chain_getBlock', [hash]))
      .then((signed) => onBlock((signed as { block: { extrinsics: string[] } }).block.extrinsics))
      // The next head comes anyway; if none does, the run ends by its time limit.
      .catch(() => undefined);
  });
}

interface FilledBlock {
  /** When the news of the block came, in seconds. */
  readonly at: number;
  readonly transfers: number;
}

/** Submits all, and resolves with the best blocks that took them. */
async function push(url: string, extrinsics: readonly string[]): Promise<FilledBlock[]> {
  await using submitter = await JsonRpc.connect(url);
  await using watcher = await JsonRpc.connect(url);
  const missing = new Set(extrinsics);
  const blocks: FilledBlock[] = [];
  let block = Promise.withResolvers<void>();
  const late = setTimeout(() => block.reject(new Error(`${missing.size} transfers are in no block`)), LIMIT_MS);
  await followBest(watcher, (inBlock) => {
    const transfers = inBlock.filter((extrinsic) => missing.delete(extrinsic)).length;
    if (transfers > 0) blocks.push({ at: performance.now() / 1000, transfers });
    block.resolve();
    block = Promise.withResolvers();
  });
  let next = 0;
  const submit = async (): Promise<void> => {
    while (next < extrinsics.length) {
      const included = extrinsics.length - missing.size;
      if (next - included < BACKLOG) await submitter.call('author_submitExtrinsic', [extrinsics[next++]]);
      else await block.promise;
    }
  };
  try {
    await Promise.all(Array.from({ length: WINDOW }, submit));
    while (missing.size > 0) await block.promise;
  } finally {
    clearTimeout(late);
  }
  return blocks;
}

/** Transfers per second of every block but the first and the last, which are not full. */
function rates(blocks: readonly FilledBlock[]): Sample[] {
  return blocks
    .slice(1, -1)
    .map(({ at, transfers }, i) => ({ value: transfers / (at - (blocks[i] as FilledBlock).at) }));
}

/** What the transfers have brought the destination, in the finalized state. */
async function received(chain: Chain, destination: string): Promise<bigint> {
  const state = await chain.api.at(await chain.api.rpc.chain.getFinalizedHead());
  const account = (await state.query.system?.account?.(destination)) as unknown as {
    data: { free: { toBigInt(): bigint } };
  };
  return account.data.free.toBigInt();
}

/** Resolves when everything that the best block knows is final. */
async function finalityOfBest(chain: Chain): Promise<void> {
  const best = (await chain.api.rpc.chain.getHeader()).number.toNumber();
  await new Promise<void>((resolve, reject) => {
    let stop: (() => void) | undefined;
    let done = false;
    chain.api.rpc.chain
      .subscribeFinalizedHeads(({ number }) => {
        if (number.toNumber() < best) return;
        done = true;
        stop?.();
        resolve();
      })
      .then((unsubscribe) => {
        stop = unsubscribe;
        if (done) stop();
      }, reject);
  });
}

/** Sends `count` transfers to the node at `url`, and gives their rates in its blocks once all of them are final. */
async function measure(url: string, trust: Parameters<typeof connect>[1], count: number): Promise<Sample[]> {
  await using chain = await connect(url, trust);
  const destination = devAccount('//Destination').address;
  const blocks = await push(url, await sign(chain, destination, count));
  await finalityOfBest(chain);
  const have = await received(chain, destination);
  if (have !== BigInt(count) * AMOUNT) throw new Error(`the destination has received ${have} only`);
  return rates(blocks);
}

const ofOne = (count: number): Promise<Sample[]> => withDevNode((url) => measure(url, { trustNode: true }, count));

export const transfers: BenchCase = {
  name: 'transfers',
  title: `transfers of one node per second: ${TRANSFERS.toLocaleString('en')} signed before, submitted by WebSocket, counted block by block, all finalized`,
  unit: '1/s',
  pace: 'processor',
  aim: 500,
  run: () => ofOne(TRANSFERS),
};

export const transfersOfFour: BenchCase = {
  name: 'transfers-of-four',
  title: `transfers of four validators per second, a process each: ${TRANSFERS_OF_FOUR.toLocaleString('en')} submitted to one of them, counted block by block, all finalized`,
  unit: '1/s',
  pace: 'processor',
  reference: 'one node alone, as many transfers',
  async run() {
    const four = await withNetwork((network) => {
      const trust = { chain: readFileSync(network.specFile, 'utf8') };
      return measure(network.validator(0).rpc, trust, TRANSFERS_OF_FOUR);
    });
    const middle = (samples: readonly Sample[]): number => median(samples.map(({ value }) => value));
    return [{ value: middle(four), reference: middle(await ofOne(TRANSFERS_OF_FOUR)) }];
  },
};
