import { expect } from 'chai';
import { encodeHeader, headerHash } from '../../../node/base/header.ts';
import type { Block } from '../../../node/base/types.ts';
import type { BlockData } from '../../../node/network/wire.ts';
import { finalizeBy } from '../../../node/sync/finality.ts';
import { readBlocks } from '../../../node/network/index.ts';
import { Sync } from '../../../node/sync/index.ts';
import { eventually, ToyChainApi } from '../network/toy-chain.ts';
import { log, verifier } from '../network/toy-node.ts';
import { grow, newChain, proofOf, sets, ToyNetwork } from './toy-network.ts';

describe('block sync', () => {
  let network: ToyNetwork;
  let ours: ToyChainApi;
  let sync: Sync;

  beforeEach(() => {
    network = new ToyNetwork();
    ours = newChain();
    sync = new Sync({ chain: ours, network, verifier, log, now: () => performance.now() });
  });
  afterEach(() => sync.stop());

  const reached = (chain: ToyChainApi) => eventually([ours], () => ours.best().hash === chain.best().hash);

  it('gets a chain from genesis in ranges, each once', async () => {
    const theirs = newChain();
    await grow(theirs, 1000);
    network.chains.set('p', theirs);
    let syncing = false;
    ours.on('imported', () => {
      syncing ||= sync.isSyncing();
    });
    await sync.connected('p');
    await reached(theirs);
    await sync.idle();
    expect(syncing).to.equal(true);
    expect(sync.isSyncing()).to.equal(false);
    expect(ours.imports).to.equal(1000);
    expect(network.requests.filter(({ bodies }) => bodies)).to.have.length(Math.ceil(1000 / 128));
  });

  it('goes on where it was, and finds the fork by bisection', async () => {
    const theirs = newChain();
    await grow(theirs, 300);
    network.chains.set('p', theirs);
    await sync.connected('p');
    await reached(theirs);
    // Both go on by themselves, they further.
    await grow(ours, 50, 'ours');
    await grow(theirs, 60, 'theirs');
    network.requests = [];
    await sync.connected('p');
    await reached(theirs);
    expect(ours.imports).to.equal(300 + 50 + 60);
    // About log2(350) questions, not 350 blocks again.
    expect(network.requests.filter(({ bodies }) => !bodies).length).to.be.lessThan(14);
  });

  it('leaves a peer that is no better, and a shorter fork, alone', async () => {
    const theirs = newChain();
    await grow(theirs, 5, 'fork');
    await grow(ours, 9);
    network.chains.set('p', theirs);
    await sync.connected('p');
    expect(network.requests).to.deep.equal([]);
  });

  it('finalizes by justifications, from set to set', async () => {
    const theirs = newChain();
    await grow(theirs, 3);
    await theirs.author('next-set');
    const handover = theirs.best().hash;
    await grow(theirs, 3);
    const head = theirs.best();
    await theirs.finalize(handover, proofOf(theirs, handover, [0, 1], 0n));
    await theirs.finalize(head.hash, proofOf(theirs, head.hash, [2, 3], 1n));
    network.chains.set('p', theirs);
    await sync.connected('p');
    await eventually([ours], () => ours.finalized().hash === head.hash);
    expect(ours.justification(handover)).to.not.equal(undefined);
    expect(network.faults).to.deep.equal([]);
  });

  it('fetches the hand-over it lacks before it believes the next set', async () => {
    const theirs = newChain();
    await theirs.author('next-set');
    const handover = theirs.best().hash;
    await grow(theirs, 2);
    const head = theirs.best();
    await theirs.finalize(handover, proofOf(theirs, handover, [0, 1], 0n));
    await theirs.finalize(head.hash, proofOf(theirs, head.hash, [2, 3], 1n));
    network.chains.set('p', theirs);
    // While blocks come in ranges, the proof of the hand-over is missing.
    network.lie = (_peer, request, truth) =>
      truth.map((block) => (request.bodies ? { ...block, justification: undefined } : block));
    await sync.connected('p');
    await eventually([ours], () => ours.finalized().hash === head.hash);
    expect(ours.justification(handover)).to.not.equal(undefined);
  });

  it('refuses a justification of the wrong set, and says whose fault it is', async () => {
    const theirs = newChain();
    await grow(theirs, 3);
    await theirs.finalize(theirs.best().hash, proofOf(theirs, theirs.best().hash, [2, 3], 0n));
    network.chains.set('p', theirs);
    await sync.connected('p');
    await reached(theirs);
    await sync.idle();
    expect(network.faults).to.deep.equal(['p invalid-block']);
    expect(ours.finalized().number).to.equal(0);
  });

  it('refuses a justification that is put to another block', async () => {
    const theirs = newChain();
    await grow(theirs, 3);
    const proof = proofOf(theirs, theirs.hashByNumber(2)!, [0, 1], 0n);
    await theirs.finalize(theirs.best().hash, proof);
    network.chains.set('p', theirs);
    await sync.connected('p');
    await reached(theirs);
    await sync.idle();
    expect(network.faults).to.deep.equal(['p invalid-block']);
    expect(ours.finalized().number).to.equal(0);
  });

  it('a peer that has finalized another chain, or is of another, is named', async () => {
    await grow(ours, 3);
    await ours.finalize(ours.best().hash, proofOf(ours, ours.best().hash, [0, 1], 0n));
    const theirs = newChain();
    await grow(theirs, 2, 'other');
    await theirs.finalize(theirs.best().hash, proofOf(theirs, theirs.best().hash, [0, 1], 0n));
    network.chains.set('p', theirs);
    network.chains.set('q', new ToyChainApi('another', sets));
    await sync.connected('p');
    await sync.connected('q');
    expect(network.faults).to.deep.equal(['p conflicting-finality', 'q wrong-genesis']);
    expect(sync.peer('p')).to.equal(undefined);
  });

  const lies: { name: string; lie: (truth: BlockData[], chain: ToyChainApi) => BlockData[]; fault?: string }[] = [
    {
      name: 'headers that do not decode',
      lie: ([first]) => [{ ...first!, header: new Uint8Array(3) }],
      fault: 'p garbage',
    },
    {
      name: 'bodies of other blocks',
      lie: (truth) => truth.map((block) => ({ ...block, body: [new Uint8Array([1])] })),
      fault: 'p wrong-answer',
    },
    { name: 'blocks in disorder', lie: (truth) => truth.toReversed() },
    { name: 'no blocks at all', lie: () => [] },
    { name: 'pruned bodies', lie: (truth) => truth.map((block) => ({ ...block, body: undefined })) },
    {
      name: 'blocks that break rules',
      lie: (_truth, chain) => {
        const { header, body }: Block = chain.make(chain.genesisHash, 'broken');
        return [{ header: encodeHeader(header), body, justification: undefined }];
      },
      fault: 'p invalid-block',
    },
  ];
  for (const { name, lie, fault } of lies) {
    it(`${name}: the chain comes from another peer, and no author is held back`, async () => {
      const theirs = newChain();
      await grow(theirs, 200);
      network.lie = (peer, request, truth) => (peer === 'p' && request.bodies ? lie(truth, theirs) : truth);
      network.chains.set('p', theirs);
      await sync.connected('p');
      await sync.idle();
      // The download from p has ended, without anything; it is not syncing however far p says it is.
      expect(sync.isSyncing()).to.equal(false);
      network.chains.set('q', theirs);
      await sync.connected('q');
      await reached(theirs);
      expect(network.faults).to.deep.equal(fault === undefined ? [] : [fault]);
    });
  }

  it('a claim without blocks is forgotten', async () => {
    const theirs = newChain();
    await grow(theirs, 4);
    network.chains.set('p', theirs);
    sync.heard('p', {
      genesis: ours.genesisHash,
      best: { hash: `0x${'77'.repeat(32)}`, number: 1_000_000 },
      finalized: ours.finalized(),
    });
    await reached(theirs);
    await sync.idle();
    expect(sync.isSyncing()).to.equal(false);
    expect(sync.peer('p')!.best.number).to.equal(4);
  });

  it('a claim alone never holds back an author, however slowly its peer answers and however often it is made', async () => {
    let now = 0;
    const slow = new Sync({ chain: ours, network, verifier, log, now: () => now });
    slow.start();
    now += 60_000;
    let answer: (() => void) | undefined;
    const asked = new Promise<void>((resolve) => {
      network.blocks = () => {
        resolve();
        if (answer !== undefined) return Promise.resolve([]);
        return new Promise((give) => {
          answer = () => give([]);
        });
      };
    });
    network.chains.set('p', newChain());
    const best = { hash: `0x${'77'.repeat(32)}`, number: 1_000_000 };
    slow.heard('p', { genesis: ours.genesisHash, best, finalized: ours.finalized() });
    await asked;
    expect(slow.isSyncing()).to.equal(false);
    answer!();
    await slow.idle();
    slow.stop();
  });

  it('whoever claimed more than it had comes after all the others', async () => {
    let now = 0;
    const patient = new Sync({ chain: ours, network, verifier, log, now: () => now });
    const theirs = newChain();
    await grow(theirs, 4);
    network.chains.set('liar', newChain());
    network.chains.set('honest', theirs);
    const claim = { hash: `0x${'77'.repeat(32)}`, number: 1_000_000 };
    const lie = () => patient.heard('liar', { genesis: ours.genesisHash, best: claim, finalized: ours.finalized() });
    const asked: string[] = [];
    network.lie = (peer, _request, truth) => {
      asked.push(peer);
      return truth;
    };
    lie();
    await patient.idle();
    expect(new Set(asked)).to.deep.equal(new Set(['liar']));
    asked.length = 0;
    // Its claim again at once, and after its penalty: the honest peer goes first each time.
    lie();
    await patient.idle();
    expect(asked).to.deep.equal([]);
    now += 60_001;
    const first = patient.connected('honest');
    lie();
    await first;
    await patient.idle();
    expect(ours.best().number).to.equal(4);
    patient.stop();
  });

  it('announced blocks: imported, passed on if good, refused if bad, and gaps are filled', async () => {
    const theirs = newChain();
    network.chains.set('p', theirs);
    await sync.connected('p');
    await grow(theirs, 1);
    const first = theirs.header(theirs.best().hash)!;
    expect(await sync.announced('p', first)).to.equal('accept');
    expect(await sync.announced('p', first)).to.equal('ignore');
    await grow(theirs, 5);
    // A gap of four: the announcement is not passed on, the ancestors are fetched.
    expect(await sync.announced('p', theirs.header(theirs.best().hash)!)).to.equal('ignore');
    await reached(theirs);
    const bad = theirs.make(theirs.best().hash, 'broken');
    network.lie = () => [{ header: encodeHeader(bad.header), body: bad.body, justification: undefined }];
    expect(await sync.announced('p', bad.header)).to.equal('reject');
  });

  it('an announced block is fetched from another peer if the first does not give it', async () => {
    const theirs = newChain();
    await grow(theirs, 1);
    network.chains.set('p', newChain());
    network.chains.set('q', theirs);
    expect(await sync.announced('p', theirs.header(theirs.best().hash)!)).to.equal('accept');
  });

  it('wanted blocks of a fork are fetched by hash, with their ancestors', async () => {
    const theirs = newChain();
    await grow(theirs, 40, 'fork');
    await grow(ours, 50);
    network.chains.set('p', newChain());
    network.chains.set('q', theirs);
    sync.want(theirs.best());
    await eventually([ours], () => ours.header(theirs.best().hash) !== undefined);
    expect(headerHash(ours.header(theirs.best().hash)!)).to.equal(theirs.best().hash);
    // Headers in ranges, bodies one by one: a made-up branch costs no memory for bodies.
    const asked = network.requests.filter(({ from }) => from.tag === 'hash');
    expect(asked.filter(({ bodies }) => bodies).every(({ max }) => max === 1)).to.equal(true);
    expect(asked.some(({ bodies, max }) => !bodies && max > 1)).to.equal(true);
    sync.want({ hash: `0x${'55'.repeat(32)}`, number: 3 });
    await new Promise((resolve) => setImmediate(resolve));
    expect(network.faults).to.deep.equal([]);
  });
});

describe('long branches that are not final', () => {
  /** How often `work` calls a method of the chain. */
  const calls = async (chain: ToyChainApi, method: 'hashByNumber' | 'authorities', work: () => unknown) => {
    let count = 0;
    const original = chain[method].bind(chain) as (argument: never) => never;
    chain[method] = (argument: never) => {
      count++;
      return original(argument);
    };
    await work();
    chain[method] = original;
    return count;
  };

  it('are served without a walk down from the best block for each', async () => {
    const chain = newChain();
    await grow(chain, 300);
    const request = { from: { tag: 'number', value: 1 }, max: 128, bodies: false } as const;
    expect(readBlocks(chain, request)).to.have.length(128);
    expect(await calls(chain, 'hashByNumber', () => readBlocks(chain, request))).to.equal(1);
  });

  it('with a hand-over far below: a proof that comes too early costs the look at a few states', async () => {
    const chain = newChain();
    const handsOver = await chain.author('next-set');
    await grow(chain, 400);
    let outcome: unknown;
    const asked = await calls(chain, 'authorities', async () => {
      outcome = await finalizeBy(chain, chain.best().hash, new Uint8Array(1), verifier);
    });
    expect(outcome).to.deep.equal({ first: handsOver.hash });
    expect(asked).to.be.at.most(13);
  });
});

describe('serving blocks', () => {
  it('gives what fits: bounded in number and bytes, one block at least', async () => {
    const chain = newChain();
    await chain.author('y'.repeat(5_000_000));
    await chain.author('y'.repeat(5_000_000));
    await grow(chain, 300);
    const up = (value: number, max: number, bodies = true) =>
      readBlocks(chain, { from: { tag: 'number', value }, max, bodies });
    expect(up(1, 500)).to.have.length(1);
    expect(up(1, 500, false)).to.have.length(128);
    expect(up(3, 500)).to.have.length(128);
    expect(up(300, 500)).to.have.length(3);
    expect(up(303, 1)).to.have.length(0);
    expect(up(5, 0)).to.have.length(0);
    const down = readBlocks(chain, { from: { tag: 'hash', value: chain.hashByNumber(2)! }, max: 10, bodies: false });
    expect(down).to.have.length(3);
    expect(
      readBlocks(chain, { from: { tag: 'hash', value: `0x${'00'.repeat(32)}` }, max: 1, bodies: true }),
    ).to.deep.equal([]);
  });
});
