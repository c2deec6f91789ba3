/**
 * Who may come in. No address gets all places, connections that never say who they are make room for the next ones, and boot nodes and peers known from before
 * find a place in any case.
 */
import type { Libp2pOptions } from 'libp2p';
import * as limits from '../base/limits.ts';
import type { Origin } from '../base/addresses.ts';
import { originOf } from './addresses.ts';

type Gater = NonNullable<Libp2pOptions['connectionGater']>;
/** A connection below encryption, as libp2p shows it to its gater. */
export type RawConnection = Parameters<NonNullable<Gater['denyInboundConnection']>>[0];

export interface DoorParts {
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  readonly maxPeers: number;
  /** Boot nodes and peers known from before. */
  readonly isReserved: (peer: string) => boolean;
  /** When the peer was last of use, on the clock of `now`; undefined: never. */
  readonly lastUseful: (peer: string) => number | undefined;
}

interface Entry {
  readonly origin: Origin;
  readonly since: number;
  /** Known once the connection is encrypted. */
  peer?: string;
}

/** An address of the internet with so many bans is closed so long (milliseconds). */
const CLOSED_TIME = 5 * 60_000;
const MAX_CLOSED = 1_024;

export class Doors {
  readonly #parts: DoorParts;
  /** Inbound connections in order of arrival. */
  readonly #inbound = new Map<RawConnection, Entry>();
  readonly #bans = new Map<string, { count: number; at: number }>();

  constructor(parts: DoorParts) {
    this.#parts = parts;
  }

  /** A connection arrives: true if it is not even heard. */
  denyArrival(connection: RawConnection): boolean {
    const origin = originOf(connection.remoteAddr);
    if (this.#isClosed(origin)) return true;
    const waiting = [...this.#inbound].filter(([, { peer }]) => peer === undefined);
    const ofOrigin = waiting.filter(([, entry]) => entry.origin.name === origin.name);
    // An honest handshake takes milliseconds: the one that has waited longest is the least likely to be one.
    if (ofOrigin.length >= limits.UNIDENTIFIED_PER_ADDRESS) this.#drop(ofOrigin[0]![0]);
    else if (waiting.length >= limits.UNIDENTIFIED) this.#drop(longestQueue(waiting)[0]![0]);
    this.#inbound.set(connection, { origin, since: this.#parts.now() });
    connection.addEventListener('close', () => this.#inbound.delete(connection));
    return false;
  }

  /** The peer has shown who it is: true if there is no place for it. */
  denyPeer(connection: RawConnection, peer: string): boolean {
    const entry = this.#inbound.get(connection);
    if (entry === undefined) return true;
    if (this.#hasPlace(entry.origin, peer)) {
      entry.peer = peer;
      return false;
    }
    this.#inbound.delete(connection);
    return true;
  }

  #hasPlace(origin: Origin, peer: string): boolean {
    const known = [...this.#inbound].filter(([, other]) => other.peer !== undefined);
    if (known.filter(([, other]) => other.peer === peer).length >= limits.CONNECTIONS_PER_PEER) return false;
    if (this.#parts.isReserved(peer)) return true;
    const { maxPeers } = this.#parts;
    const most = origin.isLocal ? limits.LOCAL_PEERS_PER_ADDRESS : limits.PEERS_PER_ADDRESS;
    const share = Math.max(1, Math.floor((maxPeers * limits.LOCAL_PEERS_PER_ADDRESS) / limits.MAX_PEERS));
    const ofOrigin = known.filter(([, other]) => other.origin.name === origin.name);
    if (ofOrigin.length >= Math.min(most, share)) return this.#makeRoom(ofOrigin);
    const places = Math.max(1, maxPeers - Math.min(limits.RESERVED_PEERS, Math.floor(maxPeers / 4)));
    return known.length < places || this.#makeRoom(known);
  }

  /** A peer was banned. Several from one address of the internet close it for a while: identities cost nothing. */
  banned(peer: string): void {
    const origin = [...this.#inbound.values()].find((entry) => entry.peer === peer)?.origin;
    if (origin === undefined || origin.isLocal) return;
    const now = this.#parts.now();
    const known = this.#bans.get(origin.name);
    const count = known === undefined || now - known.at > CLOSED_TIME ? 1 : known.count + 1;
    this.#bans.delete(origin.name);
    if (this.#bans.size >= MAX_CLOSED) this.#bans.delete(this.#bans.keys().next().value!);
    this.#bans.set(origin.name, { count, at: now });
  }

  #isClosed({ name }: Origin): boolean {
    const bans = this.#bans.get(name);
    return bans !== undefined && bans.count >= limits.BANS_PER_ADDRESS && this.#parts.now() - bans.at <= CLOSED_TIME;
  }

  /** Parts with the connection that has been of no use for longest; false if all of them are new, of use or reserved. */
  #makeRoom(connections: readonly (readonly [RawConnection, Entry])[]): boolean {
    const { now, isReserved, lastUseful } = this.#parts;
    const usefulAt = ([, { peer, since }]: readonly [RawConnection, Entry]): number =>
      Math.max(since, lastUseful(peer!) ?? -Infinity);
    const [first] = connections
      .filter((one) => !isReserved(one[1].peer!) && now() - usefulAt(one) >= limits.GRACE)
      .toSorted((a, b) => usefulAt(a) - usefulAt(b));
    if (first === undefined) return false;
    this.#drop(first[0]);
    return true;
  }

  #drop(connection: RawConnection): void {
    this.#inbound.delete(connection);
    connection.abort(new Error('its place is given to another'));
  }
}

function longestQueue(waiting: readonly (readonly [RawConnection, Entry])[]) {
  const queues = Map.groupBy(waiting, ([, { origin }]) => origin.name);
  return [...queues.values()].reduce((a, b) => (b.length > a.length ? b : a));
}
