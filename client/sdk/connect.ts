/** A connection to a Tacit node by unmodified polkadot.js: everything about the chain is learned from its metadata. */
import { ApiPromise, WsProvider } from '@polkadot/api';
import type { ApiOptions } from '@polkadot/api/types';
import { TacitError } from '../../primitives/errors.ts';

const RECONNECT_MS = 500;
const CONNECT_TIMEOUT_MS = 30_000;

export interface Chain extends AsyncDisposable {
  readonly api: ApiPromise;
  /** Hash of block 0: binds every proof and derivation to this chain. */
  readonly genesis: Uint8Array;
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Connects to `ws://` or `wss://` and waits until the metadata is there.
 * @throws `sdk/bad-url`; `sdk/unreachable` if that takes longer than `timeoutMs`; `sdk/not-tacit` if the chain has no tally
 */
export async function connect(url: string, timeoutMs = CONNECT_TIMEOUT_MS): Promise<Chain> {
  if (!/^wss?:\/\//.test(url))
    throw new TacitError('sdk/bad-url', 'a node is addressed as ws://host:port or wss://host:port', { url });
  const provider = new WsProvider(url, RECONNECT_MS);
  const api = new ApiPromise({ provider: provider as NonNullable<ApiOptions['provider']>, noInitWarn: true });
  // polkadot.js tries again by itself and prints every failure: silence it, the timeout speaks for all of them
  provider.on('error', () => undefined);
  api.on('error', () => undefined);
  try {
    await within(
      api.isReadyOrError,
      timeoutMs,
      () => new TacitError('sdk/unreachable', `no node answers at ${url}`, { url, timeoutMs }),
    );
  } catch (error) {
    await api.disconnect().catch(() => undefined);
    if (error instanceof TacitError) throw error;
    throw new TacitError('sdk/unreachable', `cannot talk to the node at ${url}: ${String(error)}`, { url });
  }
  if (api.query.tally === undefined || api.query.royalty === undefined) {
    await api.disconnect();
    throw new TacitError('sdk/not-tacit', `the chain at ${url} has no tally`, { url });
  }
  const close = () => api.disconnect();
  return { api, genesis: api.genesisHash.toU8a(), url, close, [Symbol.asyncDispose]: close };
}

/** `promise`, or the error of `late` if it has not settled after `ms`. */
export async function within<T>(promise: Promise<T>, ms: number, late: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const alarm = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), ms);
  });
  try {
    return await Promise.race([promise, alarm]);
  } finally {
    clearTimeout(timer);
  }
}
