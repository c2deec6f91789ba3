import { expect } from 'chai';
import { authoritiesOf, ToyNode } from './toy-node.ts';
import { eventually, ToyChainApi } from './toy-chain.ts';

describe('four nodes in one process', () => {
  const sets = [authoritiesOf(0, 1, 2, 3)];
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
    for (const { network } of nodes) expect(network.peers()).to.have.length(3);
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
});
