import { sameBytes } from '../../../primitives/crypto/bytes.ts';
import { blake2b256 } from '../../../primitives/crypto/hash.ts';
import { toHex } from '../../../primitives/crypto/hex.ts';
import type { Trie } from '../../../primitives/trie/index.ts';
import { type Backend, blockAt, stateAt } from '../backend.ts';
import { Budget } from '../budget.ts';
import { versionJson } from '../format.ts';
import { INVALID_COUNT, RpcError } from '../errors.ts';
import type { Method, Methods } from '../jsonrpc.ts';
import { bytesParam, callInputParam, hexOf, listParam, numberParam, optional, textParam } from '../params.ts';
import { callRuntime } from '../runtime-call.ts';
import { stateHistoryMethods } from './state-history.ts';

const MAX_KEY = 1024;
const MAX_KEYS = 1024;
const MAX_PAGE = 1000;

const keyParam = (value: unknown): Uint8Array => bytesParam(value, 'the key', MAX_KEY);
/** Each once, in their order. */
const keysParam = (value: unknown): Uint8Array[] => {
  const keys = listParam(value, 'the keys', MAX_KEYS, keyParam);
  return [...new Map(keys.map((key) => [hexOf(key), key])).values()];
};
const hexOrNull = (bytes: Uint8Array | undefined): string | null => (bytes ? hexOf(bytes) : null);

function changesOf(state: Trie, keys: readonly Uint8Array[]): [string, string | null][] {
  const budget = new Budget();
  return keys.map((key) => [hexOf(key), hexOrNull(budget.take(state.get(key)))]);
}

function stateSubscriptions({ chain, runtime }: Backend): Methods {
  const subscribeStorage: Method = ([list], call) => {
    const keys = keysParam(list ?? []);
    return call.connection.subscribe(call, 'storage', 'state_storage', (own) => {
      const seen = new Map<Uint8Array, Uint8Array | undefined>();
      const tell = (hash: string, all: boolean): void => {
        const state = chain.state(hash)!;
        const changed = keys.filter((key) => {
          const [before, now] = [seen.get(key), state.get(key)];
          seen.set(key, now);
          return all || (before && now ? !sameBytes(before, now) : before !== now);
        });
        if (changed.length > 0) own.notify({ block: hash, changes: changesOf(state, changed) });
      };
      tell(chain.best().hash, true);
      return chain.on('best', ({ ref }) => tell(ref.hash, false));
    });
  };
  const subscribeVersion: Method = (_params, call) =>
    call.connection.subscribe(call, 'version', 'state_runtimeVersion', (own) => {
      own.notify(versionJson(runtime.version));
      // The version changes only with the software, that is, with a new process.
      return () => undefined;
    });
  return {
    state_subscribeRuntimeVersion: subscribeVersion,
    chain_subscribeRuntimeVersion: subscribeVersion,
    state_unsubscribeRuntimeVersion: ([id], { connection }) => connection.unsubscribe('version', id),
    chain_unsubscribeRuntimeVersion: ([id], { connection }) => connection.unsubscribe('version', id),
    state_subscribeStorage: subscribeStorage,
    state_unsubscribeStorage: ([id], { connection }) => connection.unsubscribe('storage', id),
  };
}

export function stateMethods(backend: Backend): Methods {
  const { chain, runtime } = backend;

  const getStorage: Method = ([key, at]) => hexOrNull(stateAt(backend, at).get(keyParam(key)));
  const call: Method = async ([method, input, at], { connection }) => {
    const bytes = callInputParam(input);
    const { hash } = blockAt(backend, at);
    const client = connection.giver;
    return hexOf(await callRuntime({ chain, client }, hash, textParam(method, 'the method'), bytes));
  };
  const keysPaged: Method = ([prefix, count, startKey, at]) => {
    const wanted = numberParam(count, 'the count');
    if (wanted > MAX_PAGE)
      throw new RpcError(INVALID_COUNT, `count exceeds maximum value. value: ${wanted}, max: ${MAX_PAGE}`);
    const start = optional(startKey, keyParam);
    const found: string[] = [];
    if (wanted === 0) return found;
    const under = optional(prefix, keyParam) ?? new Uint8Array(0);
    for (const key of stateAt(backend, at).keys(under, start && start.length > 0 ? start : undefined)) {
      if (found.push(hexOf(key)) >= wanted) break;
    }
    return found;
  };
  const getVersion: Method = ([at]) => {
    blockAt(backend, at);
    return versionJson(runtime.version);
  };

  const getHash: Method = ([key, at]) => {
    const value = stateAt(backend, at).get(keyParam(key));
    return value ? toHex(blake2b256(value)) : null;
  };
  const getSize: Method = ([key, at]) => stateAt(backend, at).get(keyParam(key))?.length ?? null;
  return {
    ...stateHistoryMethods(backend),
    ...stateSubscriptions(backend),
    state_getStorage: getStorage,
    state_getStorageAt: getStorage,
    state_getStorageHash: getHash,
    state_getStorageHashAt: getHash,
    state_getStorageSize: getSize,
    state_getStorageSizeAt: getSize,
    state_getKeysPaged: keysPaged,
    state_getKeysPagedAt: keysPaged,
    state_queryStorageAt: ([keys, at]) => {
      const { hash } = blockAt(backend, at);
      return [{ block: hash, changes: changesOf(chain.state(hash)!, keysParam(keys)) }];
    },
    state_getReadProof: ([keys, at]) => {
      const { hash } = blockAt(backend, at);
      const budget = new Budget();
      return {
        at: hash,
        proof: chain
          .state(hash)!
          .proof(keysParam(keys))
          .map((node) => hexOf(budget.take(node))),
      };
    },
    state_call: call,
    state_callAt: call,
    state_getMetadata: ([at]) => {
      blockAt(backend, at);
      return hexOf(runtime.metadata(14));
    },
    state_getRuntimeVersion: getVersion,
    chain_getRuntimeVersion: getVersion,
  };
}
