/** Tools that stand on the polkadot.js of two years ago, unmodified: that polkadot.js itself (14.3.1, November 2024), and txwrapper, which signs offline. */
import { createRequire } from 'node:module';
import { Keyring } from '@polkadot/keyring';
import { cryptoWaitReady } from '@polkadot/util-crypto';
import { expect } from 'chai';
import { type DevNode, startDevNode } from './dev-node.ts';

// Two of them in one process are meant.
process.env.POLKADOTJS_DISABLE_ESM_CJS_WARNING = '1';
const ours = createRequire(import.meta.url);
/** What txwrapper brings along is found from where it stands. */
const theirs = createRequire(ours.resolve('@substrate/txwrapper-core'));

interface OldApi {
  readonly runtimeVersion: { readonly specName: { toString(): string } };
  readonly query: { system: { account(who: string): Promise<{ data: { free: { toBigInt(): bigint } } }> } };
  readonly tx: {
    balances: {
      transferKeepAlive(
        to: string,
        value: number,
      ): {
        signAndSend(
          from: unknown,
          tell: (result: { isError: boolean; status: { isFinalized: boolean } }) => void,
        ): Promise<unknown>;
      };
    };
  };
  disconnect(): Promise<void>;
}
interface OldPolkadot {
  readonly packageInfo: { readonly version: string };
  readonly ApiPromise: { create(options: object): Promise<OldApi> };
  readonly WsProvider: new (url: string) => object;
  readonly Keyring: typeof Keyring;
}
interface Registry {
  createType(
    type: 'ExtrinsicPayload',
    payload: string,
    options: object,
  ): { sign(pair: unknown): { signature: string } };
}
interface Wrapper {
  getRegistry(options: object): Registry;
  createMetadata(registry: object, metadata: string): unknown;
  defineMethod(info: object, options: object): object;
  construct: {
    signingPayload(unsigned: object, options: object): string;
    signedTx(unsigned: object, signature: string, options: object): string;
    txHash(signed: string): string;
  };
}

describe('clients: two years old', function () {
  this.timeout(600_000);
  let node: DevNode;
  before(async () => {
    node = await startDevNode();
    await cryptoWaitReady();
  });
  after(() => node?.stop());
  const ask = async <T>(method: string, ...params: unknown[]): Promise<T> => {
    const response = await fetch(node.http, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    });
    const { result, error } = (await response.json()) as { result: T; error?: { message: string; data?: unknown } };
    if (error) throw new Error(`${method}: ${error.message} ${JSON.stringify(error.data)}`);
    return result;
  };

  it('polkadot.js reads the chain and signs', async () => {
    const old = theirs('@polkadot/api') as OldPolkadot;
    expect(old.packageInfo.version).to.match(/^14\./);
    const api = await old.ApiPromise.create({ provider: new old.WsProvider(node.ws), noInitWarn: true });
    expect(api.runtimeVersion.specName.toString()).to.equal('tacit');
    const keyring = new old.Keyring({ type: 'sr25519', ss58Format: 42 });
    const [bob, dave] = [keyring.addFromUri('//Bob'), keyring.addFromUri('//Dave')];
    const free = async (): Promise<bigint> => (await api.query.system.account(dave.address)).data.free.toBigInt();
    const before = await free();
    await new Promise<void>((resolve, reject) => {
      api.tx.balances
        .transferKeepAlive(dave.address, 54_321)
        .signAndSend(bob, ({ isError, status }) => {
          if (isError) reject(new Error('the transaction was refused'));
          else if (status.isFinalized) resolve();
        })
        .catch(reject);
    });
    expect((await free()) - before).to.equal(54_321n);
    await api.disconnect();
  });

  it('txwrapper makes, signs and sends a transfer offline', async () => {
    const wrapper = ours('@substrate/txwrapper-polkadot') as Wrapper;
    const carol = new Keyring({ type: 'sr25519', ss58Format: 42 }).addFromUri('//Charlie');
    const [metadataRpc, version, genesisHash] = await Promise.all([
      ask<`0x${string}`>('state_getMetadata'),
      ask<{ specName: string; specVersion: number; transactionVersion: number }>('state_getRuntimeVersion'),
      ask<string>('chain_getBlockHash', 0),
    ]);
    const { specName, specVersion, transactionVersion } = version;
    const registry = wrapper.getRegistry({
      chainName: 'Polkadot',
      specName,
      specVersion,
      metadataRpc,
      properties: await ask<object>('system_properties'),
    });
    const nonce = await ask<number>('system_accountNextIndex', carol.address);
    const options = { metadataRpc, registry };
    const unsigned = wrapper.defineMethod(
      {
        address: carol.address,
        blockHash: genesisHash,
        blockNumber: 0,
        eraPeriod: 64,
        genesisHash,
        metadataRpc,
        method: { pallet: 'balances', name: 'transferKeepAlive', args: { dest: { id: carol.address }, value: 7 } },
        nonce,
        specVersion,
        tip: 0,
        transactionVersion,
      },
      options,
    );
    const payload = wrapper.construct.signingPayload(unsigned, options);
    const { signature } = registry.createType('ExtrinsicPayload', payload, { version: 4 }).sign(carol);
    const signed = wrapper.construct.signedTx(unsigned, signature, options);
    expect(await ask('author_submitExtrinsic', signed)).to.equal(wrapper.construct.txHash(signed));
  });
});
