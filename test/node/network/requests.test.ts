import { generateKeyPairFromSeed } from '@libp2p/crypto/keys';
import { memory } from '@libp2p/memory';
import { expect } from 'chai';
import { MAX_WAITING_REQUESTS, REQUEST_BURST, REQUESTS_AT_ONCE } from '../../../node/base/limits.ts';
import { createHost, type Host } from '../../../node/network/host.ts';
import { type Fault, Reputation } from '../../../node/network/reputation.ts';
import { Setbacks } from '../../../node/network/setbacks.ts';
import { Streams } from '../../../node/network/streams.ts';
import { Turns } from '../../../node/network/turns.ts';
import { protocolNames } from '../../../node/network/wire.ts';

const PROTOCOL = '/tacit/00000000/sync/1';
const options = { maxResponse: 16, timeout: 5_000 };
const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'answered',
    (error) => error.code ?? error.name,
  );

describe('requests to peers', () => {
  let hosts: Host[] = [];
  let places = 0;
  const faults: Fault[] = [];

  async function host(seed: number): Promise<Host> {
    const made = await createHost({
      key: await generateKeyPairFromSeed('Ed25519', new Uint8Array(32).fill(seed)),
      listen: [`/memory/requests-${places++}`],
      names: protocolNames(`0x${'00'.repeat(32)}`),
      reputation: new Reputation(() => 0),
      maxConnections: 10,
      transports: [memory()],
    });
    await made.start();
    hosts.push(made);
    return made;
  }
  const streamsOf = (made: Host, reputation = new Reputation(() => performance.now())) =>
    new Streams(made, reputation, (_peer, fault) => void faults.push(fault));

  afterEach(async () => {
    await Promise.all(hosts.map((made) => made.stop()));
    hosts = [];
    faults.length = 0;
  });

  it('whoever asks an absent peer again at once keeps nobody else from their turn, and asks ever more slowly', async () => {
    const [client, absent] = [await host(1), await host(2)];
    const streams = streamsOf(client);
    const over = AbortSignal.timeout(300);
    let attempts = 0;
    // Bounded, so that the test ends where the guard is missing.
    for (; attempts < 20_000 && !over.aborted; attempts++) {
      const asked = codeOf(streams.request(absent.peerId.toString(), PROTOCOL, new Uint8Array([1]), options));
      expect(await asked).to.equal('network/unreachable');
    }
    expect(over.aborted).to.equal(true);
    expect(attempts).to.be.lessThan(12);
    // The next ones are held back for half a second and more: a node that stops tells them at once.
    const held = codeOf(streams.request(absent.peerId.toString(), PROTOCOL, new Uint8Array([1]), options));
    await new Promise((resolve) => setImmediate(resolve));
    streams.stop();
    expect(await held).to.equal('network/unreachable');
  });

  it('a thousand requests at once are all answered, a few at a time: the client is slowed down, nobody is at fault', async () => {
    const [server, client] = [await host(1), await host(2)];
    let running = 0;
    let most = 0;
    await streamsOf(server).serve(PROTOCOL, async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      return new Uint8Array([42]);
    });
    await client.dial(server.getMultiaddrs()[0]!);
    const streams = streamsOf(client);
    const count = REQUEST_BURST + 100;
    const answers = await Promise.all(
      Array.from({ length: count }, () =>
        streams.request(server.peerId.toString(), PROTOCOL, new Uint8Array([1]), { ...options, timeout: 30_000 }),
      ),
    );
    expect(answers.every((answer) => answer[0] === 42)).to.equal(true);
    expect(most).to.be.at.most(REQUESTS_AT_ONCE);
    expect(faults).to.deep.equal([]);
    expect(client.getPeers()).to.have.length(1);
  });

  it('requests of one kind that never end do not delay those of another', async () => {
    const [server, client] = [await host(1), await host(2)];
    await streamsOf(server).serve('/slow', () => new Promise(() => undefined));
    await streamsOf(server).serve(PROTOCOL, async () => new Uint8Array([42]));
    await client.dial(server.getMultiaddrs()[0]!);
    const streams = streamsOf(client);
    const stop = new AbortController();
    const peer = server.peerId.toString();
    const stuck = Array.from({ length: 40 }, () =>
      codeOf(streams.request(peer, '/slow', new Uint8Array([1]), { ...options, kind: 'a', signal: stop.signal })),
    );
    expect(await codeOf(streams.request(peer, PROTOCOL, new Uint8Array([1]), { ...options, kind: 'b' }))).to.equal(
      'answered',
    );
    stop.abort();
    await Promise.all(stuck);
    expect(faults).to.deep.equal([]);
  });

  it('failures are told later and later, up to a second, until one answer comes or some time has passed', async () => {
    let now = 0;
    const setbacks = new Setbacks(() => now);
    const delays: number[] = [];
    const { setTimeout: real } = globalThis;
    globalThis.setTimeout = ((run: () => void, delay: number) => {
      delays.push(delay);
      return real(run, 0);
    }) as typeof setTimeout;
    try {
      for (let at = 0; at < 10; at++) await setbacks.suffer('p');
      expect(delays).to.deep.equal([10, 20, 40, 80, 160, 320, 640, 1000, 1000]);
      delays.length = 0;
      setbacks.clear('p');
      await setbacks.suffer('p');
      await setbacks.suffer('q');
      await setbacks.suffer('p');
      now += 20_000;
      await setbacks.suffer('p');
      expect(delays).to.deep.equal([10]);
    } finally {
      globalThis.setTimeout = real;
    }
  });

  it('so many wait for their turn, no more; whoever gives up makes room', async () => {
    const turns = new Turns(1, 2);
    const held = Promise.withResolvers<void>();
    const first = turns.take('p', () => held.promise);
    const stop = new AbortController();
    const second = codeOf(turns.take('p', async () => undefined, stop.signal));
    const third = codeOf(turns.take('p', async () => undefined));
    expect(await codeOf(turns.take('p', async () => undefined))).to.equal('network/busy');
    stop.abort();
    expect(await second).to.equal('network/busy');
    const fourth = codeOf(turns.take('p', async () => undefined));
    held.resolve();
    await first;
    expect(await Promise.all([third, fourth])).to.deep.equal(['answered', 'answered']);
    expect(MAX_WAITING_REQUESTS).to.equal(1024);
  });
});
