/** https://paritytech.github.io/json-rpc-interface-spec/api/transaction.html and transactionWatch. */
import { randomBytes } from 'node:crypto';
import type { TransactionStatus } from '../../chain/pool/watch.ts';
import { Shares } from '../../base/givers.ts';
import type { Backend } from '../backend.ts';
import type { Connection } from '../connection.ts';
import { invalidParams } from '../errors.ts';
import type { Methods } from '../jsonrpc.ts';
import { bytesParam } from '../params.ts';
import { LAST, reasonOf, submitError } from './author.ts';

/** Transactions that are offered again and again for their senders: per connection, and bytes of all of them, of which one connection has a fifth at most. */
const MAX_BROADCASTS = 16;
const BROADCAST_BYTES = { most: 64 << 20, part: 1 / 4 };

function watchEvent(status: TransactionStatus): object | undefined {
  switch (status.kind) {
    case 'inBlock':
      return { event: 'bestChainBlockIncluded', block: { hash: status.block.hash, index: status.index } };
    case 'retracted':
      return { event: 'bestChainBlockIncluded', block: null };
    case 'finalized':
      return { event: 'finalized', block: { hash: status.block.hash, index: status.index } };
    case 'invalid':
      return { event: 'invalid', error: reasonOf(status.code) };
    case 'usurped':
      return { event: 'invalid', error: 'replaced by another transaction' };
    case 'dropped':
      return { event: 'dropped', error: 'the pool is full' };
    default:
      return undefined;
  }
}

export function transactionMethods({ chain, pool }: Backend): Methods {
  const broadcasts = new WeakMap<Connection, Map<string, () => Promise<void>>>();
  const held = new Shares(BROADCAST_BYTES);
  const extrinsicParam = (value: unknown): Uint8Array => bytesParam(value, 'the transaction', 2 << 20);
  return {
    // Never an error about the transaction itself: the client learns its validity by other calls.
    transaction_v1_broadcast: ([value], { connection }) => {
      const bytes = extrinsicParam(value);
      const active = broadcasts.get(connection) ?? new Map<string, () => Promise<void>>();
      broadcasts.set(connection, active);
      const unload = active.size < MAX_BROADCASTS ? held.take(connection.giver, bytes.length) : undefined;
      if (unload === undefined) return null;
      const id = randomBytes(8).toString('hex');
      const owner = {};
      let offered: Promise<unknown> = Promise.resolve();
      const offer = (): void => {
        offered = Promise.all([offered, pool.submit(bytes, 'external', connection.giver, owner)]);
      };
      offer();
      // It is offered again as long as the client wants: it may become valid, or have been dropped.
      const silence = chain.on('finalized', offer);
      const end = async (how: 'withdraw' | 'release'): Promise<void> => {
        active.delete(id);
        silence();
        forget();
        unload();
        // what is being checked would enter the pool after it was taken out
        await offered;
        pool[how](pool.hashOf(bytes), owner);
      };
      active.set(id, () => end('withdraw'));
      // who has gone cannot say that it is not wanted any more
      const forget = connection.onClose(() => void end('release'));
      return id;
    },
    // The node no longer spreads it. So that it does not when the transaction becomes ready later either, it leaves the pool, unless others offered it too.
    transaction_v1_stop: async ([id], { connection }) => {
      const active = broadcasts.get(connection);
      const stop = typeof id === 'string' ? active?.get(id) : undefined;
      if (!stop) throw invalidParams('no such operation');
      await stop();
      return null;
    },
    transactionWatch_v1_submitAndWatch: ([value], call) => {
      const bytes = extrinsicParam(value);
      return call.connection.subscribe(call, 'transactionWatch', 'transactionWatch_v1_watchEvent', (own) => {
        let valid = false;
        const early: TransactionStatus[] = [];
        const tell = (status: TransactionStatus): void => {
          if (!valid) {
            early.push(status);
            return;
          }
          const event = watchEvent(status);
          if (event) own.notify(event);
          if (LAST.has(status.kind)) own.end();
        };
        const stop = pool.watch(pool.hashOf(bytes), tell);
        void pool.submit(bytes, 'external', call.connection.giver).then((result) => {
          const error = submitError(result);
          if (error && result.kind !== 'known') {
            own.notify({ event: 'invalid', error: typeof error.data === 'string' ? error.data : error.message });
            own.end();
            return;
          }
          valid = true;
          own.notify({ event: 'validated' });
          for (const status of early) tell(status);
        });
        return stop;
      });
    },
    transactionWatch_v1_unwatch: ([id], { connection }) => {
      connection.unsubscribe('transactionWatch', id);
      return null;
    },
  };
}
