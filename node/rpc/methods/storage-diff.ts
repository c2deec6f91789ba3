/** archive_v1_storageDiff: what changed between two blocks. */
import { sameBytes } from '../../../primitives/crypto/bytes.ts';
import { blake2b256 } from '../../../primitives/crypto/hash.ts';
import { toHex } from '../../../primitives/crypto/hex.ts';
import type { Trie } from '../../../primitives/trie/index.ts';
import { isTacitError } from '../../../primitives/errors.ts';
import { slices } from '../../base/serial.ts';
import type { HexHash } from '../../base/types.ts';
import type { Backend } from '../backend.ts';
import type { Subscription } from '../connection.ts';
import { CLIENT_ERROR, invalidParams, RpcError } from '../errors.ts';
import type { Methods } from '../jsonrpc.ts';
import { bytesParam, hashParam, hexOf, listParam, optional } from '../params.ts';

interface DiffItem {
  readonly prefix: Uint8Array;
  readonly returns: 'value' | 'hash';
}
/** A key with what stood there before and stands there now. */
type Difference = readonly [key: Uint8Array, before: Uint8Array | undefined, now: Uint8Array | undefined];

const WHOLE: DiffItem = { prefix: new Uint8Array(0), returns: 'value' };
const MAX_ITEMS = 64;
/** A difference walks through two states: one client has no more of them at one time. */
const MAX_DIFFS = 2;

function itemsParam(value: unknown): DiffItem[] {
  if (value === undefined || value === null) return [WHOLE];
  return listParam(value, 'the items', MAX_ITEMS, (item) => {
    const { key, returnType, childTrieKey } = (item ?? {}) as Record<string, unknown>;
    if (childTrieKey !== undefined && childTrieKey !== null) throw invalidParams('this chain has no child tries');
    if (returnType !== 'value' && returnType !== 'hash') throw invalidParams("an item's returnType is value or hash");
    return {
      prefix: optional(key, (given) => bytesParam(given, 'the key', 1024)) ?? WHOLE.prefix,
      returns: returnType,
    };
  });
}

/** Every key under `prefix` of either state, in order; those included that did not change, as undefined, so that the caller can pause. */
function* differences(before: Trie, now: Trie, prefix: Uint8Array): IterableIterator<Difference | undefined> {
  const [old, young] = [before.entries(prefix), now.entries(prefix)];
  let [a, b] = [old.next(), young.next()];
  while (!a.done || !b.done) {
    const order = a.done ? 1 : b.done ? -1 : Buffer.compare(a.value[0], b.value[0]);
    if (order < 0) {
      yield [a.value[0], a.value[1], undefined];
      a = old.next();
    } else if (order > 0) {
      yield [b.value[0], undefined, b.value[1]];
      b = young.next();
    } else {
      yield sameBytes(a.value[1], b.value[1]) ? undefined : [b.value[0], a.value[1], b.value[1]];
      [a, b] = [old.next(), young.next()];
    }
  }
}

/** Of what was deleted, what it was. */
function eventOf([key, before, now]: Difference, returns: DiffItem['returns']): object {
  const value = (now ?? before)!;
  const type = before === undefined ? 'added' : now === undefined ? 'deleted' : 'modified';
  const told = returns === 'value' ? { value: hexOf(value) } : { hash: toHex(blake2b256(value)) };
  return { event: 'storageDiff', key: hexOf(key), ...told, type };
}

async function send(
  [before, now]: readonly [Trie, Trie],
  items: readonly DiffItem[],
  own: Subscription,
  stopped: () => boolean,
): Promise<void> {
  const pause = slices(5);
  for (const { prefix, returns } of items) {
    for (const difference of differences(before, now, prefix)) {
      await pause();
      await own.room();
      if (stopped()) return;
      if (difference) own.notify(eventOf(difference, returns));
    }
  }
  own.notify({ event: 'storageDiffDone' });
}

export function storageDiffMethods({ chain }: Backend): Methods {
  const statesOf = (hash: HexHash, previous: HexHash | undefined): [Trie, Trie] | string => {
    const header = chain.header(hash);
    const parent = header && (header.number === 0 ? hash : hexOf(header.parentHash));
    const from = previous ?? parent;
    const [before, now] = [from === undefined ? undefined : chain.state(from), chain.state(hash)];
    if (!before || !now) return 'no such block, or its state is not kept';
    return [before, now];
  };
  return {
    archive_v1_storageDiff: ([value, list, previous], call) => {
      const items = itemsParam(list);
      const states = statesOf(
        hashParam(value),
        optional(previous, (hash) => hashParam(hash, 'the previous hash')),
      );
      if (call.connection.count('archiveStorageDiff') >= MAX_DIFFS)
        throw new RpcError(CLIENT_ERROR, `a connection has at most ${MAX_DIFFS} differences at a time`);
      return call.connection.subscribe(call, 'archiveStorageDiff', 'archive_v1_storageDiffEvent', (own) => {
        let stopped = false;
        const fail = (error: string): void => own.notify({ event: 'storageDiffError', error });
        if (typeof states === 'string') {
          fail(states);
          own.end();
        } else {
          void send(states, items, own, () => stopped)
            .catch((error: unknown) => fail(isTacitError(error) ? error.message : 'internal error'))
            .finally(() => own.end());
        }
        return () => {
          stopped = true;
        };
      });
    },
    archive_v1_stopStorageDiff: ([id], { connection }) => {
      connection.unsubscribe('archiveStorageDiff', id);
      return null;
    },
    // As polkadot-sdk names it.
    archive_v1_storageDiff_stopStorageDiff: ([id], { connection }) => connection.unsubscribe('archiveStorageDiff', id),
  };
}
