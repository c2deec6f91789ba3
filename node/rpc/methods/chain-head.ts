/** https://paritytech.github.io/json-rpc-interface-spec/api/chainHead.html, version 1. */
import { encodeHeader } from '../../base/header.ts';
import type { Backend } from '../backend.ts';
import type { Connection } from '../connection.ts';
import { invalidParams, RpcError } from '../errors.ts';
import type { Call, Methods } from '../jsonrpc.ts';
import { callInputParam, hashParam, hexOf, listParam, textParam } from '../params.ts';
import { callRuntime } from '../runtime-call.ts';
import { queryStorage, storageQueriesParam } from '../storage-query.ts';
import { Follow, goOn, halt, MAX_PINNED, sendItems } from './follow.ts';

const TOO_MANY_FOLLOWS = -32800;
const WITHOUT_RUNTIME = -32802;
const MAX_FOLLOWS = 4;

export function chainHeadMethods(backend: Backend): Methods {
  const { chain } = backend;
  const followsOf = new WeakMap<Connection, Map<string, Follow>>();
  const follow = ({ connection }: Call, id: unknown): Follow | undefined => {
    const name = textParam(id, 'the subscription');
    return followsOf.get(connection)?.get(name);
  };
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
      connection.unsubscribe('chainHead', textParam(id, 'the subscription'));
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
      if (!found.withRuntime)
        throw new RpcError(
          WITHOUT_RUNTIME,
          'The chainHead_v1_follow subscription was started with withRuntime set to false',
        );
      const name = textParam(method, 'the function');
      const bytes = callInputParam(input);
      return found.operate(call, {}, async (emit) => {
        if (!chain.header(hash)) emit({ event: 'operationInaccessible' });
        else {
          const client = call.connection.giver;
          emit({ event: 'operationCallDone', output: hexOf(await callRuntime({ chain, client }, hash, name, bytes)) });
        }
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
      const found = follow(call, id)?.operation(operation);
      if (found) goOn(found);
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
