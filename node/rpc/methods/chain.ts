import type { BlockRef } from '../../base/types.ts';
import type { Backend } from '../backend.ts';
import { headerJson, justificationsJson } from '../format.ts';
import { CLIENT_ERROR, RpcError } from '../errors.ts';
import type { Method, Methods } from '../jsonrpc.ts';
import { hashParam, hexOf, listParam, numberParam, optional } from '../params.ts';

export function chainMethods(backend: Backend): Methods {
  const { chain } = backend;
  const header = (ref: BlockRef): object => headerJson(chain.header(ref.hash)!);

  const getHash: Method = ([asked]) => {
    const byNumber = (value: unknown): string | null => chain.hashByNumber(numberParam(value, 'the number')) ?? null;
    if (asked === undefined || asked === null) return chain.best().hash;
    return Array.isArray(asked) ? listParam(asked, 'the numbers', 1024, byNumber) : byNumber(asked);
  };
  const getHeader: Method = ([hash]) => {
    const found = chain.header(optional(hash, hashParam) ?? chain.best().hash);
    return found ? headerJson(found) : null;
  };
  const getBlock: Method = ([value]) => {
    const hash = optional(value, hashParam) ?? chain.best().hash;
    const found = chain.header(hash);
    if (!found) return null;
    const body = chain.body(hash);
    if (!body) throw new RpcError(CLIENT_ERROR, 'Client error: the body was pruned after the audit window');
    return {
      block: { header: headerJson(found), extrinsics: body.map(hexOf) },
      justifications: justificationsJson(chain.justification(hash)),
    };
  };
  const finalizedHead: Method = () => chain.finalized().hash;

  const heads = (notification: string, start: (notify: (ref: BlockRef) => void) => () => void): Method => {
    return (_params, call) =>
      call.connection.subscribe(call, notification, notification, (own) => start((ref) => own.notify(header(ref))));
  };
  const newHeads = heads('chain_newHead', (notify) => {
    notify(chain.best());
    return chain.on('best', ({ ref }) => notify(ref));
  });
  const allHeads = heads('chain_allHead', (notify) => {
    notify(chain.best());
    return chain.on('imported', ({ ref }) => notify(ref));
  });
  const finalizedHeads = heads('chain_finalizedHead', (notify) => {
    notify(chain.finalized());
    return chain.on('finalized', ({ enacted }) => enacted.forEach(notify));
  });
  const stop =
    (kind: string): Method =>
    ([id], { connection }) =>
      connection.unsubscribe(kind, id);

  return {
    chain_getBlockHash: getHash,
    chain_getHead: getHash,
    chain_getHeader: getHeader,
    chain_getBlock: getBlock,
    chain_getFinalizedHead: finalizedHead,
    chain_getFinalisedHead: finalizedHead,
    // polkadot.js uses the singular, others the plural.
    chain_subscribeNewHead: newHeads,
    chain_subscribeNewHeads: newHeads,
    chain_unsubscribeNewHead: stop('chain_newHead'),
    chain_unsubscribeNewHeads: stop('chain_newHead'),
    subscribe_newHead: newHeads,
    unsubscribe_newHead: stop('chain_newHead'),
    chain_subscribeAllHeads: allHeads,
    chain_unsubscribeAllHeads: stop('chain_allHead'),
    chain_subscribeFinalizedHeads: finalizedHeads,
    chain_subscribeFinalisedHeads: finalizedHeads,
    chain_unsubscribeFinalizedHeads: stop('chain_finalizedHead'),
    chain_unsubscribeFinalisedHeads: stop('chain_finalizedHead'),
  };
}
