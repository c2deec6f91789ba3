import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { expect } from 'chai';
import { WebSocket } from 'ws';
import { RpcError } from '../../../node/rpc/errors.ts';
import type { Methods } from '../../../node/rpc/jsonrpc.ts';
import { DEFAULT_ORIGINS, parseOrigins } from '../../../node/rpc/origins.ts';
import { RpcServer, type ServerOptions } from '../../../node/rpc/server.ts';
import { TacitError } from '../../../primitives/errors.ts';

interface Reply {
  id?: unknown;
  result?: unknown;
  error?: { code: number; message: string; data?: unknown };
  method?: string;
  params?: { subscription: string; result: unknown };
}

describe('node/rpc: origins', () => {
  it('reads what the flag says: all, none, origins, extensions by name', () => {
    expect(parseOrigins('all')).to.equal('all');
    expect(parseOrigins('none')).to.deep.equal([]);
    expect(parseOrigins('https://a.example, http://b.example:8080')).to.deep.equal([
      'https://polkadot.js.org',
      'https://a.example',
      'http://b.example:8080',
    ]);
    expect(parseOrigins('polkadot-js,talisman,subwallet')).to.have.length(4);
    expect(parseOrigins('moz-extension://0f1e2d3c-0000-4000-8000-000000000000')).to.have.length(2);
    expect(parseOrigins('tauri://localhost,capacitor://localhost'), 'wallets on desktops and phones').to.have.length(3);
    expect(parseOrigins('https://polkadot.js.org')).to.deep.equal(['https://polkadot.js.org']);
    for (const bad of [
      'example.org',
      'https://a.example/',
      'https://a.example/path',
      '',
      'metamask',
      'chrome-extension:',
      '*',
    ])
      expect(() => parseOrigins(bad), bad)
        .to.throw()
        .with.property('code', 'rpc/bad-origin');
  });
});

describe('node/rpc: server', () => {
  let server: RpcServer;
  const faults: string[] = [];
  const ended = { subscriptions: 0 };
  const waiting: (() => void)[] = [];
  /** In which turn of the event loop each `turn` and `large` was answered. */
  const turns: number[] = [];
  let turn = 0;
  const health = { peers: 3, isSyncing: false, shouldHavePeers: true };
  const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const methods: Methods = {
    echo: (params) => params,
    nothing: () => undefined,
    wait: () =>
      new Promise((resolve) => {
        waiting.push(() => resolve(null));
      }),
    large: () => {
      turns.push(turn);
      return 'x'.repeat(1 << 18);
    },
    turn: () => {
      turns.push(turn);
    },
    local: (_params, { connection }) => connection.isLocal,
    system_health: () => health,
    refuse: () => {
      throw new RpcError(1234, 'no', 'because');
    },
    coded: () => {
      throw new TacitError('room/what', 'it was so');
    },
    broken: () => {
      throw new TypeError('secret internals');
    },
    subscribe: (_params, call) =>
      call.connection.subscribe(call, 'ticks', 'tick', (own) => {
        own.notify('first');
        return () => {
          ended.subscriptions++;
        };
      }),
    unsubscribe: ([id], { connection }) => connection.unsubscribe('ticks', id),
    pour: (_params, call) =>
      call.connection.subscribe(call, 'ticks', 'tick', (own) => {
        const pour = async (): Promise<void> => {
          for (let part = 0; part < 200; part++) {
            await own.room();
            own.notify('x'.repeat(1 << 18));
          }
        };
        void pour();
        return () => undefined;
      }),
    flood: (_params, call) =>
      call.connection.subscribe(call, 'ticks', 'tick', (own) => {
        const timer = setInterval(() => own.notify('x'.repeat(1 << 19)), 1);
        return () => clearInterval(timer);
      }),
  };
  const options = (more: Partial<ServerOptions> = {}): ServerOptions => ({
    host: '127.0.0.1',
    port: 0,
    methods,
    origins: ['https://good.example'],
    onError: (method) => faults.push(method),
    maxPayload: 1 << 16,
    maxBuffered: 1 << 20,
    ...more,
  });
  before(async () => {
    server = await RpcServer.listen(options());
  });
  after(() => server.close());
  beforeEach(() => faults.splice(0));

  async function open(headers: Record<string, string> = {}): Promise<WebSocket> {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}`, { headers });
    await once(socket, 'open');
    return socket;
  }
  async function ask(socket: WebSocket, message: unknown): Promise<Reply & Reply[]> {
    const answer = once(socket, 'message');
    socket.send(typeof message === 'string' ? message : JSON.stringify(message));
    return JSON.parse(String((await answer)[0])) as Reply & Reply[];
  }
  const call = (method: string, params?: unknown, id: unknown = 1): object => ({ jsonrpc: '2.0', id, method, params });
  const post = (body: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`http://127.0.0.1:${server.port}`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...headers },
    });

  it('answers, with null for nothing, and without params', async () => {
    const socket = await open();
    expect(await ask(socket, call('echo', [1, 'two']))).to.deep.equal({ jsonrpc: '2.0', id: 1, result: [1, 'two'] });
    expect((await ask(socket, call('nothing'))).result).to.equal(null);
    expect((await ask(socket, call('echo', undefined, 'text'))).id).to.equal('text');
    socket.close();
  });

  it('gives each mistake its error', async () => {
    const socket = await open();
    const cases: [unknown, number][] = [
      ['{', -32700],
      ['', -32700],
      ['1', -32600],
      ['null', -32600],
      [{ id: 1 }, -32600],
      [{ id: {}, method: 'echo' }, -32600],
      [[], -32600],
      [Array.from({ length: 300 }, () => call('echo')), -32600],
      [call('unknown'), -32601],
      [call('constructor'), -32601],
      [call('__proto__'), -32601],
      [call('echo', { by: 'name' }), -32602],
      [call('refuse'), 1234],
      [call('coded'), -32000],
    ];
    for (const [message, code] of cases) {
      expect((await ask(socket, message)).error?.code, JSON.stringify(message).slice(0, 60)).to.equal(code);
    }
    expect((await ask(socket, call('coded'))).error?.data).to.equal('room/what');
    expect(faults).to.deep.equal([]);
    socket.close();
  });

  it('logs its own faults and does not show them', async () => {
    const socket = await open();
    const { error } = await ask(socket, call('broken'));
    expect(error).to.deep.equal({ code: -32603, message: 'Internal error' });
    expect(faults).to.deep.equal(['broken']);
    socket.close();
  });

  it('answers batches in order and leaves out notifications', async () => {
    const socket = await open();
    const replies = await ask(socket, [call('echo', [1], 1), { method: 'echo' }, call('unknown', [], 2), 7]);
    expect(replies.map(({ id, error }) => [id, error?.code])).to.deep.equal([
      [1, undefined],
      [2, -32601],
      [null, -32600],
    ]);
    socket.close();
  });

  it('tells the subscription before its first notification, and ends it with the connection', async () => {
    const socket = await open();
    const got: Reply[] = [];
    socket.on('message', (data) => got.push(JSON.parse(String(data)) as Reply));
    for (let i = 0; i < 3; i++) socket.send(JSON.stringify(call('subscribe')));
    while (got.length < 6) await once(socket, 'message');
    const ids = got.flatMap(({ result }) => (typeof result === 'string' ? [result] : []));
    expect(new Set(ids).size).to.equal(3);
    for (const id of ids) {
      const told = got.findIndex(({ result }) => result === id);
      expect(got.findIndex(({ params }) => params?.subscription === id)).to.be.greaterThan(told);
    }
    socket.send(JSON.stringify(call('unsubscribe', [ids[0]], 'end')));
    socket.send(JSON.stringify(call('unsubscribe', [ids[0]], 'again')));
    while (got.length < 8) await once(socket, 'message');
    expect(got.slice(6).map(({ result }) => result)).to.deep.equal([true, false]);
    expect(ended.subscriptions).to.equal(1);
    socket.close();
    await once(socket, 'close');
    while (ended.subscriptions < 3) await new Promise((resolve) => setImmediate(resolve));
  });

  it('turns away web pages that were not named', async () => {
    for (const origin of ['https://evil.example', 'https://good.example.evil.example', 'null', 'garbage']) {
      const socket = new WebSocket(`ws://127.0.0.1:${server.port}`, { headers: { origin } });
      const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }];
      expect(response.statusCode, origin).to.equal(403);
      expect((await post('{}', { origin })).status, origin).to.equal(403);
    }
    for (const origin of ['https://good.example', 'http://localhost:3000', 'http://127.0.0.1']) {
      (await open({ origin })).close();
    }
  });

  it('closes on messages that are too large', async () => {
    const large = await open();
    large.send('x'.repeat(1 << 17));
    expect((await once(large, 'close'))[0]).to.equal(1009);
    (await open()).close();
  });

  it('takes text in binary frames', async () => {
    const socket = await open();
    const answer = once(socket, 'message');
    socket.send(Buffer.from(JSON.stringify(call('echo', ['as bytes']))));
    expect(JSON.parse(String((await answer)[0])).result).to.deep.equal(['as bytes']);
    const garbled = once(socket, 'message');
    socket.send(Buffer.from([0, 159, 146, 150]));
    expect(JSON.parse(String((await garbled)[0])).error.code).to.equal(-32700);
    socket.close();
  });

  it('slows a client down that sends faster than it is answered, loses nothing of it, and serves others meanwhile', async () => {
    const socket = await open();
    const other = await open();
    const count = 5_000;
    let answered = 0;
    const all = new Promise<void>((resolve) => {
      socket.on('message', () => {
        if (++answered === count) resolve();
      });
    });
    for (let id = 0; id < count; id++) socket.send(JSON.stringify(call('wait', [], id)));
    while (waiting.length < 1024) await settled();
    for (let turn = 0; turn < 200; turn++) await settled();
    // No more than that is open, however much has been sent.
    expect(waiting.length).to.equal(1024);
    expect((await ask(other, call('echo', ['alive']))).result).to.deep.equal(['alive']);
    const release = setInterval(() => {
      for (const done of waiting.splice(0)) done();
    }, 1);
    await all;
    clearInterval(release);
    expect(answered).to.equal(count);
    socket.close();
    other.close();
  });

  it('puts no answers together that the client has not room for: whoever reads gets all, however much it is', async () => {
    const socket = await open();
    const count = 200;
    let answered = 0;
    const all = new Promise<number>((resolve) => {
      socket.on('message', () => {
        if (++answered === count) resolve(answered);
      });
      socket.on('close', () => resolve(answered));
    });
    for (let id = 0; id < count; id++) socket.send(JSON.stringify(call('large', [], id)));
    expect(await all).to.equal(count);
    socket.close();
  });

  it('has long notifications wait until the client has read what came before', async () => {
    const socket = await open();
    let told = 0;
    const all = new Promise<number>((resolve) => {
      // The answer comes first.
      socket.on('message', () => {
        if (++told === 201) resolve(told);
      });
      socket.on('close', () => resolve(told));
    });
    socket.send(JSON.stringify(call('pour')));
    expect(await all).to.equal(201);
    socket.close();
  });

  it('gives others their turn between the requests of one client', async () => {
    const socket = await open();
    turns.length = 0;
    for (let id = 0; id < 50; id++) socket.send(JSON.stringify(call('turn', [], id)));
    while (turns.length < 50) {
      turn++;
      await settled();
    }
    expect(new Set(turns)).to.have.length(50);
    socket.close();
  });

  it('does nothing more for a client that has left', async () => {
    const socket = await open();
    const before = server.connections;
    turns.length = 0;
    socket.pause();
    for (let id = 0; id < 200; id++) socket.send(JSON.stringify(call('large', [], id)));
    while (turns.length === 0) await settled();
    socket.terminate();
    while (server.connections === before) await settled();
    expect(turns.length).to.be.lessThan(200);
  });

  it('lets go of a client that asks and does not read', async () => {
    const patient = await RpcServer.listen(options({ pingEvery: 20 }));
    const socket = new WebSocket(`ws://127.0.0.1:${patient.port}`);
    await once(socket, 'open');
    socket.pause();
    for (let id = 0; id < 200; id++) socket.send(JSON.stringify(call('large', [], id)));
    while (patient.connections > 0) await new Promise((resolve) => setTimeout(resolve, 20));
    socket.terminate();
    await patient.close();
  });

  it('tells once of a page that it refuses, with what to do', async () => {
    const told: [string, string][] = [];
    const choosy = await RpcServer.listen(
      options({ origins: DEFAULT_ORIGINS, onRefused: (origin, remedy) => told.push([origin, remedy]) }),
    );
    const from = async (origin: string): Promise<number> =>
      (await fetch(`http://127.0.0.1:${choosy.port}`, { method: 'POST', body: '[]', headers: { origin } })).status;
    for (let i = 0; i < 3; i++) expect(await from('https://wallet.example')).to.equal(403);
    expect(await from('null')).to.equal(403);
    expect(await from('https://polkadot.js.org')).to.equal(415);
    expect(await from('http://localhost:5173')).to.equal(415);
    expect(told.map(([origin]) => origin)).to.deep.equal(['https://wallet.example', 'null']);
    expect(told[0]?.[1]).to.include('--rpc-origins https://wallet.example');
    await choosy.close();
  });

  it('knows who is of this machine: no page from elsewhere, nothing that a proxy forwards', async () => {
    const isLocal = async (headers: Record<string, string>): Promise<unknown> =>
      ((await (await post(JSON.stringify(call('local')), headers)).json()) as Reply).result;
    expect(await isLocal({})).to.equal(true);
    expect(await isLocal({ origin: 'http://localhost:3000' })).to.equal(true);
    expect(await isLocal({ origin: 'https://good.example' })).to.equal(false);
    for (const header of ['x-forwarded-for', 'x-real-ip', 'forwarded'])
      expect(await isLocal({ [header]: '203.0.113.7' }), header).to.equal(false);
    const page = await open({ origin: 'https://good.example' });
    expect((await ask(page, call('local'))).result).to.equal(false);
    page.close();
    const program = await open();
    expect((await ask(program, call('local'))).result).to.equal(true);
    program.close();
  });

  it('tells monitors how it is', async () => {
    const url = `http://127.0.0.1:${server.port}`;
    const ready = async (given: Partial<typeof health>): Promise<number> => {
      Object.assign(health, { peers: 3, isSyncing: false, shouldHavePeers: true }, given);
      return (await fetch(`${url}/health/readiness`)).status;
    };
    expect(await ready({})).to.equal(200);
    expect(await ready({ peers: 0 })).to.equal(503);
    expect(await ready({ peers: 0, shouldHavePeers: false })).to.equal(200);
    expect(await ready({ isSyncing: true })).to.equal(503);
    const told = await fetch(`${url}/health`);
    expect([told.status, await told.json()]).to.deep.equal([200, health]);
    expect((await fetch(`${url}/elsewhere`)).status).to.equal(405);
  });

  it('cuts off a client that does not read, and only that one', async function () {
    this.timeout(10_000);
    const slow = await open();
    const good = await open();
    slow.pause();
    slow.send(JSON.stringify(call('flood')));
    while (server.connections > 1) {
      expect((await ask(good, call('echo', ['alive']))).result).to.deep.equal(['alive']);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    slow.terminate();
    good.close();
  });

  it('pings its clients, and lets go of one that gives no sign of life', async () => {
    const pinging = await RpcServer.listen(options({ pingEvery: 20 }));
    const url = `ws://127.0.0.1:${pinging.port}`;
    const [alive, gone] = [new WebSocket(url), new WebSocket(url, { autoPong: false })];
    await Promise.all([once(alive, 'ping'), once(gone, 'close')]);
    await once(alive, 'ping');
    expect((await ask(alive, call('echo', ['here']))).result).to.deep.equal(['here']);
    expect(pinging.connections).to.equal(1);
    alive.close();
    await pinging.close();
  });

  it('speaks HTTP to programs', async () => {
    expect(await (await post(JSON.stringify(call('echo', [5])))).json()).to.deep.include({ result: [5] });
    expect(((await (await post('[')).json()) as Reply).error?.code).to.equal(-32700);
    expect((await post(JSON.stringify({ method: 'echo' }))).status).to.equal(204);
    expect(((await (await post(JSON.stringify(call('subscribe')))).json()) as Reply).error?.code).to.equal(-32601);
    expect((await post('{}', { 'content-type': 'text/plain' })).status).to.equal(415);
    expect((await fetch(`http://127.0.0.1:${server.port}`)).status).to.equal(405);
    expect((await post(' '.repeat(1 << 17))).status).to.equal(413);
  });

  it('survives garbage on the wire and requests that break off', async () => {
    const raw = connect(server.port, '127.0.0.1');
    raw.write('\x00\xff\x17garbage\r\n\r\n');
    raw.on('error', () => undefined);
    raw.resume();
    await once(raw, 'close');
    const half = httpRequest({
      port: server.port,
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': 100 },
    });
    half.on('error', () => undefined);
    half.write('{');
    half.flushHeaders();
    await new Promise((resolve) => setTimeout(resolve, 20));
    half.destroy();
    const socket = await open();
    expect((await ask(socket, call('echo'))).result).to.deep.equal([]);
    socket.close();
  });

  it('says that its port is taken', async () => {
    let code: unknown;
    await RpcServer.listen(options({ port: server.port })).catch((error: { code: unknown }) => (code = error.code));
    expect(code).to.equal('rpc/port-in-use');
  });

  it('limits connections', async () => {
    const small = await RpcServer.listen(options({ maxConnections: 5 }));
    const first = new WebSocket(`ws://127.0.0.1:${small.port}`);
    await once(first, 'open');
    const second = new WebSocket(`ws://127.0.0.1:${small.port}`);
    const [, response] = (await once(second, 'unexpected-response')) as [unknown, { statusCode: number }];
    expect(response.statusCode).to.equal(503);
    await small.close();
  });

  it('leaves places to clients of other addresses, and to those of this machine', async () => {
    const small = await RpcServer.listen(options({ maxConnections: 10 }));
    const connect = async (forwarded?: string): Promise<number> => {
      const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
      const socket = new WebSocket(`ws://127.0.0.1:${small.port}`, { headers });
      const opened = once(socket, 'open').then(() => 101);
      const refused = once(socket, 'unexpected-response').then(([, { statusCode }]) => statusCode as number);
      socket.on('error', () => undefined);
      return Promise.race([opened, refused]);
    };
    // what the client has said before its proxy does not count
    const crowd = Array.from({ length: 12 }, (_, i) => connect(`198.51.100.${i}, 203.0.113.7`));
    expect((await Promise.all(crowd)).filter((status) => status === 101)).to.have.length(2);
    expect(await connect('192.0.2.1')).to.equal(101);
    expect(await connect('2001:db8::1')).to.equal(101);
    // the same customer
    expect(await connect('2001:db8::ffff')).to.equal(503);
    expect(await connect()).to.equal(101);
    await small.close();
  });
});
