/** https://paritytech.github.io/json-rpc-interface-spec/api/chainHead.html, version 1. */
import { randomBytes } from 'node:crypto';
import { isTacitError } from '../../../primitives/errors.ts';
import { encodeHeader } from '../../base/header.ts';
import { slices } from '../../base/serial.ts';
import type { BlockRef, Header, HexHash } from '../../base/types.ts';
import type { Backend } from '../backend.ts';
import type { Connection, Subscription } from '../connection.ts';
import { specJson } from '../format.ts';
import { invalidParams, RpcError } from '../errors.ts';
import type { Call, Methods } from '../jsonrpc.ts';
import { callInputParam, hashParam, hexOf, listParam, textParam } from '../params.ts';
import { callRuntime } from '../runtime-call.ts';
import { queryStorage, type StorageResult, storageQueriesParam } from '../storage-query.ts';

const TOO_MANY_FOLLOWS = -32800;
const INVALID_BLOCK = -32801;
const DUPLICATE_HASHES = -32804;
const MAX_FOLLOWS = 4;
/** Blocks that a client leaves pinned before it is cut off. */
const MAX_PINNED = 4096;
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
class Follow {
  readonly #backend: Backend;
  readonly #own: Subscription;
  readonly #withRuntime: boolean;
  /** With the headers: a block that a client has pinned may have died in the meantime. */
  readonly #pinned = new Map<HexHash, Header>();
  readonly #operations = new Map<string, Operation>();
  readonly #stops: (() => void)[] = [];

  constructor(backend: Backend, own: Subscription, withRuntime: boolean) {
    this.#backend = backend;
    this.#own = own;
    this.#withRuntime = withRuntime;
  }

  start(): void {
    const { chain } = this.#backend;
    const finalized = chain.finalized();
    this.#pinned.set(finalized.hash, chain.header(finalized.hash)!);
    this.#emit({
      event: 'initialized',
      finalizedBlockHashes: [finalized.hash],
      ...(this.#withRuntime && {
        finalizedBlockRuntime: { type: 'valid', spec: specJson(this.#backend.runtime.version) },
      }),
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
    return typeof id === 'string' ? this.#operations.get(id) : undefined;
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
      newRuntime: null,
    });
  }

  #emit(event: object): void {
    this.#own.notify(event);
  }
}

function halt(operation: Operation): void {
  operation.stopped = true;
  operation.resume?.();
}

/** Sends results in events of bounded size; waits for the client now and then. */
async function sendItems(
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

export function chainHeadMethods(backend: Backend): Methods {
  const { chain } = backend;
  const followsOf = new WeakMap<Connection, Map<string, Follow>>();
  const follow = ({ connection }: Call, id: unknown): Follow | undefined =>
    typeof id === 'string' ? followsOf.get(connection)?.get(id) : undefined;
  const ended = { result: 'limitReached' };

  return {
    chainHead_v1_follow: ([withRuntime], call) => {
      if (typeof withRuntime !== 'boolean') throw invalidParams('withRuntime is to be true or false');
      const follows = followsOf.get(call.connection) ?? new Map<string, Follow>();
      followsOf.set(call.connection, follows);
      // Counted by the connection, which knows those of the same batch too.
      if (call.connection.count('chainHead') >= MAX_FOLLOWS)
        throw new RpcError(TOO_MANY_FOLLOWS, 'Too many chainHead_v1_follow subscriptions');
      return call.connection.subscribe(call, 'chainHead', 'chainHead_v1_followEvent', (own) => {
        const started = new Follow(backend, own, withRuntime);
        follows.set(own.id, started);
        started.start();
        return () => {
          follows.delete(own.id);
          started.stop();
        };
      });
    },
    chainHead_v1_unfollow: ([id], { connection }) => {
      connection.unsubscribe('chainHead', id);
      return null;
    },
    chainHead_v1_header: ([id, hash], call) => {
      const found = follow(call, id);
      return found ? hexOf(encodeHeader(found.pinned(hashParam(hash)))) : null;
    },
    chainHead_v1_body: ([id, value], call) => {
      const found = follow(call, id);
      if (!found) return ended;
      const hash = hashParam(value);
      found.pinned(hash);
      return found.operate(call, {}, (emit) => {
        const body = chain.body(hash);
        emit(body ? { event: 'operationBodyDone', value: body.map(hexOf) } : { event: 'operationInaccessible' });
      });
    },
    chainHead_v1_call: ([id, value, method, input], call) => {
      const found = follow(call, id);
      if (!found) return ended;
      const hash = hashParam(value);
      found.pinned(hash);
      const name = textParam(method, 'the function');
      const bytes = callInputParam(input);
      return found.operate(call, {}, async (emit) => {
        if (!chain.header(hash)) emit({ event: 'operationInaccessible' });
        else emit({ event: 'operationCallDone', output: hexOf(await callRuntime(chain, hash, name, bytes)) });
      });
    },
    chainHead_v1_storage: ([id, value, items, childTrie], call) => {
      const found = follow(call, id);
      if (!found) return ended;
      const hash = hashParam(value);
      found.pinned(hash);
      const queries = storageQueriesParam(items, childTrie);
      return found.operate(call, { discardedItems: 0 }, async (emit, operation) => {
        const state = chain.state(hash);
        if (state) await sendItems(queryStorage(state, queries), emit, operation);
        else emit({ event: 'operationInaccessible' });
      });
    },
    chainHead_v1_continue: ([id, operation], call) => {
      follow(call, id)?.operation(operation)?.resume?.();
      return null;
    },
    chainHead_v1_stopOperation: ([id, operation], call) => {
      const found = follow(call, id)?.operation(operation);
      if (found) halt(found);
      return null;
    },
    chainHead_v1_unpin: ([id, hashes], call) => {
      const list = Array.isArray(hashes)
        ? listParam(hashes, 'the hashes', MAX_PINNED, (item) => hashParam(item))
        : [hashParam(hashes)];
      follow(call, id)?.unpin(list);
      return null;
    },
  };
}
