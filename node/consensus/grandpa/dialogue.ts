/** What nodes say to each other about votes on streams: where they stand, and the votes that one of them lacks. */
import type { Logger } from 'pino';
import { isTacitError, TacitError } from '../../../primitives/errors.ts';
import type { Verifier } from '../../base/types.ts';
import { decodeUntrusted } from '../../base/untrusted.ts';
import type { GrandpaWire } from '../../network/types.ts';
import { type GrandpaResponse, grandpaRequest, grandpaResponse, MAX_CATCH_UP } from './formats.ts';
import { isSigned } from './judge.ts';
import type { RunningSet } from './set.ts';
import type { CatchUp } from './types.ts';
import type { VoterInput } from './voter-io.ts';

/** A peer may ask for a catch-up once in so many milliseconds. */
const CATCH_UP_INTERVAL = 1_000;
/** Of so many peers we remember when they asked. */
const MAX_SERVED = 1_024;
const MAX_VIEW = 64;

export interface DialogueParts {
  readonly wire: GrandpaWire;
  readonly verifier: Verifier;
  readonly log: Logger;
  readonly now: () => number;
  /** The set of the moment. */
  readonly set: () => RunningSet;
  readonly feed: (input: VoterInput) => void;
}

export class Dialogue {
  readonly #parts: DialogueParts;
  readonly #served = new Map<string, number>();
  /** Peers whose view we are waiting for. */
  readonly #exchanging = new Set<string>();

  constructor(parts: DialogueParts) {
    this.#parts = parts;
  }

  /** Answers a peer. Errors: `network/bad-request`. */
  answer(peer: string, data: Uint8Array): Uint8Array {
    const request = decodeUntrusted(grandpaRequest, data);
    if (request === undefined) throw new TacitError('network/bad-request', 'not a GRANDPA request');
    const { voter } = this.#parts.set();
    if (request.tag === 'view') {
      this.#note(peer, request.value);
      return grandpaResponse.codec.enc({ tag: 'view', value: voter.view });
    }
    const { setId, round } = request.value;
    return encodeCatchUp(this.#mayAsk(peer) ? voter.answerCatchUp(setId, round) : undefined);
  }

  /** Tells a peer where we stand and hears where it does. Never throws. */
  async exchangeViews(peer: string): Promise<void> {
    if (this.#exchanging.has(peer)) return;
    this.#exchanging.add(peer);
    const request = grandpaRequest.codec.enc({ tag: 'view', value: this.#parts.set().voter.view });
    const response = await this.#ask(peer, request, MAX_VIEW);
    this.#exchanging.delete(peer);
    if (response?.tag === 'view') this.#note(peer, response.value);
  }

  /** Asks a peer for votes; what comes of it is fed to the voter. Never throws. */
  async askCatchUp(peer: string, round: bigint): Promise<void> {
    const { wire, set, feed, verifier } = this.#parts;
    const current = set();
    const { voter } = current;
    const request = grandpaRequest.codec.enc({ tag: 'catchUp', value: { setId: voter.setId, round } });
    const response = await this.#ask(peer, request, MAX_CATCH_UP);
    const catchUp = response?.tag === 'catchUp' ? response.value : undefined;
    if (catchUp === undefined) return feed({ kind: 'no-catch-up', peer });
    const isOurs = catchUp.setId === voter.setId;
    if (isOurs && (await isSigned(catchUp, current, verifier))) return feed({ kind: 'catch-up', peer, catchUp });
    wire.punish(peer, 'wrong-answer');
    feed({ kind: 'no-catch-up', peer });
  }

  /** What a peer said of itself holds while it is there. It may have gone while its words were on their way. */
  #note(peer: string, view: { setId: bigint; round: bigint; finalized: number }): void {
    if (this.#parts.wire.peers().includes(peer)) this.#parts.feed({ kind: 'view', peer, view });
  }

  #mayAsk(peer: string): boolean {
    const now = this.#parts.now();
    if (now - (this.#served.get(peer) ?? -Infinity) < CATCH_UP_INTERVAL) return false;
    this.#served.delete(peer);
    this.#served.set(peer, now);
    if (this.#served.size > MAX_SERVED) this.#served.delete(this.#served.keys().next().value!);
    return true;
  }

  async #ask(peer: string, request: Uint8Array, maxResponse: number): Promise<GrandpaResponse | undefined> {
    try {
      const bytes = await this.#parts.wire.request(peer, request, maxResponse);
      const response = decodeUntrusted(grandpaResponse, bytes);
      if (response === undefined) this.#parts.wire.punish(peer, 'garbage');
      return response;
    } catch (error) {
      if (!isTacitError(error)) throw error;
      this.#parts.log.debug({ peer, code: error.code }, 'no answer about votes');
      return undefined;
    }
  }
}

/** Without the headers if they make it too large for whoever asks: it may have the blocks. */
function encodeCatchUp(value: CatchUp | undefined): Uint8Array {
  const bytes = grandpaResponse.codec.enc({ tag: 'catchUp', value });
  if (value === undefined || bytes.length <= MAX_CATCH_UP) return bytes;
  const rounds = value.rounds.map((votes) => ({ ...votes, ancestry: [] }));
  return grandpaResponse.codec.enc({ tag: 'catchUp', value: { ...value, rounds } });
}
