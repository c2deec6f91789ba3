import { once } from 'node:events';
import { expect } from 'chai';
import { WebSocket } from 'ws';
import { errorsOf, expectFinality, type Scene } from './scene.ts';

const VICTIM = 1;
const MiB = 1 << 20;

interface Reply {
  readonly id?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

/** A WebSocket that says what it is told, JSON or not. */
class RawRpc {
  readonly socket: WebSocket;
  readonly #replies: Reply[] = [];
  #heard: () => void = () => undefined;
  readonly closed: Promise<number>;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data) => {
      this.#replies.push(JSON.parse(String(data)) as Reply);
      this.#heard();
    });
    socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      socket.once('close', (code) => resolve(code));
    });
  }

  static async open(url: string): Promise<RawRpc> {
    const made = new RawRpc(new WebSocket(url));
    await once(made.socket, 'open');
    return made;
  }

  /** Sends a text and gives the next reply. */
  async ask(text: string): Promise<Reply> {
    this.socket.send(text);
    return this.reply();
  }

  call(method: string, params: readonly unknown[], id = 1): Promise<Reply> {
    return this.ask(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
  }

  /** The next message that is a reply (or a batch of them) and no notification. */
  async reply(): Promise<Reply> {
    for (;;) {
      const next = this.#replies.shift();
      if (next !== undefined && (Array.isArray(next) || 'id' in next)) return next;
      if (next !== undefined) continue;
      await new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
    }
  }

  close(): void {
    this.socket.terminate();
  }
}

export function rpcDoor(scene: Scene): void {
  describe('RPC', () => {
    let rpc: RawRpc;

    const url = (): string => scene.network().network.validator(VICTIM).rpc;
    const http = (): string => url().replace('ws:', 'http:');

    beforeEach(async () => {
      rpc = await RawRpc.open(url());
    });

    afterEach(async () => {
      rpc.close();
      // Whatever was done to one connection, the next one is served.
      const next = await RawRpc.open(url());
      expect((await next.call('system_health', [])).result).to.have.property('peers');
      next.close();
    });

    const bad: { what: string; text: string; code: number }[] = [
      { what: 'no JSON', text: '{"jsonrpc":', code: -32700 },
      { what: 'nothing', text: '', code: -32700 },
      { what: 'bytes that are no text', text: '\u0000\ufffd\u0001', code: -32700 },
      { what: 'a number', text: '7', code: -32600 },
      { what: 'null', text: 'null', code: -32600 },
      { what: 'an empty batch', text: '[]', code: -32600 },
      { what: 'a batch of thousands', text: `[${'1,'.repeat(5_000)}1]`, code: -32600 },
      { what: 'no method', text: '{"jsonrpc":"2.0","id":1}', code: -32600 },
      { what: 'a method that is a list', text: '{"jsonrpc":"2.0","id":1,"method":[]}', code: -32600 },
      { what: 'an id that is an object', text: '{"jsonrpc":"2.0","id":{},"method":"system_name"}', code: -32600 },
      { what: 'an unknown method', text: '{"jsonrpc":"2.0","id":1,"method":"state_burn"}', code: -32601 },
      { what: 'a method of every object', text: '{"jsonrpc":"2.0","id":1,"method":"constructor"}', code: -32601 },
      { what: 'the prototype', text: '{"jsonrpc":"2.0","id":1,"method":"__proto__"}', code: -32601 },
      { what: 'parameters by name', text: '{"jsonrpc":"2.0","id":1,"method":"system_name","params":{}}', code: -32602 },
    ];
    for (const { what, text, code } of bad) {
      it(`${what}: error ${code}`, async () => {
        const { error } = await rpc.ask(text);
        expect(error?.code).to.equal(code);
        expect(error?.message).not.to.match(/\bat .+:\d+/);
      });
    }

    it('lists a hundred thousand deep: an error, no crash', async () => {
      const depth = 100_000;
      for (const text of [
        `${'['.repeat(depth)}${']'.repeat(depth)}`,
        `{"jsonrpc":"2.0","id":1,"method":"state_getStorage","params":${'['.repeat(depth)}${']'.repeat(depth)}}`,
        `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`,
      ]) {
        const reply = await rpc.ask(text);
        const errors = (Array.isArray(reply) ? reply : [reply]) as Reply[];
        expect(errors[0]?.error?.code).to.be.oneOf([-32700, -32600, -32602]);
      }
    });

    const wrong: { method: string; params: unknown[] }[] = [
      { method: 'chain_getBlockHash', params: [-1] },
      { method: 'chain_getBlockHash', params: ['ten'] },
      { method: 'chain_getHeader', params: ['0x12'] },
      { method: 'chain_getHeader', params: [{}] },
      { method: 'state_getStorage', params: [] },
      { method: 'state_getStorage', params: ['0xabc'] },
      { method: 'state_getStorage', params: [`0x${'00'.repeat(5_000)}`] },
      { method: 'state_getKeysPaged', params: ['0x', 'all'] },
      { method: 'state_call', params: ['Core_version', 'not hex'] },
      { method: 'system_accountNextIndex', params: ['5Grw'] },
      { method: 'author_submitExtrinsic', params: [42] },
      { method: 'author_submitExtrinsic', params: [`0x${'00'.repeat(2 * MiB + 1_024)}`] },
    ];
    for (const { method, params } of wrong) {
      it(`${method}(${JSON.stringify(params).slice(1, 30)}): wrong parameters`, async () => {
        expect((await rpc.call(method, params)).error?.code).to.equal(-32602);
      });
    }

    it('what is asked of blocks and methods that are not there is answered, not crashed upon', async () => {
      // polkadot-sdk's code for what the state cannot answer.
      const ofState = 4003;
      expect((await rpc.call('state_getStorage', ['0x00', `0x${'11'.repeat(32)}`])).error?.code).to.equal(ofState);
      expect((await rpc.call('state_call', ['Core_destroy', '0x'])).error?.code).to.equal(ofState);
      expect((await rpc.call('state_call', ['TallyApi_round', '0x01'])).error?.code).to.equal(ofState);
      expect((await rpc.call('state_call', ['TallyApi_round', `0x${'ff'.repeat(1000)}`])).error?.code).to.equal(
        ofState,
      );
    });

    it('20 MiB in one message: the connection is closed', async () => {
      rpc.socket.send(`"${'x'.repeat(20 * MiB)}"`);
      // 1009, too big; 1006 where the node hangs up while we still send.
      expect(await rpc.closed).to.be.oneOf([1009, 1006]);
    });

    it('20 MiB by HTTP: 413', async () => {
      const body = `"${'x'.repeat(20 * MiB)}"`;
      const headers = { 'content-type': 'application/json' };
      // The node answers and hangs up while the client still sends: either is a refusal.
      const status = await fetch(http(), { method: 'POST', body, headers }).then(
        (response) => response.status,
        () => 413,
      );
      expect(status).to.equal(413);
    });

    it('other requests by HTTP: told what is wrong', async () => {
      expect((await fetch(http())).status).to.equal(405);
      expect((await fetch(http(), { method: 'POST', body: '{}' })).status).to.equal(415);
      expect((await fetch(http(), { headers: { origin: 'https://example.org' } })).status).to.equal(403);
    });

    it('binary frames: read as text', async () => {
      rpc.socket.send(Buffer.from([0, 159, 146, 150]));
      expect((await rpc.reply()).error?.code).to.equal(-32700);
    });

    it('subscriptions without end: refused beyond a thousand', async () => {
      for (let id = 0; id < 1_030; id++) {
        rpc.socket.send(JSON.stringify({ jsonrpc: '2.0', id, method: 'state_subscribeStorage', params: [['0x00']] }));
        const { error } = await rpc.reply();
        if (error === undefined) continue;
        expect(error.message).to.match(/at most 1024 subscriptions/);
        expect(id).to.equal(1_024);
        return;
      }
      expect.fail('there is no limit');
    });

    it('a flood of requests that nobody waits for: all are answered', async () => {
      const flood = 5_000;
      let answered = 0;
      const done = new Promise<void>((resolve) => {
        rpc.socket.on('message', () => {
          answered++;
          if (answered === flood) resolve();
        });
      });
      for (let id = 0; id < flood; id++) {
        rpc.socket.send(JSON.stringify({ jsonrpc: '2.0', id, method: 'state_getRuntimeVersion', params: [] }));
      }
      expect(await Promise.race([done.then(() => 'answered'), rpc.closed])).to.equal('answered');
    });

    it('after all that the validator has logged no error, and the network finalizes', async () => {
      await expectFinality(scene);
      expect(errorsOf(scene, VICTIM)).to.deep.equal([]);
    });
  });
}
