/**
 * The node's network: one libp2p host, the gossip of blocks, transactions and votes, and request/response for everything that is
 * large or was missed. It listens to the chain's events and tells the others.
 */
import type { Libp2pOptions } from 'libp2p';
import type { Logger } from 'pino';
import { isTacitError } from '../../primitives/errors.ts';
import type { Ty } from '../../primitives/scale/index.ts';
import { decodeHeader, encodeHeader } from '../base/header.ts';
import type { ChainApi, Header, Network, PeerInfo } from '../base/types.ts';
import { Dialer } from './dialer.ts';
import { createHost, type Host, type HostConnection } from './host.ts';
import * as limits from '../base/limits.ts';
import type { PeerKey } from './peer-key.ts';
import { type Fault, Reputation } from './reputation.ts';
import { readBlocks, statusOf } from './serve.ts';
import { badRequest, Streams } from './streams.ts';
import { Transactions } from './transactions.ts';
import type { GrandpaListener, GrandpaWire, SyncListener, SyncNetwork, Verdict } from './types.ts';
import { decodeUntrusted } from '../base/untrusted.ts';
import {
  type BlockData,
  blockAnnouncement,
  type ProtocolNames,
  protocolNames,
  responses,
  type SyncRequest,
  syncRequest,
} from './wire.ts';

export interface NetworkOptions {
  readonly chain: ChainApi;
  /** Makes the sync that speaks through this network. */
  readonly sync: (network: SyncNetwork) => SyncListener;
  readonly key: PeerKey;
  readonly log: Logger;
  /** Multiaddresses, such as /ip4/127.0.0.1/tcp/30333. */
  readonly listen: readonly string[];
  /** Full multiaddresses with `/p2p/<id>`. Malformed ones throw `network/bad-address`. */
  readonly bootnodes: readonly string[];
  /** Connections to seek, and the most to allow; 25 and 100 by default. */
  readonly targetPeers?: number;
  readonly maxPeers?: number;
  /** Milliseconds, monotonic. */
  readonly now?: () => number;
  /** For tests: another transport, and a switch that cuts peers off. */
  readonly transports?: NonNullable<Libp2pOptions['transports']>;
  readonly gate?: (peer: string) => boolean;
}

export class NetworkService implements Network {
  readonly #options: NetworkOptions;
  readonly #names: ProtocolNames;
  readonly #reputation: Reputation;
  readonly #host: Host;
  readonly #streams: Streams;
  readonly #dialer: Dialer;
  readonly #sync: SyncListener;
  readonly #transactions: Transactions;
  #grandpa: GrandpaListener | undefined;
  #unsubscribe: (() => void)[] = [];

  /** Makes the service; it listens and dials only after {@link start}. */
  static async create(options: NetworkOptions): Promise<NetworkService> {
    const now = options.now ?? (() => performance.now());
    const reputation = new Reputation(now);
    const names = protocolNames(options.chain.genesisHash);
    const { key, listen, transports, gate, maxPeers = 100 } = options;
    const host = await createHost({
      key,
      listen,
      names,
      reputation,
      maxConnections: maxPeers,
      ...(transports === undefined ? {} : { transports }),
      ...(gate === undefined ? {} : { gate }),
    });
    return new NetworkService(options, host, reputation, names);
  }

  private constructor(options: NetworkOptions, host: Host, reputation: Reputation, names: ProtocolNames) {
    const { chain, log } = options;
    this.#options = options;
    this.#names = names;
    this.#host = host;
    this.#reputation = reputation;
    const punish = (peer: string, fault: Fault): void => this.#punish(peer, fault);
    this.#streams = new Streams(host, reputation, punish);
    this.#dialer = new Dialer(host, {
      log,
      maxPeers: options.targetPeers ?? 25,
      mayDial: (peer) => !reputation.isBanned(peer) && (options.gate?.(peer) ?? true),
    });
    this.#sync = options.sync({
      peers: () => this.#peerIds(),
      status: (peer, ours) => this.#ask(peer, { tag: 'status', value: ours }, responses.status, 1024),
      blocks: (peer, request, signal) =>
        this.#ask(peer, { tag: 'blocks', value: request }, responses.blocks, limits.MAX_BLOCKS_RESPONSE, signal),
      punish,
    });
    this.#transactions = new Transactions({
      door: chain,
      fetch: (peer, hash) =>
        this.#ask(peer, { tag: 'transaction', value: hash }, responses.transaction, limits.MAX_TRANSACTION + 16),
      pool: (peer) => this.#ask(peer, { tag: 'pool' }, responses.pool, 32 * limits.MAX_POOL_HASHES + 16),
      punish,
    });
    for (const address of options.bootnodes) this.#dialer.add(address, true);
  }

  get peerId(): string {
    return this.#host.peerId.toString();
  }

  addresses(): string[] {
    return this.#host.getMultiaddrs().map((address) => address.toString());
  }

  peers(): PeerInfo[] {
    return this.#peerIds().map((id) => ({ id, best: this.#sync.peer(id)?.best }));
  }

  isSyncing(): boolean {
    return this.#sync.isSyncing();
  }

  async start(): Promise<void> {
    const { chain } = this.#options;
    const { topics } = this.#names;
    const gossip = this.#host.services.gossip;
    const validate = (topic: string, check: (peer: string, data: Uint8Array) => Promise<Verdict>): void => {
      gossip.topicValidators.set(topic, async (source, { data }) =>
        this.#validate(source.toString(), topic, data, check),
      );
    };
    validate(topics.blocks, (peer, data) => this.#onBlock(peer, data));
    validate(topics.transactions, (peer, data) => this.#transactions.onGossip(peer, data));
    validate(topics.grandpa, async (peer, data) => (await this.#grandpa?.onGossip(peer, data)) ?? 'ignore');

    this.#host.addEventListener('peer:connect', ({ detail }) => this.#onConnect(detail.toString()));
    this.#host.addEventListener('peer:disconnect', ({ detail }) => this.#onDisconnect(detail.toString()));
    await this.#streams.serve(this.#names.sync, (peer, request) => this.#serve(peer, request));
    await this.#streams.serve(this.#names.grandpa, async (peer, request) => {
      if (this.#grandpa === undefined) throw badRequest('no votes are heard here');
      return this.#grandpa.onRequest(peer, request);
    });
    await this.#host.start();
    for (const topic of Object.values(topics)) gossip.subscribe(topic);
    this.#unsubscribe = [
      chain.on('imported', ({ header, origin }) => {
        if (origin === 'own') this.announceBlock(header);
      }),
      chain.on('transaction', ({ bytes, propagate }) => {
        if (propagate) this.announceTransaction(bytes);
      }),
    ];
    this.#sync.start();
    this.#dialer.start();
    this.#options.log.info({ peerId: this.peerId, addresses: this.addresses() }, 'network up');
  }

  async stop(): Promise<void> {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.#dialer.stop();
    this.#sync.stop();
    await this.#host.stop();
  }

  announceBlock(header: Header): void {
    this.#publish(this.#names.topics.blocks, blockAnnouncement.codec.enc(encodeHeader(header)));
  }

  announceTransaction(bytes: Uint8Array): void {
    this.#publish(this.#names.topics.transactions, this.#transactions.announcement(bytes));
  }

  /** What GRANDPA speaks through. */
  readonly grandpa: GrandpaWire = {
    publish: (data) => this.#publish(this.#names.topics.grandpa, data),
    request: (peer, data, maxResponse) =>
      this.#streams.request(peer, this.#names.grandpa, data, { maxResponse, timeout: limits.REQUEST_TIMEOUT }),
    peers: () => this.#peerIds(),
    punish: (peer, fault) => this.#punish(peer, fault),
    want: (block) => this.#sync.want(block),
    attach: (listener) => {
      this.#grandpa = listener;
      for (const peer of this.#peerIds()) listener.onPeer(peer, true);
    },
  };

  // ---- gossip

  #publish(topic: string, data: Uint8Array): void {
    if (this.#host.status !== 'started') return;
    this.#host.services.gossip.publish(topic, data).catch((error: unknown) => {
      this.#options.log.warn({ topic, reason: error instanceof Error ? error.message : '' }, 'gossip not published');
    });
  }

  async #validate(
    peer: string,
    topic: string,
    data: Uint8Array,
    check: (peer: string, data: Uint8Array) => Promise<Verdict>,
  ) {
    let verdict: Verdict;
    try {
      // [REJECT] messages above the limit of our own senders
      verdict =
        data.length > limits.MAX_GOSSIP ? 'reject' : await withinTime(check(peer, data), limits.VALIDATION_TIMEOUT);
    } catch (error) {
      this.#options.log.error(
        { peer, topic, reason: error instanceof Error ? error.message : '' },
        'gossip not judged',
      );
      verdict = 'ignore';
    }
    if (verdict === 'reject') this.#punish(peer, 'invalid-gossip');
    return verdict as GossipVerdict;
  }

  async #onBlock(peer: string, data: Uint8Array): Promise<Verdict> {
    // [REJECT] what is no header
    const encoded = decodeUntrusted(blockAnnouncement, data);
    if (encoded === undefined) return 'reject';
    let header: Header;
    try {
      header = decodeHeader(encoded);
    } catch (error) {
      if (!isTacitError(error)) throw error;
      return 'reject';
    }
    return this.#sync.announced(peer, header);
  }

  // ---- requests

  async #ask<T>(
    peer: string,
    request: SyncRequest,
    answer: Ty<T>,
    maxResponse: number,
    signal?: AbortSignal,
  ): Promise<T> {
    const bytes = await this.#streams.request(peer, this.#names.sync, syncRequest.codec.enc(request), {
      maxResponse,
      timeout: request.tag === 'blocks' ? limits.BLOCKS_TIMEOUT : limits.REQUEST_TIMEOUT,
      ...(signal === undefined ? {} : { signal }),
    });
    try {
      return answer.codec.dec(bytes);
    } catch (error) {
      if (isTacitError(error)) this.#punish(peer, 'garbage');
      throw error;
    }
  }

  async #serve(peer: string, bytes: Uint8Array): Promise<Uint8Array> {
    const request = decodeUntrusted(syncRequest, bytes);
    if (request === undefined) throw badRequest('not a request');
    const { chain } = this.#options;
    switch (request.tag) {
      case 'status':
        this.#sync.heard(peer, request.value);
        return responses.status.codec.enc(statusOf(chain));
      case 'blocks':
        return responses.blocks.codec.enc(readBlocks(chain, request.value) as BlockData[]);
      case 'transaction':
        return responses.transaction.codec.enc(chain.transaction(request.value));
      case 'pool':
        return responses.pool.codec.enc(chain.propagatable().slice(0, limits.MAX_POOL_HASHES));
      case 'peers':
        return responses.peers.codec.enc(await this.#knownAddresses());
    }
  }

  // ---- peers

  #peerIds(): string[] {
    return this.#host.getPeers().map((peer) => peer.toString());
  }

  #onConnect(peer: string): void {
    this.#options.log.debug({ peer }, 'peer connected');
    this.#grandpa?.onPeer(peer, true);
    void this.#greet(peer);
  }

  #onDisconnect(peer: string): void {
    this.#options.log.debug({ peer }, 'peer gone');
    this.#grandpa?.onPeer(peer, false);
    this.#sync.gone(peer);
    this.#dialer.lost(peer);
  }

  /** Status, pool and further addresses. A node that only knows one boot node comes to know the others by it. */
  async #greet(peer: string): Promise<void> {
    await this.#sync.connected(peer);
    await this.#transactions.greet(peer);
    try {
      const addresses = await this.#ask(
        peer,
        { tag: 'peers' },
        responses.peers,
        limits.MAX_PEER_ADDRESSES * (limits.MAX_ADDRESS + 4),
      );
      for (const address of addresses) this.#dialer.add(address, false);
    } catch (error) {
      // Old, odd or gone: its addresses are of no use, the peer may be.
      this.#options.log.debug(
        { peer, code: isTacitError(error) ? error.code : 'unexpected' },
        'no addresses from peer',
      );
    }
  }

  /** Addresses under which our peers listen, as they told by identify. */
  async #knownAddresses(): Promise<string[]> {
    const known = new Set<string>(this.#dialer.known());
    for (const peer of this.#host.getPeers()) {
      const { addresses } = await this.#host.peerStore.get(peer).catch(() => ({ addresses: [] }));
      for (const { multiaddr } of addresses) {
        const text = multiaddr.toString();
        known.add(text.includes('/p2p/') ? text : `${text}/p2p/${peer.toString()}`);
      }
    }
    return [...known].filter((address) => address.length <= limits.MAX_ADDRESS).slice(0, limits.MAX_PEER_ADDRESSES);
  }

  #punish(peer: string, fault: Fault): void {
    if (!this.#reputation.penalize(peer, fault)) return;
    this.#options.log.warn({ peer, fault }, 'peer banned');
    for (const connection of this.#host.getConnections()) {
      if (connection.remotePeer.toString() === peer) this.#close(connection);
    }
  }

  #close(connection: HostConnection): void {
    connection.close().catch(() => connection.abort(new Error('peer banned')));
  }
}

/** gossipsub's verdicts have the values of ours, but a type of their own. */
type GossipVerdict = Awaited<ReturnType<NonNullable<ReturnType<Host['services']['gossip']['topicValidators']['get']>>>>;

async function withinTime(verdict: Promise<Verdict>, limit: number): Promise<Verdict> {
  let timer: NodeJS.Timeout | undefined;
  // [IGNORE] what takes too long to judge
  const late = new Promise<Verdict>((resolve) => {
    timer = setTimeout(resolve, limit, 'ignore');
  });
  try {
    return await Promise.race([verdict, late]);
  } finally {
    clearTimeout(timer);
  }
}
