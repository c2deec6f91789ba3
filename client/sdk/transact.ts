/** Sending extrinsics and waiting for what becomes of them. */
import type { SubmittableExtrinsic } from '@polkadot/api/types';
import type { KeyringPair } from '@polkadot/keyring/types';
import type { EventRecord, ExtrinsicStatus } from '@polkadot/types/interfaces';
import type { ISubmittableResult } from '@polkadot/types/types';
import { TacitError } from '../../primitives/errors.ts';
import { type Chain, within } from './connect.ts';

export type Call = SubmittableExtrinsic<'promise'>;

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
 * Signs (if there is a signer) and sends a call.
 * @throws `sdk/extrinsic-failed` with `{ error: 'pallet.Name' }` if it was included and failed; `sdk/extrinsic-refused` if the node does not take it or drops it;
 * `sdk/extrinsic-timeout`
 */
export async function send(chain: Chain, call: Call, signer?: KeyringPair, options: SendOptions = {}): Promise<Sent> {
  const { until = 'inBlock', nonce = -1, timeoutMs = SEND_TIMEOUT_MS } = options;
  const name = `${call.method.section}.${call.method.method}`;
  let stop: (() => void) | undefined;
  const sent = new Promise<Sent>((resolve, reject) => {
    const watch = (result: ISubmittableResult): void => {
      const failed = result.dispatchError;
      if (failed) {
        const error = errorName(chain, failed);
        return reject(new TacitError('sdk/extrinsic-failed', `${name} failed: ${error}`, { call: name, error }));
      }
      const { status } = result;
      if (status.isFinalized) resolve({ blockHash: status.asFinalized.toHex(), events: result.events });
      else if (status.isInBlock && until === 'inBlock')
        resolve({ blockHash: status.asInBlock.toHex(), events: result.events });
      else if (isLost(status)) reject(refused(name, status.type));
    };
    const subscription = signer ? call.signAndSend(signer, { nonce }, watch) : call.send(watch);
    subscription.then(
      (unsubscribe) => {
        stop = unsubscribe;
      },
      (error: unknown) => reject(refused(name, error instanceof Error ? error.message : String(error))),
    );
  });
  try {
    return await within(
      sent,
      timeoutMs,
      () => new TacitError('sdk/extrinsic-timeout', `${name} was not ${until} in time`, { call: name, timeoutMs }),
    );
  } finally {
    stop?.();
  }
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

function refused(call: string, reason: string): TacitError {
  return new TacitError('sdk/extrinsic-refused', `${call} was not taken: ${reason}`, { call, reason });
}

function errorName(chain: Chain, error: NonNullable<ISubmittableResult['dispatchError']>): string {
  if (!error.isModule) return error.toString();
  const { section, name } = chain.api.registry.findMetaError(error.asModule);
  return `${section}.${name}`;
}
