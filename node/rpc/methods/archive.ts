/** https://paritytech.github.io/json-rpc-interface-spec/api/archive.html, version 1. */
import { isTacitError } from '../../../primitives/errors.ts';
import { encodeHeader } from '../../base/header.ts';
import { slices } from '../../base/serial.ts';
import type { Backend } from '../backend.ts';
import type { Subscription } from '../connection.ts';
import type { Methods } from '../jsonrpc.ts';
import { callInputParam, hashParam, hexOf, numberParam, textParam } from '../params.ts';
import { callRuntime } from '../runtime-call.ts';
import { queryStorage, type StorageResult, storageQueriesParam } from '../storage-query.ts';

async function send(results: Iterable<StorageResult>, own: Subscription, stopped: () => boolean): Promise<void> {
  const pause = slices(5);
  for (const result of results) {
    await pause();
    await own.room();
    if (stopped()) return;
    own.notify({ event: 'storage', ...result });
  }
  own.notify({ event: 'storageDone' });
}

export function archiveMethods({ chain }: Backend): Methods {
  return {
    archive_v1_genesisHash: () => chain.genesisHash,
    archive_v1_finalizedHeight: () => chain.finalized().number,
    archive_v1_hashByHeight: ([height]) => chain.hashesByNumber(numberParam(height, 'the height')),
    archive_v1_header: ([hash]) => {
      const header = chain.header(hashParam(hash));
      return header ? hexOf(encodeHeader(header)) : null;
    },
    archive_v1_body: ([hash]) => chain.body(hashParam(hash))?.map(hexOf) ?? null,
    archive_v1_call: async ([value, method, input], { connection }) => {
      const hash = hashParam(value);
      const name = textParam(method, 'the function');
      const bytes = callInputParam(input);
      if (!chain.header(hash)) return null;
      try {
        return {
          success: true,
          value: hexOf(await callRuntime({ chain, client: connection.giver }, hash, name, bytes)),
        };
      } catch (error) {
        if (!isTacitError(error)) throw error;
        return { success: false, error: error.message };
      }
    },
    archive_v1_storage: ([value, items, childTrie], call) => {
      const state = chain.state(hashParam(value));
      const queries = storageQueriesParam(items, childTrie, true);
      return call.connection.subscribe(call, 'archiveStorage', 'archive_v1_storageEvent', (own) => {
        let stopped = false;
        const fail = (error: string): void => own.notify({ event: 'storageError', error });
        if (!state) {
          fail('no such block');
          own.end();
        } else {
          void send(queryStorage(state, queries), own, () => stopped)
            .catch((error: unknown) => fail(isTacitError(error) ? error.message : 'internal error'))
            .finally(() => own.end());
        }
        return () => {
          stopped = true;
        };
      });
    },
    archive_v1_stopStorage: ([id], { connection }) => {
      connection.unsubscribe('archiveStorage', id);
      return null;
    },
  };
}
