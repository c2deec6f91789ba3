import { memory } from '@libp2p/memory';
import { lpStream } from '@libp2p/utils';
import { expect } from 'chai';
import { encodeHeader } from '../../../node/base/header.ts';
import { FRAME, MAX_GOSSIP, MAX_HEADER, MAX_REQUEST, MAX_STREAMS } from '../../../node/base/limits.ts';
import { grandpaRequest, grandpaResponse } from '../../../node/consensus/grandpa/formats.ts';
import type { HostStream } from '../../../node/network/host.ts';
import { blockAnnouncement, responses, syncRequest, transactionAnnouncement } from '../../../node/network/wire.ts';
import { concatBytes } from '../../../primitives/crypto/bytes.ts';
import { answering, headOf, HostilePeer, type Manner, type Protocol } from '../../support/hostile-peer.ts';
import { eventually, ToyChainApi, until } from './toy-chain.ts';
import { authoritiesOf, ToyNode } from './toy-node.ts';

const hash = `0x${'77'.repeat(32)}`;
const status = (victim: ToyNode, ahead = 0) => ({
  genesis: victim.chain.genesisHash,
  best: ahead === 0 ? victim.chain.best() : { hash, number: victim.chain.best().number + ahead },
  finalized: victim.chain.finalized(),
});

/** Every kind of hostile peer beside two honest nodes: these keep finding blocks and finalizing them, whatever it does. */
describe('a corpus of hostile peers', () => {
  let victim: ToyNode;
  let friend: ToyNode;
  let hostile: HostilePeer | undefined;

  beforeEach(async () => {
    const sets = [authoritiesOf(0, 1)];
    victim = await ToyNode.start({ at: 0, chain: new ToyChainApi('corpus', sets) });
    const bootnodes = victim.network.addresses();
    friend = await ToyNode.start({ at: 1, chain: new ToyChainApi('corpus', sets), bootnodes });
    await until(() => victim.network.peers().length === 1);
  });

  afterEach(async () => {
    await hostile?.stop();
    hostile = undefined;
    await Promise.all([victim.stop(), friend.stop()]);
  });

  const come = async (manners: Partial<Record<Protocol, Manner>> = {}): Promise<HostilePeer> => {
    hostile = await HostilePeer.start(victim.chain.genesisHash, manners, [memory()]);
    await hostile.join(victim.network.addresses()[0]!);
    return hostile;
  };
  /** The honest nodes agree on a new block. */
  const goesOn = async (): Promise<void> => {
    const { number } = await friend.chain.author(`block ${friend.chain.best().number + 1}`);
    await eventually([victim.chain, friend.chain], () =>
      [victim, friend].every(({ chain }) => chain.finalized().number >= number),
    );
  };

  // ---- what it sends of itself

  const garbage: { name: string; bytes: () => Uint8Array }[] = [
    { name: 'nothing', bytes: () => new Uint8Array() },
    { name: 'an unknown kind', bytes: () => new Uint8Array([250, 1, 2, 3]) },
    { name: 'half a message', bytes: () => syncRequest.codec.enc({ tag: 'transaction', value: hash }).slice(0, 20) },
    { name: 'as much as fits', bytes: () => new Uint8Array(MAX_REQUEST).fill(3) },
    { name: 'more than fits', bytes: () => new Uint8Array(MAX_REQUEST + 1) },
  ];
  for (const protocol of ['sync', 'grandpa'] as const) {
    for (const { name, bytes } of garbage) {
      it(`requests on ${protocol} that are ${name}: thrown out`, async () => {
        const peer = await come();
        for (let at = 0; at < 40 && peer.isConnected; at++) {
          const stream = await peer.open(protocol);
          if (stream === undefined) break;
          const frames = lpStream(stream, { maxDataLength: 1 << 20 });
          await frames.write(bytes()).catch(() => undefined);
          await frames.read().catch(() => undefined);
        }
        await peer.thrownOut();
        await goesOn();
      });
    }

    it(`streams on ${protocol} that say nothing, or drip: they hold up nobody`, async () => {
      const peer = await come();
      const streams: HostStream[] = [];
      for (let at = 0; at < 2 * MAX_STREAMS; at++) {
        const stream = await peer.open(protocol);
        if (stream === undefined) continue;
        streams.push(stream);
        // A frame of a hundred bytes is announced; one of them comes.
        if (at % 2 === 0 && stream.status === 'open') stream.send(new Uint8Array([100, 1]));
      }
      await goesOn();
      await goesOn();
      for (const stream of streams) stream.abort(new Error('enough'));
    });

    it(`answers on ${protocol} that it never reads: few are held for it`, async () => {
      await friend.chain.author(...['x', 'y', 'z'].map((letter) => letter.repeat(900_000)));
      await goesOn();
      const peer = await come();
      const request =
        protocol === 'sync'
          ? syncRequest.codec.enc({ tag: 'blocks', value: { from: { tag: 'number', value: 1 }, max: 9, bodies: true } })
          : grandpaRequest.codec.enc({ tag: 'catchUp', value: { setId: 0n, round: 0n } });
      let answers = 0;
      const { body } = victim.chain;
      victim.chain.body = (name) => {
        answers++;
        return body(name);
      };
      const streams: HostStream[] = [];
      for (let at = 0; at < MAX_STREAMS; at++) {
        const stream = await peer.open(protocol);
        if (stream === undefined) continue;
        streams.push(stream);
        stream.pause();
        if (stream.status === 'open') stream.send(concatBytes(new Uint8Array([request.length]), request));
      }
      await goesOn();
      // Two at a time, of a few blocks each.
      if (protocol === 'sync') expect(answers).to.be.at.most(12);
      for (const stream of streams) stream.abort(new Error('enough'));
    });
  }

  const gossip: { name: string; topic: 'blocks' | 'transactions' | 'grandpa'; data: (at: number) => Uint8Array }[] = [
    { name: 'empty headers', topic: 'blocks', data: (at) => blockAnnouncement.codec.enc(new Uint8Array(at)) },
    { name: 'headers too long', topic: 'blocks', data: (at) => new Uint8Array(MAX_HEADER + 64 + at).fill(1) },
    { name: 'half announcements', topic: 'transactions', data: (at) => new Uint8Array([1, at, 2, 3]) },
    {
      name: 'transactions announced by hash that are small',
      topic: 'transactions',
      data: (at) => transactionAnnouncement.codec.enc({ tag: 'hash', value: { hash, length: at } }),
    },
    { name: 'half votes', topic: 'grandpa', data: (at) => new Uint8Array(100).fill(at) },
  ];
  for (const { name, topic, data } of gossip) {
    it(`${name} on ${topic}: thrown out`, async () => {
      const peer = await come();
      for (let at = 0; at < 40 && peer.isConnected; at++) await peer.publish(topic, data(at)).catch(() => undefined);
      await peer.thrownOut();
      await goesOn();
    });
  }

  it('messages above the limit never come to be judged', async () => {
    const judged: number[] = [];
    victim.network.grandpa.attach({
      onGossip: async (_peer, { length }) => {
        judged.push(length);
        return 'accept';
      },
      onRequest: async () => new Uint8Array(),
      onPeer: () => undefined,
    });
    const peer = await come();
    await peer.publish('grandpa', new Uint8Array(MAX_GOSSIP).fill(255));
    await until(() => judged.includes(MAX_GOSSIP));
    await peer.publish('grandpa', new Uint8Array(MAX_GOSSIP + 1).fill(255));
    // What comes behind it on the same stream is judged.
    await peer.publish('grandpa', new Uint8Array(MAX_GOSSIP - 1).fill(255));
    await until(() => judged.includes(MAX_GOSSIP - 1));
    expect(judged.filter((length) => length > MAX_GOSSIP)).to.deep.equal([]);
  });

  it('messages that no frame of gossip has room for: the others go on', async () => {
    const peer = await come();
    await peer.publish('blocks', new Uint8Array(MAX_GOSSIP + 8192)).catch(() => undefined);
    await goesOn();
  });

  it('made-up headers: thrown out, and nobody was asked for one', async () => {
    const asked: string[] = [];
    const peer = await come({ sync: answering(({ tag }) => void asked.push(tag)) });
    for (let at = 0; at < 40 && peer.isConnected; at++) {
      const { header } = victim.chain.make(victim.chain.best().hash, `made up ${at}`);
      victim.chain.unsealed.add(victim.chain.nameOf(header));
      await peer.publish('blocks', blockAnnouncement.codec.enc(encodeHeader(header))).catch(() => undefined);
    }
    await peer.thrownOut();
    expect(asked.filter((tag) => tag === 'blocks')).to.deep.equal([]);
    await goesOn();
  });

  // ---- what it answers

  const answers: { name: string; manner: (at: number) => Manner; isThrownOut: boolean }[] = [
    {
      name: 'a head that announces four gigabytes',
      manner: () => async (stream) => void (await lpStream(stream).write(headOf(0xffffffff))),
      isThrownOut: true,
    },
    {
      name: 'half a head',
      manner: () => async (stream) => void (await lpStream(stream).write(new Uint8Array(3))),
      isThrownOut: true,
    },
    {
      name: 'a status that does not exist',
      manner: () => async (stream) => void (await lpStream(stream).write(headOf(0, 77))),
      isThrownOut: true,
    },
    {
      name: 'a frame above the limit',
      manner: () => async (stream) => {
        const frames = lpStream(stream, { maxDataLength: 4 * FRAME });
        await frames.write(headOf(900));
        await frames.write(new Uint8Array(FRAME + 1));
      },
      isThrownOut: true,
    },
    {
      name: 'bytes that do not decode',
      manner: () => async (stream) => {
        const frames = lpStream(stream);
        await frames.write(headOf(16));
        await frames.write(new Uint8Array(16).fill(255));
      },
      isThrownOut: true,
    },
    {
      name: 'nothing, and hangs up',
      manner: () => async (_stream, connection) => connection.abort(new Error('bye')),
      isThrownOut: true,
    },
    { name: 'nothing, for ever', manner: () => () => new Promise(() => undefined), isThrownOut: false },
    {
      name: 'one byte at a time, for ever',
      manner: () => async (stream) => {
        const frames = lpStream(stream);
        await frames.write(headOf(60));
        for (let at = 0; at < 60; at++) {
          await frames.write(new Uint8Array(1));
          await new Promise((resolve) => setTimeout(resolve, 200));
        }
      },
      isThrownOut: false,
    },
  ];
  for (const { name, manner, isThrownOut } of answers) {
    it(`answers with ${name}: ${isThrownOut ? 'thrown out' : 'holds up nobody'}`, async () => {
      const peer = await come({ sync: manner(0), grandpa: manner(1) });
      await goesOn();
      for (let at = 0; at < (isThrownOut ? 12 : 0) && peer.isConnected; at++) {
        // A claim makes the victim ask.
        const stream = await peer.open('sync');
        if (stream === undefined) break;
        await lpStream(stream)
          .write(syncRequest.codec.enc({ tag: 'status', value: status(victim, 1000 + at) }))
          .catch(() => undefined);
        const { header } = victim.chain.make(victim.chain.best().hash, `withheld ${at}`);
        await peer.publish('blocks', blockAnnouncement.codec.enc(encodeHeader(header))).catch(() => undefined);
      }
      if (isThrownOut) await peer.thrownOut();
      await goesOn();
    });
  }

  it('claims blocks, views and pools without end that it does not have: holds up nobody', async () => {
    let asked = 0;
    const sync = answering((request) => {
      asked++;
      if (request.tag === 'status') return responses.status.codec.enc(status(victim, 1_000_000));
      const many = Array.from({ length: 5_000 }, (_, at) => `0x${at.toString(16).padStart(64, '0')}`);
      return request.tag === 'pool' ? responses.pool.codec.enc(many) : undefined;
    });
    const grandpa: Manner = async (stream) => {
      const frames = lpStream(stream);
      const request = grandpaRequest.codec.dec((await frames.read()).subarray());
      const answer =
        request.tag === 'view'
          ? grandpaResponse.codec.enc({ tag: 'view', value: { ...request.value, round: 2n ** 40n } })
          : grandpaResponse.codec.enc({ tag: 'catchUp', value: undefined });
      await frames.write(headOf(answer.length));
      await frames.write(answer);
      await stream.close();
    };
    await come({ sync, grandpa });
    for (let at = 0; at < 4; at++) await goesOn();
    // Its pool is left when so many were not there.
    expect(asked).to.be.lessThan(120);
    expect(victim.network.isSyncing()).to.equal(false);
  });
});
