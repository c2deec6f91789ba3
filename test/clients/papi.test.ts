/** Unmodified polkadot-api (PAPI) against a real node, by the new JSON-RPC. */
import { Keyring } from '@polkadot/keyring';
import type { KeyringPair } from '@polkadot/keyring/types';
import { cryptoWaitReady } from '@polkadot/util-crypto';
import { expect } from 'chai';
import { createClient, Enum, type PolkadotClient, type PolkadotSigner } from 'polkadot-api';
import { getPolkadotSigner } from 'polkadot-api/signer';
import { getWsProvider } from 'polkadot-api/ws';
import { WebSocket } from 'ws';
import { type DevNode, startDevNode } from './dev-node.ts';

interface Account {
  readonly nonce: number;
  readonly data: { readonly free: bigint };
}

describe('clients: polkadot-api', function () {
  this.timeout(600_000);
  let node: DevNode;
  let client: PolkadotClient;
  let api: ReturnType<PolkadotClient['getUnsafeApi']>;
  let alice: KeyringPair;
  let bob: KeyringPair;
  let signer: PolkadotSigner;
  before(async () => {
    node = await startDevNode();
    await cryptoWaitReady();
    const keyring = new Keyring({ type: 'sr25519' });
    [alice, bob] = [keyring.addFromUri('//Alice'), keyring.addFromUri('//Bob')];
    signer = getPolkadotSigner(bob.publicKey, 'Sr25519', (payload) => bob.sign(payload));
    const websocketClass = WebSocket as unknown as typeof globalThis.WebSocket;
    client = createClient(getWsProvider(node.ws, { websocketClass }));
    api = client.getUnsafeApi();
  });
  after(async () => {
    client?.destroy();
    await node?.stop();
  });
  const account = (who: KeyringPair): Promise<Account> =>
    api.query.System!.Account!.getValue(who.address) as Promise<Account>;
  const transfer = (value: bigint) => api.tx.Balances!.transfer_keep_alive!({ dest: Enum('Id', alice.address), value });

  it('reads the chain specification, blocks, constants, storage and runtime APIs', async () => {
    const spec = await client.getChainSpecData();
    expect(spec.name).to.equal('Tacit Development');
    expect(spec.properties).to.include({ tokenSymbol: 'TAC', tokenDecimals: 6 });
    expect((await client.getFinalizedBlock()).number).to.be.at.least(0);
    expect(await api.constants.Aura!.SlotDuration!()).to.equal(2000n);
    expect((await account(alice)).data.free > 0n).to.equal(true);
    expect(((await api.query.System!.Account!.getEntries()) as unknown[]).length).to.be.greaterThan(8);
    const version = (await api.apis.Core!.version!()) as { spec_name: string };
    expect(version.spec_name).to.equal('tacit');
  });

  it('signs a transfer, pays what was estimated, and sees it finalized with its events', async () => {
    const transaction = transfer(2_000_000n);
    const fee = await transaction.getEstimatedFees(bob.address);
    const before = await account(bob);
    const result = await transaction.signAndSubmit(signer);
    expect(result.ok).to.equal(true);
    const names = result.events.map(({ type, value }) => `${type}.${(value as { type: string }).type}`);
    expect(names).to.include.members([
      'Balances.Transfer',
      'TransactionPayment.TransactionFeePaid',
      'System.ExtrinsicSuccess',
    ]);
    const after = await account(bob);
    expect(before.data.free - after.data.free).to.equal(2_000_000n + fee);
    expect(after.nonce).to.equal(before.nonce + 1);
    expect((await client.getBlockBody(result.block.hash)).length).to.be.greaterThan(1);
  });

  it('decodes the error of a call that fails', async () => {
    const result = await transfer(10n ** 20n).signAndSubmit(signer);
    expect(result.ok).to.equal(false);
    expect(JSON.stringify(result, (_key, value) => (typeof value === 'bigint' ? String(value) : value))).to.match(
      /InsufficientBalance|FundsUnavailable/,
    );
  });

  it('learns that a transaction is invalid', async () => {
    const poor = new Keyring({ type: 'sr25519' }).addFromUri('//Poor');
    const poorSigner = getPolkadotSigner(poor.publicKey, 'Sr25519', (payload) => poor.sign(payload));
    const outcome = await transfer(1n)
      .signAndSubmit(poorSigner)
      .then(
        () => 'valid',
        (error: unknown) => JSON.stringify(error),
      );
    expect(outcome).to.include('Payment');
  });

  it('watches a value and finalized blocks', async () => {
    const numbers = await new Promise<number[]>((resolve, reject) => {
      const seen: number[] = [];
      const watching = client.finalizedBlock$.subscribe({
        next: ({ number }) => {
          seen.push(number);
          if (seen.length < 3) return;
          watching.unsubscribe();
          resolve(seen);
        },
        error: reject,
      });
    });
    expect(numbers[2]! - numbers[0]!).to.be.at.least(2);
    expect(await api.query.System!.Number!.getValue()).to.be.at.least(numbers[2]!);
  });
});
