import { expect } from 'chai';
import { callsOf } from '../../../node/audit/replay.ts';
import { proxyPallet } from '../../../pallets/proxy/index.ts';
import type { RuntimeCall } from '../../../pallets/support/index.ts';
import { tally } from '../../../pallets/tally/index.ts';
import { utilityPallet } from '../../../pallets/utility/index.ts';
import { runtime } from '../../../runtime/index.ts';
import { dev, TestChain } from '../../runtime/chain.ts';

const { batchAll } = utilityPallet(runtime.callTy).call;
const { proxy, proxyAnnounced } = proxyPallet(runtime.callTy).call;
const [eve, real, other] = [dev('Eve'), dev('Alice').publicKey, dev('Bob').publicKey];
const to = (account: Uint8Array) => ({ tag: 'Id' as const, value: account });
const submit = (part: number): RuntimeCall => tally.call.submit({ round: 1, lane: 1, part, sealed: new Uint8Array(3) });

describe('node/audit: the calls of a body', () => {
  it('are found inside of batches and proxies, each with the account that it is made for', () => {
    const calls = [
      submit(0),
      proxy({ real: to(real), forceProxyType: undefined, call: batchAll({ calls: [submit(1), submit(2)] }) }),
      proxyAnnounced({
        delegate: to(eve.publicKey),
        real: to(real),
        forceProxyType: undefined,
        call: proxy({ real: to(other), forceProxyType: undefined, call: submit(3) }),
      }),
    ];
    const found = callsOf(runtime, [new TestChain().signed(eve, batchAll({ calls }), 0)]);
    expect(found.map(({ signer, call }) => [(call.value.value as { part: number }).part, signer])).to.deep.equal([
      [0, eve.publicKey],
      [1, real],
      [2, real],
      [3, other],
    ]);
    expect(new Set(found.map(({ extrinsic }) => extrinsic))).to.deep.equal(new Set([0]));
  });
});
