/** Sending extrinsics and waiting for what becomes of them. */
import type { SubmittableExtrinsic } from '@polkadot/api/types';
import type { KeyringPair } from '@polkadot/keyring/types';
import type { Vec } from '@polkadot/types';
import type { EventRecord, ExtrinsicStatus } from '@polkadot/types/interfaces';
import type { ISubmittableResult } from '@polkadot/types/types';
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { TacitError } from '../../primitives/errors.ts';
import { type Chain, isDisconnected, within } from './connect.ts';
import { RuntimeCall, version } from './generated/chain.ts';
import { refused as distrusted } from './light/errors.ts';

type Call = SubmittableExtrinsic<'promise'>;

/**
 * An extrinsic of exactly this call, for polkadot.js to sign.
 * @throws `light/other-runtime` if polkadot.js has come to understand the bytes otherwise, by what a node told it
 */
export function extrinsicOf(chain: Pick<Chain, 'api'>, call: RuntimeCall): Call {
  const bytes = RuntimeCall.codec.enc(call);
  const { api } = chain;
  const extrinsic = api.tx(api.registry.createType('Call', bytes));
  if (api.runtimeVersion.specVersion.eq(version.specVersion) && sameBytes(extrinsic.method.toU8a(), bytes))
    return extrinsic;
  throw distrusted(
    'other-runtime',
    `the node tells of another runtime than ${version.specVersion}: nothing is signed for it`,
  );
}

/** How far to wait: in a block, or in a finalized one. */
export type Until = 'inBlock' | 'finalized';

export interface Sent {
  readonly blockHash: string;
  readonly events: readonly EventRecord[];
}

const SEND_TIMEOUT_MS = 120_000;

export interface SendOptions {
  readonly until?: Until;
  /** Account index; by default the next one that the node knows of, its pool included. */
  readonly nonce?: number;
  readonly timeoutMs?: number;
}

/**
 * Signs (if there is a signer) and sends a call. That a block is final, that it holds the call, and what the call has done is proved, if `until` is `finalized`;
 * until `inBlock` the node is believed, and another branch may take it back.
 * @throws `sdk/extrinsic-failed` with `{ error: 'pallet.Name', docs }` if it was included and failed; `sdk/extrinsic-refused` if the node does not take it or drops it;
 * `sdk/extrinsic-timeout`; `sdk/disconnected`: then nobody knows whether it has arrived (`persist` helps); `light/...` if the node does not prove what it says
 */
export async function send(
  chain: Pick<Chain, 'api' | 'light'>,
  what: RuntimeCall,
  signer?: KeyringPair,
  options: SendOptions = {},
): Promise<Sent> {
  const call = extrinsicOf(chain, what);
  const { until = 'inBlock', nonce = -1, timeoutMs = SEND_TIMEOUT_MS } = options;
  const name = `${call.method.section}.${call.method.method}`;
  let stop: (() => void) | undefined;
  const told = new Promise<Told>((resolve, reject) => {
    const watch = (result: ISubmittableResult): void => {
      const { status, txHash, events, dispatchError: error } = result;
      const at = (hash: string): void => resolve({ extrinsic: txHash.toHex(), blockHash: hash, events, error });
      if (status.isFinalized) at(status.asFinalized.toHex());
      else if (status.isInBlock && until === 'inBlock') at(status.asInBlock.toHex());
      else if (isLost(status)) reject(refused(name, status.type));
    };
    const subscription = signer ? call.signAndSend(signer, { nonce }, watch) : call.send(watch);
    subscription.then(
      (unsubscribe) => {
        stop = unsubscribe;
      },
      (error: unknown) => reject(notTaken(name, error)),
    );
  });
  const settled = async (): Promise<Told> => {
    const known = await told;
    return until === 'finalized' ? proven(chain, known) : known;
  };
  try {
    const { blockHash, events, error } = await outcome(chain, settled(), name, timeoutMs);
    if (error) throw failed(name, errorOf(chain, error));
    return { blockHash, events };
  } finally {
    stop?.();
  }
}

type Failure = NonNullable<ISubmittableResult['dispatchError']>;

/** What has become of an extrinsic, as a node tells it or as it is proved. */
interface Told extends Sent {
  /** Its hash. */
  readonly extrinsic: string;
  readonly error: Failure | undefined;
}

/** The same as the final chain has it. Throws `light/...` if the node does not prove it. */
async function proven({ api, light }: Pick<Chain, 'api' | 'light'>, { extrinsic, blockHash }: Told): Promise<Told> {
  const { index, number, events: bytes } = await light.outcomeOf(extrinsic, blockHash);
  const all = api.registry.createType<Vec<EventRecord>>('Vec<FrameSystemEventRecord>', bytes);
  const events = all.filter(({ phase }) => phase.isApplyExtrinsic && phase.asApplyExtrinsic.eq(index));
  const end = events.find(({ event }) => event.section === 'system' && ENDS.has(event.method))?.event;
  if (end === undefined)
    throw distrusted('not-included', `no event of block ${number} says what has become of the extrinsic ${extrinsic}`);
  return { extrinsic, blockHash, events, error: end.method === FAILED ? (end.data[0] as Failure) : undefined };
}
const FAILED = 'ExtrinsicFailed';
const ENDS: ReadonlySet<string> = new Set(['ExtrinsicSuccess', FAILED]);

/**
 * Signs and sends a call of hundreds of kilobytes, and waits until it is in a block. polkadot.js would fetch that whole block, other people's large
 * calls included, to find the events; here the events alone are read, and `isMine` finds the one that tells of success.
 * @throws as {@link send}
 */
export async function sendLarge(
  chain: Chain,
  what: RuntimeCall,
  signer: KeyringPair,
  nonce: number,
  isMine: (event: EventRecord['event']) => boolean,
  timeoutMs = SEND_TIMEOUT_MS,
): Promise<void> {
  const call = extrinsicOf(chain, what);
  const name = `${call.method.section}.${call.method.method}`;
  const signed = await call.signAsync(signer, { nonce });
  let stop: (() => void) | undefined;
  const included = new Promise<string>((resolve, reject) => {
    const watch = (status: ExtrinsicStatus): void => {
      if (status.isInBlock) resolve(status.asInBlock.toHex());
      else if (status.isFinalized) resolve(status.asFinalized.toHex());
      else if (isLost(status)) reject(refused(name, status.type));
    };
    chain.api.rpc.author.submitAndWatchExtrinsic(signed, watch).then(
      (unsubscribe) => {
        stop = unsubscribe;
      },
      (error: unknown) => reject(notTaken(name, error)),
    );
  });
  try {
    const hash = await outcome(chain, included, name, timeoutMs);
    const events = (await (await chain.api.at(hash)).query.system?.events?.()) as unknown as EventRecord[];
    if (events.some(({ event }) => isMine(event))) return;
    throw failed(name, ownFailure(chain, events, signer.address));
  } finally {
    stop?.();
  }
}

/** What has become of a call that was sent; a broken connection ends the watch, for polkadot.js does not take it up again. */
async function outcome<T>(chain: Pick<Chain, 'api'>, sent: Promise<T>, name: string, timeoutMs: number): Promise<T> {
  let drop = (): void => undefined;
  const broken = new Promise<never>((_, reject) => {
    drop = () => reject(disconnected(name));
  });
  chain.api.on('disconnected', drop);
  const late = () =>
    new TacitError('sdk/extrinsic-timeout', `${name} was not included in time`, { call: name, timeoutMs });
  try {
    return await within(Promise.race([sent, broken]), timeoutMs, late);
  } finally {
    chain.api.off('disconnected', drop);
  }
}

function disconnected(call: string): TacitError {
  return new TacitError('sdk/disconnected', `the connection broke while ${call} was under way`, { call });
}

function notTaken(call: string, error: unknown): TacitError {
  if (isDisconnected(error)) return disconnected(call);
  return refused(call, error instanceof Error ? error.message : String(error));
}

/** The error of the block's first failed call that `address` paid for. */
function ownFailure(chain: Pick<Chain, 'api'>, events: readonly EventRecord[], address: string): CallError {
  const paid = ({ event }: EventRecord): boolean =>
    event.method === 'TransactionFeePaid' && event.data[0]?.toString() === address;
  const own = new Set(events.filter(paid).map(({ phase }) => phase.toString()));
  const failure = events.find(({ event, phase }) => event.method === FAILED && own.has(phase.toString()));
  const error = failure?.event.data[0] as Failure | undefined;
  return error ? errorOf(chain, error) : { error: 'unknown', docs: '' };
}

/** The next account index, counting what waits in the node's pool. */
export async function nextNonce(chain: Chain, address: string): Promise<number> {
  return (await chain.api.rpc.system.accountNextIndex(address)).toNumber();
}

/** The data of the first event `section.method`, by field. Throws `sdk/missing-event`. */
export function eventField(sent: Sent, section: string, method: string, field: string): string {
  const found = sent.events.find(({ event }) => event.section === section && event.method === method);
  const data = found?.event.data as unknown as Record<string, { toString(): string } | undefined> | undefined;
  const value = data?.[field];
  if (value === undefined)
    throw new TacitError('sdk/missing-event', `no ${section}.${method} with ${field} among the events`);
  return value.toString();
}

function isLost(status: ExtrinsicStatus): boolean {
  return status.isInvalid || status.isDropped || status.isUsurped || status.isFinalityTimeout;
}

/** Why a call failed: `pallet.Name`, and what the metadata say of it. */
interface CallError {
  readonly error: string;
  readonly docs: string;
}

function failed(call: string, { error, docs }: CallError): TacitError {
  return new TacitError('sdk/extrinsic-failed', `${call} failed: ${error}`, { call, error, docs });
}

function refused(call: string, reason: string): TacitError {
  return new TacitError('sdk/extrinsic-refused', `${call} was not taken: ${reason}`, { call, reason });
}

function errorOf(chain: Pick<Chain, 'api'>, error: Failure): CallError {
  if (!error.isModule) return { error: error.toString(), docs: '' };
  const { section, name, docs } = chain.api.registry.findMetaError(error.asModule);
  return { error: `${section}.${name}`, docs: docs.join(' ') };
}
