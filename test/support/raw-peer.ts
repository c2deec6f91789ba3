/** A peer outside the node: libp2p by the book, everything above it by hand. It listens in, and says whatever a test wants. */
import { generateKeyPair } from '@libp2p/crypto/keys';
import { lpStream } from '@libp2p/utils';
import { multiaddr } from '@multiformats/multiaddr';
import { createHost, type Host, type HostStream } from '../../node/network/host.ts';
import { Reputation } from '../../node/network/reputation.ts';
import { type ProtocolNames, protocolNames, responses, syncRequest } from '../../node/network/wire.ts';
import { toHex } from '../../primitives/crypto/hex.ts';

export type Topic = keyof ProtocolNames['topics'];

export class RawPeer implements AsyncDisposable {
  readonly host: Host;
  readonly names: ProtocolNames;

  private constructor(host: Host, names: ProtocolNames) {
    this.host = host;
    this.names = names;
  }

  /** Listens on a free port and takes part in all topics of the chain with this genesis hash. */
  static async start(genesis: Uint8Array): Promise<RawPeer> {
    const names = protocolNames(toHex(genesis));
    const host = await createHost({
      key: await generateKeyPair('Ed25519'),
      listen: ['/ip4/127.0.0.1/tcp/0'],
      names,
      reputation: new Reputation(() => 0),
      maxConnections: 16,
    });
    await host.handle(names.sync, answerPolitely);
    await host.start();
    for (const topic of Object.values(names.topics)) host.services.gossip.subscribe(topic);
    return new RawPeer(host, names);
  }

  /** Connects to a node; resolves when messages published here reach it. */
  async join(address: string): Promise<void> {
    const { gossip } = this.host.services;
    const target = multiaddr(address);
    const connection = await this.host.dial(target);
    const peer = connection.remotePeer.toString();
    const isKnown = (): boolean =>
      Object.values(this.names.topics).every((topic) =>
        gossip.getSubscribers(topic).some((subscriber) => subscriber.toString() === peer),
      );
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (!isKnown()) return;
        gossip.removeEventListener('subscription-change', look);
        resolve();
      };
      gossip.addEventListener('subscription-change', look);
      look();
    });
  }

  get peers(): number {
    return this.host.getPeers().length;
  }

  /** Whether it is connected to the node of this identity. */
  knows(peer: string): boolean {
    return this.host.getPeers().some((known) => known.toString() === peer);
  }

  /** Resolves when a node has parted with us. */
  partedFrom(peer: string): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (this.knows(peer)) return;
        this.host.removeEventListener('peer:disconnect', look);
        resolve();
      };
      this.host.addEventListener('peer:disconnect', look);
      look();
    });
  }

  publish(topic: Topic, data: Uint8Array): Promise<unknown> {
    return this.host.services.gossip.publish(this.names.topics[topic], data);
  }

  onMessage(topic: Topic, hear: (data: Uint8Array) => void): void {
    this.host.services.gossip.addEventListener('message', ({ detail }) => {
      if (detail.topic === this.names.topics[topic]) hear(detail.data);
    });
  }

  /** A stream to the node of this identity, in the name of a protocol. */
  stream(peer: string, protocol: 'sync' | 'grandpa'): Promise<HostStream> {
    const connection = this.host.getConnections().find(({ remotePeer }) => remotePeer.toString() === peer);
    if (connection === undefined) throw new Error(`not connected to ${peer}`);
    return connection.newStream(this.names[protocol]);
  }

  async stop(): Promise<void> {
    await this.host.stop();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}

/** The identity in a full multiaddress. */
export function identityIn(address: string): string {
  return address.slice(address.lastIndexOf('/p2p/') + '/p2p/'.length);
}

/** Answers what nodes ask a new peer: it is as far as they are, and has nothing to offer. */
async function answerPolitely(stream: HostStream): Promise<void> {
  try {
    const frames = lpStream(stream);
    const request = syncRequest.codec.dec((await frames.read()).subarray());
    const answer =
      request.tag === 'status'
        ? responses.status.codec.enc(request.value)
        : request.tag === 'transaction'
          ? responses.transaction.codec.enc(undefined)
          : responses[request.tag].codec.enc([]);
    const head = new Uint8Array(5);
    new DataView(head.buffer).setUint32(1, answer.length, true);
    await frames.write(head);
    await frames.write(answer);
    await stream.close();
  } catch (error) {
    stream.abort(error as Error);
  }
}
