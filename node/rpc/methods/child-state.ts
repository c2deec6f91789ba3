import { clientErrorOf, RpcError } from '../errors.ts';
import type { Method, Methods } from '../jsonrpc.ts';

const NAMES = ['Keys', 'KeysPaged', 'KeysPagedAt', 'Storage', 'StorageEntries', 'StorageHash', 'StorageSize'];

/** Clients ask for child tries without knowing whether a chain has any. */
export function childStateMethods(): Methods {
  const none: Method = () => {
    throw new RpcError(clientErrorOf('childstate_'), 'Client error: this chain has no child tries');
  };
  return Object.fromEntries(NAMES.map((name) => [`childstate_get${name}`, none]));
}
