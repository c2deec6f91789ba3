import { EventEmitter } from 'node:events';
import { expect } from 'chai';
import type { Chain } from '../../../client/sdk/connect.ts';
import { storage } from '../../../client/sdk/generated/chain.ts';
import { LightClient, type LightOptions } from '../../../client/sdk/light/index.ts';
import { finalizedState, followRound, type RoundView, type State } from '../../../client/sdk/round.ts';
import { headerHash } from '../../../primitives/block/header.ts';
import { toHex } from '../../../primitives/crypto/hex.ts';
import { codeOf, entry, PaperChain } from '../support/paper-chain.ts';
import { roundRecord } from '../support/settled.ts';

const ROUND = 4;
const TIMEOUT = 60_000;
const PHASES = ['Keying', 'Open', 'Open', 'Aggregate', 'Settled'] as const;

/** A chain whose round is in one phase after the other, block by block; its blocks bear this time. */
function roundChain(type: 'Development' | 'Live' = 'Development', time = Date.now()): PaperChain {
  const chain = new PaperChain([], type);
  for (const tag of PHASES) addBlock(chain, tag, time);
  return chain;
}

function addBlock(chain: PaperChain, tag: (typeof PHASES)[number], time = Date.now()): void {
  const round = roundRecord(ROUND, 0, { phase: { tag } as ReturnType<typeof roundRecord>['phase'] });
  chain.block({
    changes: [entry(storage.tally.rounds, [ROUND], round), entry(storage.timestamp.now, [], BigInt(time))],
  });
}

/** A node that names as the newest final block whichever it likes, and proves it as an honest one would. */
class Replayer {
  readonly chain: Chain;
  readonly #blocks: PaperChain;
  readonly #heads = new EventEmitter();
  #head = 1;

  constructor(blocks: PaperChain, options: LightOptions = {}) {
    this.#blocks = blocks;
    const ask = async (method: string, params: readonly unknown[]): Promise<unknown> =>
      method === 'chain_getFinalizedHead' ? this.hash(this.#head) : blocks.ask(method, params);
    const light = new LightClient(ask, blocks.root, { patienceMs: 0, ...options });
    const subscribeFinalizedHeads = async (heard: (head: unknown) => void) => {
      this.#heads.on('head', (number: number) => heard({ hash: { toHex: () => this.hash(number) } }));
      return () => this.#heads.removeAllListeners();
    };
    this.chain = { light, api: { rpc: { chain: { subscribeFinalizedHeads } } } } as unknown as Chain;
  }

  /** Tells of a block as the newest one. Nothing here waits for more than promises, so that the client is done a turn later. */
  async tell(number: number): Promise<void> {
    this.#head = number;
    this.#heads.emit('head', number);
    await new Promise(setImmediate);
  }

  hash(number: number): string {
    return toHex(headerHash(this.#blocks.blocks[number]!.header));
  }
}

/** Follows the round to the end of a phase; remembers the blocks that were looked at. */
async function following(node: Replayer, phases: readonly string[]) {
  const seen: number[] = [];
  const look = ({ phase }: RoundView, { block }: State): string | undefined => {
    seen.push(block.number);
    return phases.includes(phase) ? phase : undefined;
  };
  const found = followRound(node.chain, ROUND, look, TIMEOUT);
  await new Promise(setImmediate);
  return { found, seen };
}

describe('client/sdk: a round that is followed', () => {
  it('is not seen at a block below one that was seen, although that block is proved', async () => {
    const node = new Replayer(roundChain());
    const { found, seen } = await following(node, ['Settled']);
    for (const number of [2, 4, 3, 2, 1, 4, 3, 5]) await node.tell(number);
    expect(await found).to.equal('Settled');
    expect(seen).to.deep.equal([2, 4, 4, 5]);
  });

  it('is not open again for a node that shows when it was, after a later state was read', async () => {
    const blocks = roundChain();
    const node = new Replayer(blocks);
    await node.tell(5);
    expect((await finalizedState(node.chain)).block.number).to.equal(5);
    const { found, seen } = await following(node, ['Open', 'Settled']);
    for (const number of [2, 3, 2]) await node.tell(number);
    expect(await codeOf(() => finalizedState(node.chain))).to.equal('light/behind');
    addBlock(blocks, 'Settled');
    await node.tell(6);
    expect(await found).to.equal('Settled');
    expect(seen).to.deep.equal([6]);
    // the past is read where it is meant
    expect((await node.chain.light.stateOf(node.hash(2))).block.number).to.equal(2);
    expect(await codeOf(() => node.chain.light.latestState(node.hash(2)))).to.equal('light/behind');
  });

  it('is not seen in blocks that are old by this clock', async () => {
    const [then, now] = [1_000_000, 1_000_000 + 11 * 60_000];
    const blocks = roundChain('Live', then);
    const node = new Replayer(blocks, { now: () => now });
    const { found, seen } = await following(node, ['Open', 'Settled']);
    for (const number of [2, 3]) await node.tell(number);
    addBlock(blocks, 'Settled', now);
    await node.tell(6);
    expect(await found).to.equal('Settled');
    expect(seen).to.deep.equal([6]);
  });
});
