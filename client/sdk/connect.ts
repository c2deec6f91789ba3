/** A connection to a Tacit node by unmodified polkadot.js: everything about the chain is learned from its metadata. */
import { ApiPromise, WsProvider } from '@polkadot/api';
import type { ApiOptions } from '@polkadot/api/types';
import { isTacitError, TacitError } from '../../primitives/errors.ts';

const RECONNECT_MS = 500;
const CONNECT_TIMEOUT_MS = 30_000;
/** How often each endpoint may refuse before it counts as not there: some seconds, for one that is about to start. */
const REFUSALS = 6;

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
  const absent = (): TacitError => unreachable(names);
  // polkadot.js tries again by itself: a failed attempt is an event of ours only when nobody has answered at all
  const refused = untilRefused(provider, REFUSALS * endpoints.length);
  api.on('error', () => undefined);
  // rejected with the first failed attempt, and made whether anyone asks for it or not
  api.isReadyOrError.catch(() => undefined);
  try {
    const ready = Promise.race([untilReady(api), refused.then(() => Promise.reject(absent()))]);
    await within(ready, timeoutMs, absent);
  } catch (error) {
    await api.disconnect().catch(() => undefined);
    if (error instanceof TacitError) throw error;
    const why = error instanceof Error ? error.message : 'the connection failed';
    throw new TacitError('sdk/unreachable', `cannot talk to the node at ${names}: ${why}`, { urls: names });
  }
  if (api.query.tally === undefined || api.query.royalty === undefined) {
    await api.disconnect();
    throw new TacitError('sdk/not-tacit', `the chain at ${names} has no tally`, { urls: names });
  }
  const close = () => api.disconnect();
  return { api, genesis: api.genesisHash.toU8a(), close, [Symbol.asyncDispose]: close };
}

function unreachable(names: string): TacitError {
  const what = `no node answers at ${names}: start one (npm start runs a network), or name one that runs with --rpc`;
  return new TacitError('sdk/unreachable', what, { urls: names });
}

/** Resolves when so many attempts to connect have failed before one succeeded. */
function untilRefused(provider: WsProvider, attempts: number): Promise<void> {
  return new Promise((resolve) => {
    let left = attempts;
    provider.on('connected', () => {
      left = Number.POSITIVE_INFINITY;
    });
    provider.on('error', () => {
      if (--left === 0) resolve();
    });
  });
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
