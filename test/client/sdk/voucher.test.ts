import { Keyring } from '@polkadot/keyring';
import { expect } from 'chai';
import { isVoucherOf, signVoucher } from '../../../client/sdk/voucher.ts';
import { vouchers } from '../../../pallets/vouchers/index.ts';
import { genesisHash } from '../../../pallets/system/index.ts';
import { account, by, perUse, Scene } from '../../pallets/vouchers/support.ts';

describe('client/sdk vouchers', () => {
  const schemes = ['sr25519', 'ed25519', 'ecdsa'] as const;

  it('are taken by the chain, and by a gateway that asks nobody', () => {
    for (const type of schemes) {
      const scene = new Scene();
      const pair = new Keyring({ type }).createFromUri('//hot');
      const channel = scene.channel(scene.grant(perUse(10n)), 1_000n, { signer: pair.addressRaw });
      const genesis = genesisHash(scene.chain.ctx);
      const voucher = signVoucher(pair, { genesis, channel, uses: 7n, amount: 70n });
      expect(isVoucherOf(pair.addressRaw, genesis, voucher)).to.equal(true);
      expect(scene.chain.dispatch(by('gateway'), vouchers.call.settle(voucher))).to.equal('ok');
      expect(scene.of(channel)).to.deep.include({ uses: 7n, paid: 70n });
    }
  });

  it('are refused if anything of them is another’s', () => {
    const pair = new Keyring({ type: 'sr25519' }).createFromUri('//hot');
    const genesis = new Uint8Array(32).fill(4);
    const voucher = signVoucher(pair, { genesis, channel: 1n, uses: 7n, amount: 70n });
    expect(isVoucherOf(account('other'), genesis, voucher)).to.equal(false);
    expect(isVoucherOf(pair.addressRaw, new Uint8Array(32), voucher)).to.equal(false);
    for (const changes of [{ channel: 2n }, { uses: 8n }, { amount: 71n }])
      expect(isVoucherOf(pair.addressRaw, genesis, { ...voucher, ...changes })).to.equal(false);
    const ethereum = { type: 'ethereum' as const, sign: () => new Uint8Array(65) };
    expect(() => signVoucher(ethereum, { genesis, channel: 1n, uses: 1n, amount: 1n })).to.throw('ethereum');
  });

  it('are refused in whatever form a user sends them: nothing passes that is not signed, and nothing throws', () => {
    const pair = new Keyring({ type: 'sr25519' }).createFromUri('//hot');
    const [genesis, other] = [new Uint8Array(32).fill(4), new Uint8Array(32).fill(5)];
    const voucher = signVoucher(pair, { genesis, channel: 1n, uses: 7n, amount: 70n });
    const passes = (sent: object): unknown => isVoucherOf(pair.addressRaw, genesis, { ...voucher, ...sent });
    expect(passes({})).to.equal(true);
    // Names that every object has are no kinds of keys.
    for (const tag of ['constructor', 'toString', 'valueOf', '__proto__', 'Ethereum', '', undefined])
      expect(passes({ uses: 10n ** 9n, signature: { tag, value: voucher.signature.value } }), `${tag}`).to.equal(false);
    // A voucher brings no chain of its own along.
    const foreign = signVoucher(pair, { genesis: other, channel: 1n, uses: 7n, amount: 70n });
    expect(passes({ ...foreign, genesis: other })).to.equal(false);
    expect(passes({ genesis: other })).to.equal(true);
    for (const odd of [-1n, 1n << 64n, 7, '7', undefined, null])
      for (const name of ['channel', 'uses']) expect(passes({ [name]: odd }), `${name} ${odd}`).to.equal(false);
    expect(passes({ amount: 1n << 128n })).to.equal(false);
    const { tag, value } = voucher.signature;
    for (const odd of [[...value], undefined, value.subarray(1), new Uint8Array(0)])
      expect(passes({ signature: { tag, value: odd } })).to.equal(false);
    for (const odd of [undefined, null, 7]) expect(passes({ signature: odd })).to.equal(false);
  });
});
