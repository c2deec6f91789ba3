/**
 * Request and response over a stream of its own: one frame with the request, then `status u8 ++ length u32`, then the answer in
 * frames. Everything is bounded before it is read: the request by the server, the answer by whoever asked.
 */
import { lpStream } from '@libp2p/utils';
import { concatBytes } from '../../primitives/crypto/bytes.ts';
import { isTacitError, TacitError } from '../../primitives/errors.ts';
import { Reader, Writer } from '../../primitives/scale/index.ts';
import { Budget } from '../base/budget.ts';
import { pause, yieldToLoop } from '../base/serial.ts';
import { type Host, type HostConnection, type HostStream, WRITE_BUFFER } from './host.ts';
import {
  ANSWER_TIMEOUT,
  ANSWERS_PER_PEER,
  FRAME,
  FRAME_TIMEOUT,
  MAX_REQUEST,
  MAX_STREAMS,
  MAX_WAITING_REQUESTS,
  REQUEST_PACE,
  REQUESTS_AT_ONCE,
} from '../base/limits.ts';
import type { Fault, Reputation } from './reputation.ts';
import { Setbacks } from './setbacks.ts';
import { Turns } from './turns.ts';

const statuses = ['ok', 'busy', 'bad-request', 'failed'] as const;
type Status = (typeof statuses)[number];
const HEAD = 5;
/** A request that finds no room so many times, each time it should, is refused. */
const MAX_TRIES = 16;

export interface RequestOptions {
  /** Largest answer that is accepted, in bytes. */
  readonly maxResponse: number;
  /** Milliseconds for the whole, once it is its turn. */
  readonly timeout: number;
  readonly signal?: AbortSignal;
  /** Requests of one kind share a queue: what many of them wait for does not delay the others. */
  readonly kind?: string;
}

/** Answers one request of a peer. A `network/bad-request` error tells the peer that it is at fault. */
export type RequestHandler = (peer: string, request: Uint8Array) => Promise<Uint8Array>;

export function badRequest(message: string): TacitError {
  return new TacitError('network/bad-request', message);
}

export class Streams {
  readonly #host: Host;
  readonly #reputation: Reputation;
  readonly #punish: (peer: string, fault: Fault) => void;
  readonly #setbacks: Setbacks;
  readonly #lanes = new Turns(REQUESTS_AT_ONCE, MAX_WAITING_REQUESTS);
  readonly #pace: Budget;

  constructor(
    host: Host,
    reputation: Reputation,
    punish: (peer: string, fault: Fault) => void,
    now: () => number = () => performance.now(),
  ) {
    this.#host = host;
    this.#reputation = reputation;
    this.#punish = punish;
    this.#setbacks = new Setbacks(now);
    this.#pace = new Budget(REQUEST_PACE, now);
  }

  async serve(protocol: string, handler: RequestHandler): Promise<void> {
    const turns = new Turns(ANSWERS_PER_PEER);
    await this.#host.handle(protocol, (stream, connection) => this.#answer(stream, connection, handler, turns), {
      maxInboundStreams: MAX_STREAMS,
      maxOutboundStreams: MAX_STREAMS,
    });
  }

  async #answer(stream: HostStream, connection: HostConnection, handler: RequestHandler, turns: Turns): Promise<void> {
    // At once, before anything is awaited: a stream that nobody reads is reset.
    const frames = lpStream(stream, { maxDataLength: MAX_REQUEST, maxBufferSize: 4 * MAX_REQUEST });
    stream.maxWriteBufferLength = WRITE_BUFFER;
    const peer = connection.remotePeer.toString();
    const send = async (status: Status, answer: Uint8Array): Promise<void> => {
      const whole = AbortSignal.timeout(ANSWER_TIMEOUT);
      const limit = (): { signal: AbortSignal } => ({
        signal: AbortSignal.any([whole, AbortSignal.timeout(FRAME_TIMEOUT)]),
      });
      const head = new Writer(HEAD);
      head.u8(statuses.indexOf(status));
      head.u32(answer.length);
      await frames.write(head.finish(), limit());
      for (let at = 0; at < answer.length; at += FRAME) {
        await frames.write(answer.subarray(at, at + FRAME), limit());
      }
      await stream.close(limit());
    };
    try {
      let request: Uint8Array;
      try {
        request = (await frames.read({ signal: AbortSignal.timeout(FRAME_TIMEOUT) })).subarray();
      } catch (error) {
        // Too long a frame, or none: not even a request.
        if (isOversize(error)) this.#punish(peer, 'garbage');
        throw error;
      }
      await turns.take(peer, async () => {
        if (!(await this.#isAdmitted(peer))) {
          this.#punish(peer, 'too-many-requests');
          await send('busy', new Uint8Array());
          return;
        }
        try {
          const answer = await handler(peer, request);
          this.#reputation.charge(peer, answer.length);
          await send('ok', answer);
        } catch (error) {
          if (!isTacitError(error)) throw error;
          if (isTacitError(error, 'network/bad-request')) this.#punish(peer, 'garbage');
          await send(error.code === 'network/bad-request' ? 'bad-request' : 'failed', new Uint8Array());
        }
      });
    } catch (error) {
      stream.abort(error instanceof Error ? error : new Error('stream failed'));
    }
  }

  /** Whoever asks too often is slowed down to the rate, not refused: the peer may do it on behalf of others. */
  async #isAdmitted(peer: string): Promise<boolean> {
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      if (this.#reputation.admit(peer)) return true;
      await new Promise((resolve) => setTimeout(resolve, this.#reputation.debt(peer)));
    }
    return this.#reputation.admit(peer);
  }

  /**
   * Asks a connected peer. Requests of one kind to one peer go out a few at a time, the others wait. Throws `network/unreachable`, `network/timeout`,
   * `network/refused` (busy or unable), `network/busy` (too many wait), or, with a penalty for the peer, `network/bad-answer` (longer than allowed, cut
   * short or not in this form). A failure is told a turn of the event loop later at least, and the later the more there were before it.
   */
  async request(peer: string, protocol: string, request: Uint8Array, options: RequestOptions): Promise<Uint8Array> {
    try {
      const lane = `${peer} ${protocol} ${options.kind ?? ''}`;
      const answer = await this.#lanes.take(
        lane,
        () => this.#requestNow(peer, protocol, request, options),
        options.signal,
      );
      this.#setbacks.clear(peer);
      return answer;
    } catch (error) {
      // Given up by ourselves: nobody has failed.
      if (options.signal?.aborted) await yieldToLoop();
      else await this.#setbacks.suffer(peer);
      throw error;
    }
  }

  /** Tells all failures that are held back: the node stops. */
  stop(): void {
    this.#setbacks.stop();
  }

  async #requestNow(peer: string, protocol: string, request: Uint8Array, options: RequestOptions): Promise<Uint8Array> {
    // At our own pace, whatever makes us ask: also where every answer comes at once, and is of no use.
    while (!this.#pace.spend(peer)) {
      await pause(this.#pace.interval, options.signal);
      if (options.signal?.aborted) throw new TacitError('network/timeout', 'given up before it was asked', { peer });
    }
    const connection = this.#host
      .getConnections()
      .find(({ remotePeer, status }) => status === 'open' && remotePeer.toString() === peer);
    if (connection === undefined) throw new TacitError('network/unreachable', 'not connected to this peer', { peer });
    const whole = AbortSignal.timeout(options.timeout);
    const signal = options.signal === undefined ? whole : AbortSignal.any([whole, options.signal]);
    const patience = new Patience(signal, Math.min(options.timeout, FRAME_TIMEOUT));
    let stream: HostStream | undefined;
    try {
      stream = await connection.newStream(protocol, { signal: patience.next(), maxOutboundStreams: MAX_STREAMS });
      const frames = lpStream(stream, { maxDataLength: FRAME, maxBufferSize: 4 * FRAME });
      await frames.write(request, { signal: patience.next() });
      const read = async (): Promise<Uint8Array> => (await frames.read({ signal: patience.next() })).subarray();
      const answer = await readAnswer(read, options.maxResponse);
      // The answer is here: what becomes of the stream is of no interest.
      const open = stream;
      open.close({ signal }).catch(() => open.abort(new Error('not closed in time')));
      return answer;
    } catch (error) {
      stream?.abort(error instanceof Error ? error : new Error('request failed'));
      throw this.#judge(error, peer, protocol, { ours: options.signal?.aborted === true, late: patience.isOver });
    } finally {
      patience.end();
    }
  }

  /** What a failed request means for the peer, and the error for whoever asked. */
  #judge(error: unknown, peer: string, protocol: string, why: { ours: boolean; late: boolean }): TacitError {
    if (why.ours || why.late) {
      if (!why.ours) this.#punish(peer, 'timeout');
      return new TacitError('network/timeout', 'the peer did not answer in time', { peer, protocol });
    }
    if (isTacitError(error, 'network/bad-answer') || isOversize(error)) {
      this.#punish(peer, 'garbage');
      return new TacitError('network/bad-answer', 'the answer has not the form of one', { peer, protocol });
    }
    if (isTacitError(error)) return error;
    return new TacitError('network/unreachable', 'the stream broke', { peer, protocol, cause: nameOf(error) });
  }
}

/** Every step of a request has its own time, and all of them together theirs: a peer that drips is left as one that is silent. */
class Patience {
  readonly #whole: AbortSignal;
  readonly #step: number;
  #abort = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #over = false;

  constructor(whole: AbortSignal, step: number) {
    this.#whole = whole;
    this.#step = step;
  }

  get isOver(): boolean {
    return this.#over || this.#whole.aborted;
  }

  /** Aborts when the next step takes too long, or the whole. */
  next(): AbortSignal {
    clearTimeout(this.#timer);
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    this.#timer = setTimeout(() => {
      this.#over = true;
      this.#abort.abort();
    }, this.#step);
    return AbortSignal.any([this.#whole, signal]);
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}

async function readAnswer(read: () => Promise<Uint8Array>, max: number): Promise<Uint8Array> {
  const first = await read();
  if (first.length !== HEAD) throw new TacitError('network/bad-answer', 'the head of an answer has 5 bytes');
  const head = new Reader(first);
  const status = statuses[head.u8()];
  const length = head.u32();
  if (status === undefined || length > max) throw new TacitError('network/bad-answer', 'answer too long');
  if (status !== 'ok') throw new TacitError('network/refused', `the peer refused: ${status}`, { status });
  // Memory follows what really arrives, not what was announced.
  const parts: Uint8Array[] = [];
  let received = 0;
  while (received < length) {
    const part = await read();
    received += part.length;
    if (part.length === 0 || received > length) throw new TacitError('network/bad-answer', 'frames do not add up');
    parts.push(part);
  }
  return concatBytes(...parts);
}

/** libp2p's errors have no common class; their names are part of its interface. */
function isOversize(error: unknown): boolean {
  return /^InvalidDataLength|^InvalidMessageLength|^StreamBuffer/.test(nameOf(error));
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}
