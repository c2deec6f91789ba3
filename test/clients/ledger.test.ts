/** The unmodified Ledger signer of PAPI, with a device in software that checks the proof of the metadata, against a real node. */
import { LedgerSigner } from '@polkadot-api/ledger-signer';
import { Keyring } from '@polkadot/keyring';
import { cryptoWaitReady } from '@polkadot/util-crypto';
import { expect } from 'chai';
import { createClient, Enum, type PolkadotClient } from 'polkadot-api';
import { getPolkadotSigner } from 'polkadot-api/signer';
import { getWsProvider } from 'polkadot-api/ws';
import { WebSocket } from 'ws';
import { type DevNode, startDevNode } from './dev-node.ts';
import { LedgerDevice } from './support/ledger-device.ts';

type Transport = ConstructorParameters<typeof LedgerSigner>[0];
const TAC = { decimals: 6, tokenSymbol: 'TAC' };

describe('clients: the Ledger signer', function () {
  this.timeout(600_000);
  let node: DevNode;
  let client: PolkadotClient;
  let api: ReturnType<PolkadotClient['getUnsafeApi']>;
  const device = new LedgerDevice(new Uint8Array(32).fill(0x1e));
  const ledger = new LedgerSigner(device as unknown as Transport);
  before(async () => {
    node = await startDevNode();
    await cryptoWaitReady();
    const websocketClass = WebSocket as unknown as typeof globalThis.WebSocket;
    client = createClient(getWsProvider(node.ws, { websocketClass }));
    api = client.getUnsafeApi();
    const alice = new Keyring({ type: 'sr25519' }).addFromUri('//Alice');
    const signer = getPolkadotSigner(alice.publicKey, 'Sr25519', (payload) => alice.sign(payload));
    const { publicKey } = await ledger.getPolkadotSigner(TAC, 0);
    const dest = Enum('Id', new Keyring({ ss58Format: 42 }).encodeAddress(publicKey));
    const funded = await api.tx.Balances!.transfer_keep_alive!({ dest, value: 9_000_000n }).signAndSubmit(signer);
    expect(funded.ok).to.equal(true);
  });
  after(async () => {
    client?.destroy();
    await node?.stop();
  });
  const pay = () => {
    const bob = new Keyring({ type: 'sr25519', ss58Format: 42 }).addFromUri('//Bob');
    return api.tx.Balances!.transfer_keep_alive!({ dest: Enum('Id', bob.address), value: 1_000_000n });
  };

  it('signs a transfer: the device shows money as money, the node takes the signature', async () => {
    const outcome = await pay().signAndSubmit(await ledger.getPolkadotSigner(TAC, 0));
    expect(outcome.ok).to.equal(true);
    const shown = device.shown.at(-1)!;
    expect([shown.symbol, shown.decimals]).to.deep.equal(['TAC', 6]);
    const balancesCall = shown.fields.find(([name]) => name === 'value');
    expect(balancesCall?.[1]).to.equal('Balance');
  });

  it('a device that was shown other decimals signs for nothing', async () => {
    const misled = await ledger.getPolkadotSigner({ decimals: 9, tokenSymbol: 'TAC' }, 0);
    const outcome = await pay()
      .signAndSubmit(misled)
      .then(
        () => 'valid',
        (error: unknown) => JSON.stringify(error),
      );
    expect(device.shown.at(-1)?.decimals).to.equal(9);
    expect(outcome).to.include('BadProof');
  });
});
