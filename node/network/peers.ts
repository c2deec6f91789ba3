/** Peers that come and go: greeted, told of, remembered over a restart, and shut out if they misbehave. */
import type { Multiaddr } from '@multiformats/multiaddr';
import type { Logger } from 'pino';
import { isTacitError } from '../../primitives/errors.ts';
import * as limits from '../base/limits.ts';
import type { AddressBook } from './address-book.ts';
import { originOf } from './addresses.ts';
import type { Dialer } from './dialer.ts';
import type { Doors } from './doors.ts';
import type { Host, HostConnection } from './host.ts';
import type { Fault, Reputation } from './reputation.ts';
import type { ProtocolNames } from './wire.ts';

/** The file of known peers is brought up to date so often (milliseconds). */
const BOOK_INTERVAL = 60_000;
/** A peer that comes again is asked for its pool and its addresses so often at most (milliseconds). */
const GREETING_INTERVAL = 5_000;
const MAX_GREETED = 1_024;
/** Addresses of a peer's own that are remembered. */
const MAX_OWN_ADDRESSES = 4;

export interface PeerParts {
  readonly host: Host;
  readonly names: ProtocolNames;
  readonly log: Logger;
  readonly reputation: Reputation;
  readonly doors: Doors;
  readonly dialer: Dialer;
  readonly book: AddressBook | undefined;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  readonly onConnect: (peer: string) => void;
  readonly onDisconnect: (peer: string) => void;
  /** Status and pool of a peer. Never throws. */
  readonly exchange: (peer: string, whole: boolean) => Promise<void>;
  /** Addresses that a peer tells. */
  readonly ask: (peer: string) => Promise<readonly string[]>;
}

export class Peers {
  readonly #parts: PeerParts;
  readonly #greeted = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: PeerParts) {
    this.#parts = parts;
    const { host, book, dialer } = parts;
    for (const address of book?.read() ?? []) dialer.add(address, 'known');
    host.addEventListener('peer:connect', ({ detail }) => this.#onConnect(detail.toString()));
    host.addEventListener('peer:disconnect', ({ detail }) => this.#onDisconnect(detail.toString()));
    host.addEventListener('peer:identify', ({ detail }) => {
      const peer = detail.peerId.toString();
      if (this.#isOurs(peer, detail.protocols)) this.#noteAddresses(peer, detail.listenAddrs, detail.connection);
    });
  }

  start(): void {
    this.#timer = setInterval(() => this.#remember(), BOOK_INTERVAL);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#remember();
  }

  ids(): string[] {
    return this.#parts.host.getPeers().map((peer) => peer.toString());
  }

  readonly punish = (peer: string, fault: Fault): void => {
    const { reputation, log, doors } = this.#parts;
    // What was on its way when it was banned counts once.
    if (reputation.isBanned(peer)) return;
    if (!reputation.penalize(peer, fault)) return;
    log.warn({ peer, fault }, 'peer banned');
    doors.banned(peer);
    this.#part(peer);
  };

  /** Addresses under which our peers listen, as they told by identify. */
  async addresses(): Promise<string[]> {
    const { host, dialer } = this.#parts;
    const known = new Set<string>(dialer.known());
    for (const peer of host.getPeers()) {
      const { addresses } = await host.peerStore.get(peer).catch(() => ({ addresses: [] }));
      for (const { multiaddr } of addresses.slice(0, 4)) {
        const text = multiaddr.toString();
        known.add(text.includes('/p2p/') ? text : `${text}/p2p/${peer.toString()}`);
      }
    }
    return [...known].filter((address) => address.length <= limits.MAX_ADDRESS).slice(0, limits.MAX_PEER_ADDRESSES);
  }

  #onConnect(peer: string): void {
    this.#parts.log.debug({ peer }, 'peer connected');
    this.#parts.dialer.connected(peer);
    this.#parts.onConnect(peer);
    void this.#greet(peer);
  }

  #onDisconnect(peer: string): void {
    this.#parts.log.debug({ peer }, 'peer gone');
    this.#parts.onDisconnect(peer);
    this.#parts.dialer.lost(peer);
  }

  /** Protocols carry the beginning of the genesis hash: who speaks our language for another chain has nothing to say to us. */
  #isOurs(peer: string, protocols: readonly string[]): boolean {
    const { names, dialer } = this.#parts;
    if (protocols.includes(names.sync)) return true;
    const theirs = protocols.find((protocol) => /^\/tacit\/[0-9a-f]{8}\/sync\//.test(protocol))?.split('/')[2];
    if (theirs === undefined) return false;
    dialer.foreign(peer, `0x${theirs}...`, `0x${names.sync.split('/')[2]}...`);
    this.#part(peer);
    return false;
  }

  /** Where a peer says that it listens, to find it again. */
  #noteAddresses(peer: string, told: readonly Multiaddr[], { remoteAddr }: HostConnection): void {
    const isNear = originOf(remoteAddr).isLocal;
    for (const address of told.slice(0, MAX_OWN_ADDRESSES)) {
      const text = address.toString();
      // Its loopback is not ours.
      if (text.length > limits.MAX_ADDRESS || (!isNear && originOf(address).isLocal)) continue;
      try {
        this.#parts.dialer.add(text.includes('/p2p/') ? text : `${text}/p2p/${peer}`, 'heard', peer);
      } catch (error) {
        if (!isTacitError(error)) throw error;
      }
    }
  }

  /** Status, pool and further addresses. A node that only knows one boot node comes to know the others by it. */
  async #greet(peer: string): Promise<void> {
    const { exchange, ask, dialer, log } = this.#parts;
    const whole = this.#isTime(peer);
    await exchange(peer, whole);
    if (!whole) return;
    try {
      for (const address of await ask(peer)) dialer.add(address, 'heard', peer);
    } catch (error) {
      // Old, odd or gone: its addresses are of no use, the peer may be.
      log.debug({ peer, code: isTacitError(error) ? error.code : 'unexpected' }, 'no addresses from peer');
    }
  }

  /** Whoever comes and goes many times a second is not asked for everything each time. */
  #isTime(peer: string): boolean {
    const now = this.#parts.now();
    const before = this.#greeted.get(peer);
    if (before !== undefined && now - before < GREETING_INTERVAL) return false;
    this.#greeted.delete(peer);
    if (this.#greeted.size >= MAX_GREETED) this.#greeted.delete(this.#greeted.keys().next().value!);
    this.#greeted.set(peer, now);
    return true;
  }

  #remember(): void {
    const { book, dialer } = this.#parts;
    book?.write(dialer.worthKeeping());
  }

  #part(peer: string): void {
    for (const connection of this.#parts.host.getConnections()) {
      if (connection.remotePeer.toString() === peer) close(connection);
    }
  }
}

function close(connection: HostConnection): void {
  connection.close().catch(() => connection.abort(new Error('peer banned')));
}
