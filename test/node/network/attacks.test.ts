import { generateKeyPairFromSeed } from '@libp2p/crypto/keys';
import { memory } from '@libp2p/memory';
import { lpStream } from '@libp2p/utils';
import { expect } from 'chai';
import { encodeHeader } from '../../../node/base/header.ts';
import { grandpaGossip, votePayload } from '../../../node/consensus/grandpa/formats.ts';
import type { VotePacket } from '../../../node/consensus/grandpa/types.ts';
import { createHost, type Host } from '../../../node/network/host.ts';
import { MAX_INLINE_TRANSACTION } from '../../../node/base/limits.ts';
import { Reputation } from '../../../node/network/reputation.ts';
import {
  blockAnnouncement,
  type ProtocolNames,
  protocolNames,
  responses,
  type Status,
  syncRequest,
  transactionAnnouncement,
} from '../../../node/network/wire.ts';
import { blake2b256 } from '../../../primitives/crypto/hash.ts';
import { toHex } from '../../../primitives/crypto/hex.ts';
import { ed25519Sign } from '../../../primitives/crypto/signature.ts';
import { BROKEN_RULE, eventually, ToyChainApi } from './toy-chain.ts';
import { authoritiesOf, ToyNode, voterKeys } from './toy-node.ts';

/** A peer that says whatever the test wants: libp2p by the book, everything above it by hand. */
class Attacker {
  readonly host: Host;
  readonly names: ProtocolNames;
  #status: Status;

  private constructor(host: Host, names: ProtocolNames, status: Status) {
    this.host = host;
    this.names = names;
    this.#status = status;
  }

  static async start(
    victim: ToyNode,
    handlers: { blocks?: () => Uint8Array; transaction?: () => Uint8Array } = {},
  ): Promise<Attacker> {
    const names = protocolNames(victim.chain.genesisHash);
    const host = await createHost({
      key: await generateKeyPairFromSeed('Ed25519', new Uint8Array(32).fill(200 + places)),
      listen: [`/memory/attacker-${places++}`],
      names,
      reputation: new Reputation(() => 0),
      maxConnections: 10,
      transports: [memory()],
    });
    const status = {
      genesis: victim.chain.genesisHash,
      best: victim.chain.best(),
      finalized: victim.chain.finalized(),
    };
    const attacker = new Attacker(host, names, status);
    await host.handle(names.sync, async (stream) => {
      const frames = lpStream(stream);
      const request = syncRequest.codec.dec((await frames.read()).subarray());
      const answers: Record<string, () => Uint8Array> = {
        status: () => responses.status.codec.enc(attacker.#status),
        pool: () => responses.pool.codec.enc([]),
        peers: () => responses.peers.codec.enc([]),
        ...handlers,
      };
      const answer = answers[request.tag]!();
      const head = new Uint8Array(5);
      new DataView(head.buffer).setUint32(1, answer.length, true);
      await frames.write(head);
      if (answer.length > 0) await frames.write(answer);
      await stream.close();
    });
    await host.start();
    for (const topic of Object.values(names.topics)) host.services.gossip.subscribe(topic);
    const { gossip } = host.services;
    // Gossip goes to subscribers that are known.
    const ready = new Promise<void>((resolve) => {
      gossip.addEventListener('subscription-change', () => {
        if (gossip.getSubscribers(names.topics.grandpa).length > 0) resolve();
      });
    });
    await host.dial((await import('@multiformats/multiaddr')).multiaddr(victim.network.addresses()[0]!));
    await ready;
    return attacker;
  }

  /** Resolves when the victim has thrown us out. */
  thrownOut(): Promise<void> {
    return new Promise((resolve) => {
      if (this.host.getPeers().length === 0) resolve();
      else this.host.addEventListener('peer:disconnect', () => resolve(), { once: true });
    });
  }

  publish(topic: keyof ProtocolNames['topics'], data: Uint8Array): Promise<unknown> {
    return this.host.services.gossip.publish(this.names.topics[topic], data);
  }
}
let places = 0;

describe('a hostile peer', () => {
  let victim: ToyNode;
  let friend: ToyNode;
  let attacker: Attacker | undefined;

  beforeEach(async () => {
    const sets = [authoritiesOf(0, 1)];
    victim = await ToyNode.start({ at: 0, chain: new ToyChainApi('attack', sets) });
    const bootnodes = [victim.network.addresses()[0]!];
    friend = await ToyNode.start({ at: 1, chain: new ToyChainApi('attack', sets), bootnodes });
    await victim.chain.author('first');
    await eventually(
      [victim.chain, friend.chain],
      () => friend.chain.finalized().number === 1 && victim.chain.finalized().number === 1,
    );
  });

  afterEach(async () => {
    // Whatever happened: the honest nodes still agree on a new block.
    await friend.chain.author('last');
    const height = friend.chain.best().number;
    await eventually(
      [victim.chain, friend.chain],
      () => victim.chain.finalized().number === height && friend.chain.finalized().number === height,
    );
    await attacker?.host.stop();
    attacker = undefined;
    await Promise.all([victim.stop(), friend.stop()]);
  });

  for (const topic of ['blocks', 'transactions', 'grandpa'] as const) {
    it(`is thrown out for garbage on the topic ${topic}`, async () => {
      attacker = await Attacker.start(victim);
      const out = attacker.thrownOut();
      for (let at = 0; at < 12; at++) await attacker.publish(topic, new Uint8Array([0xff, at, 0xff]));
      await out;
    });
  }

  it('is thrown out for garbage on its streams', async () => {
    attacker = await Attacker.start(victim);
    const out = attacker.thrownOut();
    for (let at = 0; at < 4; at++) {
      const [connection] = attacker.host.getConnections();
      if (connection === undefined) break;
      const stream = await connection
        .newStream(at % 2 === 0 ? attacker.names.sync : attacker.names.grandpa)
        .catch(() => undefined);
      if (stream === undefined) break;
      const frames = lpStream(stream);
      await frames.write(new Uint8Array([99, at]));
      await frames.read().catch(() => undefined);
    }
    await out;
  });

  it('is thrown out if it is of another chain under the same name', async () => {
    attacker = await Attacker.start(victim);
    const out = attacker.thrownOut();
    const stream = await attacker.host.getConnections()[0]!.newStream(attacker.names.sync);
    const status = { genesis: `0x${'66'.repeat(32)}`, best: victim.chain.best(), finalized: victim.chain.finalized() };
    await lpStream(stream).write(syncRequest.codec.enc({ tag: 'status', value: status }));
    await out;
  });

  it('cannot make nodes pass on votes that it has not signed, and is thrown out for them', async () => {
    attacker = await Attacker.start(victim);
    const out = attacker.thrownOut();
    for (let at = 0; at < 12; at++) {
      const target = { hash: `0x${at.toString(16).padStart(64, '0')}`, number: 2 };
      const id = toHex(voterKeys[1]!.publicKey);
      const { round, setId } = victim.grandpa.state();
      const message = { kind: 'prevote' as const, target, id, signature: new Uint8Array(64).fill(at) };
      await attacker.publish(
        'grandpa',
        grandpaGossip.codec.enc({ tag: 'vote', value: { setId, round, message, attempt: 0 } }),
      );
    }
    await out;
  });

  it('an old, valid vote that is sent again and again is not counted again and costs no one', async () => {
    attacker = await Attacker.start(victim);
    const heard: Uint8Array[] = [];
    const topic = attacker.names.topics.grandpa;
    attacker.host.services.gossip.addEventListener('message', ({ detail }) => {
      if (detail.topic === topic) heard.push(detail.data);
    });
    await victim.chain.author('second');
    await eventually([victim.chain], () => victim.chain.finalized().number === 2);
    const votes = heard.map((data) => grandpaGossip.codec.dec(data)).filter(({ tag }) => tag === 'vote');
    expect(votes.length).to.be.greaterThan(0);
    for (const { value } of votes) {
      for (let attempt = 1; attempt < 6; attempt++) {
        const replayed = { tag: 'vote' as const, value: { ...(value as VotePacket), attempt } };
        await attacker.publish('grandpa', grandpaGossip.codec.enc(replayed));
      }
    }
    await victim.chain.author('third');
    await eventually([victim.chain], () => victim.chain.finalized().number === 3);
    expect(attacker.host.getPeers()).to.have.length.greaterThan(0);
  });

  it('a voter that votes twice by itself is caught with a proof, and finality goes on', async () => {
    const { EquivocationWatch } = await import('./equivocation-watch.ts');
    attacker = await Attacker.start(victim);
    const watch = new EquivocationWatch(victim);
    // The key of voter 1 in the wrong hands: another prevote than its own, for genesis, in the round that runs.
    const target = { hash: victim.chain.genesisHash, number: 0 };
    await watch.until(async () => {
      const { round, setId } = victim.grandpa.state();
      const signature = ed25519Sign(voterKeys[1]!, votePayload(setId, round, 'prevote', target));
      const message = { kind: 'prevote' as const, target, id: toHex(voterKeys[1]!.publicKey), signature };
      await attacker!.publish(
        'grandpa',
        grandpaGossip.codec.enc({ tag: 'vote', value: { setId, round, message, attempt: 0 } }),
      );
    });
    expect(watch.proofs[0]!.id).to.equal(toHex(voterKeys[1]!.publicKey));
  });

  it('is thrown out for announcing blocks that break rules; nobody else hears of them', async () => {
    const bad = Array.from({ length: 4 }, (_, at) =>
      victim.chain.make(victim.chain.best().hash, 'x'.repeat(at + 1), 'broken'),
    );
    let next = 0;
    let served: () => void = () => undefined;
    attacker = await Attacker.start(victim, {
      blocks: () => {
        served();
        const { header, body } = bad[next]!;
        return responses.blocks.codec.enc([{ header: encodeHeader(header), body, justification: undefined }]);
      },
    });
    expect(new TextDecoder().decode(BROKEN_RULE)).to.equal('broken');
    const out = attacker.thrownOut();
    const before = friend.chain.imports;
    for (; next < bad.length && attacker.host.getPeers().length > 0; next++) {
      const asked = new Promise<void>((resolve) => {
        served = resolve;
      });
      await attacker.publish('blocks', blockAnnouncement.codec.enc(encodeHeader(bad[next]!.header)));
      await Promise.race([out, asked]);
    }
    await out;
    expect(friend.chain.imports).to.equal(before);
  });

  it('a body that is not that of its header is not imported, and the true one still is', async () => {
    const block = friend.chain.make(friend.chain.best().hash, 'true');
    attacker = await Attacker.start(victim, {
      blocks: () =>
        responses.blocks.codec.enc([
          { header: encodeHeader(block.header), body: [new Uint8Array([1, 2, 3])], justification: undefined },
        ]),
    });
    const before = victim.chain.imports;
    await attacker.publish('blocks', blockAnnouncement.codec.enc(encodeHeader(block.header)));
    await friend.chain.importBlock(block, 'own');
    await eventually([victim.chain], () => victim.chain.best().number === 2);
    expect(victim.chain.imports).to.equal(before + 1);
  });

  it('large transactions are fetched by hash; wrong bytes under a hash are not taken', async () => {
    const large = new Uint8Array(MAX_INLINE_TRANSACTION + 1).fill(5);
    await friend.chain.submit(large, 'local');
    await eventually([victim.chain], () => victim.chain.transaction(toHex(blake2b256(large))) !== undefined);

    const promised = new Uint8Array(MAX_INLINE_TRANSACTION + 2).fill(6);
    let asked: () => void = () => undefined;
    const fetched = new Promise<void>((resolve) => {
      asked = resolve;
    });
    attacker = await Attacker.start(victim, {
      transaction: () => {
        asked();
        return responses.transaction.codec.enc(new Uint8Array([1, 2, 3]));
      },
    });
    const submitted = victim.chain.submitted.length;
    const hash = toHex(blake2b256(promised));
    await attacker.publish(
      'transactions',
      transactionAnnouncement.codec.enc({ tag: 'hash', value: { hash, length: promised.length } }),
    );
    await fetched;
    // A small one after it shows that the node goes on, and that nothing was submitted in between.
    await friend.chain.submit(new Uint8Array([9]), 'local');
    await eventually(
      [victim.chain],
      () => victim.chain.transaction(toHex(blake2b256(new Uint8Array([9])))) !== undefined,
    );
    expect(victim.chain.submitted.length).to.equal(submitted + 1);
    expect(victim.chain.transaction(hash)).to.equal(undefined);
  });

  it('a transaction with a bad signature is refused and not passed on', async () => {
    attacker = await Attacker.start(victim);
    const out = attacker.thrownOut();
    // A few may be races of honest nodes; a stream of them is not.
    for (let at = 0; at < 120; at++) {
      await attacker.publish(
        'transactions',
        transactionAnnouncement.codec.enc({ tag: 'bundle', value: [new Uint8Array([0xff, at])] }),
      );
    }
    await out;
    expect(friend.chain.submitted).to.deep.equal([]);
  });
});
