/** Unmodified dedot against a real node, by the new JSON-RPC and by the legacy one. */
import { DedotClient } from '@dedot/api';
import { WsProvider } from '@dedot/providers';
import { Keyring } from '@polkadot/keyring';
import { cryptoWaitReady } from '@polkadot/util-crypto';
import { expect } from 'chai';
import { type DevNode, startDevNode } from './dev-node.ts';

/** Of dedot's types only what is used: they know the pallets of Polkadot, not ours. */
interface Client {
  readonly rpcVersion: string;
  readonly query: { system: { account(who: string): Promise<{ nonce: number; data: { free: bigint } }> } };
  readonly consts: { aura: { slotDuration: bigint } };
  readonly call: { core: { version(): Promise<{ specName: string }> } };
  readonly tx: { balances: { transferKeepAlive(to: string, value: bigint): Transaction } };
  disconnect(): Promise<void>;
}
interface Transaction {
  signAndSend(from: unknown): { untilFinalized(): Promise<{ events: readonly { event: { pallet: string } }[] }> };
}

describe('clients: dedot', function () {
  this.timeout(600_000);
  let node: DevNode;
  before(async () => {
    node = await startDevNode();
    await cryptoWaitReady();
  });
  after(() => node?.stop());

  for (const rpcVersion of ['v2', 'legacy'] as const) {
    it(`${rpcVersion}: reads the chain, signs a transfer and sees it finalized`, async () => {
      const provider = new WsProvider(node.ws);
      const client = (await DedotClient.new({ provider, rpcVersion })) as unknown as Client;
      expect(client.rpcVersion).to.equal(rpcVersion);
      const keyring = new Keyring({ type: 'sr25519', ss58Format: 42 });
      const [bob, dave] = [keyring.addFromUri('//Bob'), keyring.addFromUri('//Dave')];
      expect(client.consts.aura.slotDuration).to.equal(2000n);
      expect((await client.call.core.version()).specName).to.equal('tacit');
      const before = await client.query.system.account(dave.address);
      const sent = client.tx.balances.transferKeepAlive(dave.address, 123_456n);
      const { events } = await sent.signAndSend(bob).untilFinalized();
      expect(events.map(({ event }) => event.pallet)).to.include.members(['Balances', 'System', 'TransactionPayment']);
      const after = await client.query.system.account(dave.address);
      expect(after.data.free - before.data.free).to.equal(123_456n);
      await client.disconnect();
    });
  }
});
