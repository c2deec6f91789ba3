/** A connection to a Tacit node by unmodified polkadot.js: everything about the chain is learned from its metadata. */
import { ApiPromise, WsProvider } from '@polkadot/api';
import type { ApiOptions } from '@polkadot/api/types';
import { isTacitError, TacitError } from '../../primitives/errors.ts';

const RECONNECT_MS = 500;
const CONNECT_TIMEOUT_MS = 30_000;

export interface Chain extends AsyncDisposable {
  readonly api: ApiPromise;
  /** Hash of block 0: binds every proof and derivation to this chain. */
  readonly genesis: Uint8Array;
  close(): Promise<void>;
}

/**
 * Connects to a node, `ws://` or `wss://`, and waits until the metadata is there. Of several nodes the next one takes over when a connection breaks.
 * @throws `sdk/bad-url`; `sdk/unreachable` if that takes longer than `timeoutMs`; `sdk/not-tacit` if the chain has no tally
 */
export async function connect(urls: string | readonly string[], timeoutMs = CONNECT_TIMEOUT_MS): Promise<Chain> {
  const endpoints = typeof urls === 'string' ? [urls] : [...urls];
  const names = endpoints.join(', ');
  if (endpoints.length === 0 || !endpoints.every((url) => /^wss?:\/\//.test(url))) {
    throw new TacitError('sdk/bad-url', 'a node is addressed as ws://host:port or wss://host:port', { urls: names });
  }
  const provider = new WsProvider(endpoints, RECONNECT_MS);
  const api = new ApiPromise({ provider: provider as NonNullable<ApiOptions['provider']>, noInitWarn: true });
  // polkadot.js tries again by itself: a failed attempt is no event of ours, the timeout speaks for all of them
  provider.on('error', () => undefined);
  api.on('error', () => undefined);
  try {
    const late = () => new TacitError('sdk/unreachable', `no node answers at ${names}`, { urls: names, timeoutMs });
    await within(untilReady(api), timeoutMs, late);
  } catch (error) {
    await api.disconnect().catch(() => undefined);
    if (error instanceof TacitError) throw error;
    throw new TacitError('sdk/unreachable', `cannot talk to the node at ${names}: ${String(error)}`, { urls: names });
  }
  if (api.query.tally === undefined || api.query.royalty === undefined) {
    await api.disconnect();
    throw new TacitError('sdk/not-tacit', `the chain at ${names} has no tally`, { urls: names });
  }
  const close = () => api.disconnect();
  return { api, genesis: api.genesisHash.toU8a(), close, [Symbol.asyncDispose]: close };
}

function untilReady(api: ApiPromise): Promise<unknown> {
  return new Promise((resolve) => {
    api.once('ready', resolve);
    if (api.isConnected) void api.isReady.then(resolve);
  });
}

/** Whether an error tells of a broken connection and of nothing else. */
export function isDisconnected(error: unknown): boolean {
  if (isTacitError(error)) return error.code === 'sdk/disconnected';
  return error instanceof Error && /^disconnected from |WebSocket is not connected/.test(error.message);
}

const RETRIES = 20;
const RETRY_MS = 1000;

/**
 * Does `work` again after the connection broke in it, on the node that took over. What had been sent before may have arrived: errors named in `done`
 * (`pallet.Name`) then mean that it has.
 */
export async function persist<T>(work: () => Promise<T>, done: readonly string[] = []): Promise<T | undefined> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const again =
        attempt > 0 &&
        isTacitError(error) &&
        (error.code === 'sdk/extrinsic-refused' || error.code === 'sdk/extrinsic-timeout');
      if (attempt > 0 && isTacitError(error) && done.includes(String(error.details.error))) return undefined;
      if (attempt >= RETRIES || !(again || isDisconnected(error))) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
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
