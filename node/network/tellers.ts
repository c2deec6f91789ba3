import { TacitError } from '../../primitives/errors.ts';
import type { Host } from './host.ts';
import type { Hearing, Verdict } from './types.ts';

/** Peers that are noted of one message. */
const MAX_TELLERS = 16;
/** The next teller is heard too if a message has not been judged for the one before after so long (milliseconds). */
const PATIENCE = 1_500;

/** What is used of gossipsub and is not in its types. */
interface Inner {
  /** Messages that are not looked at when they come again, by name. */
  readonly seenCache: { readonly entries: Map<string, unknown> };
  /** Hears of every message that comes again. */
  readonly mcache: { observeDuplicate(message: string, peer: string): void };
}

function innerOf(gossip: Host['services']['gossip']): Inner {
  const inner = gossip as unknown as Partial<Inner>;
  if (inner.seenCache?.entries instanceof Map && typeof inner.mcache?.observeDuplicate === 'function')
    return inner as Inner;
  throw new TacitError('network/other-gossip', 'gossipsub is not of the version that this node was written for');
}

/**
 * Who tells a message. gossipsub looks at each once, whoever told it first. One that was not judged for what its teller has done otherwise is judged for the next
 * one [whoever had used up its share, and was quick, kept from a node what others told it].
 */
export class Tellers {
  readonly #seen: Map<string, unknown>;
  /** Messages that are being judged, with those who have told them, in order. */
  readonly #told = new Map<string, string[]>();

  /** Errors: `network/other-gossip`. */
  constructor(gossip: Host['services']['gossip']) {
    const { seenCache, mcache } = innerOf(gossip);
    this.#seen = seenCache.entries;
    const observe = mcache.observeDuplicate.bind(mcache);
    mcache.observeDuplicate = (message, peer) => {
      this.#note(message, peer);
      observe(message, peer);
    };
  }

  /**
   * Judges a message for one teller after the other, until it is judged; if none of them may tell it, it is heard again of whoever comes. Where that takes long the next is heard
   * meanwhile: a body or a large transaction is then asked of it too [who told of a block first and did not give it kept it from a node that three others had told of it].
   */
  async judge(
    message: string,
    first: string,
    judge: (teller: string) => Promise<Hearing>,
  ): Promise<{ readonly verdict: Verdict; readonly teller: string }> {
    const tellers = [first];
    const heard: Promise<Hearing>[] = [];
    const hearNext = (): void => {
      const teller = tellers[heard.length];
      if (teller !== undefined) heard.push(judge(teller));
    };
    this.#told.set(message, tellers);
    const impatient = setInterval(hearNext, PATIENCE);
    try {
      // others come while one is judged
      for (let at = 0; at < tellers.length; at++) {
        if (heard.length <= at) hearNext();
        const verdict = await heard[at]!;
        if (verdict !== 'later') return { verdict, teller: tellers[at]! };
      }
      this.#seen.delete(message);
      return { verdict: 'ignore', teller: first };
    } finally {
      clearInterval(impatient);
      this.#told.delete(message);
    }
  }

  #note(message: string, peer: string): void {
    const tellers = this.#told.get(message);
    if (tellers !== undefined && tellers.length < MAX_TELLERS && !tellers.includes(peer)) tellers.push(peer);
  }
}
