/** Keeps connections up: to the boot nodes for ever, to nodes heard of while they can be reached. */
import { peerIdFromString } from '@libp2p/peer-id';
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr';
import type { Logger } from 'pino';
import { TacitError } from '../../primitives/errors.ts';
import type { Host } from './host.ts';

const FIRST_RETRY = 200;
const LAST_RETRY = 5_000;
const DIAL_TIMEOUT = 5_000;
/** A node that was only heard of is forgotten after so many failures in a row. */
const MAX_FAILURES = 200;
const MAX_KNOWN = 256;

/** The peer a full multiaddress names: its last `/p2p/<id>`. Throws `network/bad-address`. */
export function parseAddress(text: string): { readonly address: Multiaddr; readonly peer: string } {
  let address: Multiaddr;
  try {
    address = multiaddr(text);
  } catch {
    throw new TacitError('network/bad-address', `'${text}' is no multiaddress`);
  }
  const peer = address.getComponents().findLast(({ name }) => name === 'p2p')?.value;
  try {
    if (peer !== undefined) return { address, peer: peerIdFromString(peer).toString() };
  } catch {
    // Not an id: the same message as without one.
  }
  throw new TacitError('network/bad-address', `'${text}' does not end in /p2p/<peer id>`);
}

interface Target {
  /** By text; a node may be known under several. */
  readonly addresses: Map<string, Multiaddr>;
  readonly permanent: boolean;
  failures: number;
  timer: NodeJS.Timeout | undefined;
}

export class Dialer {
  readonly #host: Host;
  readonly #log: Logger;
  readonly #maxPeers: number;
  readonly #mayDial: (peer: string) => boolean;
  readonly #targets = new Map<string, Target>();
  #stopped = new AbortController();

  constructor(host: Host, options: { log: Logger; maxPeers: number; mayDial: (peer: string) => boolean }) {
    this.#host = host;
    this.#log = options.log;
    this.#maxPeers = options.maxPeers;
    this.#mayDial = options.mayDial;
  }

  start(): void {
    this.#stopped = new AbortController();
    for (const peer of this.#targets.keys()) this.#schedule(peer, 0);
  }

  stop(): void {
    this.#stopped.abort();
    for (const target of this.#targets.values()) clearTimeout(target.timer);
  }

  /** Adds a boot node (kept for ever) or a node heard of. Malformed addresses throw `network/bad-address`. */
  add(text: string, permanent: boolean): void {
    const { address, peer } = parseAddress(text);
    if (peer === this.#host.peerId.toString()) return;
    const known = this.#targets.get(peer);
    if (known !== undefined) {
      if (known.addresses.size < 8) known.addresses.set(text, address);
      return;
    }
    if (!permanent && this.#targets.size >= MAX_KNOWN) return;
    this.#targets.set(peer, { addresses: new Map([[text, address]]), permanent, failures: 0, timer: undefined });
    this.#schedule(peer, 0);
  }

  /** The connection to a peer was lost: soon again. */
  lost(peer: string): void {
    const target = this.#targets.get(peer);
    if (target === undefined) return;
    target.failures = 0;
    this.#schedule(peer, FIRST_RETRY);
  }

  /** Addresses of nodes that we are connected to, for others. */
  known(): string[] {
    const connected = new Set(this.#host.getPeers().map((peer) => peer.toString()));
    return [...this.#targets].flatMap(([peer, { addresses }]) => (connected.has(peer) ? [...addresses.keys()] : []));
  }

  #schedule(peer: string, delay: number): void {
    const target = this.#targets.get(peer);
    if (target === undefined || this.#stopped.signal.aborted || this.#host.status !== 'started') return;
    clearTimeout(target.timer);
    target.timer = setTimeout(() => void this.#dial(peer, target), delay);
  }

  async #dial(peer: string, target: Target): Promise<void> {
    const connected = this.#host.getPeers().map((id) => id.toString());
    if (connected.includes(peer)) return;
    const full = !target.permanent && connected.length >= this.#maxPeers;
    if (full || !this.#mayDial(peer)) {
      this.#schedule(peer, LAST_RETRY);
      return;
    }
    try {
      const signal = AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(DIAL_TIMEOUT)]);
      await this.#host.dial([...target.addresses.values()], { signal });
      target.failures = 0;
    } catch (error) {
      if (this.#stopped.signal.aborted) return;
      target.failures++;
      if (!target.permanent && target.failures > MAX_FAILURES) {
        this.#targets.delete(peer);
        return;
      }
      this.#log.debug(
        { peer, failures: target.failures, reason: error instanceof Error ? error.name : '' },
        'dial failed',
      );
      // Some jitter, so that nodes started together do not dial each other in step for ever.
      const backoff = Math.min(LAST_RETRY, FIRST_RETRY * 1.6 ** target.failures);
      this.#schedule(peer, backoff * (0.75 + ((target.failures * 7 + peer.length) % 5) / 10));
    }
  }
}
