/** The gossip: what is published, and what is made of what comes in. */
import type { Logger } from 'pino';
import { isTacitError } from '../../primitives/errors.ts';
import { Budget } from '../base/budget.ts';
import { decodeHeader, encodeHeader } from '../base/header.ts';
import * as limits from '../base/limits.ts';
import type { Header } from '../base/types.ts';
import { decodeUntrusted } from '../base/untrusted.ts';
import { gossipId, gossipName, type Host } from './host.ts';
import type { Reputation } from './reputation.ts';
import type { Fault } from './reputation.ts';
import { Tellers } from './tellers.ts';
import type { Hearing } from './types.ts';
import { blockAnnouncement, type ProtocolNames } from './wire.ts';

type Check = (peer: string, data: Uint8Array) => Promise<Hearing>;
export type Topic = keyof ProtocolNames['topics'];

export interface TopicParts {
  readonly host: Host;
  readonly names: ProtocolNames;
  readonly log: Logger;
  readonly reputation: Reputation;
  readonly punish: (peer: string, fault: Fault) => void;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  /** What judges a message of each topic. */
  readonly checks: {
    readonly blocks: (peer: string, header: Header) => Promise<Hearing>;
    readonly transactions: Check;
    readonly grandpa: Check;
  };
}

export class Topics {
  readonly #parts: TopicParts;
  readonly #tellers: Tellers;
  readonly #budgets: Partial<Record<Topic, Budget>>;

  constructor(parts: TopicParts) {
    this.#parts = parts;
    this.#tellers = new Tellers(parts.host.services.gossip);
    this.#budgets = {
      blocks: new Budget(limits.BLOCK_ANNOUNCEMENTS, parts.now),
      grandpa: new Budget(limits.VOTE_MESSAGES, parts.now),
    };
    const checks: Record<Topic, Check> = { ...parts.checks, blocks: (peer, data) => this.#onBlock(peer, data) };
    for (const [topic, check] of Object.entries(checks) as [Topic, Check][]) {
      parts.host.services.gossip.topicValidators.set(parts.names.topics[topic], async (source, { data }) =>
        this.#validate(source.toString(), topic, data, check),
      );
    }
  }

  subscribe(): void {
    const { host, names } = this.#parts;
    for (const topic of Object.values(names.topics)) host.services.gossip.subscribe(topic);
  }

  publish(topic: Topic, data: Uint8Array): void {
    const { host, names, log } = this.#parts;
    if (host.status !== 'started') return;
    host.services.gossip.publish(names.topics[topic], data).catch((error: unknown) => {
      log.warn({ topic, reason: error instanceof Error ? error.message : '' }, 'gossip not published');
    });
  }

  announceBlock(header: Header): void {
    this.publish('blocks', blockAnnouncement.codec.enc(encodeHeader(header)));
  }

  async #validate(peer: string, topic: Topic, data: Uint8Array, check: Check) {
    const { names, punish, reputation } = this.#parts;
    const message = gossipName(gossipId(names.topics[topic], data));
    const judge = (by: string): Promise<Hearing> => this.#judge(by, topic, data, check);
    const { verdict, teller } = await this.#tellers.judge(message, peer, judge);
    if (verdict === 'reject') punish(teller, 'invalid-gossip');
    if (verdict === 'accept') reputation.noteUse(teller);
    return verdict as GossipVerdict;
  }

  async #judge(peer: string, topic: Topic, data: Uint8Array, check: Check): Promise<Hearing> {
    // [REJECT] messages above the limit of our own senders
    if (data.length > limits.MAX_GOSSIP) return 'reject';
    // [LATER] more than an honest peer has to say: not even decoded
    if (this.#budgets[topic]?.spend(peer) === false) {
      this.#parts.punish(peer, 'flood');
      return 'later';
    }
    try {
      return await withinTime(check(peer, data), limits.VALIDATION_TIMEOUT);
    } catch (error) {
      const reason = error instanceof Error ? error.message : '';
      this.#parts.log.error({ peer, topic, reason }, 'gossip not judged');
      // [LATER] what has failed here says nothing of the message
      return 'later';
    }
  }

  async #onBlock(peer: string, data: Uint8Array): Promise<Hearing> {
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
    return this.#parts.checks.blocks(peer, header);
  }
}

/** gossipsub's verdicts have the values of ours, but a type of their own. */
type GossipVerdict = Awaited<ReturnType<NonNullable<ReturnType<Host['services']['gossip']['topicValidators']['get']>>>>;

async function withinTime(verdict: Promise<Hearing>, limit: number): Promise<Hearing> {
  let timer: NodeJS.Timeout | undefined;
  // [LATER] what takes too long to judge
  const late = new Promise<Hearing>((resolve) => {
    timer = setTimeout(resolve, limit, 'later');
  });
  try {
    return await Promise.race([verdict, late]);
  } finally {
    clearTimeout(timer);
  }
}
