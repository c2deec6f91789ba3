/** A real node and a peer without keys: whatever it sends or answers, RPC answers, blocks come, and SIGTERM ends the node. */
import { connect, type Socket } from 'node:net';
import { lpStream } from '@libp2p/utils';
import { expect } from 'chai';
import { decodeHeader, encodeHeader } from '../../node/base/header.ts';
import { grandpaRequest, grandpaResponse } from '../../node/consensus/grandpa/formats.ts';
import { blockAnnouncement, responses, syncRequest, transactionAnnouncement } from '../../node/network/wire.ts';
import { randomBytes } from 'node:crypto';
import { type DevNode, startDevNode } from '../clients/dev-node.ts';
import { headOf, HostilePeer, type Manner } from '../support/hostile-peer.ts';

describe('a hostile peer at a real node', function () {
  this.timeout(600_000);

  let node: DevNode;
  let genesis = '';
  const peers: HostilePeer[] = [];
  const sockets: Socket[] = [];

  before(async () => {
    node = await startDevNode();
    genesis = await call<string>('chain_getBlockHash', [0]);
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await Promise.all(peers.splice(0).map((peer) => peer.stop()));
  });
  after(() => node?.stop());

  async function call<T>(method: string, params: unknown[] = []): Promise<T> {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
    const answer = await fetch(node.http, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    const { result, error } = (await answer.json()) as { result: T; error?: { message: string } };
    if (error) throw new Error(error.message);
    return result;
  }
  const height = async (): Promise<number> => Number((await call<{ number: string }>('chain_getHeader')).number);
  /** RPC answers, and two more blocks come. */
  const goesOn = async (): Promise<void> => {
    const before = await height();
    while ((await height()) < before + 2) await new Promise((resolve) => setTimeout(resolve, 100));
  };
  const come = async (manners: Parameters<typeof HostilePeer.start>[1] = {}): Promise<HostilePeer> => {
    const peer = await HostilePeer.start(genesis, manners);
    peers.push(peer);
    await peer.join(node.ready.addresses[0]!);
    return peer;
  };

  it('answers a view with a huge round and hangs up, again and again', async () => {
    const views =
      (hangsUp: boolean): Manner =>
      async (stream, connection) => {
        const frames = lpStream(stream);
        const request = grandpaRequest.codec.dec((await frames.read()).subarray());
        const answer =
          request.tag === 'view'
            ? grandpaResponse.codec.enc({ tag: 'view', value: { ...request.value, round: 2n ** 40n } })
            : grandpaResponse.codec.enc({ tag: 'catchUp', value: undefined });
        void frames.write(headOf(answer.length));
        void frames.write(answer);
        if (hangsUp) connection.abort(new Error('bye'));
        else await stream.close();
      };
    for (let at = 0; at < 6; at++) {
      const peer = await come({ grandpa: views(true) });
      await peer.thrownOut();
    }
    await come({ grandpa: views(false) });
    await goesOn();
  });

  it('announces headers that nobody has signed: thrown out, and not asked for one body', async () => {
    let asked = 0;
    const peer = await come({
      sync: async (stream) => {
        const frames = lpStream(stream);
        const request = syncRequest.codec.dec((await frames.read()).subarray());
        if (request.tag === 'blocks') asked++;
        const answer = request.tag === 'status' ? responses.status.codec.enc(request.value) : new Uint8Array(1);
        await frames.write(headOf(answer.length));
        await frames.write(answer);
        await stream.close();
      },
    });
    for (let at = 0; at < 400 && peer.isConnected; at++) {
      const number = (await height()) + 1;
      const parentHash = Buffer.from((await call<string>('chain_getBlockHash', [number - 1])).slice(2), 'hex');
      const made = {
        parentHash: new Uint8Array(parentHash),
        number,
        stateRoot: new Uint8Array(randomBytes(32)),
        extrinsicsRoot: new Uint8Array(32),
        digest: { logs: [] },
      };
      expect(decodeHeader(encodeHeader(made)).number).to.equal(number);
      await peer.publish('blocks', blockAnnouncement.codec.enc(encodeHeader(made))).catch(() => undefined);
    }
    await peer.thrownOut();
    expect(asked).to.equal(0);
    await goesOn();
  });

  it('sends transactions that are none, well framed: thrown out', async () => {
    const peer = await come();
    // of those that come all at once some find the peer's share taken, and are not judged
    while (peer.isConnected) {
      const bytes = new Uint8Array(randomBytes(200));
      await peer
        .publish('transactions', transactionAnnouncement.codec.enc({ tag: 'bundle', value: [bytes] }))
        .catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await peer.thrownOut();
    await goesOn();
  });

  it('opens bare sockets and silent streams: another peer still comes in', async () => {
    const port = Number(/tcp\/(\d+)/.exec(node.ready.addresses[0]!)![1]);
    for (let at = 0; at < 100; at++) {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => undefined);
      sockets.push(socket);
    }
    const peer = await come();
    for (let at = 0; at < 80; at++) await peer.open(at % 2 === 0 ? 'sync' : 'grandpa');
    await come();
    await goesOn();
  });

  it('and SIGTERM ends the node in order', async () => {
    await come();
    expect(await node.end('SIGTERM')).to.equal(0);
    const lines = node
      .log()
      .split('\n')
      .filter((line) => line.startsWith('{'));
    expect(lines.filter((line) => JSON.parse(line).level >= 50)).to.deep.equal([]);
  });
});
