import { u8aWrapBytes } from '@polkadot/util';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { freeOf } from '../../../pallets/balances/index.ts';
import { licensing, priceOfUses } from '../../../pallets/licensing/index.ts';
import { genesisHash } from '../../../pallets/system/index.ts';
import { Origin, TREASURY } from '../../../pallets/support/index.ts';
import { vouchers, VOUCHERS_ESCROW } from '../../../pallets/vouchers/index.ts';
import { toHex } from '../../../primitives/crypto/hex.ts';
import { idOfTerms } from '../../support/terms.ts';
import { account, bundle, by, call, errors, FUNDS, perUse, Scene, sign, volume } from './support.ts';

const DEPOSIT = vouchers.constants.ChannelDeposit.value;

describe('pallets/vouchers', () => {
  it('pays by the last voucher: the price of the terms, to the asset, with what is burned and the treasury’s; the rest comes back', () => {
    const scene = new Scene();
    const grant = scene.grant(perUse(1_000n));
    const [free, reserved] = [scene.free('user'), scene.reserved('user')];
    const id = scene.channel(grant, 500_000n);
    expect([free - scene.free('user'), scene.reserved('user') - reserved]).to.deep.equal([500_000n + DEPOSIT, DEPOSIT]);
    scene.ok('gateway', scene.voucher(id, 30n, 40_000n));
    scene.ok('gateway', scene.voucher(id, 100n, 100_000n));
    // 1 % is burned and noted with what the asset earns, 1 % is the treasury's.
    expect(scene.earned()).to.deep.equal({ amount: 98_000n, burned: 1_000n });
    expect(freeOf(scene.chain.ctx, TREASURY)).to.equal(1_000n);
    expect([scene.grantOf(grant)?.used, scene.grantOf(grant)?.paid]).to.deep.equal([100n, 100_000n]);
    expect(scene.of(id)).to.deep.include({ uses: 100n, paid: 100_000n, left: 400_000n });
    scene.ok('gateway', call.end({ channel: id }));
    expect([free - scene.free('user'), scene.reserved('user')]).to.deep.equal([100_000n, reserved]);
    expect([scene.of(id), freeOf(scene.chain.ctx, VOUCHERS_ESCROW)]).to.deep.equal([undefined, 0n]);
    const told = scene.chain.events.filter(({ pallet }) => pallet === 'Vouchers').map(({ name }) => name);
    expect(told).to.deep.equal(['Opened', 'Settled', 'Settled', 'Ended']);
  });

  it('counts the uses of a prepaid bundle for nothing, up to its bound', () => {
    const scene = new Scene();
    const grant = scene.grant(bundle(100n));
    const id = scene.channel(grant, 0n);
    const earned = scene.earned();
    scene.ok('gateway', scene.voucher(id, 60n, 0n));
    scene.chain.expectNoop(by('gateway'), scene.voucher(id, 101n, 0n), licensing.errors.UsesExhausted);
    scene.ok('gateway', scene.voucher(id, 100n, 0n));
    scene.chain.expectNoop(by('gateway'), scene.voucher(id, 101n, 10n ** 9n), licensing.errors.UsesExhausted);
    expect([scene.earned(), scene.grantOf(grant)?.used]).to.deep.equal([earned, 100n]);
  });

  it('prices by steps over the life of the grant, whichever channel or other means used it', () => {
    const scene = new Scene();
    const grant = scene.grant(volume([0n, 100n], [10n, 50n], [20n, 1n]));
    const [first, second] = [scene.channel(grant, 10_000n), scene.channel(grant, 10_000n)];
    scene.ok('gateway', scene.voucher(first, 8n, 800n));
    scene.ok('gateway', scene.voucher(second, 8n, 500n));
    expect([scene.of(first)?.paid, scene.of(second)?.paid]).to.deep.equal([800n, 2n * 100n + 6n * 50n]);
    scene.ok('gateway', scene.voucher(first, 18n, 10_000n));
    expect(scene.of(first)?.paid).to.equal(800n + 4n * 50n + 6n);
  });

  it('is signed by keys of every kind, by the user or whom it names, with or without the wrapping of a browser’s wallet', () => {
    for (const type of ['sr25519', 'ed25519', 'ecdsa'] as const) {
      const scene = new Scene();
      const id = scene.channel(scene.grant(perUse(10n)), 10_000n, { signer: account('hot', type) });
      scene.ok('other', scene.voucher(id, 3n, 30n, 'hot', type));
      scene.chain.expectNoop(by('gateway'), scene.voucher(id, 4n, 40n), errors.BadSignature);
      const bytes = scene.bytes(id, 5n, 50n);
      expect(toHex(u8aWrapBytes(bytes))).to.equal(toHex(bytes));
    }
  });

  describe('attacks', () => {
    function open(deposit = 100_000n, price = 100n) {
      const scene = new Scene();
      const grant = scene.grant(perUse(price));
      return { scene, grant, id: scene.channel(grant, deposit) };
    }

    it('a voucher counts once, and no lower one after it', () => {
      const { scene, id } = open();
      const [low, high] = [scene.voucher(id, 5n, 500n), scene.voucher(id, 9n, 900n)];
      scene.ok('gateway', high);
      for (const again of [high, low]) scene.chain.expectNoop(by('gateway'), again, errors.NotHigher);
      scene.chain.expectNoop(by('gateway'), scene.voucher(id, 9n, 10_000n), errors.NotHigher);
      scene.chain.expectNoop(by('gateway'), scene.voucher(id, 0n, 0n), errors.NotHigher);
    });

    it('a voucher counts for its channel only, and on its chain', () => {
      const { scene, grant, id } = open();
      const other = scene.channel(grant, 100_000n);
      const { signature } = (scene.voucher(id, 5n, 500n).value.value ?? {}) as { signature: never };
      const stolen = call.settle({ channel: other, uses: 5n, amount: 500n, signature });
      scene.chain.expectNoop(by('gateway'), stolen, errors.BadSignature);
      const elsewhere = new Scene(undefined, 2);
      const same = elsewhere.channel(elsewhere.grant(perUse(100n)), 100_000n);
      expect([same, genesisHash(elsewhere.chain.ctx)]).not.to.deep.equal([id, genesisHash(scene.chain.ctx)]);
      expect(same).to.equal(id);
      elsewhere.chain.expectNoop(by('gateway'), scene.voucher(id, 5n, 500n), errors.BadSignature);
      elsewhere.ok('gateway', elsewhere.voucher(id, 5n, 500n));
    });

    it('nobody else’s signature counts, nor one of other numbers, a changed one, or one of another kind', () => {
      const { scene, id } = open();
      const signature = sign('user', scene.bytes(id, 5n, 500n));
      const refused = (changes: object): void =>
        scene.chain.expectNoop(
          by('gateway'),
          call.settle({ channel: id, uses: 5n, amount: 500n, signature, ...changes }),
          errors.BadSignature,
        );
      refused({ uses: 4n });
      refused({ amount: 501n });
      refused({ signature: sign('gateway', scene.bytes(id, 5n, 500n)) });
      refused({ signature: { ...signature, value: signature.value.map((byte, i) => (i === 7 ? byte ^ 1 : byte)) } });
      refused({ signature: { tag: 'Ed25519', value: signature.value } });
      refused({ signature: sign('user', scene.bytes(id, 5n, 500n), 'ed25519') });
      refused({ signature: { tag: 'Ecdsa', value: new Uint8Array(65) } });
    });

    it('a gateway takes no more than the terms say, than was signed, or than is there', () => {
      const { scene, id } = open(1_000n);
      scene.ok('gateway', scene.voucher(id, 2n, 1_000n));
      expect(scene.of(id)?.paid).to.equal(200n);
      scene.chain.expectNoop(by('gateway'), scene.voucher(id, 5n, 499n), errors.AboveSigned);
      scene.chain.expectNoop(by('gateway'), scene.voucher(id, 11n, 5_000n), errors.AboveDeposit);
      scene.ok('user', call.topUp({ channel: id, added: 100n, until: scene.of(id)?.until ?? 0 }));
      scene.ok('gateway', scene.voucher(id, 11n, 5_000n));
      expect(scene.of(id)).to.deep.include({ left: 0n, paid: 1_100n });
    });

    it('terms that change later change no price of an open channel', () => {
      const { scene, grant, id } = open();
      const dearer = perUse(5_000n);
      const hash = idOfTerms(dearer);
      scene.ok('user', licensing.call.storeTerms({ terms: dearer }));
      scene.ok('owner', licensing.call.proposeAmendment({ grant, terms: hash }));
      scene.ok('user', licensing.call.acceptAmendment({ grant, terms: hash }));
      scene.ok('gateway', scene.voucher(id, 2n, 100_000n));
      expect(scene.of(id)?.paid).to.equal(200n);
    });

    it('where a grant does not count the uses, many small vouchers cost what one large one does', () => {
      for (const portions of [[50n], [10n, 20n, 30n, 40n, 50n]]) {
        const scene = new Scene();
        // Ten uses are free.
        const grant = scene.grant({ ...volume([0n, 0n], [10n, 1_000n]), transferable: true });
        const id = scene.channel(grant, 1_000_000n);
        scene.ok('user', licensing.call.transfer({ grant, to: { tag: 'Id', value: account('other') } }));
        for (const uses of portions) scene.ok('gateway', scene.voucher(id, uses, 10n ** 9n));
        expect(scene.of(id)?.paid, `${portions.length}`).to.equal(40_000n);
        expect(scene.grantOf(grant)?.used).to.equal(0n);
      }
    });

    it('a count of uses that is at its end takes further vouchers all the same', () => {
      const scene = new Scene();
      const grant = scene.grant(volume([0n, 0n]));
      const most = (1n << 64n) - 1n;
      for (const id of [scene.channel(grant, 0n), scene.channel(grant, 0n)])
        for (const uses of [most - 1n, most]) scene.ok('gateway', scene.voucher(id, uses, 0n));
      expect(scene.grantOf(grant)?.used).to.equal(most);
    });

    it('nor do portions matter where others had used the grant before [the dearest steps, again with each portion]', () => {
      for (const portions of [[100n], [50n, 100n], Array.from({ length: 10 }, (_, i) => 10n * BigInt(i + 1))]) {
        const scene = new Scene();
        const grant = scene.grant({ ...volume([0n, 100n], [100n, 10n], [150n, 1n]), transferable: true });
        const [other, id] = [scene.channel(grant, 1_000_000n), scene.channel(grant, 1_000_000n)];
        scene.ok('gateway', scene.voucher(other, 100n, 10n ** 9n));
        scene.ok('user', licensing.call.transfer({ grant, to: { tag: 'Id', value: account('other') } }));
        for (const uses of portions) scene.ok('gateway', scene.voucher(id, uses, 10n ** 9n));
        expect(scene.of(id)?.paid, `${portions.length}`).to.equal(50n * 10n + 50n);
      }
    });

    it('who gives up its seat or its grant has signed all the same', () => {
      for (const leave of ['closes', 'transfers'] as const) {
        const { scene, grant, id } = open();
        scene.ok('gateway', scene.voucher(id, 2n, 200n));
        const to = { tag: 'Id' as const, value: account('other') };
        scene.ok('user', leave === 'closes' ? licensing.call.close({ grant }) : licensing.call.transfer({ grant, to }));
        scene.ok('gateway', scene.voucher(id, 7n, 700n));
        expect([scene.of(id)?.paid, scene.earned().amount]).to.deep.equal([700n, 686n]);
        expect(scene.chain.events.at(-1)?.data).to.deep.include({ price: 500n, isCounted: false });
        if (leave === 'transfers') expect(scene.grantOf(grant)?.used).to.equal(2n);
      }
    });
  });

  describe('the end of a channel', () => {
    const WINDOW = 20;
    function open() {
      const scene = new Scene();
      scene.set('VoucherWindow', BigInt(WINDOW));
      const grant = scene.grant(perUse(100n));
      return { scene, grant, id: scene.channel(grant, 10_000n, { until: 100 }) };
    }

    it('a user who closes gets the rest after the window, in which a higher voucher counts', () => {
      const { scene, id } = open();
      scene.ok('gateway', scene.voucher(id, 2n, 200n));
      scene.chain.expectNoop(by('gateway'), call.close({ channel: id }), errors.NotUser);
      scene.chain.expectNoop(by('user'), call.end({ channel: id }), errors.StillOpen);
      scene.ok('user', call.close({ channel: id }));
      scene.chain.expectNoop(by('user'), call.close({ channel: id }), errors.AlreadyClosing);
      scene.chain.expectNoop(by('user'), call.topUp({ channel: id, added: 1n, until: 100 }), errors.AlreadyClosing);
      scene.chain.expectNoop(by('user'), call.end({ channel: id }), errors.StillOpen);
      scene.chain.runToBlock(WINDOW);
      scene.ok('gateway', scene.voucher(id, 9n, 900n));
      scene.chain.runToBlock(WINDOW + 1);
      scene.chain.expectNoop(by('gateway'), scene.voucher(id, 10n, 1_000n), errors.Over);
      const before = scene.free('user');
      scene.ok('other', call.end({ channel: id }));
      expect(scene.free('user') - before).to.equal(10_000n - 900n + DEPOSIT);
      for (const gone of [call.end({ channel: id }), call.close({ channel: id }), scene.voucher(id, 99n, 9_900n)])
        scene.chain.expectNoop(by('user'), gone, errors.UnknownChannel);
    });

    it('what has run out takes no voucher, and is ended by anyone; closing makes none longer', () => {
      const { scene, id } = open();
      scene.chain.runToBlock(90);
      scene.ok('user', call.close({ channel: id }));
      expect(scene.of(id)?.until).to.equal(100);
      scene.chain.runToBlock(99);
      scene.ok('gateway', scene.voucher(id, 1n, 100n));
      scene.chain.runToBlock(100);
      scene.chain.expectNoop(by('gateway'), scene.voucher(id, 2n, 200n), errors.Over);
      scene.chain.expectNoop(by('user'), call.close({ channel: id }), errors.Over);
      scene.chain.expectNoop(by('user'), call.topUp({ channel: id, added: 1n, until: 200 }), errors.Over);
      scene.ok('other', call.end({ channel: id }));
    });

    it('is bounded when it is opened, and only moves away', () => {
      const { scene, grant, id } = open();
      const opening = (changes: object = {}) =>
        call.open({ grant, gateway: account('gateway'), signer: undefined, deposit: 1n, until: 500, ...changes });
      const { MaxBlocks } = vouchers.constants;
      scene.chain.expectNoop(by('user'), opening({ until: 1 + WINDOW }), errors.BadEnd);
      scene.chain.expectNoop(by('user'), opening({ until: 2 + MaxBlocks.value }), errors.BadEnd);
      scene.chain.expectNoop(by('user'), opening({ grant: 77n }), errors.UnknownGrant);
      scene.chain.expectNoop(by('user'), opening({ deposit: FUNDS }), 'Balances.InsufficientBalance');
      scene.chain.expectNoop(Origin.none, opening(), 'unknown.NoUnsignedValidator');
      const topUp = (until: number) => call.topUp({ channel: id, added: 0n, until });
      scene.chain.expectNoop(by('other'), topUp(300), errors.NotUser);
      scene.chain.expectNoop(by('user'), topUp(99), errors.BadEnd);
      scene.chain.expectNoop(by('user'), topUp(2 + MaxBlocks.value), errors.BadEnd);
      scene.ok('user', topUp(300));
      expect(scene.of(id)?.until).to.equal(300);
    });
  });

  it('what users pay is what the terms say of what they signed, however it is split, repeated, closed and replayed', () => {
    const step = fc.tuple(
      fc.constantFrom('sign', 'sign', 'sign', 'top up', 'close', 'end', 'wait'),
      fc.nat(30),
      fc.nat(2),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        const scene = new Scene();
        scene.set('VoucherWindow', 10n);
        const terms = volume([0n, 100n], [10n, 50n], [40n, 7n]);
        const grant = scene.grant(terms);
        const ids = [0, 1, 2].map(() => scene.channel(grant, 1_500n, { until: 60 }));
        const before = scene.free('user') + scene.reserved('user') + 3n * 1_500n;
        for (const [does, amount, which] of steps) {
          const id = ids[which] ?? 0n;
          const uses = BigInt(amount);
          const until = scene.of(id)?.until ?? 0;
          const calls = {
            sign: () => scene.voucher(id, uses, uses * 100n),
            'top up': () => call.topUp({ channel: id, added: uses * 10n, until }),
            close: () => call.close({ channel: id }),
            end: () => call.end({ channel: id }),
          };
          if (does === 'wait') scene.chain.runToBlock(scene.chain.ctx.block + amount / 2 + 1 - (amount % 2) / 2);
          else scene.chain.dispatch(by(does === 'sign' ? 'gateway' : 'user'), calls[does as keyof typeof calls]());
        }
        scene.chain.runToBlock(Math.max(60, scene.chain.ctx.block));
        for (const id of ids) scene.chain.dispatch(by('other'), call.end({ channel: id }));
        const used = scene.grantOf(grant)?.used ?? 0n;
        const paid = before - scene.free('user') - scene.reserved('user');
        expect(paid).to.equal(priceOfUses(terms.price, 0n, used));
        expect(freeOf(scene.chain.ctx, VOUCHERS_ESCROW)).to.equal(0n);
      }),
      { numRuns: 20 },
    );
  });

  it('tells what a voucher has to be', () => {
    const scene = new Scene();
    const id = scene.channel(scene.grant(volume([0n, 100n], [10n, 50n])), 1_000n);
    scene.ok('gateway', scene.voucher(id, 5n, 500n));
    const api = vouchers.apis.VouchersApi?.methods;
    const ask = (method: string, inputs: Record<string, unknown>) => api?.[method]?.run(scene.chain.ctx, inputs);
    expect(ask('quote', { channel: id, uses: 10n })).to.deep.equal({ due: 500n, amount: 1_000n, isCovered: true });
    expect(ask('quote', { channel: id, uses: 11n })).to.deep.equal({ due: 550n, amount: 1_050n, isCovered: false });
    expect(ask('quote', { channel: id, uses: 4n })).to.equal(undefined);
    expect(ask('quote', { channel: 9n, uses: 4n })).to.equal(undefined);
    expect(ask('payload', { channel: id, uses: 7n, amount: 8n })).to.deep.equal(scene.bytes(id, 7n, 8n));
    expect(ask('payload', { channel: 9n, uses: 7n, amount: 8n })).to.equal(undefined);
    expect(ask('channel', { channel: id })).to.deep.equal(scene.of(id));
  });
});
