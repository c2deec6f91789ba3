/**
 * The node's JSON-RPC: Substrate's legacy API as polkadot.js and its tools use it, and the groups chainHead, chainSpec,
 * transaction, transactionWatch and archive of the new specification. Methods that touch keys answer clients of this machine only.
 */
import type { Backend } from './backend.ts';
import type { Methods } from './jsonrpc.ts';
import { archiveMethods } from './methods/archive.ts';
import { authorMethods } from './methods/author.ts';
import { chainMethods } from './methods/chain.ts';
import { chainHeadMethods } from './methods/chain-head.ts';
import { chainSpecMethods } from './methods/chain-spec.ts';
import { grandpaMethods } from './methods/grandpa.ts';
import { keyMethods } from './methods/keys.ts';
import { paymentMethods } from './methods/payment.ts';
import { childStateMethods } from './methods/child-state.ts';
import { stateMethods } from './methods/state.ts';
import { storageDiffMethods } from './methods/storage-diff.ts';
import { systemMethods } from './methods/system.ts';
import { transactionMethods } from './methods/transaction.ts';

export type { Backend, ChainInfo, VersionInfo } from './backend.ts';
export { DEFAULT_ORIGINS, type Origins, parseOrigins } from './origins.ts';
export { RpcServer, type ServerOptions } from './server.ts';

export function rpcMethods(backend: Backend): Methods {
  const groups = [
    systemMethods,
    chainMethods,
    stateMethods,
    childStateMethods,
    authorMethods,
    keyMethods,
    paymentMethods,
    grandpaMethods,
    chainHeadMethods,
    chainSpecMethods,
    transactionMethods,
    archiveMethods,
    storageDiffMethods,
  ];
  const methods: Methods = Object.assign({}, ...groups.map((group) => group(backend)));
  const names = [...Object.keys(methods), 'rpc_methods'].sort();
  return { ...methods, rpc_methods: () => ({ version: 1, methods: names }) };
}
