/** Keeps connections up: to the boot nodes for ever, to nodes heard of while they can be reached. */
import type { Multiaddr } from '@multiformats/multiaddr';
import type { Logger } from 'pino';
import { parseAddress } from './addresses.ts';
import { DialReport } from './dial-report.ts';
import type { Host } from './host.ts';

const FIRST_RETRY = 200;
/** Between dials of a boot node at most, and of a node that was only heard of (milliseconds). */
const LAST_RETRY = 5_000;
const LAST_RETRY_HEARD = 60_000;
const DIAL_TIMEOUT = 5_000;
/** A connection that held so long was one: only then is the next loss a new story. Otherwise whoever takes and drops us is dialled five times a second for ever. */
const STEADY = 10_000;
/** A node that was only heard of is forgotten after so many failures in a row; one that was reached before has more credit. */
const MAX_FAILURES_HEARD = 6;
const MAX_FAILURES_KNOWN = 60;
const MAX_KNOWN = 256;
/** Nodes heard of by one peer that are remembered at a time. */
const MAX_HEARD_OF_ONE = 32;
const MAX_ADDRESSES = 8;
/** The longest known peers find a place with us, whoever else has come in. */
const TRUSTED = 16;

/** Whom the node dials: a boot node for ever, one that was reached before, one that another peer has named. */
export type Kind = 'boot' | 'known' | 'heard';

interface Target {
  /** By text; a node may be known under several. */
  readonly addresses: Map<string, Multiaddr>;
  readonly kind: Kind;
  /** Who named it. */
  readonly source: string | undefined;
  /** It was reached under one of the addresses, in this run or before. */
  reached: boolean;
  connectedAt: number | undefined;
  failures: number;
  timer: NodeJS.Timeout | undefined;
}

export interface DialerOptions {
  readonly log: Logger;
  /** Connections to seek. */
  readonly maxPeers: number;
  readonly mayDial: (peer: string) => boolean;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
}

export class Dialer {
  readonly #host: Host;
  readonly #options: DialerOptions;
  readonly #targets = new Map<string, Target>();
  readonly #report: DialReport;
  #stopped = new AbortController();

  constructor(host: Host, options: DialerOptions) {
    this.#host = host;
    this.#options = options;
    this.#report = new DialReport(options.log);
  }

  start(): void {
    this.#stopped = new AbortController();
    for (const peer of this.#targets.keys()) this.#schedule(peer, 0);
  }

  stop(): void {
    this.#stopped.abort();
    for (const target of this.#targets.values()) clearTimeout(target.timer);
  }

  /** Adds a node; `source` is the peer that named it. Malformed addresses throw `network/bad-address`. */
  add(text: string, kind: Kind, source?: string): void {
    const { address, peer } = parseAddress(text);
    if (peer === this.#host.peerId.toString()) return;
    const known = this.#targets.get(peer);
    if (known !== undefined) {
      if (known.addresses.size < MAX_ADDRESSES) known.addresses.set(text, address);
      return;
    }
    if (kind === 'heard' && !this.#hasRoom(source)) return;
    const reached = kind === 'known';
    this.#targets.set(peer, {
      addresses: new Map([[text, address]]),
      kind,
      source,
      reached,
      connectedAt: this.#host.getPeers().some((id) => id.toString() === peer) ? this.#options.now() : undefined,
      failures: 0,
      timer: undefined,
    });
    this.#schedule(peer, 0);
  }

  isBootNode(peer: string): boolean {
    return this.#targets.get(peer)?.kind === 'boot';
  }

  /** Boot nodes, and those that have been known for longest: whoever fills us with new identities is not among them. */
  isTrusted(peer: string): boolean {
    if (this.isBootNode(peer)) return true;
    return [...this.#reached()].slice(0, TRUSTED).some(([id]) => id === peer);
  }

  /** A connection to the peer is up. */
  connected(peer: string): void {
    const target = this.#targets.get(peer);
    if (target === undefined) return;
    target.connectedAt = this.#options.now();
    if (target.kind === 'boot') this.#report.reached(peer);
  }

  /** The connection to a peer was lost: soon again, if it had been one for a while. */
  lost(peer: string): void {
    const target = this.#targets.get(peer);
    if (target === undefined) return;
    const held = target.connectedAt === undefined ? 0 : this.#options.now() - target.connectedAt;
    target.connectedAt = undefined;
    target.failures = held >= STEADY ? 0 : target.failures + 1;
    this.#schedule(peer, this.#backoff(peer, target));
  }

  /** The peer is of another chain: it is not dialled again soon. */
  foreign(peer: string, theirs: string, ours: string): void {
    const target = this.#targets.get(peer);
    this.#report.foreign(peer, target?.kind === 'boot', theirs, ours);
    if (target === undefined) return;
    if (target.kind !== 'boot') this.#targets.delete(peer);
    else target.failures = Math.max(target.failures, 20);
    clearTimeout(target.timer);
  }

  /** Addresses of nodes that we are connected to, for others. */
  known(): string[] {
    const connected = new Set(this.#host.getPeers().map((peer) => peer.toString()));
    return [...this.#targets].flatMap(([peer, { addresses }]) => (connected.has(peer) ? [...addresses.keys()] : []));
  }

  /** What is worth keeping over a restart: nodes that were reached, the longest known first, then those that are connected. */
  worthKeeping(): string[] {
    const connected = new Set(this.#host.getPeers().map((peer) => peer.toString()));
    const others = [...this.#targets].filter(([peer, { reached }]) => !reached && connected.has(peer));
    return [...this.#reached(), ...others].flatMap(([, { addresses }]) => [...addresses.keys()].slice(0, 2));
  }

  *#reached(): Generator<[string, Target]> {
    for (const entry of this.#targets) if (entry[1].reached) yield entry;
  }

  /** Room for a node that was heard of. One that nobody has reached yet goes for it. */
  #hasRoom(source: string | undefined): boolean {
    const vague = [...this.#targets].filter(
      ([, { kind, reached, connectedAt }]) => kind === 'heard' && !reached && connectedAt === undefined,
    );
    if (vague.filter(([, target]) => target.source === source).length >= MAX_HEARD_OF_ONE) return false;
    if (this.#targets.size < MAX_KNOWN) return true;
    const worst = vague.toSorted(([, a], [, b]) => b.failures - a.failures)[0];
    if (worst === undefined) return false;
    clearTimeout(worst[1].timer);
    return this.#targets.delete(worst[0]);
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
    const full = target.kind !== 'boot' && connected.length >= this.#options.maxPeers;
    if (full || !this.#options.mayDial(peer)) {
      this.#schedule(peer, LAST_RETRY);
      return;
    }
    try {
      const signal = AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(DIAL_TIMEOUT)]);
      await this.#host.dial([...target.addresses.values()], { signal });
      target.reached = true;
    } catch (error) {
      if (!this.#stopped.signal.aborted) this.#failed(peer, target, error);
    }
  }

  #failed(peer: string, target: Target, error: unknown): void {
    target.failures++;
    if (target.kind === 'boot') this.#report.failed(peer, [...target.addresses.keys()], target.failures, error);
    else if (target.failures > (target.reached ? MAX_FAILURES_KNOWN : MAX_FAILURES_HEARD)) {
      this.#targets.delete(peer);
      return;
    }
    const reason = error instanceof Error ? error.name : '';
    this.#options.log.debug({ peer, failures: target.failures, reason }, 'dial failed');
    this.#schedule(peer, this.#backoff(peer, target));
  }

  /** Some jitter, so that nodes started together do not dial each other in step for ever. */
  #backoff(peer: string, { kind, failures }: Target): number {
    const longest = kind === 'boot' ? LAST_RETRY : LAST_RETRY_HEARD;
    const backoff = Math.min(longest, FIRST_RETRY * 1.6 ** failures);
    return backoff * (0.75 + ((failures * 7 + peer.length) % 5) / 10);
  }
}
