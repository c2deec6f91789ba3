import { expect } from 'chai';
import { encodeHeader } from '../../../node/base/header.ts';
import { ASKS_FOR_OTHERS } from '../../../node/base/limits.ts';
import type { HexHash } from '../../../node/base/types.ts';
import type { BlockData } from '../../../node/network/wire.ts';
import { Sync } from '../../../node/sync/index.ts';
import { eventually, ToyChainApi, until } from '../network/toy-chain.ts';
import { log, verifier } from '../network/toy-node.ts';
import { grow, newChain, ToyNetwork } from './toy-network.ts';

describe('sync from several peers', () => {
  let network: ToyNetwork;
  let ours: ToyChainApi;
  let theirs: ToyChainApi;
  let sync: Sync;

  beforeEach(async () => {
    network = new ToyNetwork();
    ours = newChain();
    theirs = newChain();
    sync = new Sync({ chain: ours, network, verifier, log, now: () => performance.now() });
    sync.start();
  });
  afterEach(() => sync.stop());

  const reached = () => eventually([ours], () => ours.best().hash === theirs.best().hash);
  const bodiesOf = (peer: string) => network.asked.filter((one) => one.peer === peer && one.request.bodies);
  /** A claim that is far above what anybody has. */
  const claim = (peer: string, number = 100_000): void => {
    network.chains.set(peer, theirs);
    const best = { hash: `0x${'99'.repeat(32)}`, number };
    sync.heard(peer, { genesis: ours.genesisHash, best, finalized: ours.finalized() });
  };
  const join = async (...peers: string[]): Promise<void> => {
    for (const peer of peers) network.chains.set(peer, theirs);
    await Promise.all(peers.map((peer) => sync.connected(peer)));
  };

  it('asks several at once, each block is taken once', async () => {
    await grow(theirs, 768);
    const held = Promise.withResolvers<void>();
    for (const peer of ['p', 'q', 'r'])
      network.slow.set(peer, ({ bodies }) => (bodies ? held.promise : Promise.resolve()));
    await join('p', 'q', 'r');
    await until(() => ['p', 'q', 'r'].every((peer) => bodiesOf(peer).length > 0));
    held.resolve();
    await reached();
    await sync.idle();
    expect(ours.imports).to.equal(768);
    expect(network.faults).to.deep.equal([]);
  });

  it('leaves a peer that says nothing: neither its claim nor its silence holds the others up', async () => {
    await grow(theirs, 400);
    network.slow.set('silent', () => new Promise(() => undefined));
    claim('silent');
    await join('honest');
    await reached();
    expect(network.faults).to.deep.equal([]);
  });

  it('leaves a peer that is silent about the blocks only', async () => {
    await grow(theirs, 400);
    network.slow.set('silent', ({ bodies }) => (bodies ? new Promise(() => undefined) : Promise.resolve()));
    claim('silent');
    await join('honest');
    await reached();
    expect(bodiesOf('honest').length).to.be.greaterThan(2);
  });

  it('leaves a peer that drips: one true block at a time', async () => {
    await grow(theirs, 400);
    network.lie = (peer, request, truth) => (peer === 'drip' && request.bodies ? truth.slice(0, 1) : truth);
    claim('drip');
    await join('honest');
    await reached();
    // Each failure keeps it away for longer: it is asked a few times for 400 blocks.
    expect(bodiesOf('drip').length).to.be.lessThan(4);
    expect(network.faults).to.deep.equal([]);
  });

  const lies: { name: string; lie: (truth: BlockData[]) => BlockData[]; isTold: boolean }[] = [
    {
      name: 'bodies of other blocks',
      lie: (truth) => truth.map((block) => ({ ...block, body: [new Uint8Array([1])] })),
      isTold: true,
    },
    {
      name: 'more blocks than asked for',
      lie: (truth) => [...truth, ...truth],
      isTold: true,
    },
    {
      name: 'a justification that is none',
      lie: (truth) => truth.map((block) => ({ ...block, justification: new Uint8Array(40) })),
      isTold: true,
    },
    { name: 'a hole', lie: (truth) => truth.filter((_, at) => at !== 3), isTold: false },
  ];
  for (const { name, lie, isTold } of lies) {
    it(`${name}: the liar is left, and its part is done by another`, async () => {
      await grow(theirs, 400);
      network.lie = (peer, request, truth) => (peer === 'liar' && request.bodies ? lie(truth) : truth);
      claim('liar');
      await join('honest');
      await reached();
      expect(ours.imports).to.equal(400);
      expect(new Set(network.faults.map((fault) => fault.split(' ')[0]))).to.deep.equal(
        new Set(isTold ? ['liar'] : []),
      );
      expect(bodiesOf('liar').length).to.be.lessThan(4);
    });
  }

  it('a branch that a liar makes up costs the others nothing, and is given up', async () => {
    await grow(theirs, 300);
    const fork = newChain();
    await grow(fork, 300, 'broken fork');
    network.lie = (peer, request, truth) => {
      if (peer !== 'liar' || request.from.tag === 'hash') return truth;
      const { value } = request.from;
      const blocks: BlockData[] = [];
      for (let number = value; blocks.length < request.max && number <= 300; number++) {
        const header = fork.header(fork.hashByNumber(number) as HexHash)!;
        // The first of them breaks a rule, so none can be imported.
        const block =
          number === 1
            ? theirs.make(theirs.genesisHash, 'broken')
            : { header, body: fork.body(fork.hashByNumber(number)!)! };
        blocks.push({
          header: encodeHeader(block.header),
          body: request.bodies ? block.body : undefined,
          justification: undefined,
        });
      }
      return blocks;
    };
    claim('liar', 300);
    await join('honest');
    await reached();
    expect(network.faults.every((fault) => fault.startsWith('liar '))).to.equal(true);
  });

  it('goes on where it was interrupted, with whoever comes next', async () => {
    await grow(theirs, 500);
    const stop = new Promise<void>((resolve) => {
      ours.on('imported', ({ ref }) => {
        if (ref.number === 200) resolve();
      });
    });
    await join('first');
    await stop;
    network.chains.delete('first');
    sync.gone('first');
    await sync.idle();
    const before = ours.best().number;
    expect(before).to.be.at.least(200);
    await join('second');
    await reached();
    expect(ours.imports).to.equal(500);
    expect(
      bodiesOf('second').every(({ request }) => request.from.tag === 'number' && request.from.value > before),
    ).to.equal(true);
  });

  it('a database that fails is nobody’s fault, and is not tried again at once', async () => {
    await grow(theirs, 300);
    let tries = 0;
    ours.importBlock = () => {
      tries++;
      return Promise.reject(new Error('no space left'));
    };
    await join('p', 'q');
    await sync.idle();
    expect(network.faults).to.deep.equal([]);
    expect(tries).to.be.within(1, 2);
  });
});

describe('announced blocks', () => {
  let network: ToyNetwork;
  let ours: ToyChainApi;
  let theirs: ToyChainApi;
  let sync: Sync;
  let now = 0;

  beforeEach(async () => {
    network = new ToyNetwork();
    ours = newChain();
    theirs = newChain();
    now = 0;
    sync = new Sync({ chain: ours, network, verifier, log, now: () => now });
    for (const peer of ['attacker', 'honest', 'other']) network.chains.set(peer, theirs);
  });
  afterEach(() => sync.stop());

  it('that nobody has signed cost no request to anybody, and their sender its place', async () => {
    for (let at = 0; at < 20; at++) {
      const { header } = theirs.make(theirs.genesisHash, `made up ${at}`);
      ours.unsealed.add(theirs.nameOf(header));
      expect(await sync.announced('attacker', header)).to.equal('reject');
    }
    expect(network.asked).to.deep.equal([]);
    expect(network.faults).to.have.length(20);
    expect(new Set(network.faults)).to.deep.equal(new Set(['attacker bad-seal']));
  });

  it('are fetched from the next peer that announces them, if the first one does not give them', async () => {
    await grow(theirs, 1);
    const header = theirs.header(theirs.best().hash)!;
    network.slow.set('attacker', () => new Promise(() => undefined));
    const first = sync.announced('attacker', header);
    const second = sync.announced('honest', header);
    expect(await first).to.equal('accept');
    expect(await second).to.equal('accept');
    expect(network.asked.map(({ peer }) => peer)).to.deep.equal(['attacker', 'honest']);
  });

  it('do not make a node ask peers that have not announced them, but for a few', async () => {
    await grow(theirs, 1);
    network.lie = () => [];
    let verdicts = 0;
    for (let at = 0; at < 200; at++) {
      const { header } = theirs.make(theirs.genesisHash, `signed, and withheld ${at}`);
      if ((await sync.announced('attacker', header)) === 'later') verdicts++;
    }
    expect(verdicts).to.equal(200);
    for (const peer of ['honest', 'other']) {
      expect(network.asked.filter((one) => one.peer === peer)).to.have.length(ASKS_FOR_OTHERS.burst);
    }
  });

  it('of one peer that never gives them wait in small number, and those of another do not wait at all', async () => {
    await grow(theirs, 1);
    network.slow.set('attacker', () => new Promise(() => undefined));
    for (const peer of ['honest', 'other']) network.slow.set(peer, () => new Promise(() => undefined));
    const pending = Array.from({ length: 40 }, (_, at) =>
      sync.announced('attacker', theirs.make(theirs.genesisHash, `withheld ${at}`).header),
    );
    network.slow.delete('honest');
    expect(await sync.announced('honest', theirs.header(theirs.best().hash)!)).to.equal('accept');
    expect(network.asked.filter(({ peer }) => peer === 'attacker').length).to.be.at.most(4);
    // more than its share: whoever else announces them is heard
    expect(await pending.at(-1)).to.equal('later');
    sync.stop();
    // Left to themselves: the time limit of each request ends them.
    void Promise.allSettled(pending);
  });
});

describe('blocks that something refers to', () => {
  let now = 0;
  let network: ToyNetwork;
  let ours: ToyChainApi;
  let theirs: ToyChainApi;
  let sync: Sync;
  const turns = async (): Promise<void> => {
    for (let at = 0; at < 20; at++) await new Promise((resolve) => setImmediate(resolve));
  };

  beforeEach(() => {
    now = 0;
    network = new ToyNetwork();
    ours = newChain();
    theirs = newChain();
    sync = new Sync({ chain: ours, network, verifier, log, now: () => now });
    for (const peer of ['attacker', 'honest']) network.chains.set(peer, theirs);
  });
  afterEach(() => sync.stop());

  const nowhere = (at: number) => ({ hash: `0x${at.toString(16).padStart(64, '0')}`, number: 9 });

  it('are asked of the peer that named them first, and then of others, so often only', async () => {
    for (const peer of ['p', 'q', 'r', 's']) network.chains.set(peer, theirs);
    sync.want(nowhere(0), 'honest');
    await turns();
    expect(network.asked[0]!.peer).to.equal('honest');
    expect(new Set(network.asked.map(({ peer }) => peer)).size).to.equal(5);
    for (let at = 1; at < 200; at++) {
      sync.want(nowhere(at), 'attacker');
      if (at % 4 === 0) await turns();
    }
    for (const peer of ['honest', 'p', 'q', 'r', 's'])
      expect(network.asked.filter((one) => one.peer === peer).length, peer).to.be.at.most(ASKS_FOR_OTHERS.burst + 1);
  });

  it('come although the one that named them does not give them', async () => {
    await grow(theirs, 3);
    network.lie = (peer, _request, truth) => (peer === 'attacker' ? [] : truth);
    sync.want(theirs.best(), 'attacker');
    await eventually([ours], () => ours.header(theirs.best().hash) !== undefined);
    expect(network.faults).to.deep.equal([]);
  });

  for (const part of ['headers', 'bodies'] as const) {
    it(`come although who is asked first is silent about the ${part}`, async () => {
      await grow(theirs, 3);
      network.slow.set('attacker', ({ bodies }) =>
        bodies === (part === 'bodies') ? new Promise(() => undefined) : Promise.resolve(),
      );
      sync.want(theirs.best(), 'attacker');
      await eventually([ours], () => ours.header(theirs.best().hash) !== undefined);
      expect(network.asked[0]!.peer).to.equal('attacker');
    });
  }

  it('come from whoever names them too, while the one that named them first is silent and nobody else has them', async () => {
    await grow(theirs, 3);
    network.chains.delete('honest');
    for (const peer of ['p', 'q', 'r', 's', 't', 'honest'])
      network.chains.set(peer, peer === 'honest' ? theirs : newChain());
    network.slow.set('attacker', () => new Promise(() => undefined));
    sync.want(theirs.best(), 'attacker');
    sync.want(theirs.best(), 'honest');
    await eventually([ours], () => ours.header(theirs.best().hash) !== undefined);
    expect(network.faults).to.deep.equal([]);
  });

  it('of one that names many and says nothing leave room for those of others', async () => {
    await grow(theirs, 3);
    network.slow.set('attacker', () => new Promise(() => undefined));
    for (let at = 0; at < 50; at++) sync.want(nowhere(at), 'attacker');
    expect(network.asked.length).to.equal(4);
    sync.want(theirs.best(), 'honest');
    await eventually([ours], () => ours.header(theirs.best().hash) !== undefined);
  });

  it('of many that name many and say nothing leave room for those of others', async () => {
    await grow(theirs, 3);
    const attackers = Array.from({ length: 12 }, (_, i) => `attacker ${i}`);
    for (const attacker of attackers) {
      network.chains.set(attacker, theirs);
      network.slow.set(attacker, () => new Promise(() => undefined));
    }
    attackers.forEach((attacker, i) => {
      for (let at = 0; at < 50; at++) sync.want(nowhere(100 * i + at), attacker);
    });
    expect(network.asked.length).to.be.below(30);
    sync.want(theirs.best(), 'honest');
    await eventually([ours], () => ours.header(theirs.best().hash) !== undefined);
  });

  it('of one that says nothing are given up soon, so that its place is free again', async () => {
    network.chains.delete('honest');
    network.slow.set('attacker', () => new Promise(() => undefined));
    for (let at = 0; at < 4; at++) sync.want(nowhere(at), 'attacker');
    expect(network.asked.length).to.equal(4);
    await until(() => {
      sync.want(nowhere(9), 'attacker');
      return network.asked.length === 5;
    });
  });

  it('that nobody has are not asked for again at once, and ever more rarely', async () => {
    const block = { hash: `0x${'55'.repeat(32)}`, number: 9 };
    const asked: number[] = [];
    for (; now < 40_000; now += 100) {
      const before = network.asked.length;
      sync.want(block);
      await turns();
      if (network.asked.length > before) asked.push(now);
    }
    expect(asked).to.deep.equal([0, 1_000, 3_000, 7_000, 15_000, 31_000]);
  });

  it('that nobody had are asked of whoever names them anew, and of nobody else', async () => {
    await grow(theirs, 3);
    for (const peer of ['honest', 'attacker']) network.chains.set(peer, newChain());
    for (now of [0, 1_000]) {
      sync.want(theirs.best(), 'honest');
      await turns();
    }
    const before = network.asked.length;
    // what was told of before, what nobody has named, and what was asked a moment ago of the one that names it
    sync.want(theirs.best(), 'attacker', true);
    sync.want(theirs.best());
    sync.want(theirs.best(), 'honest');
    await turns();
    expect(network.asked).to.have.length(before);
    sync.want(theirs.best(), 'attacker');
    await turns();
    expect(network.asked.slice(before).map(({ peer }) => peer)).to.deep.equal(['attacker']);
    network.chains.set('honest', theirs);
    now = 2_000;
    sync.want(theirs.best(), 'honest');
    await eventually([ours], () => ours.header(theirs.best().hash) !== undefined);
    expect(network.asked.slice(before + 1).every(({ peer }) => peer === 'honest')).to.equal(true);
  });

  it('made-up branches cost no body: the lowest header has no seal', async () => {
    const made = theirs.make(theirs.genesisHash, 'made up');
    ours.unsealed.add(theirs.nameOf(made.header));
    network.lie = () => [{ header: encodeHeader(made.header), body: made.body, justification: undefined }];
    sync.want({ hash: theirs.nameOf(made.header), number: 1 }, 'attacker');
    await turns();
    expect(network.asked.some(({ request }) => request.bodies)).to.equal(false);
    expect(network.faults).to.deep.equal(['attacker invalid-block']);
  });
});
