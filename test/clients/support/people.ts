/** A development node of one's own, unmodified @polkadot/api on it, and three people who sign. */
import { ApiPromise, Keyring, WsProvider } from '@polkadot/api';
import type { SubmittableExtrinsic } from '@polkadot/api/types';
import type { KeyringPair } from '@polkadot/keyring/types';
import type { ProviderInterface } from '@polkadot/rpc-provider/types';
import type { DispatchError } from '@polkadot/types/interfaces';
import type { ISubmittableResult } from '@polkadot/types/types';
import { type DevNode, startDevNode } from '../dev-node.ts';

export type Transaction = SubmittableExtrinsic<'promise'>;

/** Paths of development accounts: `//Bob`. */
type Paths = readonly [string, string, string];

export class People {
  readonly node: DevNode;
  readonly api: ApiPromise;
  /** In the order of the paths they were asked for by. */
  readonly pairs: readonly [KeyringPair, KeyringPair, KeyringPair];

  private constructor(node: DevNode, api: ApiPromise, [first, second, third]: Paths) {
    this.node = node;
    this.api = api;
    const keyring = new Keyring({ type: 'sr25519' });
    this.pairs = [keyring.addFromUri(first), keyring.addFromUri(second), keyring.addFromUri(third)];
  }

  static async start(...paths: Paths): Promise<People> {
    const node = await startDevNode();
    const provider = new WsProvider(node.ws) as ProviderInterface;
    return new People(node, await ApiPromise.create({ provider, noInitWarn: true }), paths);
  }

  async stop(): Promise<void> {
    await this.api.disconnect();
    await this.node.stop();
  }

  /** `pallet.Name`, as the metadata has it. */
  nameOf(error: DispatchError): string {
    if (!error.isModule) return error.type;
    const { section, name } = this.api.registry.findMetaError(error.asModule);
    return `${section}.${name}`;
  }

  /** The result in the block; the extrinsic itself must not fail. */
  send(transaction: Transaction, from: KeyringPair): Promise<ISubmittableResult> {
    return new Promise((resolve, reject) => {
      transaction
        .signAndSend(from, (result) => {
          if (result.isError || result.dispatchError)
            reject(new Error(result.dispatchError ? this.nameOf(result.dispatchError) : result.status.type));
          else if (result.isInBlock) resolve(result);
        })
        .catch(reject);
    });
  }
}
