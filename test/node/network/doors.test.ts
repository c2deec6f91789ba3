import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { generateKeyPair } from '@libp2p/crypto/keys';
import { multiaddr } from '@multiformats/multiaddr';
import { expect } from 'chai';
import {
  BANS_PER_ADDRESS,
  CONNECTIONS_PER_PEER,
  GRACE,
  LOCAL_PEERS_PER_ADDRESS,
  MAX_PEERS,
  PEERS_PER_ADDRESS,
  UNIDENTIFIED,
  UNIDENTIFIED_PER_ADDRESS,
} from '../../../node/base/limits.ts';
import { originOf } from '../../../node/network/addresses.ts';
import { Doors, type RawConnection } from '../../../node/network/doors.ts';
import { createHost, type Host } from '../../../node/network/host.ts';
import { Reputation } from '../../../node/network/reputation.ts';
import { protocolNames } from '../../../node/network/wire.ts';
import { until } from './toy-chain.ts';

/** A connection of which only the address and the end matter. */
class Knock extends EventTarget {
  readonly remoteAddr;
  isOpen = true;

  constructor(ip: string) {
    super();
    this.remoteAddr = multiaddr(
      `/${ip.includes(':') ? 'ip6' : 'ip4'}/${ip}/tcp/${1024 + Math.floor(Math.random() * 60_000)}`,
    );
  }

  abort(): void {
    this.isOpen = false;
    this.dispatchEvent(new Event('close'));
  }

  get raw(): RawConnection {
    return this as unknown as RawConnection;
  }
}

describe('who may come in', () => {
  let now = 0;
  let trusted = new Set<string>();
  let useful = new Map<string, number>();
  let doors: Doors;

  beforeEach(() => {
    now = 0;
    trusted = new Set();
    useful = new Map();
    doors = new Doors({
      now: () => now,
      maxPeers: MAX_PEERS,
      isReserved: (peer) => trusted.has(peer),
      lastUseful: (peer) => useful.get(peer),
    });
  });

  const knock = (ip: string): Knock | undefined => {
    const made = new Knock(ip);
    return doors.denyArrival(made.raw) ? undefined : made;
  };
  /** Comes in and says who it is; undefined if there is no place. */
  const enter = (ip: string, peer: string): Knock | undefined => {
    const made = knock(ip);
    return made === undefined || doors.denyPeer(made.raw, peer) ? undefined : made;
  };
  const enterMany = (count: number, ip: string): Knock[] =>
    Array.from({ length: count }, (_, at) => enter(ip, `${ip} ${at}`)).filter((one) => one !== undefined);

  it('connections that never say who they are make room for the next, the oldest first', () => {
    const silent = Array.from({ length: 100 }, () => knock('198.51.100.7')!);
    expect(silent.filter(({ isOpen }) => isOpen)).to.have.length(UNIDENTIFIED_PER_ADDRESS);
    expect(silent.slice(-UNIDENTIFIED_PER_ADDRESS).every(({ isOpen }) => isOpen)).to.equal(true);
    expect(enter('198.51.100.7', 'honest')?.isOpen).to.equal(true);
    expect(enter('203.0.113.1', 'another')?.isOpen).to.equal(true);
  });

  it('from many addresses too: whoever has most of them waiting loses one', () => {
    const one = Array.from({ length: UNIDENTIFIED_PER_ADDRESS }, () => knock('198.51.100.7')!);
    const others = Array.from({ length: UNIDENTIFIED }, (_, at) => knock(`203.0.${at >> 8}.${at & 255}`)!);
    expect([...one, ...others].filter(({ isOpen }) => isOpen)).to.have.length(UNIDENTIFIED);
    expect(others.filter(({ isOpen }) => isOpen).length).to.be.greaterThan(UNIDENTIFIED - UNIDENTIFIED_PER_ADDRESS);
    expect(enter('192.0.2.9', 'honest')?.isOpen).to.equal(true);
  });

  it('an address of the internet has a few places, one of this machine or network has many, none has all', () => {
    expect(enterMany(200, '198.51.100.7')).to.have.length(PEERS_PER_ADDRESS);
    expect(enterMany(200, '127.0.0.1')).to.have.length(LOCAL_PEERS_PER_ADDRESS);
    expect(LOCAL_PEERS_PER_ADDRESS).to.be.lessThan(MAX_PEERS);
    expect(enter('203.0.113.1', 'elsewhere')?.isOpen).to.equal(true);
    // An IPv6 customer has a whole /64.
    const half = Array.from({ length: 50 }, (_, at) => enter(`2001:db8:1:2::${at.toString(16)}`, `six ${at}`));
    expect(half.filter((one) => one !== undefined)).to.have.length(PEERS_PER_ADDRESS);
    expect(enter('2001:db8:1:3::1', 'next door')?.isOpen).to.equal(true);
  });

  it('who has been of no use for a while makes room; who is new, of use, or trusted stays', () => {
    trusted.add('198.51.100.7 0');
    const [boot, ...others] = enterMany(PEERS_PER_ADDRESS, '198.51.100.7');
    expect(enter('198.51.100.7', 'too early')).to.equal(undefined);
    now = GRACE;
    useful.set('198.51.100.7 1', now - 1);
    expect(enter('198.51.100.7', 'honest')?.isOpen).to.equal(true);
    expect(boot!.isOpen).to.equal(true);
    expect(others.map(({ isOpen }) => isOpen)).to.deep.equal([true, false, true, true, true, true, true]);
    // The attacker comes back at once: the newcomer has its time.
    for (let at = 0; at < 50; at++) enter('198.51.100.7', `again ${at}`);
    expect(enter('198.51.100.7', 'honest')).to.equal(undefined);
    expect(boot!.isOpen).to.equal(true);
  });

  it('boot nodes and long-known peers come in though everything is full', () => {
    for (let at = 0; at < 40; at++) enterMany(PEERS_PER_ADDRESS, `198.51.100.${at}`);
    expect(enter('203.0.113.1', 'stranger')).to.equal(undefined);
    trusted.add('boot');
    expect(enter('203.0.113.1', 'boot')?.isOpen).to.equal(true);
    expect(enter('198.51.100.1', 'boot')?.isOpen).to.equal(true);
  });

  it('one peer has a few connections, whatever it opens', () => {
    const many = Array.from({ length: 20 }, () => enter('127.0.0.1', 'one'));
    expect(many.filter((one) => one !== undefined)).to.have.length(CONNECTIONS_PER_PEER);
    // Closed ones do not count.
    for (const one of many) one?.abort();
    expect(enter('127.0.0.1', 'one')?.isOpen).to.equal(true);
  });

  it('several banned peers close an address of the internet for a while, never one of this machine', () => {
    for (const ip of ['198.51.100.7', '127.0.0.1']) {
      for (let at = 0; at < BANS_PER_ADDRESS; at++) {
        const bad = enter(ip, `${ip} bad ${at}`)!;
        doors.banned(`${ip} bad ${at}`);
        bad.abort();
      }
    }
    expect(knock('198.51.100.7')).to.equal(undefined);
    expect(knock('198.51.100.8')?.isOpen).to.equal(true);
    expect(knock('127.0.0.1')?.isOpen).to.equal(true);
    now += 5 * 60_000 + 1;
    expect(knock('198.51.100.7')?.isOpen).to.equal(true);
  });

  it('addresses are told apart by who can have many of them', () => {
    const of = (text: string) => originOf(multiaddr(text));
    expect(of('/ip4/198.51.100.7/tcp/1')).to.deep.equal({ name: '198.51.100.7', isLocal: false });
    expect(of('/ip6/2001:db8:0:1:2:3:4:5/tcp/1').name).to.equal('2001:db8:0:1::/64');
    expect(of('/ip6/2001:db8::5/tcp/1').name).to.equal('2001:db8:0:0::/64');
    for (const near of [
      '/ip4/127.0.0.2/tcp/1',
      '/ip4/192.168.1.1/tcp/1',
      '/ip6/::1/tcp/1',
      '/ip6/fd00::1/tcp/1',
      '/memory/x',
    ]) {
      expect(of(near).isLocal, near).to.equal(true);
    }
  });
});

describe('who may come in, over TCP', () => {
  const hosts: Host[] = [];
  const sockets: Socket[] = [];

  async function host(doors?: Doors): Promise<Host> {
    const made = await createHost({
      key: await generateKeyPair('Ed25519'),
      listen: ['/ip4/127.0.0.1/tcp/0'],
      names: protocolNames(`0x${'00'.repeat(32)}`),
      reputation: new Reputation(() => 0),
      maxConnections: 50,
      ...(doors === undefined ? {} : { doors }),
    });
    await made.start();
    hosts.push(made);
    return made;
  }

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await Promise.all(hosts.splice(0).map((made) => made.stop()));
  });

  it('bare sockets that say nothing neither pile up nor keep others out', async () => {
    const now = () => performance.now();
    const doors = new Doors({ now, maxPeers: 50, isReserved: () => false, lastUseful: () => undefined });
    const server = await host(doors);
    const port = Number(/tcp\/(\d+)/.exec(server.getMultiaddrs()[0]!.toString())![1]);
    let open = 0;
    // Below the limit of new connections per second and address.
    for (let at = 0; at < 120; at++) {
      const socket = connect(port, '127.0.0.1');
      sockets.push(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => open--);
      await once(socket, 'connect');
      open++;
    }
    await until(() => open <= UNIDENTIFIED_PER_ADDRESS);
    const client = await host();
    await client.dial(server.getMultiaddrs()[0]!);
    await until(() => server.getPeers().length === 1);
  });

  it('peers of one address that have all its places keep out neither a boot node nor, after a while, a newcomer', async () => {
    let now = 0;
    let boot = '';
    const doors = new Doors({
      now: () => now,
      maxPeers: 10,
      isReserved: (peer) => peer === boot,
      lastUseful: () => undefined,
    });
    const server = await host(doors);
    const address = server.getMultiaddrs()[0]!;
    const isIn = (made: Host) => server.getPeers().some((peer) => peer.equals(made.peerId));
    const crowd: Host[] = [];
    for (let at = 0; at < 8; at++) {
      const made = await host();
      crowd.push(made);
      await made.dial(address).catch(() => undefined);
    }
    // What is refused may look open to the dialler for a moment.
    await until(() => crowd.filter((made) => made.getPeers().length > 0).length === 6);
    const [first, second] = [await host(), await host()];
    boot = first.peerId.toString();
    await first.dial(address);
    await until(() => isIn(first));
    now += GRACE;
    await second.dial(address);
    await until(() => isIn(second));
    expect(isIn(first)).to.equal(true);
    expect(crowd.filter(isIn).length).to.be.lessThan(6);
  });
});
