import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { mock } from 'node:test';
import { generateKeyPair } from '@libp2p/crypto/keys';
import { memory } from '@libp2p/memory';
import { expect } from 'chai';
import { type Logger, pino } from 'pino';
import { AddressBook, MAX_BOOK } from '../../../node/network/address-book.ts';
import { Dialer } from '../../../node/network/dialer.ts';
import type { Host } from '../../../node/network/host.ts';
import { listenAddress, NetworkService, type PeerKey } from '../../../node/network/index.ts';
import { Sync } from '../../../node/sync/index.ts';
import { ToyChainApi, until } from './toy-chain.ts';
import { authoritiesOf, verifier } from './toy-node.ts';

interface Line {
  readonly level: number;
  readonly code?: string;
  readonly msg: string;
}

/** A log whose lines a test reads. */
function listen(): { log: Logger; lines: Line[]; of: (code: string) => Line[] } {
  const lines: Line[] = [];
  const log = pino({ level: 'debug' }, { write: (text: string) => void lines.push(JSON.parse(text) as Line) });
  return { log, lines, of: (code) => lines.filter((line) => line.code === code) };
}

let places = 0;
const services: NetworkService[] = [];
interface Given {
  readonly log?: Logger;
  readonly chain?: string;
  readonly bootnodes?: readonly string[];
  readonly addressBook?: string;
  readonly listen?: readonly string[];
  readonly overTcp?: boolean;
  readonly key?: PeerKey;
}

async function service(given: Given = {}): Promise<NetworkService> {
  const { chain = 'dialling', overTcp = false, log = pino({ level: 'silent' }), bootnodes = [], ...rest } = given;
  const api = new ToyChainApi(chain, [authoritiesOf(0)]);
  const made = await NetworkService.create({
    chain: api,
    sync: (network) => new Sync({ chain: api, verifier, log, now: () => performance.now(), network }),
    key: given.key ?? (await generateKeyPair('Ed25519')),
    log,
    listen: overTcp ? ['/ip4/127.0.0.1/tcp/0'] : [`/memory/dialling-${places++}`],
    bootnodes,
    ...(overTcp ? {} : { transports: [memory()] }),
    ...rest,
  });
  await made.start();
  services.push(made);
  return made;
}
const stopAll = async (): Promise<void> => {
  await Promise.all(services.splice(0).map((made) => made.stop()));
};

describe('boot nodes that are not what they should be', () => {
  afterEach(stopAll);

  it('another peer at the address: said once, with the id that would be right', async () => {
    const heard = listen();
    const right = await service({ overTcp: true });
    const [address] = right.addresses();
    const other = (await service()).peerId;
    await service({ log: heard.log, bootnodes: [address!.replace(right.peerId, other)], overTcp: true });
    await until(() => heard.lines.filter(({ msg }) => msg === 'dial failed').length >= 5);
    const told = heard.of('network/wrong-peer-id');
    expect(told).to.have.length(1);
    expect(told[0]!.level).to.equal(40);
    expect(told[0]!.msg).to.include(`/p2p/${right.peerId}`);
    expect(heard.of('network/boot-node-unreachable')).to.deep.equal([]);
  });

  it('nobody there: said once, and when it is reached', async () => {
    const heard = listen();
    const key = await generateKeyPair('Ed25519');
    const gone = await service({ overTcp: true, key });
    const [address] = gone.addresses();
    await gone.stop();
    services.splice(0);
    await service({ log: heard.log, bootnodes: [address!], overTcp: true });
    await until(() => heard.lines.filter(({ msg }) => msg === 'dial failed').length >= 5);
    const told = heard.of('network/boot-node-unreachable');
    expect(told).to.have.length(1);
    expect(told[0]).to.include({ address, level: 40 });
    // It is there again.
    await service({ overTcp: true, key, listen: [address!.split('/p2p/')[0]!] });
    await until(() => heard.lines.some(({ msg }) => msg === 'the boot node is reached now'));
  });

  it('of another chain: said once, and parted with', async () => {
    const heard = listen();
    const other = await service({ chain: 'another' });
    const ours = await service({ log: heard.log, bootnodes: other.addresses() });
    await until(() => heard.of('network/other-chain').length > 0);
    await until(() => ours.peers().length === 0);
    expect(heard.of('network/other-chain')).to.have.length(1);
    expect(heard.of('network/other-chain')[0]).to.include({ level: 40 });
    expect(heard.lines.filter(({ level }) => level >= 40)).to.have.length(1);
  });
});

describe('who is dialled', () => {
  /** A host that fails every dial, or takes it and drops the connection at once. */
  function hostThat(does: 'fails' | 'drops', dialler: { is?: Dialer }, peer: string) {
    let dials = 0;
    const host = {
      peerId: { toString: () => 'us' },
      status: 'started',
      getPeers: () => [],
      dial: async () => {
        dials++;
        if (does === 'fails') throw new Error('refused');
        dialler.is!.connected(peer);
        queueMicrotask(() => dialler.is!.lost(peer));
      },
    };
    return { host: host as unknown as Host, dials: () => dials };
  }
  const peer = '12D3KooWGC7x7m4LpkJYWVzZBf4BNYtUoVbZ2WhEdwvyFGLSQYZv';
  const address = `/ip4/192.0.2.1/tcp/30333/p2p/${peer}`;

  for (const does of ['fails', 'drops'] as const) {
    it(`a boot node that ${does === 'fails' ? 'fails' : 'takes every dial and drops it'} is dialled ever more rarely`, async () => {
      mock.timers.enable({ apis: ['setTimeout'] });
      try {
        const dialler: { is?: Dialer } = {};
        const { host, dials } = hostThat(does, dialler, peer);
        const clock = { now: 0 };
        dialler.is = new Dialer(host, { log: listen().log, maxPeers: 5, mayDial: () => true, now: () => clock.now });
        dialler.is.add(address, 'boot');
        dialler.is.start();
        const counts: number[] = [];
        for (let second = 0; second < 60; second++) {
          for (let step = 0; step < 10; step++) {
            mock.timers.tick(100);
            clock.now += 100;
            for (let at = 0; at < 5; at++) await Promise.resolve();
          }
          counts.push(dials());
        }
        dialler.is.stop();
        expect(counts[9]).to.be.within(4, 12);
        expect(counts[59]! - counts[9]!).to.be.within(5, 20);
      } finally {
        mock.timers.reset();
      }
    });
  }

  it('nodes that a peer has named take a part of the places only, and are forgotten when they do not answer', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    try {
      const { host, dials } = hostThat('fails', {}, peer);
      const dialler = new Dialer(host, { log: listen().log, maxPeers: 5, mayDial: () => true, now: () => 0 });
      const id = (at: number): string => `/memory/${at}/p2p/${keys[at]}`;
      const { peerIdFromPrivateKey } = await import('@libp2p/peer-id');
      const keys = await Promise.all(
        Array.from({ length: 100 }, async () => peerIdFromPrivateKey(await generateKeyPair('Ed25519')).toString()),
      );
      for (let at = 0; at < 100; at++) dialler.add(id(at), 'heard', 'liar');
      for (let second = 0; second < 600; second++) {
        mock.timers.tick(1000);
        for (let turn = 0; turn < 5; turn++) await Promise.resolve();
      }
      // 32 of them, seven times each; then there is room for others again.
      expect(dials()).to.equal(32 * 7);
      dialler.stop();
    } finally {
      mock.timers.reset();
    }
  });
});

describe('addresses over a restart', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tacit-book-'));
  });
  afterEach(async () => {
    await stopAll();
    rmSync(folder, { recursive: true });
  });

  it('a node that knew a peer finds it again without a boot node', async () => {
    const addressBook = join(folder, 'peers.json');
    const hub = await service();
    const friend = await service({ bootnodes: hub.addresses() });
    const first = await service({ bootnodes: hub.addresses(), addressBook });
    await until(() => first.peers().length === 2);
    await first.stop();
    services.splice(services.indexOf(first), 1);
    await hub.stop();
    services.splice(services.indexOf(hub), 1);
    const again = await service({ addressBook });
    await until(() => again.peers().some(({ id }) => id === friend.peerId));
  });

  it('the file is read by its owner alone, bounded, replaced as a whole', () => {
    const path = join(folder, 'peers.json');
    const { log, lines } = listen();
    const book = new AddressBook(path, log);
    expect(book.read()).to.deep.equal([]);
    const id = '12D3KooWGC7x7m4LpkJYWVzZBf4BNYtUoVbZ2WhEdwvyFGLSQYZv';
    const many = Array.from({ length: 200 }, (_, at) => `/ip4/192.0.2.1/tcp/${at + 1}/p2p/${id}`);
    book.write(many);
    expect(statSync(path).mode & 0o777).to.equal(0o600);
    expect(new AddressBook(path, log).read()).to.deep.equal(many.slice(0, MAX_BOOK));
    const before = statSync(path).ino;
    book.write(many);
    expect(statSync(path).ino).to.equal(before);
    book.write(many.slice(0, 1));
    expect(new AddressBook(path, log).read()).to.have.length(1);
    expect(readdirSync(folder)).to.deep.equal(['peers.json']);
    expect(lines).to.deep.equal([]);
  });

  const bad: { name: string; content: string }[] = [
    { name: 'half a file', content: '{"version":1,"addre' },
    { name: 'another version', content: '{"version":2,"addresses":[]}' },
    { name: 'something that is no address', content: '{"version":1,"addresses":["localhost:30333"]}' },
    { name: 'bytes', content: '\u0000\u0001\u0002' },
    { name: 'too much', content: ' '.repeat(100_000) },
    { name: 'too many', content: JSON.stringify({ version: 1, addresses: Array(65).fill('/ip4/1.1.1.1/tcp/1') }) },
  ];
  for (const { name, content } of bad) {
    it(`${name}: one line, and the node starts without`, async () => {
      const path = join(folder, 'peers.json');
      writeFileSync(path, content);
      const heard = listen();
      const made = await service({ addressBook: path, log: heard.log });
      expect(heard.of('network/bad-address-book')).to.have.length(1);
      await made.stop();
      services.splice(0);
      expect(new AddressBook(path, listen().log).read()).to.deep.equal([]);
    });
  }

  it('a folder that cannot be written is told, and harms nothing', () => {
    const { log, lines } = listen();
    new AddressBook(join(folder, 'missing', 'peers.json'), log).write(['/ip4/1.1.1.1/tcp/1']);
    expect(lines.map(({ code }) => code)).to.deep.equal(['network/address-book']);
  });
});

describe('addresses to listen on', () => {
  afterEach(stopAll);

  it('a port that is taken is told by a code, with the address and what to do', async () => {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    try {
      const error = await service({ overTcp: true, listen: [`/ip4/127.0.0.1/tcp/${port}`] }).then(
        () => expect.fail('it listens'),
        (thrown) => thrown as { code: string; message: string },
      );
      expect(error.code).to.equal('network/port-taken');
      expect(error.message).to.include(`/ip4/127.0.0.1/tcp/${port}`).and.to.include('--p2p-port');
      expect(error.message).to.not.include('    at ');
    } finally {
      server.close();
    }
  });

  it('IPv6 works where the machine has it; what cannot be listened on says why', async () => {
    const loopback = await service({ overTcp: true, listen: ['/ip6/::1/tcp/0'] }).catch(
      (error) => error.code as string,
    );
    if (typeof loopback === 'string') expect(loopback).to.equal('network/cannot-listen');
    else expect(loopback.addresses()[0]).to.match(/^\/ip6\/::1\/tcp\/\d+\/p2p\//);
    const cases = [
      ['/ip6/2001:db8::1/tcp/0', 'network/cannot-listen'],
      ['/ip4/192.0.2.77/tcp/0', 'network/cannot-listen'],
      ['/ip4/127.0.0.1/udp/0', 'network/cannot-listen'],
      ['/ip4/::1/tcp/30333', 'network/bad-address'],
      ['/ip4/300.0.0.1/tcp/1', 'network/bad-address'],
      ['127.0.0.1:30333', 'network/bad-address'],
      ['', 'network/bad-address'],
    ];
    for (const [address, code] of cases) {
      const error = await service({ overTcp: true, listen: [address!] }).then(
        () => expect.fail(`${address} is listened on`),
        (thrown) => thrown as { code: string; message: string },
      );
      expect(error.code, address).to.equal(code);
      expect(error.message.split('\n'), address).to.have.length(1);
    }
  });

  it('host and port make an address of the right kind', () => {
    expect(listenAddress('0.0.0.0', 1)).to.equal('/ip4/0.0.0.0/tcp/1');
    expect(listenAddress('::', 2)).to.equal('/ip6/::/tcp/2');
    expect(() => listenAddress('example.org', 3))
      .to.throw()
      .with.property('code', 'network/bad-address');
  });
});
