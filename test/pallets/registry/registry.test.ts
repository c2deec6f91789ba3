import { expect } from 'chai';
import { balances, checkIssuance, reservedOf } from '../../../pallets/balances/index.ts';
import { DATA_DEPOSIT, DISCLOSURE_DEPOSIT, MODEL_DEPOSIT, modelOf, registry } from '../../../pallets/registry/index.ts';
import { mockRuntime, type MultiAddress, Origin } from '../../../pallets/support/index.ts';
import { system } from '../../../pallets/system/index.ts';

const who = (n: number): Uint8Array => new Uint8Array(32).fill(n);
const to = (n: number): MultiAddress => ({ tag: 'Id', value: who(n) });
const [alice, bob, poor] = [1, 2, 3];
const fresh = () =>
  mockRuntime(
    [system, balances, registry],
    {
      balances: {
        accounts: [
          [who(alice), 10n ** 8n],
          [who(bob), 10n ** 8n],
          [who(poor), 5_000n],
        ],
      },
    },
    { invariants: [(ctx) => checkIssuance(ctx)] },
  );
const as = (n: number) => Origin.signed(who(n));
const digest = (n: number) => ({ tag: 'Sha256' as const, value: who(n) });
const disclosure = { title: 'digits', text: 'handwritten', metadataCid: 'bafy' };
const { call, errors } = registry;
const data = (n: number, optedOut = false) => call.registerData({ digest: digest(n), disclosure: undefined, optedOut });
const modelCall = (n: number, parents: Parameters<typeof call.registerModel>[0]['parents'] = []) =>
  call.registerModel({ fingerprint: who(n), architecture: who(9), licence: 'Apache-2.0', parents });

describe('pallets/registry', () => {
  it('mints data by its digest, once, for a deposit', () => {
    const chain = fresh();
    expect(chain.dispatch(as(alice), data(7))).to.equal('ok');
    expect(registry.use(chain.ctx).store.data.get(0n)?.owner).to.deep.equal(who(alice));
    expect(registry.use(chain.ctx).store.dataByDigest.get(digest(7))).to.equal(0n);
    expect(reservedOf(chain.ctx, who(alice))).to.equal(DATA_DEPOSIT);
    chain.expectNoop(as(bob), data(7), errors.AlreadyRegistered);
    chain.expectNoop(as(poor), data(8), balances.errors.InsufficientBalance);
  });

  it('discloses for a deposit that comes back on withdrawal', () => {
    const chain = fresh();
    chain.dispatch(as(alice), data(7));
    chain.expectNoop(as(bob), call.disclose({ id: 0n, disclosure }), errors.NotOwner);
    chain.expectNoop(as(alice), call.withdrawDisclosure({ id: 0n }), errors.NothingDisclosed);
    expect(chain.dispatch(as(alice), call.disclose({ id: 0n, disclosure }))).to.equal('ok');
    expect(chain.dispatch(as(alice), call.disclose({ id: 0n, disclosure: { ...disclosure, title: 'more' } }))).to.equal(
      'ok',
    );
    expect(reservedOf(chain.ctx, who(alice))).to.equal(DATA_DEPOSIT + DISCLOSURE_DEPOSIT);
    expect(chain.dispatch(as(alice), call.withdrawDisclosure({ id: 0n }))).to.equal('ok');
    expect(reservedOf(chain.ctx, who(alice))).to.equal(DATA_DEPOSIT);
    expect(() =>
      chain.dispatch(as(alice), call.disclose({ id: 0n, disclosure: { ...disclosure, text: 'x'.repeat(1025) } })),
    ).to.throw('1025');
  });

  it('transfers data with its deposit', () => {
    const chain = fresh();
    chain.dispatch(as(alice), call.registerData({ digest: digest(7), disclosure, optedOut: false }));
    chain.expectNoop(as(bob), call.transferData({ id: 0n, to: to(bob) }), errors.NotOwner);
    chain.expectNoop(as(alice), call.transferData({ id: 1n, to: to(bob) }), errors.UnknownData);
    expect(chain.dispatch(as(alice), call.transferData({ id: 0n, to: to(bob) }))).to.equal('ok');
    expect(reservedOf(chain.ctx, who(alice))).to.equal(0n);
    expect(reservedOf(chain.ctx, who(bob))).to.equal(DATA_DEPOSIT + DISCLOSURE_DEPOSIT);
    chain.expectNoop(as(alice), call.setOptOut({ id: 0n, optedOut: true }), errors.NotOwner);
  });

  it('a model names parents that exist, once each, and none that is closed to training', () => {
    const chain = fresh();
    chain.dispatch(as(alice), data(7));
    chain.dispatch(as(alice), data(8, true));
    const trainedOn = (id: bigint) => ({ tag: 'TrainedOn' as const, value: { data: id } });
    chain.expectNoop(as(bob), modelCall(1, [trainedOn(5n)]), errors.UnknownData);
    chain.expectNoop(as(bob), modelCall(1, [trainedOn(1n)]), errors.OptedOut);
    chain.expectNoop(as(bob), modelCall(1, [trainedOn(0n), trainedOn(0n)]), errors.DuplicateParent);
    // Its own number, which is the next: a cycle of length one.
    chain.expectNoop(as(bob), modelCall(1, [{ tag: 'FinetunedFrom', value: { model: 0n } }]), errors.UnknownModel);
    expect(chain.dispatch(as(bob), modelCall(1, [trainedOn(0n)]))).to.equal('ok');
    expect(chain.dispatch(as(bob), modelCall(2, [{ tag: 'FinetunedFrom', value: { model: 0n } }]))).to.equal('ok');
    chain.expectNoop(as(alice), modelCall(2), errors.AlreadyRegistered);
    expect(reservedOf(chain.ctx, who(bob))).to.equal(2n * MODEL_DEPOSIT);
    // An opt-out binds what comes after it.
    chain.dispatch(as(alice), call.setOptOut({ id: 0n, optedOut: true }));
    chain.expectNoop(as(bob), modelCall(3, [trainedOn(0n)]), errors.OptedOut);
    expect(modelOf(chain.ctx, 0n)?.parents).to.deep.equal([trainedOn(0n)]);
  });

  it('transfers models; the new owner decides', () => {
    const chain = fresh();
    chain.dispatch(as(alice), modelCall(1));
    expect(chain.dispatch(as(alice), call.transferModel({ id: 0n, to: to(bob) }))).to.equal('ok');
    chain.expectNoop(as(alice), call.transferModel({ id: 0n, to: to(alice) }), errors.NotOwner);
    expect(modelOf(chain.ctx, 0n)?.owner).to.deep.equal(who(bob));
    // An account that does not exist cannot hold a deposit: nothing is lost, the transfer fails.
    chain.expectNoop(as(bob), call.transferModel({ id: 0n, to: to(77) }), balances.errors.InsufficientBalance);
  });
});
