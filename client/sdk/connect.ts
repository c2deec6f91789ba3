/**
 * A connection to a node: unmodified polkadot.js carries and signs, the light client proves what is read. The node is asked, never believed: metadata is
 * this client's own, and the chain begins where the user's trust root says.
 */
import { ApiPromise, WsProvider } from '@polkadot/api';
import type { ApiOptions } from '@polkadot/api/types';
import { fromHex, toHex } from '../../primitives/crypto/hex.ts';
import { isTacitError, TacitError } from '../../primitives/errors.ts';
import { storage, version } from './generated/chain.ts';
import { metadata } from './generated/metadata.ts';
import { refused } from './light/errors.ts';
import { LightClient, type LightOptions, type Request, type TrustRoot, trustRootOf } from './light/index.ts';
import { storageKey, storedValue } from './storage.ts';

const RECONNECT_MS = 500;
const CONNECT_TIMEOUT_MS = 30_000;
/** How often each endpoint may refuse before it counts as not there: some seconds, for one that is about to start. */
const REFUSALS = 6;

export interface ConnectOptions extends LightOptions {
  /** Where trust begins: a chain specification or a checkpoint, as text or parsed JSON. */
  readonly chain?: unknown;
  /** Trust on first use: believes the node about who votes on finality. Whoever runs the node can then say anything. */
  readonly trustNode?: boolean;
  /** Speaks to other machines without TLS, so that whoever is on the way reads along and answers in the node's place. */
  readonly insecure?: boolean;
  readonly timeoutMs?: number;
}

export interface Chain extends AsyncDisposable {
  /** For sending, and for what needs no proof. What a proof or an encryption is built on is read through {@link light}. */
  readonly api: ApiPromise;
  readonly light: LightClient;
  /** Hash of block 0: binds every proof and derivation to this chain. */
  readonly genesis: Uint8Array;
  close(): Promise<void>;
}

/**
 * Connects to a node, `wss://` (or `ws://` on this machine), and waits until it has proved a final block. Of several nodes the next one takes over when a
 * connection breaks.
 *
 * ```ts
 * await using chain = await connect('wss://node.example', { chain: await (await fetch('/chain.json')).text() });
 * ```
 * @throws `sdk/bad-url`, `sdk/insecure`; `light/no-trust-root` without `chain`; `sdk/unreachable` if no node answers for `timeoutMs`; `sdk/not-tacit` if the
 * chain has no tally; `light/...` if the node does not prove what it says
 */
export async function connect(urls: string | readonly string[], options: ConnectOptions = {}): Promise<Chain> {
  const endpoints = typeof urls === 'string' ? [urls] : [...urls];
  checkUrls(endpoints, options.insecure === true);
  const given = options.chain === undefined ? undefined : trustRootOf(options.chain);
  if (given === undefined && options.trustNode !== true) throw noRoot();
  const names = endpoints.join(', ');
  const { timeoutMs = CONNECT_TIMEOUT_MS } = options;
  const provider = new WsProvider(endpoints, RECONNECT_MS);
  const absent = () => unreachable(names);
  // polkadot.js tries again by itself: a failed attempt is an event of ours only when nobody has answered at all
  const refusals = untilRefused(provider, REFUSALS * endpoints.length).then(() => Promise.reject(absent()));
  try {
    await within(Promise.race([untilConnected(provider), refusals]), timeoutMs, absent);
    const request: Request = (method: string, params: readonly unknown[]) =>
      provider.send<unknown>(method, [...params]);
    const light = new LightClient(request, given ?? (await rootOfNode(request)), options);
    const genesis = await light.genesis();
    const api = await within(makeApi(provider, genesis), timeoutMs, absent);
    const close = () => api.disconnect();
    return { api, light, genesis: fromHex(genesis), close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await provider.disconnect().catch(() => undefined);
    if (isTacitError(error)) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new TacitError('sdk/unreachable', `cannot talk to the node at ${names}: ${why}`, { urls: names });
  }
}

function unreachable(names: string): TacitError {
  const what = `no node answers at ${names}: start one (npm start runs a network), or give the address of one that runs`;
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

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

function checkUrls(endpoints: readonly string[], insecure: boolean): void {
  const names = endpoints.join(', ');
  const parsed = endpoints.map((url) => (URL.canParse(url) ? new URL(url) : undefined));
  const isNode = (url: URL | undefined): url is URL => url?.protocol === 'ws:' || url?.protocol === 'wss:';
  if (endpoints.length === 0 || !parsed.every(isNode)) {
    throw new TacitError('sdk/bad-url', `a node is addressed as ws://host:port or wss://host:port, not '${names}'`, {
      urls: names,
    });
  }
  const open = parsed.find(({ protocol, hostname }) => protocol === 'ws:' && !LOOPBACK.test(hostname));
  if (open === undefined || insecure) return;
  throw new TacitError(
    'sdk/insecure',
    `${open.href} goes over the network without TLS: whoever is on the way sees what you ask. Use wss://, or allow it with --insecure ({ insecure: true })`,
    { url: open.href },
  );
}

function noRoot(): TacitError {
  return refused(
    'no-trust-root',
    'nothing says which chain to trust. Give its specification or a checkpoint with --chain FILE ({ chain }); ' +
      'tacit start keeps its own in .tacit/local/chain.json. --trust-node ({ trustNode: true }) believes the node instead',
  );
}

function untilConnected(provider: WsProvider): Promise<void> {
  return new Promise((resolve) => {
    provider.on('connected', () => resolve());
    if (provider.isConnected) resolve();
  });
}

/** polkadot.js for this chain and this client's own metadata: a node cannot say what a call's bytes mean. */
async function makeApi(provider: WsProvider, genesis: string): Promise<ApiPromise> {
  const api = new ApiPromise({
    provider: provider as NonNullable<ApiOptions['provider']>,
    metadata: { [`${genesis}-${version.specVersion}`]: metadata },
    noInitWarn: true,
  });
  api.on('error', () => undefined);
  await api.isReadyOrError;
  const [found, { specVersion }] = [api.genesisHash.toHex(), api.runtimeVersion];
  if (found !== genesis) throw refused('other-chain', `the node says its chain begins with ${found}; it is ${genesis}`);
  if (!specVersion.eq(version.specVersion))
    throw refused('other-runtime', `the node says its runtime is ${specVersion}; it is ${version.specVersion}`);
  return api;
}

/** What the node says of the chain's first voters, for those who choose to believe it. */
async function rootOfNode(request: Request): Promise<TrustRoot> {
  const genesis = String(await request('chain_getBlockHash', [0]));
  const answer = await request('state_getStorage', [toHex(storageKey(storage.grandpa.authorities)), genesis]);
  if (typeof answer !== 'string') throw new TacitError('sdk/not-tacit', 'the chain names no voters on finality');
  const authorities = storedValue(storage.grandpa.authorities, fromHex(answer)).map(([id, weight]) => ({ id, weight }));
  return {
    name: 'as the node says',
    // whatever the node says of that: parameters that protect nothing are not its to allow
    chainType: 'Local',
    genesis,
    block: { number: 0, hash: undefined },
    set: { setId: 0n, authorities },
  };
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
  let timer: ReturnType<typeof setTimeout> | undefined;
  const alarm = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), ms);
  });
  try {
    return await Promise.race([promise, alarm]);
  } finally {
    clearTimeout(timer);
  }
}
