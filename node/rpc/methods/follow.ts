/** One subscription of chainHead_v1_follow: what it has announced, what the client has pinned, which operations run. */
import { randomBytes } from 'node:crypto';
import { isTacitError } from '../../../primitives/errors.ts';
import { slices } from '../../base/serial.ts';
import type { BlockRef, Header, HexHash } from '../../base/types.ts';
import type { Backend } from '../backend.ts';
import type { Subscription } from '../connection.ts';
import { RpcError } from '../errors.ts';
import { specJson } from '../format.ts';
import type { Call } from '../jsonrpc.ts';
import { hexOf, textParam } from '../params.ts';
import type { StorageResult } from '../storage-query.ts';

const INVALID_BLOCK = -32801;
const NOT_WAITING = -32803;
const DUPLICATE_HASHES = -32804;
/** Blocks that a client leaves pinned before it is cut off. */
export const MAX_PINNED = 4096;
/** Finalized blocks that a client is told of when it begins, a minute of them: one that was cut off finds where it stood, and misses nothing. */
const RECENT_BLOCKS = 32;
const MAX_OPERATIONS = 64;
/** Storage items and characters per event, and events after which the client must ask for more. */
const ITEMS_PER_EVENT = 256;
const LENGTH_PER_EVENT = 1 << 20;
const EVENTS_PER_CONTINUE = 8;

interface Operation {
  stopped: boolean;
  /** Set while the operation waits for chainHead_v1_continue. */
  resume: (() => void) | undefined;
}

/** One chainHead subscription. */
export class Follow {
  readonly #backend: Backend;
  readonly #own: Subscription;
  readonly withRuntime: boolean;
  /** With the headers: a block that a client has pinned may have died in the meantime. */
  readonly #pinned = new Map<HexHash, Header>();
  readonly #operations = new Map<string, Operation>();
  readonly #stops: (() => void)[] = [];

  constructor(backend: Backend, own: Subscription, withRuntime: boolean) {
    this.#backend = backend;
    this.#own = own;
    this.withRuntime = withRuntime;
  }

  start(): void {
    const { chain } = this.#backend;
    const recent = this.#recentFinalized();
    for (const [hash, header] of recent) this.#pinned.set(hash, header);
    const spec = specJson(this.#backend.runtime.version);
    this.#emit({
      event: 'initialized',
      finalizedBlockHashes: recent.map(([hash]) => hash),
      ...(this.withRuntime && { finalizedBlockRuntime: { type: 'valid', spec } }),
    });
    for (const ref of chain.unfinalized()) this.#newBlock(ref);
    this.#emit({ event: 'bestBlockChanged', bestBlockHash: chain.best().hash });
    this.#stops.push(
      chain.on('imported', ({ ref }) => this.#newBlock(ref)),
      chain.on('best', ({ ref }) => this.#emit({ event: 'bestBlockChanged', bestBlockHash: ref.hash })),
      chain.on('finalized', ({ enacted, pruned }) =>
        this.#emit({
          event: 'finalized',
          finalizedBlockHashes: enacted.map(({ hash }) => hash),
          prunedBlockHashes: pruned.map(({ hash }) => hash),
        }),
      ),
    );
  }

  /** The latest finalized blocks, the oldest first. */
  #recentFinalized(): [HexHash, Header][] {
    const { chain } = this.#backend;
    const found: [HexHash, Header][] = [];
    let { hash } = chain.finalized();
    while (found.length < RECENT_BLOCKS) {
      const header = chain.header(hash);
      if (!header) break;
      found.push([hash, header]);
      if (header.number === 0) break;
      hash = hexOf(header.parentHash);
    }
    return found.toReversed();
  }

  stop(): void {
    for (const stop of this.#stops) stop();
    for (const operation of this.#operations.values()) halt(operation);
    this.#operations.clear();
  }

  pinned(hash: HexHash): Header {
    const header = this.#pinned.get(hash);
    if (!header) throw new RpcError(INVALID_BLOCK, 'Invalid block hash');
    return header;
  }

  unpin(hashes: readonly HexHash[]): void {
    if (new Set(hashes).size !== hashes.length) throw new RpcError(DUPLICATE_HASHES, 'Duplicate block hashes');
    for (const hash of hashes) this.pinned(hash);
    for (const hash of hashes) this.#pinned.delete(hash);
  }

  /** Starts an operation whose events go out after the answer. */
  operate(
    call: Call,
    extra: object,
    run: (emit: (event: object) => void, operation: Operation) => void | Promise<void>,
  ): object {
    if (this.#operations.size >= MAX_OPERATIONS) return { result: 'limitReached' };
    const operationId = randomBytes(8).toString('hex');
    const operation: Operation = { stopped: false, resume: undefined };
    this.#operations.set(operationId, operation);
    const emit = (event: object): void => {
      if (!operation.stopped) this.#emit({ ...event, operationId });
    };
    call.afterReply(async () => {
      try {
        await run(emit, operation);
      } catch (error) {
        emit({ event: 'operationError', error: isTacitError(error) ? error.message : 'internal error' });
      } finally {
        this.#operations.delete(operationId);
      }
    });
    return { result: 'started', operationId, ...extra };
  }

  operation(id: unknown): Operation | undefined {
    return this.#operations.get(textParam(id, 'the operation'));
  }

  #newBlock(ref: BlockRef): void {
    if (this.#pinned.size >= MAX_PINNED) {
      this.#emit({ event: 'stop' });
      this.#own.end();
      return;
    }
    const header = this.#backend.chain.header(ref.hash)!;
    this.#pinned.set(ref.hash, header);
    this.#emit({
      event: 'newBlock',
      blockHash: ref.hash,
      parentBlockHash: hexOf(header.parentHash),
      ...(this.withRuntime && { newRuntime: null }),
    });
  }

  #emit(event: object): void {
    this.#own.notify(event);
  }
}

/** Has an operation go on that waits for it. */
export function goOn({ resume }: Operation): void {
  if (!resume) throw new RpcError(NOT_WAITING, 'Wait for continue event was not generated for the subscription');
  resume();
}

export function halt(operation: Operation): void {
  operation.stopped = true;
  operation.resume?.();
}

/** Sends results in events of bounded size; waits for the client now and then. */
export async function sendItems(
  items: Iterable<StorageResult>,
  emit: (event: object) => void,
  operation: Operation,
): Promise<void> {
  const pause = slices(5);
  let batch: StorageResult[] = [];
  let length = 0;
  let events = 0;
  const flush = async (): Promise<void> => {
    emit({ event: 'operationStorageItems', items: batch });
    batch = [];
    length = 0;
    if (++events % EVENTS_PER_CONTINUE !== 0) return;
    emit({ event: 'operationWaitingForContinue' });
    await new Promise<void>((resolve) => {
      operation.resume = resolve;
    });
    operation.resume = undefined;
  };
  for (const item of items) {
    await pause();
    if (operation.stopped) return;
    batch.push(item);
    length += item.key.length + (item.value?.length ?? 0);
    if (batch.length >= ITEMS_PER_EVENT || length >= LENGTH_PER_EVENT) await flush();
  }
  if (batch.length > 0) emit({ event: 'operationStorageItems', items: batch });
  emit({ event: 'operationStorageDone' });
}
