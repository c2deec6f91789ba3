/** Meters without a round: who may have one, which grants come on it, and how they leave. */
import { expect } from 'chai';
import { access, grantOf, licensing } from '../../../pallets/licensing/index.ts';
import { titleOf } from '../../../pallets/ownership/index.ts';
import { parameters } from '../../../pallets/parameters/index.ts';
import { Origin } from '../../../pallets/support/index.ts';
import { usage } from '../../../pallets/usage/index.ts';
import { account, call, type TestChain } from '../../support/committee.ts';
import { idOfTerms, openTerms } from '../../support/terms.ts';
import {
  ASSET,
  buy,
  calls,
  errors,
  free,
  GATEWAY,
  metered,
  MODEL,
  noop,
  placed,
  offer,
  reserved,
  statesOf,
  storeOf,
  TERMS,
  without,
} from './support.ts';

const of = (test: TestChain, who: string) => access(test.chain.ctx, ASSET, account(who));
const name = (gateway: string, isNamed: boolean) =>
  calls.nameGateway({ model: MODEL, gateway: account(gateway), isNamed });
const to = (who: string) => ({ tag: 'Id' as const, value: account(who) });

describe('pallets/usage: meters', () => {
  it('are opened by those whom the licensor names, for terms whose uses have one price', () => {
    const test = without();
    offer(test, TERMS);
    const open = (kMin = 2, terms = TERMS) => calls.openMeter({ model: MODEL, terms: idOfTerms(terms), kMin });
    noop(test, GATEWAY, open(), errors.NotGateway);
    noop(test, GATEWAY, name(GATEWAY, true), 'Ownership.NotAllowed');
    const deposit = titleOf(test.chain.ctx, ASSET)?.deposit ?? 0n;
    call(test, 'owner', name(GATEWAY, true));
    expect(titleOf(test.chain.ctx, ASSET)?.deposit).to.equal(deposit + 50_000n);
    noop(test, 'owner', name(GATEWAY, true), errors.AlreadyNamed);
    noop(test, 'owner', name('rival', false), errors.NotGateway);
    noop(test, 'rival', open(), errors.NotGateway);
    for (const kMin of [0, 1, 65]) noop(test, GATEWAY, open(kMin), errors.BadLeast);
    noop(test, GATEWAY, open(2, openTerms('MIT')), errors.UnknownTerms);
    const steps = [{ from: 0n, amount: 5n }];
    const volume = openTerms('MIT', { price: { tag: 'Volume', value: { steps } }, uses: 10n });
    offer(test, volume);
    noop(test, GATEWAY, open(2, volume), errors.PricedByCount);
    const held = reserved(test, GATEWAY);
    call(test, GATEWAY, open());
    expect(reserved(test, GATEWAY) - held).to.equal(1_000_000n);
    call(test, 'owner', name(GATEWAY, false));
    expect(titleOf(test.chain.ctx, ASSET)?.deposit).to.equal(deposit);
    noop(test, 'rival', calls.closeMeter({ meter: 0 }), errors.NotGateway);
    call(test, GATEWAY, calls.closeMeter({ meter: 0 }));
    expect(reserved(test, GATEWAY)).to.equal(held);
    noop(test, GATEWAY, calls.closeMeter({ meter: 0 }), errors.UnknownMeter);
  });

  it('take grants of their model and terms, by their holders only, each once and on one meter', () => {
    const test = without();
    metered(test, []);
    const join = (grant: bigint, meter = 0) => calls.join({ meter, grant });
    const grant = buy(test, 'ada', 0n);
    noop(test, 'ben', join(grant), licensing.errors.NotHolder);
    noop(test, GATEWAY, join(grant), licensing.errors.NotHolder);
    noop(test, 'ada', join(grant, 1), errors.UnknownMeter);
    noop(test, 'ada', join(7n), errors.OtherTerms);
    const unbounded = openTerms('MIT', { price: { tag: 'PerUse', value: { amount: 1n } } });
    const other = buy(test, 'ben', offer(test, unbounded));
    noop(test, 'ben', join(other), errors.OtherTerms);
    call(test, GATEWAY, calls.openMeter({ model: MODEL, terms: idOfTerms(unbounded), kMin: 2 }));
    noop(test, 'ben', join(other, 1), licensing.errors.BadUses);
    call(test, GATEWAY, calls.openMeter({ model: MODEL, terms: idOfTerms(TERMS), kMin: 2 }));
    call(test, 'ada', join(grant));
    noop(test, 'ada', join(grant), licensing.errors.Metered);
    noop(test, 'ada', join(grant, 2), licensing.errors.Metered);
    call(test, 'owner', name(GATEWAY, false));
    noop(test, 'cas', join(buy(test, 'cas', 0n)), errors.NotGateway);
  });

  it('hold their grants: uses go to no seat, the grant to nobody and under no other terms', () => {
    const test = without();
    const other = openTerms('MIT', { price: { tag: 'PerUse', value: { amount: 1n } }, uses: 5n });
    metered(test, ['ada']);
    offer(test, other);
    const seat = licensing.call.assignSeat({ grant: 0n, account: to('eve'), uses: 3n });
    noop(test, 'ada', seat, licensing.errors.Metered);
    noop(test, 'ada', licensing.call.transfer({ grant: 0n, to: to('eve') }), licensing.errors.Metered);
    call(test, 'owner', licensing.call.proposeAmendment({ grant: 0n, terms: idOfTerms(other) }));
    const accept = licensing.call.acceptAmendment({ grant: 0n, terms: idOfTerms(other) });
    noop(test, 'ada', accept, licensing.errors.Metered);
    call(test, GATEWAY, calls.release({ meter: 0, grant: 0n, uses: 4n }));
    expect(of(test, 'ada').usesLeft).to.equal(6n);
    call(test, 'ada', seat);
    call(test, 'ada', licensing.call.transfer({ grant: 0n, to: to('ben') }));
    expect(of(test, 'ben')).to.deep.include({ usesLeft: 6n, grant: 0n });
  });

  it('lose what is left of a grant whose holder leaves; not when the gateway is silent, or named no more', () => {
    const test = without();
    const silence = parameters.call.setParameter({ name: { tag: 'MeterSilence' }, value: 20n });
    expect(test.chain.dispatch(Origin.root, silence)).to.equal('ok');
    metered(test, ['ada', 'ben']);
    const leave = (grant: bigint) => calls.leave({ grant });
    noop(test, 'ben', leave(0n), errors.NotHolder);
    noop(test, 'ada', leave(9n), errors.NotHolder);
    call(test, 'ada', leave(0n));
    expect(of(test, 'ada').reason?.tag).to.equal('UsesExhausted');
    expect(statesOf(test)).to.deep.equal(['Left', 'Live']);
    noop(test, 'ada', leave(0n), errors.NotJoined);
    test.chain.runToBlock(10);
    placed(test, 'cas', buy(test, 'cas', 0n));
    // The meter is silent since its first block; of a grant that came later, only since then.
    test.chain.runToBlock(29);
    call(test, 'cas', leave(2n));
    expect(of(test, 'cas').reason?.tag).to.equal('UsesExhausted');
    call(test, 'ben', leave(1n));
    expect(of(test, 'ben')).to.deep.include({ usesLeft: 10n, reason: undefined });
    placed(test, 'ben', 1n);
    call(test, 'owner', name(GATEWAY, false));
    call(test, 'ben', leave(1n));
    expect(of(test, 'ben').usesLeft).to.equal(10n);
  });

  it('let a grant go with what the gateway says it had, at most all, and one that its holder has closed', () => {
    const test = without();
    metered(test);
    const release = (grant: bigint, uses: bigint) => calls.release({ meter: 0, grant, uses });
    noop(test, 'rival', release(0n, 0n), errors.NotGateway);
    noop(test, 'owner', release(0n, 0n), errors.NotGateway);
    noop(test, GATEWAY, calls.closeMeter({ meter: 0 }), errors.StillMetered);
    call(test, GATEWAY, release(0n, 11n));
    expect(of(test, 'ada').reason?.tag).to.equal('UsesExhausted');
    expect(grantOf(test.chain.ctx, 0n)?.used).to.equal(10n);
    noop(test, GATEWAY, release(0n, 1n), errors.NotAdmitted);
    call(test, 'ben', licensing.call.close({ grant: 1n }));
    noop(test, 'ben', calls.leave({ grant: 1n }), errors.NotHolder);
    call(test, GATEWAY, release(1n, 5n));
    call(test, GATEWAY, release(2n, 0n));
    expect(of(test, 'cas').usesLeft).to.equal(10n);
    expect(statesOf(test)).to.deep.equal(['Left', 'Left', 'Left']);
    const before = free(test, GATEWAY);
    call(test, GATEWAY, calls.closeMeter({ meter: 0 }));
    expect(free(test, GATEWAY) - before).to.equal(1_000_000n);
    expect([...storeOf(test).metersOf.entries()]).to.have.length(0);
  });

  it('have 64 places over their life', () => {
    const names = Array.from({ length: 65 }, (_, i) => `holder ${i}`);
    const test = without(names);
    metered(test, names.slice(0, 64));
    const grant = buy(test, names[64]!, 0n);
    call(test, names[64]!, calls.join({ meter: 0, grant }));
    const admit = calls.admit({ meter: 0, grant });
    noop(test, GATEWAY, admit, errors.MeterFull);
    call(test, GATEWAY, calls.release({ meter: 0, grant: 3n, uses: 1n }));
    noop(test, GATEWAY, admit, errors.MeterFull);
  });

  it('have a place for whom the gateway wants; who has none yet leaves as it came', () => {
    const test = without();
    metered(test, ['ada']);
    const grant = buy(test, 'ben', 0n);
    const admit = calls.admit({ meter: 0, grant });
    noop(test, GATEWAY, admit, errors.NotJoined);
    call(test, 'ben', calls.join({ meter: 0, grant }));
    noop(test, 'rival', admit, errors.NotGateway);
    noop(test, 'ben', admit, errors.NotGateway);
    noop(test, GATEWAY, calls.release({ meter: 0, grant, uses: 9n }), errors.NotAdmitted);
    call(test, 'ben', calls.leave({ grant }));
    expect(of(test, 'ben').usesLeft).to.equal(10n);
    noop(test, GATEWAY, admit, errors.NotJoined);
    call(test, 'ben', calls.join({ meter: 0, grant }));
    call(test, GATEWAY, admit);
    noop(test, GATEWAY, admit, errors.AlreadyAdmitted);
    call(test, GATEWAY, calls.release({ meter: 0, grant, uses: 9n }));
    // Of a meter that is gone, or of a gateway that is named no more.
    call(test, 'ben', calls.join({ meter: 0, grant }));
    call(test, GATEWAY, calls.release({ meter: 0, grant: 0n, uses: 0n }));
    call(test, 'owner', name(GATEWAY, false));
    noop(test, GATEWAY, admit, errors.NotGateway);
    call(test, GATEWAY, calls.closeMeter({ meter: 0 }));
    call(test, 'ben', calls.leave({ grant }));
    expect(of(test, 'ben').usesLeft).to.equal(1n);
  });

  it('are found by their gateway and by grants', () => {
    const test = without();
    metered(test, ['ada', 'ben']);
    call(test, GATEWAY, calls.openMeter({ model: MODEL, terms: idOfTerms(TERMS), kMin: 3 }));
    const ask = (method: string, inputs: Record<string, unknown>): unknown =>
      usage.apis.UsageApi?.methods[method]?.run(test.chain.ctx, inputs);
    const gateway = account(GATEWAY);
    expect(ask('metersOf', { gateway, from: 0, limit: 9 })).to.have.length(2);
    expect(ask('metersOf', { gateway, from: 1, limit: 9 })).to.have.nested.property('[0].meter.kMin', 3);
    expect(ask('metersOf', { gateway, from: 0, limit: 1 })).to.have.nested.property('[0].id', 0);
    expect(ask('meterOf', { grant: 1n })).to.equal(0);
    expect(ask('meterOf', { grant: 2n })).to.equal(undefined);
    expect(ask('meter', { meter: 2 })).to.equal(undefined);
  });
});
