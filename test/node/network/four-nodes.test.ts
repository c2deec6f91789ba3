import { expect } from 'chai';
import { voterRecord } from '../../../node/consensus/grandpa/formats.ts';
import { verifyJustification } from '../../../node/consensus/grandpa/index.ts';
import { eventually, MemoryMeta, ToyChainApi, until } from './toy-chain.ts';
import { authoritiesOf, ToyNode, verifier } from './toy-node.ts';

describe('four nodes in one process', () => {
  let sets = [authoritiesOf(0, 1, 2, 3)];
  let nodes: ToyNode[] = [];
  const chains = (): ToyChainApi[] => nodes.map(({ chain }) => chain);
  const height = (): number => Math.max(...chains().map((chain) => chain.best().number));

  async function start(at: number, options: Partial<Parameters<typeof ToyNode.start>[0]> = {}): Promise<ToyNode> {
    const node = await ToyNode.start({
      at,
      chain: new ToyChainApi('four', sets),
      // Only the first is known: the others must come to know each other by it.
      bootnodes: nodes.length === 0 ? [] : [nodes[0]!.network.addresses()[0]!],
      ...options,
    });
    nodes.push(node);
    return node;
  }

  beforeEach(() => {
    sets = [authoritiesOf(0, 1, 2, 3)];
  });
  afterEach(async () => {
    await Promise.all(nodes.map((node) => node.stop()));
    nodes = [];
  });

  it('blocks spread, are finalized by votes, and every finalized head has its proof', async () => {
    for (const at of [0, 1, 2, 3]) await start(at);
    for (let number = 1; number <= 5; number++) {
      await nodes[number % 4]!.chain.author(`tx ${number}`);
      await eventually(chains(), () => chains().every((chain) => chain.best().number === number));
    }
    await eventually(chains(), () => chains().every((chain) => chain.finalized().number === 5));
    const heads = new Set(chains().map((chain) => chain.finalized().hash));
    expect(heads.size).to.equal(1);
    for (const chain of chains()) expect(chain.justification(chain.finalized().hash)).to.not.equal(undefined);
    // They have come to know each other by the first, some perhaps after all blocks.
    await until(() => nodes.every(({ network }) => network.peers().length === 3));
  });

  it('a node that comes late gets the chain and its finality, without a vote of its own', async () => {
    for (const at of [0, 1, 2]) await start(at);
    for (let number = 1; number <= 300; number++) await nodes[0]!.chain.author(`tx ${number}`);
    await eventually(chains(), () => chains().every((chain) => chain.finalized().number >= 300));
    const late = await start(3, { voting: false });
    await eventually([late.chain], () => late.chain.finalized().number >= 300);
    expect(late.network.isSyncing()).to.equal(false);
    expect(late.chain.finalized().hash).to.equal(nodes[0]!.chain.hashByNumber(late.chain.finalized().number));
  });

  it('a stopped validator comes back to its chain and its votes', async () => {
    for (const at of [0, 1, 2, 3]) await start(at);
    await nodes[0]!.chain.author('before');
    await eventually(chains(), () => chains().every((chain) => chain.finalized().number === 1));
    const stopped = nodes.pop()!;
    await stopped.stop();
    for (let number = 2; number <= 10; number++) await nodes[0]!.chain.author(`away ${number}`);
    await eventually(chains(), () => chains().every((chain) => chain.finalized().number === 10));
    const back = await start(3, { chain: stopped.chain, store: stopped.store });
    await eventually([back.chain], () => back.chain.finalized().number === 10);
    await nodes[1]!.chain.author('after');
    await eventually(chains(), () => chains().every((chain) => chain.finalized().number === 11));
    expect(height()).to.equal(11);
  });

  it('the authorities change: the old set hands over at one block, the new one goes on', async () => {
    sets = [authoritiesOf(0, 1, 2, 3), authoritiesOf(2, 3, 4)];
    for (const at of [0, 1, 2, 3, 4]) await start(at);
    await nodes[0]!.chain.author('old');
    await nodes[0]!.chain.author('next-set');
    const handover = nodes[0]!.chain.best();
    await nodes[0]!.chain.author('new');
    await eventually(chains(), () => chains().every((chain) => chain.finalized().number === 3));
    for (const { chain, grandpa } of nodes) {
      expect(grandpa.state().setId).to.equal(1n);
      // The hand-over has a proof by the old set, whatever came above it.
      const { authorities } = chain.authorities(chain.genesisHash);
      const proved = await verifyJustification(chain.justification(handover.hash)!, authorities, 0n, verifier);
      expect(proved.target).to.deep.equal(handover);
    }
  });

  it('does not start on a record of votes that it cannot read', async () => {
    const store = new MemoryMeta();
    await store.put('grandpa/voter', new Uint8Array([1, 2, 3]));
    const started = start(0, { store });
    await started.then(
      () => expect.fail('started'),
      (error) => expect(error.code).to.equal('grandpa/bad-record'),
    );
  });

  it('does not vote in a set that the chain has not reached again', async () => {
    sets = [authoritiesOf(0)];
    const store = new MemoryMeta();
    const first = await start(0, { store });
    await first.chain.author('one');
    await eventually(chains(), () => first.chain.finalized().number === 1);
    await first.stop();
    const record = voterRecord.codec.dec(store.get('grandpa/voter')!);
    await store.put('grandpa/voter', voterRecord.codec.enc({ ...record, setId: 5n, completed: undefined }));
    nodes = [];
    const second = await start(0, { store });
    await second.chain.author('two');
    const before = store.get('grandpa/voter');
    // Another node follows it for a few rounds' time: nothing is voted, nothing is final.
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(second.chain.finalized().number).to.equal(0);
    expect(store.get('grandpa/voter')).to.deep.equal(before);
  });

  it('a disk that fails holds votes back until it works again', async () => {
    sets = [authoritiesOf(0)];
    const store = new FailingMeta();
    const node = await start(0, { store });
    store.failing = true;
    await node.chain.author('one');
    await store.tried;
    expect(node.chain.finalized().number).to.equal(0);
    store.failing = false;
    await eventually(chains(), () => node.chain.finalized().number === 1);
  });
});

class FailingMeta extends MemoryMeta {
  failing = false;
  #notice: () => void = () => undefined;
  /** Resolves when a write was refused. */
  readonly tried = new Promise<void>((resolve) => {
    this.#notice = resolve;
  });

  override async put(key: string, value: Uint8Array): Promise<void> {
    if (this.failing) {
      this.#notice();
      throw new Error('no space left');
    }
    this.values.set(key, value);
  }
}
