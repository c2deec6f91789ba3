/** The libp2p node: TCP, noise, yamux, gossipsub, with the settings that hold on one machine as well as on many. */
import { createHash } from 'node:crypto';
import { noise } from '@chainsafe/libp2p-noise';
import { type GossipsubOpts, gossipsub } from '@libp2p/gossipsub';
import { identify } from '@libp2p/identify';
import { ping } from '@libp2p/ping';
import { tcp } from '@libp2p/tcp';
import { yamux } from '@libp2p/yamux';
import { createLibp2p, type Libp2pOptions } from 'libp2p';
import { FRAME, MAX_GOSSIP, UNIDENTIFIED } from '../base/limits.ts';
import { parseListenAddress } from './addresses.ts';
import type { Doors } from './doors.ts';
import { Listening } from './listening.ts';
import type { PeerKey } from './peer-key.ts';
import type { Reputation } from './reputation.ts';
import type { ProtocolNames } from './wire.ts';

export interface HostOptions {
  readonly key: PeerKey;
  /** Multiaddresses to listen on, such as /ip4/0.0.0.0/tcp/30333. */
  readonly listen: readonly string[];
  readonly names: ProtocolNames;
  readonly reputation: Reputation;
  readonly maxConnections: number;
  /** Who may come in; without them everybody whom the reputation does not keep out. */
  readonly doors?: Doors;
  /** Another transport than TCP; the tests use the one in memory. */
  readonly transports?: NonNullable<Libp2pOptions['transports']>;
  /** False cuts a peer off, whatever it did. */
  readonly gate?: (peer: string) => boolean;
}

export type Host = Awaited<ReturnType<typeof createHost>>;
export type HostConnection = ReturnType<Host['getConnections']>[number];
export type HostStream = Awaited<ReturnType<HostConnection['newStream']>>;
export type PeerId = HostConnection['remotePeer'];

/** First messages are worth something and invalid ones cost; delivery rates are not scored, as our topics are quiet. */
const topicScore = {
  topicWeight: 1,
  timeInMeshWeight: 0.01,
  timeInMeshQuantum: 1000,
  timeInMeshCap: 300,
  firstMessageDeliveriesWeight: 1,
  firstMessageDeliveriesDecay: 0.9,
  firstMessageDeliveriesCap: 20,
  meshMessageDeliveriesWeight: 0,
  meshMessageDeliveriesDecay: 0.5,
  meshMessageDeliveriesCap: 10,
  meshMessageDeliveriesThreshold: 1,
  meshMessageDeliveriesWindow: 10,
  meshMessageDeliveriesActivation: 5000,
  meshFailurePenaltyWeight: 0,
  meshFailurePenaltyDecay: 0.5,
  invalidMessageDeliveriesWeight: -20,
  invalidMessageDeliveriesDecay: 0.9,
};

/** The name of a message: what it says. */
export const gossipName = (message: Uint8Array): string => Buffer.from(message).toString('latin1');
export const gossipId = (topic: string, data: Uint8Array): Uint8Array =>
  createHash('sha256').update(topic).update(data).digest();

function gossip({ names, reputation }: HostOptions): Partial<GossipsubOpts> {
  const topics = Object.values(names.topics);
  return {
    // Messages carry their own signatures; with the content as identity, the same vote from two sides is one message.
    globalSignaturePolicy: 'StrictNoSign',
    msgIdFn: ({ topic, data }) => gossipId(topic, data),
    msgIdToStrFn: gossipName,
    allowedTopics: topics,
    allowPublishToZeroTopicPeers: true,
    ignoreDuplicatePublishError: true,
    fallbackToFloodsub: false,
    emitSelf: false,
    // To all known peers at once: the networks are small and the first hop decides the latency of votes.
    floodPublish: true,
    // It would be sent before a message is judged: then nobody else tells what the first one may not.
    idontwantMinDataSize: Infinity,
    maxInboundDataLength: MAX_GOSSIP + 4096,
    maxOutboundBufferSize: 16 * MAX_GOSSIP,
    scoreParams: {
      topics: Object.fromEntries(topics.map((topic) => [topic, topicScore])),
      appSpecificScore: (peer) => reputation.score(peer),
      appSpecificWeight: 1,
      // Many nodes share an address on one machine and behind one router; with the default factor they would fall silent.
      IPColocationFactorWeight: 0,
    },
    scoreThresholds: {
      gossipThreshold: -40,
      publishThreshold: -60,
      graylistThreshold: -80,
      acceptPXThreshold: 10,
      opportunisticGraftThreshold: 5,
    },
  };
}

export async function createHost(options: HostOptions) {
  const { key, listen, reputation, maxConnections, doors, gate = () => true } = options;
  const refuses = (peer: { toString(): string }): boolean =>
    reputation.isBanned(peer.toString()) || !gate(peer.toString());
  const listening = new Listening(options.transports ?? [tcp()]);
  const host = await createLibp2p({
    privateKey: key,
    start: false,
    addresses: { listen: listen.map((text) => parseListenAddress(text).toString()) },
    transports: listening.transports,
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionGater: {
      // Our networks live on private addresses as well, which libp2p would by default refuse to dial in some settings.
      denyDialMultiaddr: () => false,
      denyDialPeer: refuses,
      denyInboundConnection: (connection) => doors?.denyArrival(connection) ?? false,
      denyInboundEncryptedConnection: (peer, connection) =>
        refuses(peer) || (doors?.denyPeer(connection, peer.toString()) ?? false),
      denyOutboundEncryptedConnection: refuses,
    },
    connectionManager: {
      // Ours is the narrower gate: libp2p's would let one address have all the places.
      maxConnections: 2 * maxConnections,
      inboundConnectionThreshold: 200,
      maxIncomingPendingConnections: 4 * UNIDENTIFIED,
      reconnectRetries: 0,
    },
    // A node whose processor is busy answers pings late; that alone is no reason to part with it.
    connectionMonitor: { abortConnectionOnPingFailure: false },
    services: { identify: identify(), ping: ping(), gossip: gossipsub(gossip(options)) },
  });
  const start = host.start.bind(host);
  host.start = () => listening.watch(start);
  return host;
}

/** How much may wait in a stream's write buffer: a few frames. */
export const WRITE_BUFFER = 8 * FRAME;
