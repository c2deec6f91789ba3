/** Gossip that was not judged because of who told it first: over real hosts, for gossipsub takes each message once. */
import { memory } from '@libp2p/memory';
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys';
import { multiaddr } from '@multiformats/multiaddr';
import { expect } from 'chai';
import { pino } from 'pino';
import { VOTE_MESSAGES } from '../../../node/base/limits.ts';
import { createHost, type Host } from '../../../node/network/host.ts';
import { Reputation } from '../../../node/network/reputation.ts';
import { Topics } from '../../../node/network/topics.ts';
import type { Hearing } from '../../../node/network/types.ts';
import { protocolNames } from '../../../node/network/wire.ts';

const names = protocolNames(`0x${'77'.repeat(32)}`);
const topic = names.topics.grandpa;
let places = 0;
/** What is waited for comes within some milliseconds, or after the patience with one teller. */
const WAIT = 8_000;

async function newHost(): Promise<Host> {
  const host = await createHost({
    key: await generateKeyPairFromSeed('Ed25519', new Uint8Array(32).fill(100 + places)),
    listen: [`/memory/teller-${places++}`],
    names,
    reputation: new Reputation(() => 0),
    maxConnections: 10,
    transports: [memory()],
  });
  await host.start();
  return host;
}

/** Connects two hosts; resolves when what `from` publishes reaches `to`. */
async function join(from: Host, to: Host): Promise<void> {
  const { gossip } = from.services;
  gossip.subscribe(topic);
  const ready = new Promise<void>((resolve) => {
    gossip.addEventListener('subscription-change', () => {
      if (gossip.getSubscribers(topic).some((peer) => peer.equals(to.peerId))) resolve();
    });
  });
  await from.dial(multiaddr(to.getMultiaddrs()[0]!.toString()));
  await ready;
}

describe('node/network: gossip that its first teller may not tell', () => {
  let victim: Host;
  let quick: Host;
  let honest: Host;
  let hears: (peer: string, data: Uint8Array) => Promise<Hearing>;
  /** Who told what was judged, in order. */
  let judged: string[];
  let faults: string[];

  beforeEach(async () => {
    [victim, quick, honest] = [await newHost(), await newHost(), await newHost()];
    judged = [];
    faults = [];
    const check = (peer: string, data: Uint8Array): Promise<Hearing> => {
      judged.push(`${peer === quick.peerId.toString() ? 'quick' : 'honest'} ${data[0]}`);
      return hears(peer, data);
    };
    const topics = new Topics({
      host: victim,
      names,
      log: pino({ enabled: false }),
      reputation: new Reputation(() => 0),
      punish: (_peer, fault) => faults.push(fault),
      now: () => 0,
      checks: { blocks: async () => 'ignore', transactions: check, grandpa: check },
    });
    topics.subscribe();
    for (const peer of [quick, honest]) await join(peer, victim);
  });
  afterEach(() => Promise.all([victim, quick, honest].map((host) => host.stop())));

  /** Long enough that gossipsub would ask others not to send it. */
  const message = (at: number): Uint8Array => new Uint8Array(4_000).fill(at);
  const publish = (host: Host, data: Uint8Array): Promise<unknown> => host.services.gossip.publish(topic, data);
  const until = async (isSo: () => boolean): Promise<void> => {
    const limit = performance.now() + WAIT;
    while (!isSo()) {
      if (performance.now() > limit) throw new Error('it has not come');
      await new Promise(setImmediate);
    }
  };
  const taken = (at: number): Promise<void> =>
    new Promise((resolve) => {
      victim.services.gossip.addEventListener('message', ({ detail }) => {
        if (detail.data[0] === at) resolve();
      });
    });

  it('is judged when another tells it, and then passed on', async () => {
    hears = async (peer) => (peer === honest.peerId.toString() ? 'accept' : 'later');
    await publish(quick, message(1));
    await until(() => judged.length === 1);
    const isTaken = taken(1);
    await publish(honest, message(1));
    await isTaken;
    expect(judged).to.deep.equal(['quick 1', 'honest 1']);
  });

  it('is judged for those who told it meanwhile', async () => {
    const decided = Promise.withResolvers<Hearing>();
    hears = (peer, data) =>
      data[0] === 1 && peer === quick.peerId.toString() ? decided.promise : Promise.resolve('accept');
    await publish(quick, message(1));
    await until(() => judged.length === 1);
    const [first, after] = [taken(1), taken(2)];
    await publish(honest, message(1));
    // what comes after it on the same stream
    await publish(honest, message(2));
    await after;
    expect(judged).to.deep.equal(['quick 1', 'honest 2']);
    decided.resolve('later');
    await first;
    expect(judged).to.deep.equal(['quick 1', 'honest 2', 'honest 1']);
  });

  it('is judged for the next one meanwhile where the first keeps a node waiting, and what is said for the first counts', async function () {
    this.timeout(2 * WAIT);
    const [first, next] = [Promise.withResolvers<Hearing>(), Promise.withResolvers<Hearing>()];
    hears = (peer) => (peer === honest.peerId.toString() ? next : first).promise;
    await publish(quick, message(1));
    await until(() => judged.length === 1);
    await publish(honest, message(1));
    // the first one gives nothing, and does not say so
    await until(() => judged.length === 2);
    expect(judged).to.deep.equal(['quick 1', 'honest 1']);
    const isTaken = taken(1);
    next.resolve('ignore');
    first.resolve('accept');
    await isTaken;
    expect(judged).to.have.length(2);
  });

  it('is not judged twice once something is said of it', async () => {
    hears = async () => 'ignore';
    await publish(quick, message(1));
    await until(() => judged.length === 1);
    await publish(honest, message(1));
    await publish(honest, message(2));
    await until(() => judged.length === 2);
    expect(judged).to.deep.equal(['quick 1', 'honest 2']);
  });

  it('reaches a node though who is quickest has told more than anybody has to say', async () => {
    const validate = victim.services.gossip.topicValidators.get(topic)!;
    hears = async () => 'ignore';
    const flood = (at: number) =>
      validate(quick.peerId, { type: 'unsigned', topic, data: Uint8Array.of(0, at & 255, at >> 8) });
    for (let at = 0; at < VOTE_MESSAGES.burst; at++) await flood(at);
    judged.length = 0;
    hears = async () => 'accept';
    await publish(quick, message(1));
    await until(() => faults.length === 1);
    const isTaken = taken(1);
    await publish(honest, message(1));
    await isTaken;
    expect(judged).to.deep.equal(['honest 1']);
    expect(faults).to.deep.equal(['flood']);
  });

  it('of a kind that cannot be forgotten is refused at the start', () => {
    const other = { services: { gossip: { topicValidators: new Map() } } } as unknown as Host;
    const parts = { host: other, names, log: pino({ enabled: false }), reputation: new Reputation(() => 0) };
    const checks = { blocks: hears as never, transactions: hears, grandpa: hears };
    expect(() => new Topics({ ...parts, punish: () => undefined, now: () => 0, checks }))
      .to.throw()
      .with.property('code', 'network/other-gossip');
  });
});
