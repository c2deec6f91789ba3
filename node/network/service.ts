/**
 * The node's network: one libp2p host, the gossip of blocks, transactions and votes (topics.ts), and request and response for everything that is large or was
 * missed (requests.ts). It listens to the chain's events and tells the others.
 */
import type { Libp2pOptions } from 'libp2p';
import type { Logger } from 'pino';
import * as limits from '../base/limits.ts';
import type { ChainApi, Header, Network, PeerInfo } from '../base/types.ts';
import { AddressBook } from './address-book.ts';
import { Dialer } from './dialer.ts';
import { Doors } from './doors.ts';
import { createHost, type Host } from './host.ts';
import type { PeerKey } from './peer-key.ts';
import { Peers } from './peers.ts';
import { type Fault, Reputation } from './reputation.ts';
import { Requests } from './requests.ts';
import { badRequest, Streams } from './streams.ts';
import { Topics } from './topics.ts';
import { Transactions } from './transactions.ts';
import type { GrandpaListener, GrandpaWire, SyncListener, SyncNetwork } from './types.ts';
import { type ProtocolNames, protocolNames } from './wire.ts';

export interface NetworkOptions {
  readonly chain: ChainApi;
  /** Makes the sync that speaks through this network. */
  readonly sync: (network: SyncNetwork) => SyncListener;
  readonly key: PeerKey;
  readonly log: Logger;
  /** Multiaddresses, such as /ip4/127.0.0.1/tcp/30333. Malformed ones throw `network/bad-address`. */
  readonly listen: readonly string[];
  /** Full multiaddresses with `/p2p/<id>`. Malformed ones throw `network/bad-address`. */
  readonly bootnodes: readonly string[];
  /** File that keeps the addresses of peers over a restart; without it they are forgotten. */
  readonly addressBook?: string;
  /** Connections to seek, and the most to allow; 25 and 100 by default. */
  readonly targetPeers?: number;
  readonly maxPeers?: number;
  /** Milliseconds, monotonic. */
  readonly now?: () => number;
  /** For tests: another transport, and a switch that cuts peers off. */
  readonly transports?: NonNullable<Libp2pOptions['transports']>;
  readonly gate?: (peer: string) => boolean;
}

/** What the service stands on. */
interface Base {
  readonly host: Host;
  readonly doors: Doors;
  readonly reputation: Reputation;
  readonly names: ProtocolNames;
  readonly now: () => number;
  /** Boot nodes and peers known for long; told once the dialler is there. */
  readonly trust: { isTrusted: (peer: string) => boolean };
}

export class NetworkService implements Network {
  readonly #options: NetworkOptions;
  readonly #names: ProtocolNames;
  readonly #host: Host;
  readonly #streams: Streams;
  readonly #dialer: Dialer;
  readonly #peers: Peers;
  readonly #requests: Requests;
  readonly #topics: Topics;
  readonly #sync: SyncListener;
  readonly #transactions: Transactions;
  #grandpa: GrandpaListener | undefined;
  #unsubscribe: (() => void)[] = [];

  /** Makes the service; it listens and dials only after {@link start}. */
  static async create(options: NetworkOptions): Promise<NetworkService> {
    const now = options.now ?? (() => performance.now());
    const { key, listen, transports, gate, maxPeers = limits.MAX_PEERS } = options;
    const reputation = new Reputation(now);
    const names = protocolNames(options.chain.genesisHash);
    const trust = { isTrusted: (_peer: string) => false };
    const doors = new Doors({
      now,
      maxPeers,
      isReserved: (peer) => trust.isTrusted(peer),
      lastUseful: (peer) => reputation.lastUseful(peer),
    });
    const host = await createHost({
      key,
      listen,
      names,
      reputation,
      doors,
      maxConnections: maxPeers,
      ...(transports === undefined ? {} : { transports }),
      ...(gate === undefined ? {} : { gate }),
    });
    return new NetworkService(options, { host, doors, reputation, names, now, trust });
  }

  private constructor(options: NetworkOptions, base: Base) {
    const { host, reputation, names, now } = base;
    const { chain, log } = options;
    this.#options = options;
    this.#names = names;
    this.#host = host;
    const punish = (peer: string, fault: Fault): void => this.#peers.punish(peer, fault);
    this.#streams = new Streams(host, reputation, punish, now);
    this.#dialer = new Dialer(host, {
      log,
      now,
      maxPeers: options.targetPeers ?? limits.TARGET_PEERS,
      mayDial: (peer) => !reputation.isBanned(peer) && (options.gate?.(peer) ?? true),
    });
    base.trust.isTrusted = (peer) => this.#dialer.isTrusted(peer);
    this.#requests = new Requests({
      streams: this.#streams,
      names,
      chain,
      punish,
      heard: (peer, status) => this.#sync.heard(peer, status),
      addresses: () => this.#peers.addresses(),
    });
    this.#sync = options.sync({
      peers: () => this.#peers.ids(),
      status: (peer, ours) => this.#requests.status(peer, ours),
      blocks: (peer, request, signal) => this.#requests.blocks(peer, request, signal),
      punish,
      noteUse: (peer) => reputation.noteUse(peer),
    });
    this.#transactions = new Transactions({
      door: chain,
      publish: (data) => this.#topics.publish('transactions', data),
      fetch: (peer, hash, signal) => this.#requests.transaction(peer, hash, signal),
      peers: () => this.#peers.ids(),
      pool: (peer) => this.#requests.pool(peer),
      punish,
      now,
    });
    this.#topics = new Topics({
      host,
      names,
      log,
      reputation,
      punish,
      now,
      checks: {
        blocks: (peer, header) => this.#sync.announced(peer, header),
        transactions: (peer, data) => this.#transactions.onGossip(peer, data),
        grandpa: async (peer, data) => (await this.#grandpa?.onGossip(peer, data)) ?? 'ignore',
      },
    });
    for (const address of options.bootnodes) this.#dialer.add(address, 'boot');
    this.#peers = this.#meet(base);
  }

  #meet({ host, names, reputation, doors, now }: Base): Peers {
    const { log, addressBook } = this.#options;
    return new Peers({
      host,
      names,
      log,
      reputation,
      doors,
      dialer: this.#dialer,
      book: addressBook === undefined ? undefined : new AddressBook(addressBook, log),
      now,
      onConnect: (peer) => this.#grandpa?.onPeer(peer, true),
      onDisconnect: (peer) => {
        this.#grandpa?.onPeer(peer, false);
        this.#sync.gone(peer);
      },
      exchange: async (peer, whole) => {
        await this.#sync.connected(peer);
        if (whole) await this.#transactions.greet(peer);
      },
      ask: (peer) => this.#requests.peers(peer),
    });
  }

  get peerId(): string {
    return this.#host.peerId.toString();
  }

  addresses(): string[] {
    return this.#host.getMultiaddrs().map((address) => address.toString());
  }

  peers(): PeerInfo[] {
    return this.#peers.ids().map((id) => ({ id, best: this.#sync.peer(id)?.best }));
  }

  isSyncing(): boolean {
    return this.#sync.isSyncing();
  }

  /** Listens and dials. Throws `network/port-taken` or `network/cannot-listen`. */
  async start(): Promise<void> {
    const { chain, log } = this.#options;
    await this.#requests.serve();
    await this.#streams.serve(this.#names.grandpa, async (peer, request) => {
      if (this.#grandpa === undefined) throw badRequest('no votes are heard here');
      return this.#grandpa.onRequest(peer, request);
    });
    try {
      await this.#host.start();
    } catch (error) {
      await this.#host.stop();
      throw error;
    }
    this.#topics.subscribe();
    this.#unsubscribe = [
      chain.on('imported', ({ header, origin }) => {
        if (origin === 'own') this.announceBlock(header);
      }),
      chain.on('transaction', ({ bytes, propagate }) => {
        if (propagate) this.announceTransaction(bytes);
      }),
    ];
    this.#sync.start();
    this.#peers.start();
    this.#dialer.start();
    log.info({ peerId: this.peerId, addresses: this.addresses() }, 'network up');
  }

  async stop(): Promise<void> {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.#transactions.stop();
    this.#peers.stop();
    this.#dialer.stop();
    this.#sync.stop();
    this.#streams.stop();
    await this.#host.stop();
  }

  announceBlock(header: Header): void {
    this.#topics.announceBlock(header);
  }

  announceTransaction(bytes: Uint8Array): void {
    this.#transactions.announce(bytes);
  }

  /** What GRANDPA speaks through. */
  readonly grandpa: GrandpaWire = {
    publish: (data) => this.#topics.publish('grandpa', data),
    request: (peer, data, maxResponse) =>
      this.#streams.request(peer, this.#names.grandpa, data, { maxResponse, timeout: limits.REQUEST_TIMEOUT }),
    peers: () => this.#peers.ids(),
    punish: (peer, fault) => this.#peers.punish(peer, fault),
    want: (block, from, again) => this.#sync.want(block, from, again),
    attach: (listener) => {
      this.#grandpa = listener;
      for (const peer of this.#peers.ids()) listener.onPeer(peer, true);
    },
  };
}
