import { generateKeyPairFromSeed } from '@libp2p/crypto/keys';
import { memory } from '@libp2p/memory';
import { lpStream } from '@libp2p/utils';
import { expect } from 'chai';
import { createHost, type Host, type HostStream } from '../../../node/network/host.ts';
import { ANSWERS_PER_PEER, FRAME, MAX_REQUEST, MAX_STREAMS, REQUEST_BURST } from '../../../node/base/limits.ts';
import { type Fault, Reputation } from '../../../node/network/reputation.ts';
import { badRequest, Streams } from '../../../node/network/streams.ts';
import { protocolNames } from '../../../node/network/wire.ts';

const PROTOCOL = '/tacit/00000000/sync/1';

describe('request and response over streams', () => {
  let hosts: Host[] = [];
  let faults: Fault[] = [];
  let places = 0;

  async function host(seed: number): Promise<Host> {
    const reputation = new Reputation(() => 0);
    const made = await createHost({
      key: await generateKeyPairFromSeed('Ed25519', new Uint8Array(32).fill(seed)),
      listen: [`/memory/streams-${places++}`],
      names: protocolNames(`0x${'00'.repeat(32)}`),
      reputation,
      maxConnections: 10,
      transports: [memory()],
    });
    await made.start();
    hosts.push(made);
    return made;
  }

  /** A server by our code and a client by our code; `faults` are those that either notes. */
  async function pair(answer: (request: Uint8Array) => Promise<Uint8Array>) {
    const [server, client] = [await host(1), await host(2)];
    const note = (_peer: string, fault: Fault): void => void faults.push(fault);
    await new Streams(server, new Reputation(() => 0), note).serve(PROTOCOL, (_peer, request) => answer(request));
    await client.dial(server.getMultiaddrs()[0]!);
    const streams = new Streams(client, new Reputation(() => 0), note);
    const ask = (request: Uint8Array, maxResponse = 1 << 20, timeout = 5_000, signal?: AbortSignal) =>
      streams.request(server.peerId.toString(), PROTOCOL, request, {
        maxResponse,
        timeout,
        ...(signal === undefined ? {} : { signal }),
      });
    const raw = (): Promise<HostStream> => client.getConnections()[0]!.newStream(PROTOCOL);
    return { server, client, ask, raw };
  }

  /** A server that does as `misbehave` says, and a client by our code. */
  async function liar(misbehave: (stream: HostStream) => Promise<void>) {
    const [server, client] = [await host(1), await host(2)];
    await server.handle(PROTOCOL, async (stream) => {
      try {
        await misbehave(stream);
      } catch (error) {
        stream.abort(error as Error);
      }
    });
    await client.dial(server.getMultiaddrs()[0]!);
    const streams = new Streams(client, new Reputation(() => 0), (_peer, fault) => void faults.push(fault));
    return (maxResponse = 1 << 20, timeout = 5_000) =>
      streams.request(server.peerId.toString(), PROTOCOL, new Uint8Array([1]), { maxResponse, timeout });
  }

  const codeOf = (promise: Promise<unknown>): Promise<string> =>
    promise.then(
      () => 'answered',
      (error) => error.code ?? error.name,
    );

  afterEach(async () => {
    await Promise.all(hosts.map((made) => made.stop()));
    hosts = [];
    faults = [];
  });

  it('answers of any length up to the limit come whole', async () => {
    const { ask } = await pair(async (request) =>
      new Uint8Array(new DataView(request.buffer, request.byteOffset).getUint32(0)).fill(7),
    );
    for (const length of [0, 1, FRAME - 1, FRAME, FRAME + 1, 3 * FRAME + 5]) {
      const request = new Uint8Array(4);
      new DataView(request.buffer).setUint32(0, length);
      const answer = await ask(request);
      expect(answer.length).to.equal(length);
      expect(answer.every((byte) => byte === 7)).to.equal(true);
    }
    expect(faults).to.deep.equal([]);
  });

  it('an answer above what was asked for is not read', async () => {
    const { ask } = await pair(async () => new Uint8Array(5000));
    expect(await codeOf(ask(new Uint8Array([1]), 4999))).to.equal('network/bad-answer');
    expect(faults).to.deep.equal(['garbage']);
  });

  it('a bad request costs the client, an unable server costs nobody', async () => {
    const { ask } = await pair(async (request) => {
      if (request[0] === 1) throw badRequest('test');
      const { TacitError } = await import('../../../primitives/errors.ts');
      throw new TacitError('test/unable', 'cannot');
    });
    expect(await codeOf(ask(new Uint8Array([1])))).to.equal('network/refused');
    expect(faults).to.deep.equal(['garbage']);
    expect(await codeOf(ask(new Uint8Array([2])))).to.equal('network/refused');
    expect(faults).to.deep.equal(['garbage']);
  });

  it('a request that is too long is not read, and the server goes on', async () => {
    const { ask, raw } = await pair(async () => new Uint8Array([42]));
    const stream = await raw();
    const frames = lpStream(stream, { maxDataLength: 1 << 22 });
    await frames.write(new Uint8Array(MAX_REQUEST + 1));
    expect(await codeOf(frames.read())).to.not.equal('answered');
    expect(faults).to.deep.equal(['garbage']);
    expect(await ask(new Uint8Array([1]))).to.deep.equal(new Uint8Array([42]));
  });

  it('bytes that are no frame, and streams that end early, harm nothing', async () => {
    const { ask, raw } = await pair(async () => new Uint8Array([42]));
    for (const bytes of [new Uint8Array(32).fill(0xff), new Uint8Array([0x85, 0x01, 1, 2]), new Uint8Array()]) {
      const stream = await raw();
      if (bytes.length > 0) stream.send(bytes);
      await stream.close();
      stream.abort(new Error('gone'));
    }
    expect(await ask(new Uint8Array([1]))).to.deep.equal(new Uint8Array([42]));
  });

  it('answers a few requests of a peer at a time: answers that nobody reads yet are few', async () => {
    let answering = 0;
    let most = 0;
    const { ask } = await pair(async () => {
      most = Math.max(most, ++answering);
      await new Promise((resolve) => setImmediate(resolve));
      answering--;
      return new Uint8Array(1);
    });
    await Promise.all(Array.from({ length: 20 }, () => ask(new Uint8Array([1]))));
    expect(most).to.equal(ANSWERS_PER_PEER);
  });

  it('a peer that asks too often is put off, and noted', async () => {
    const { ask } = await pair(async () => new Uint8Array([42]));
    // The clock of this reputation stands still: the burst is all there is.
    for (let at = 0; at < REQUEST_BURST; at++) await ask(new Uint8Array([1]));
    expect(await codeOf(ask(new Uint8Array([1])))).to.equal('network/refused');
    expect(faults).to.deep.equal(['too-many-requests']);
  });

  it('more open streams than allowed are refused, and closed ones make room', async () => {
    const { ask, client } = await pair(async () => new Uint8Array([42]));
    const open: HostStream[] = [];
    // Around the client's own limit, which is the same.
    const raw = () => client.getConnections()[0]!.newStream(PROTOCOL, { maxOutboundStreams: 1000 });
    for (let at = 0; at < MAX_STREAMS; at++) open.push(await raw());
    const extra = (async () => {
      const frames = lpStream(await raw());
      await frames.write(new Uint8Array([1]));
      await frames.read();
    })();
    expect(await codeOf(extra)).to.not.equal('answered');
    for (const stream of open) stream.abort(new Error('enough'));
    expect(await ask(new Uint8Array([1]))).to.deep.equal(new Uint8Array([42]));
  });

  it('a server that does not answer is left after the time given', async () => {
    const ask = await liar(async (stream) => {
      lpStream(stream);
      await new Promise((resolve) => stream.addEventListener('close', resolve, { once: true }));
    });
    expect(await codeOf(ask(100, 150))).to.equal('network/timeout');
    expect(faults).to.deep.equal(['timeout']);
  });

  it('an abort by ourselves costs the peer nothing', async () => {
    const { ask } = await pair(() => new Promise(() => undefined));
    const abort = new AbortController();
    const asked = codeOf(ask(new Uint8Array([1]), 100, 5_000, abort.signal));
    abort.abort();
    expect(await asked).to.equal('network/timeout');
    expect(faults).to.deep.equal([]);
  });

  const head = (status: number, length: number): Uint8Array => {
    const bytes = new Uint8Array(5);
    bytes[0] = status;
    new DataView(bytes.buffer).setUint32(1, length, true);
    return bytes;
  };
  const lies: { name: string; frames: Uint8Array[]; code: string }[] = [
    { name: 'a head that is no head', frames: [new Uint8Array([0, 1])], code: 'network/bad-answer' },
    { name: 'an unknown status', frames: [head(9, 0)], code: 'network/bad-answer' },
    { name: 'a length of four gigabytes', frames: [head(0, 0xffffffff)], code: 'network/bad-answer' },
    { name: 'more than announced', frames: [head(0, 3), new Uint8Array(4)], code: 'network/bad-answer' },
    { name: 'empty frames', frames: [head(0, 3), new Uint8Array(1), new Uint8Array(0)], code: 'network/bad-answer' },
    { name: 'less than announced', frames: [head(0, 300), new Uint8Array(200)], code: 'network/unreachable' },
    {
      name: 'a frame above the limit',
      frames: [head(0, 1 << 20), new Uint8Array(FRAME + 1)],
      code: 'network/bad-answer',
    },
  ];
  for (const { name, frames, code } of lies) {
    it(`an answer with ${name} is an error, not a value`, async () => {
      const ask = await liar(async (stream) => {
        const lp = lpStream(stream);
        await lp.read();
        for (const frame of frames) await lp.write(frame);
        await stream.close();
      });
      expect(await codeOf(ask())).to.equal(code);
      expect(faults).to.deep.equal(code === 'network/bad-answer' ? ['garbage'] : []);
    });
  }

  it('a peer that is not connected, or does not speak the protocol, is unreachable', async () => {
    const [server, client] = [await host(1), await host(2)];
    const streams = new Streams(client, new Reputation(() => 0), (_peer, fault) => void faults.push(fault));
    const ask = () =>
      codeOf(
        streams.request(server.peerId.toString(), PROTOCOL, new Uint8Array([1]), { maxResponse: 10, timeout: 2000 }),
      );
    expect(await ask()).to.equal('network/unreachable');
    await client.dial(server.getMultiaddrs()[0]!);
    expect(await ask()).to.equal('network/unreachable');
    expect(faults).to.deep.equal([]);
  });
});
