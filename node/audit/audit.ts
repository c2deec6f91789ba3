/**
 * The audit: from genesis to the finalized head without trusting whoever stores the blocks. Every block is executed again from a state that the audit
 * built itself; every tally round is worked out again from the bodies.
 *
 * ```ts
 * const source = await openFolder(directory);
 * const report = await audit(source, { spec });
 * if (!report.ok) console.error(report.failure);
 * ```
 */
import { timestamp } from '../../pallets/timestamp/index.ts';
import { fromHex, toHex } from '../../primitives/crypto/hex.ts';
import { isTacitError, TacitError } from '../../primitives/errors.ts';
import { orderedRoot } from '../../primitives/trie/index.ts';
import { type Runtime, runtime as productRuntime } from '../../runtime/index.ts';
import { Ahead, type StateOf } from '../chain/ahead.ts';
import { checkForm } from '../chain/execute.ts';
import { auraAuthorities } from '../base/authorities.ts';
import { isOurs } from '../base/faults.ts';
import { encodeHeader, headerHash } from '../base/header.ts';
import type { Host } from '../base/runtime.ts';
import type { AuthoritySet, BlockRef, Header, Verifier } from '../base/types.ts';
import { authorOf, sealPayload, slotOf, unseal } from '../base/seal.ts';
import { VerifyPool } from '../workers/index.ts';
import { CHECK, CheckBook, type CheckReport, type Failure } from './book.ts';
import { carriedOut, whyOf } from './carry-out.ts';
import { checkFinality, votersAfter } from './finality.ts';
import { Followed } from './follow.ts';
import { callsOf, compareStored, genesisBlock, type GenesisSpec, readingContext, replayBlock } from './replay.ts';
import type { BlockSource, ReplayedBlock, StoredBlock } from './types.ts';

export interface AuditOptions {
  /** The specification that the genesis state is rebuilt from. */
  readonly spec: GenesisSpec & { readonly id?: string };
  /** The state machine; the product's own if left out. */
  readonly runtime?: Runtime;
  /** Hash that block 0 must have. */
  readonly genesis?: string;
  /** Verifies signatures and proofs; threads of its own if left out. */
  readonly verifier?: Verifier & Host;
  readonly onProgress?: (done: number, of: number) => void;
  readonly signal?: AbortSignal;
}

export interface AuditReport {
  readonly ok: boolean;
  /** Id of the chain's specification. */
  readonly chain: string;
  readonly genesis: string;
  /** The finalized block that the audit reached and confirmed. */
  readonly head: BlockRef;
  /** When the head was made, by its author's clock, in milliseconds since 1970; absent if that is block 0. */
  readonly headTime?: number;
  readonly checks: readonly CheckReport[];
  /** Why the replay ended before the finalized head, with the number of the check. */
  readonly stopped?: Failure & { readonly check: number };
}

/** Raised inside to end the replay: what comes after a block that is not one cannot be judged. */
class Stop extends Error {
  readonly check: number;

  constructor(check: number) {
    super('stop');
    this.check = check;
  }
}

/**
 * Audits a chain. Findings are in the report; it throws only for what cannot be audited at all: `audit/other-genesis`, `audit/needs-archive`, `audit/aborted`,
 * and what the source or the specification throws.
 */
export async function audit(source: BlockSource, options: AuditOptions): Promise<AuditReport> {
  const own = options.verifier === undefined ? new VerifyPool() : undefined;
  let run: AuditRun | undefined;
  try {
    run = new AuditRun(source, options, options.verifier ?? own!);
    return await run.run();
  } finally {
    run?.close();
    await own?.close();
  }
}

class AuditRun {
  readonly #source: BlockSource;
  readonly #options: AuditOptions;
  readonly #verifier: Verifier & Host;
  readonly #runtime: Runtime;
  readonly #book = new CheckBook();
  readonly #genesis: Uint8Array;
  readonly #genesisHeader: Header;
  readonly #followed: Followed;
  #parent: StateOf;
  #header: Header;
  #voters: AuthoritySet;
  #time = 0n;

  constructor(source: BlockSource, options: AuditOptions, verifier: Verifier & Host) {
    const { runtime = productRuntime, spec } = options;
    const book = this.#book;
    this.#source = source;
    this.#options = options;
    this.#verifier = verifier;
    this.#runtime = runtime;
    const { applied, header } = genesisBlock(runtime, spec);
    const genesis = fromHex(headerHash(header));
    if (options.genesis !== undefined && options.genesis !== toHex(genesis)) {
      throw new TacitError(
        'audit/other-genesis',
        `the specification makes the genesis block ${toHex(genesis)}, not ${options.genesis}`,
      );
    }
    book.at({ block: 0, hash: toHex(genesis) });
    if (source.stateNode) compareStored(applied.inserted, source.stateNode, book);
    this.#genesis = genesis;
    this.#genesisHeader = header;
    this.#header = header;
    this.#parent = { hash: genesis, state: applied.trie };
    this.#voters = votersAfter(runtime, this.#parent, verifier);
    this.#followed = new Followed({ runtime, genesis, state: applied.trie, host: verifier, book, source });
  }

  close(): void {
    this.#followed.close();
  }

  async run(): Promise<AuditReport> {
    const { onProgress, signal } = this.#options;
    const head = await this.#source.finalized();
    let stopped: (Failure & { check: number }) | undefined;
    try {
      this.#checkGenesis(await this.#read(0, this.#source.block(0)));
      let next = head.number > 0 ? this.#source.block(1) : undefined;
      for (let number = 1; next !== undefined; number++) {
        if (signal?.aborted) throw new TacitError('audit/aborted', 'the audit was stopped');
        const block = await this.#read(number, next);
        // The next block is on its way while this one is executed.
        next = number < head.number ? this.#source.block(number + 1) : undefined;
        next?.catch(() => undefined);
        await this.#block(block, head);
        onProgress?.(number, head.number);
      }
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
      const failure = this.#book.report(false).find(({ id }) => id === error.check)?.failure;
      if (failure) stopped = { check: error.check, ...failure };
    }
    const checks = this.#book.report(stopped === undefined);
    return {
      ok: checks.every(({ ok }) => ok),
      chain: this.#options.spec.id ?? '',
      genesis: toHex(this.#genesis),
      head: { number: this.#header.number, hash: toHex(this.#parent.hash) },
      ...(this.#time > 0n && { headTime: Number(this.#time) }),
      checks,
      ...(stopped && { stopped }),
    };
  }

  /** What is damaged ends the replay. */
  async #read(number: number, block: Promise<StoredBlock>): Promise<StoredBlock> {
    try {
      return await block;
    } catch (error) {
      if (!isTacitError(error, 'audit/damaged')) throw error;
      this.#book.at({ block: number });
      this.#book.expect(CHECK.headers, false, error.message);
      throw new Stop(CHECK.headers);
    }
  }

  #checkGenesis(stored: StoredBlock): void {
    this.#book.at({ block: 0, hash: stored.hash });
    const [expected, found] = [encodeHeader(this.#genesisHeader), encodeHeader(stored.header)];
    const same =
      this.#book.same(CHECK.headers, 'hash of block 0 by the specification', toHex(this.#genesis), stored.hash) &&
      this.#book.same(CHECK.headers, 'header of block 0', expected, found) &&
      this.#book.same(CHECK.headers, 'extrinsics of block 0', 0, stored.body.length);
    if (!same) throw new Stop(CHECK.headers);
  }

  async #block(block: StoredBlock, head: BlockRef): Promise<void> {
    const book = this.#book;
    book.at({ block: this.#header.number + 1, hash: block.hash });
    this.#checkHeader(block, head);
    const sealed = this.#checkSeal(block.header);
    const ahead = new Ahead(block.body, this.#runtime, this.#parent, this.#verifier);
    // A state on which it cannot be told what there is to verify is none to execute the block on.
    const verified = await carriedOut(book, CHECK.execution, 'the block cannot be executed', async () => {
      await ahead.all();
      return true;
    });
    await sealed;
    if (verified === undefined) throw new Stop(CHECK.execution);
    const replay = replayBlock(this.#runtime, block, this.#parent, this.#verifier, book);
    if (replay === undefined) throw new Stop(CHECK.execution);
    if (this.#source.stateNode) compareStored(replay.applied.inserted, this.#source.stateNode, book);
    const hash = fromHex(block.hash);
    const after: StateOf = { hash, state: replay.applied.trie };
    await this.#checkFinality(block, after, head);
    const { number } = block.header;
    const before = readingContext(this.#runtime, this.#parent.state as ReplayedBlock['state'], {
      number: number - 1,
      hash: this.#parent.hash,
    });
    const replayed: ReplayedBlock = {
      number,
      hash,
      calls: callsOf(this.#runtime, block.body),
      events: replay.events,
      before,
      after: readingContext(this.#runtime, replay.applied.trie, { number, hash }),
      state: replay.applied.trie,
      changed: replay.changed,
    };
    await this.#followed.block(replayed, number === head.number);
    this.#time = (await carriedOut(book, CHECK.execution, 'the time of the block', () => timeOf(replayed))) ?? 0n;
    this.#parent = after;
    this.#header = block.header;
  }

  #checkHeader({ hash, header, body }: StoredBlock, head: BlockRef): void {
    const book = this.#book;
    const isLinked =
      book.same(CHECK.headers, 'hash of the header', headerHash(header), hash) &&
      book.same(CHECK.headers, 'parent of the header', toHex(this.#parent.hash), toHex(header.parentHash)) &&
      (header.number < head.number || book.same(CHECK.headers, 'hash of the finalized head', hash, head.hash));
    if (!isLinked) throw new Stop(CHECK.headers);
    try {
      checkForm({ header, body }, this.#header);
      book.passed(CHECK.headers, body.length);
    } catch (error) {
      if (!isTacitError(error)) throw error;
      if (error.code === 'chain/bad-extrinsics-root') {
        book.same(CHECK.headers, 'extrinsics root of the body', header.extrinsicsRoot, orderedRoot(body));
        throw new Stop(CHECK.headers);
      }
      const isSlot = error.code === 'chain/slot-not-increasing' || error.code.startsWith('aura/');
      const check = isSlot ? CHECK.seals : CHECK.headers;
      book.expect(check, false, `${error.message} (${error.code})`);
      throw new Stop(check);
    }
  }

  /** A block with a wrong seal can still be executed: the replay goes on to find what else is wrong. */
  async #checkSeal(header: Header): Promise<void> {
    const book = this.#book;
    try {
      const { unsealed, seal } = unseal(header);
      const ask = (method: string) =>
        this.#runtime.call(this.#parent.state, this.#parent.hash, method, new Uint8Array(), this.#verifier);
      const author = authorOf(slotOf(header), auraAuthorities(ask));
      const task = { kind: 'sr25519' as const, parts: [author, sealPayload(unsealed), seal] };
      const [good] = await this.#verifier.verify([task]);
      book.expect(CHECK.seals, good === true, `the seal of slot ${slotOf(header)} is not by ${toHex(author)}`);
    } catch (error) {
      if (isOurs(error)) throw error;
      book.expect(CHECK.seals, false, whyOf(error));
      throw new Stop(CHECK.seals);
    }
  }

  /** Voters hand over block by block: the last that a set votes on must be proved by it, and so must the finalized head. */
  async #checkFinality(block: StoredBlock, after: StateOf, head: BlockRef): Promise<void> {
    const voters = () => votersAfter(this.#runtime, after, this.#verifier);
    const next = await carriedOut(this.#book, CHECK.justifications, 'the state does not tell who votes', voters);
    if (next === undefined) throw new Stop(CHECK.justifications);
    const handsOver = next.setId !== this.#voters.setId;
    const isHead = block.header.number === head.number;
    const needed = handsOver ? 'the block that hands over to other voters' : isHead ? 'the finalized head' : undefined;
    await checkFinality(block, this.#voters, needed, this.#verifier, this.#book);
    this.#voters = next;
  }
}

/** What a block's own stamp says, on a chain that has one. */
function timeOf({ after }: ReplayedBlock): bigint {
  return timestamp.use(after).store.now.get();
}
