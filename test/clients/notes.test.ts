/** Notes and claims as unmodified @polkadot/api sees them on a real node. */
import { ApiPromise, WsProvider } from '@polkadot/api';
import type { ProviderInterface } from '@polkadot/rpc-provider/types';
import { expect } from 'chai';
import { type DevNode, startDevNode } from './dev-node.ts';

describe('clients: notes', function () {
  this.timeout(600_000);
  let node: DevNode;
  let api: ApiPromise;
  before(async () => {
    node = await startDevNode();
    api = await ApiPromise.create({ provider: new WsProvider(node.ws) as ProviderInterface, noInitWarn: true });
  });
  after(async () => {
    await api?.disconnect();
    await node?.stop();
  });

  it('show the call, its arguments, constants and state under their names and types', async () => {
    const { meta, callIndex } = api.tx.notes!.claim!;
    expect(callIndex[0]).to.equal(47);
    expect(meta.args.map(({ name }) => name.toString())).to.deep.equal([
      'class',
      'bin',
      'amount',
      'outputs',
      'destination',
      'proof',
    ]);
    const { claimFee, leastClaim, binNotes, chunkNotes, chunkClaims } = api.consts.notes!;
    expect([claimFee, leastClaim, binNotes, chunkNotes, chunkClaims].map(String)).to.deep.equal([
      '10000',
      '20000',
      '1024',
      '64',
      '32',
    ]);
    const { notes } = api.query;
    expect([(await notes!.classes!()).toJSON(), (await notes!.claimCount!()).toJSON()]).to.deep.equal([[], 0]);
    expect([(await notes!.notes!(0, 0)).toJSON(), (await notes!.claims!(0)).toJSON()]).to.deep.equal([[], []]);
    expect((await notes!.bins!(0, 0)).toJSON()).to.equal(null);
    expect((await api.call.notesApi!.binOf!(0, 0)).toJSON()).to.equal(null);
  });

  it('refuse a claim on a bin that is not there, before its proof, and say why', async () => {
    const note = { key: `0x${'01'.repeat(32)}`, commitment: `0x${'02'.repeat(32)}` };
    const claim = api.tx.notes!.claim!(0, 0, 20_000, [note], `0x${'03'.repeat(32)}`, `0x${'04'.repeat(1376)}`);
    const refused = await claim.send().catch((error: Error) => error.message);
    expect(refused).to.match(/^1010: Invalid Transaction: Custom error: 1$/);
  });
});
