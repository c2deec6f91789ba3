/**
 * Connects the committee thread with the chain: finalized state and bodies in, posts out to the pool. It acts on finalized state, and in rounds whose close is final on
 * what was posted since (specification §6.7): a fork can make it do nothing it would regret.
 */
import { Worker } from 'node:worker_threads';
import { TacitError } from '../../primitives/errors.ts';
import { option, u32, vec } from '../../primitives/scale/index.ts';
import type { HeldCall } from '../../pallets/support/index.ts';
import type { Foreseen } from '../../runtime/index.ts';
import { type Round, type RoundInfo, roundInfo } from '../../pallets/tally/types.ts';
import type { BlockRef, ChainEvents, HexHash } from '../base/types.ts';
import { Directions } from './directions.ts';
import { Foresight } from './foresight.ts';
import { LastingThread } from './lasting.ts';
import type { FinalState, FromThread, ThreadStart } from './messages.ts';
import { OpenedParts, type RoundParts } from './opened-parts.ts';

/** What of the node the service needs. */
export interface CommitteeHost {
  best(): BlockRef;
  finalized(): BlockRef;
  hashByNumber(number: number): HexHash | undefined;
  body(hash: HexHash): readonly Uint8Array[] | undefined;
  /** A runtime API at the state of a block. */
  call(hash: HexHash, method: string, input: Uint8Array): Uint8Array;
  /** The calls that an extrinsic makes. Throws for bytes that are none. */
  callsIn(extrinsic: Uint8Array): readonly HeldCall[];
  /** What extrinsics would make of a finalized state. */
  foresee(hash: HexHash): Foreseen;
  submit(extrinsic: Uint8Array): Promise<unknown>;
  on<K extends 'finalized' | 'imported' | 'transaction'>(
    event: K,
    listener: (event: ChainEvents[K]) => void,
  ): () => void;
}

export interface CommitteeLog {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

/** What is remembered of the finalized block that the thread was told of last. */
interface Told {
  readonly hash: HexHash;
  readonly number: number;
  /** Whether a round is under way. */
  readonly isBusy: boolean;
  /** Live rounds whose close is final. */
  readonly closed: readonly RoundInfo[];
}

/** Blocks after which a post that is still not on the chain is handed to the pool again. */
const RESUBMIT_AFTER = 3;

/** Sealed submissions that are on their way to the thread: a few full blocks. What a view lacks of them its member asks for again with the next. */
const GATHERED_BYTES = 16 * 1024 * 1024;

/** What the thread allocates are large arrays outside the heap; a small young generation lets go of them soon. */
const YOUNG_HEAP_MB = 16;

export class CommitteeService {
  readonly #host: CommitteeHost;
  readonly #log: CommitteeLog;
  readonly #thread: LastingThread;
  readonly #vaultPath: string | undefined;
  readonly #isMember: boolean;
  readonly #sent = new Map<string, number>();
  readonly #foresight: Foresight;
  readonly #directions: Directions;
  readonly #opened = new OpenedParts();
  readonly #offs: (() => void)[] = [];
  #scanned = -1;
  /** Blocks below that whose bodies were not here: they are looked for again. */
  readonly #missing = new Set<number>();
  /** Rounds under way in the last finalized state that was looked at. */
  #live: readonly number[] = [];
  /** What the thread was told last of the finalized state. */
  #told: Told | undefined;
  #isLookPlanned = false;

  constructor(host: CommitteeHost, start: ThreadStart, log: CommitteeLog) {
    this.#host = host;
    this.#log = log;
    this.#vaultPath = start.validator?.vaultPath;
    this.#isMember = start.validator !== undefined;
    this.#foresight = new Foresight(host);
    this.#directions = new Directions(host, this.#foresight, (duty, error) =>
      log.error({ duty, error: String(error) }, 'a direction could not be submitted'),
    );
    this.#thread = new LastingThread({
      spawn: () =>
        new Worker(new URL('./thread.ts', import.meta.url), {
          workerData: start,
          resourceLimits: { maxYoungGenerationSizeMb: YOUNG_HEAP_MB },
        }),
      onMessage: (message) => this.#take(message),
      onReady: () => this.#brief(),
      onDeath: (why, againMs) => this.#mourn(why, againMs),
    });
  }

  /** Resolves when the thread has opened its vault; rejects if it cannot. */
  async start(): Promise<void> {
    await this.#thread.start().catch((error: Error) => {
      throw startFault(error, this.#vaultPath);
    });
    this.#offs.push(this.#host.on('finalized', ({ ref }) => this.#look(ref)));
    // Who posts nothing waits for what is final.
    if (!this.#isMember) return;
    this.#offs.push(
      this.#host.on('transaction', ({ bytes }) => this.#hear([bytes])),
      this.#host.on('imported', ({ ref }) => this.#follow(ref)),
    );
  }

  async stop(): Promise<void> {
    for (const off of this.#offs) off();
    await this.#thread.stop();
  }

  /** A block may hold posts, and is one less for what was shown and is in none. */
  #follow({ hash }: BlockRef): void {
    if (!this.#told?.isBusy) return;
    this.#hear(this.#host.body(hash) ?? []);
    for (const info of this.#told.closed) this.#directions.bring(info);
  }

  /** Posts may have come: closed rounds go on as far as they allow, without waiting for a block. */
  #hear(extrinsics: readonly Uint8Array[]): void {
    // No round is under way: there is nothing to hear of.
    if (!this.#told?.isBusy) return;
    const isNews = extrinsics.map((bytes) => this.#note(bytes)).includes(true);
    if (!isNews || this.#isLookPlanned) return;
    this.#isLookPlanned = true;
    // All that arrives in one turn is looked at once.
    setImmediate(() => {
      this.#isLookPlanned = false;
      if (this.#told !== undefined && this.#told.closed.length > 0) this.#tell(this.#told);
    });
  }

  #note(extrinsic: Uint8Array): boolean {
    try {
      return this.#foresight.note(extrinsic);
    } catch (error) {
      this.#log.error({ error: String(error) }, 'an extrinsic that the chain took could not be read');
      return false;
    }
  }

  /** Tells the thread of rounds that have come to another step, and of the finalized state if that is another one. */
  #tell(told: Told, final?: FinalState, opened: RoundParts[] = []): void {
    const { number } = told;
    let foreseen: Uint8Array[] = [];
    try {
      const closed = told.closed.map((info) => {
        this.#directions.bring(info);
        return { final: info, takesDirection: this.#directions.areTaken(info) };
      });
      const looked = final ? this.#foresight.look(told.hash, closed) : this.#foresight.news(told.hash, closed);
      if (looked === undefined) return;
      foreseen = looked;
      const { call } = this.#foresight;
      // What stands in the final state is among them already.
      const isOpened = ({ round }: Round): boolean => opened.some((one) => one.round === round);
      const others = told.closed.filter(({ round }) => !isOpened(round));
      if (call !== undefined) for (const { round } of others) opened.push(...this.#opened.take(round, call));
    } catch (error) {
      this.#log.error(
        { block: number, error: String(error) },
        'what was posted could not be looked at ahead of its block',
      );
    }
    this.#thread.tell({ final, foreseen, opened });
    this.#opened.told(opened);
  }

  /** A thread that has just started is told everything. */
  #brief(): void {
    this.#scanned = -1;
    this.#opened.forget();
    this.#look(this.#host.finalized());
  }

  #mourn(why: string, againMs: number): void {
    const code = 'committee/thread-died';
    const remedy = 'If it dies again and again, look at the memory of this machine, then report it';
    this.#log.error({ code, error: why, againMs, do: remedy }, 'the committee thread died; it is started again');
  }

  #look({ hash, number }: BlockRef): void {
    const call = (method: string, input: Uint8Array): Uint8Array => this.#host.call(hash, method, input);
    try {
      const live = vec(u32).codec.dec(call('TallyApi_live', new Uint8Array()));
      // Who is no member evaluates rounds that have ended: they may begin and end their openings between two final blocks.
      const ended = this.#isMember ? [] : this.#live.filter((round) => !live.includes(round));
      this.#live = live;
      const rounds: Uint8Array[] = [];
      const blocks: number[] = [];
      const closed: RoundInfo[] = [];
      const opened: RoundParts[] = [];
      for (const round of [...live, ...ended]) {
        const answer = call('TallyApi_round', u32.codec.enc(round));
        const info = option(roundInfo).codec.dec(answer);
        if (info === undefined) continue;
        blocks.push(...info.submissions.map(({ block }) => block));
        if (info.round.closedAt !== undefined) closed.push(info);
        // An option that is there is one byte and its value.
        rounds.push(answer.slice(1));
        opened.push(...this.#opened.take(info.round, call));
      }
      const term = call('CommitteeApi_term', new Uint8Array());
      this.#foresight.keepOnly(live);
      this.#directions.keepOnly(live);
      this.#opened.keepOnly(live);
      this.#told = { hash, number, isBusy: rounds.length > 0, closed };
      this.#tell(this.#told, { number, term, rounds, sealed: this.#gather(blocks) }, opened);
    } catch (error) {
      this.#log.error({ block: number, error: String(error) }, 'the finalized state could not be read');
    }
  }

  /**
   * The sealed submissions of blocks not looked at yet, or whose bodies were not here; after a start that is every block with one, so many bytes at each look.
   */
  #gather(blocks: readonly number[]): Uint8Array[] {
    const gathered: Uint8Array[] = [];
    let bytes = 0;
    // What no round needs any more is not waited for.
    for (const number of this.#missing) if (!blocks.includes(number)) this.#missing.delete(number);
    const isFresh = (number: number): boolean => number > this.#scanned || this.#missing.has(number);
    const fresh = [...new Set(blocks)].filter(isFresh).sort((a, b) => a - b);
    for (const number of fresh) {
      if (bytes > GATHERED_BYTES) break;
      const hash = this.#host.hashByNumber(number);
      const sealed = (hash === undefined ? undefined : this.#host.body(hash))?.flatMap((bytes) =>
        this.#sealedOf(bytes),
      );
      if (sealed === undefined) this.#miss(number);
      else {
        gathered.push(...sealed);
        bytes += sealed.reduce((sum, { length }) => sum + length, 0);
        this.#missing.delete(number);
      }
      this.#scanned = Math.max(this.#scanned, number);
    }
    return gathered;
  }

  #miss(block: number): void {
    if (this.#missing.has(block)) return;
    this.#missing.add(block);
    this.#log.warn({ block }, 'the body of a block with submissions is not here: it is looked for again');
  }

  #sealedOf(bytes: Uint8Array): Uint8Array[] {
    return this.#host.callsIn(bytes).flatMap(({ call }) => sealedIn(call));
  }

  #take(message: Exclude<FromThread, { kind: 'ready' }>): void {
    if (message.kind === 'unkept') {
      this.#scanned = -1;
      return;
    }
    if (message.kind === 'error') {
      this.#log.warn({ duty: message.duty, code: message.code, message: message.message }, 'a committee duty failed');
      return;
    }
    if (message.kind === 'evaluated') {
      const { round, agrees, tookMs } = message;
      const facts = { round, tookMs: Math.round(tookMs) };
      if (agrees) this.#log.info(facts, 'the scores evaluate to what the committee agreed on');
      else this.#log.error(facts, 'the scores do NOT evaluate to what the committee agreed on: audit the chain');
      return;
    }
    const { number, posts, tookMs } = message;
    // The thread names everything that is due: what it does not name has been done, or is over.
    const due = new Set(posts.map(({ duty }) => duty));
    for (const duty of this.#sent.keys()) if (!due.has(duty)) this.#sent.delete(duty);
    for (const { duty, extrinsic } of posts) {
      const before = this.#sent.get(duty);
      if (before !== undefined && number < before + RESUBMIT_AFTER) continue;
      this.#sent.set(duty, number);
      this.#host.submit(extrinsic).then(
        (result) =>
          this.#log.info(
            { duty, block: number, tookMs: Math.round(tookMs), bytes: extrinsic.length, result },
            'posted',
          ),
        (error: unknown) => this.#log.error({ duty, error: String(error) }, 'a post could not be submitted'),
      );
    }
  }
}

/** Errors lose their class on the way between threads, not their code; the one of a start is that of the vault. */
function startFault(error: Error & { readonly code?: unknown }, vaultPath = 'committee'): Error {
  const { code, message } = error;
  return typeof code === 'string' && code.includes('/') ? new TacitError(code, `${vaultPath}: ${message}`) : error;
}

/** The sealed submission that a call brings. */
function sealedIn({ tag, value }: HeldCall['call']): Uint8Array[] {
  return tag === 'Tally' && value.tag === 'submit' ? [(value.value as { sealed: Uint8Array }).sealed] : [];
}
