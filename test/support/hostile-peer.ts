/** A peer that breaks whatever rule a test wants broken: libp2p by the book, everything above it by hand. */
import { generateKeyPair } from '@libp2p/crypto/keys';
import { lpStream } from '@libp2p/utils';
import { multiaddr } from '@multiformats/multiaddr';
import type { Libp2pOptions } from 'libp2p';
import { createHost, type Host, type HostConnection, type HostStream } from '../../node/network/host.ts';
import { Reputation } from '../../node/network/reputation.ts';
import {
  type ProtocolNames,
  protocolNames,
  responses,
  type SyncRequest,
  syncRequest,
} from '../../node/network/wire.ts';

/** What a hostile peer does with a stream that a node opens to it. */
export type Manner = (stream: HostStream, connection: HostConnection) => Promise<void>;
export type Protocol = 'sync' | 'grandpa';

let places = 0;

export class HostilePeer implements AsyncDisposable {
  readonly host: Host;
  readonly names: ProtocolNames;

  private constructor(host: Host, names: ProtocolNames) {
    this.host = host;
    this.names = names;
  }

  /** @param genesis hash, `0x` and hexadecimal digits */
  static async start(
    genesis: string,
    manners: Partial<Record<Protocol, Manner>> = {},
    transports?: NonNullable<Libp2pOptions['transports']>,
  ): Promise<HostilePeer> {
    const names = protocolNames(genesis);
    const host = await createHost({
      key: await generateKeyPair('Ed25519'),
      listen: [transports === undefined ? '/ip4/127.0.0.1/tcp/0' : `/memory/hostile-${places++}`],
      names,
      reputation: new Reputation(() => 0),
      maxConnections: 64,
      ...(transports === undefined ? {} : { transports }),
    });
    const handle = (protocol: string, manner: Manner) =>
      host.handle(
        protocol,
        async (stream, connection) => {
          try {
            await manner(stream, connection);
          } catch (error) {
            stream.abort(error instanceof Error ? error : new Error('enough'));
          }
        },
        { maxInboundStreams: 1_000, maxOutboundStreams: 1_000 },
      );
    await handle(names.sync, manners.sync ?? polite);
    if (manners.grandpa !== undefined) await handle(names.grandpa, manners.grandpa);
    await host.start();
    for (const topic of Object.values(names.topics)) host.services.gossip.subscribe(topic);
    return new HostilePeer(host, names);
  }

  /** Connects to a node; resolves when messages published here reach it. */
  async join(address: string): Promise<void> {
    const { gossip } = this.host.services;
    const { remotePeer } = await this.host.dial(multiaddr(address));
    const isKnown = (): boolean =>
      Object.values(this.names.topics).every((topic) =>
        gossip.getSubscribers(topic).some((subscriber) => subscriber.equals(remotePeer)),
      );
    while (!isKnown() && this.isConnected) await new Promise((resolve) => setTimeout(resolve, 10));
  }

  get isConnected(): boolean {
    return this.host.getPeers().length > 0;
  }

  /** Resolves when the node has parted with us. */
  async thrownOut(): Promise<void> {
    while (this.isConnected) await new Promise((resolve) => setTimeout(resolve, 10));
  }

  publish(topic: keyof ProtocolNames['topics'], data: Uint8Array): Promise<unknown> {
    return this.host.services.gossip.publish(this.names.topics[topic], data);
  }

  /** A stream to the node, around our own limits; undefined if it refuses. */
  async open(protocol: Protocol): Promise<HostStream | undefined> {
    const [connection] = this.host.getConnections();
    return connection?.newStream(this.names[protocol], { maxOutboundStreams: 1_000 }).catch(() => undefined);
  }

  async stop(): Promise<void> {
    await this.host.stop();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}

export const headOf = (length: number, status = 0): Uint8Array => {
  const head = new Uint8Array(5);
  head[0] = status;
  new DataView(head.buffer).setUint32(1, length, true);
  return head;
};

/** Reads a request of the sync protocol and answers it as `answer` says; politely where that is undefined. */
export function answering(
  answer: (request: SyncRequest) => Promise<Uint8Array | undefined> | Uint8Array | undefined,
): Manner {
  return async (stream) => {
    const frames = lpStream(stream);
    const request = syncRequest.codec.dec((await frames.read()).subarray());
    const bytes = (await answer(request)) ?? politeAnswer(request);
    await frames.write(headOf(bytes.length));
    for (let at = 0; at < bytes.length; at += 200_000) await frames.write(bytes.subarray(at, at + 200_000));
    await stream.close();
  };
}

/** As far as its node is, with nothing to offer. */
export const polite: Manner = answering(() => undefined);

function politeAnswer(request: SyncRequest): Uint8Array {
  if (request.tag === 'status') return responses.status.codec.enc(request.value);
  if (request.tag === 'transaction') return responses.transaction.codec.enc(undefined);
  return responses[request.tag].codec.enc([]);
}
