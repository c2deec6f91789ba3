import { expect } from 'chai';
import { balances, EXISTENTIAL_DEPOSIT } from '../../../pallets/balances/index.ts';
import {
  addDeposit,
  DELEGATE_DEPOSIT,
  ensureMay,
  isHolder,
  LOG_FEE,
  type LogEntry,
  MAX_DELEGATES,
  MAX_SHARES,
  OFFER_DEPOSIT,
  ownership,
  returnDeposit,
  ROLE,
  titleOf,
} from '../../../pallets/ownership/index.ts';
import { DATA_DEPOSIT } from '../../../pallets/registry/index.ts';
import { DispatchFailure, type MockRuntime } from '../../../pallets/support/index.ts';
import { asset } from '../../support/registry.ts';
import {
  ALICE,
  as,
  BOB,
  burnedBy,
  CAROL,
  DATA,
  DAVE,
  delegate,
  free,
  give,
  hand,
  MONEY,
  ok,
  partsOf,
  POOR,
  reserved,
  share,
  take,
  takeShare,
  to,
  transfer,
  who,
  withData,
} from './support.ts';

const { errors } = ownership;
const close = (from: number, receiver: number) =>
  ownership.call.closeOffer({ asset: DATA, from: to(from), to: to(receiver) });
const parts = (chain: MockRuntime) => partsOf(titleOf(chain.ctx, DATA)?.shares ?? []);
const logOf = (chain: MockRuntime, from: number, limit: number): LogEntry[] =>
  ownership.apis.OwnershipApi?.methods['log']?.run(chain.ctx, { asset: DATA, from, limit }) as LogEntry[];

describe('pallets/ownership: transfers', () => {
  it('take deposit and part along, end delegates, and cost what their entry does: to the last unit', () => {
    const chain = withData();
    share(chain, ALICE, CAROL, 2_500);
    for (const n of [CAROL, DAVE]) ok(chain, ALICE, delegate(n, ROLE.metadata));
    const before = [free(chain, ALICE), free(chain, BOB)];
    expect(burnedBy(chain, () => hand(chain, ALICE, BOB))).to.equal(LOG_FEE);
    // The deposit of the asset stays with the asset; those for delegates come back to who put them up.
    expect([free(chain, ALICE), free(chain, BOB)]).to.deep.equal([
      before[0]! - LOG_FEE + 2n * DELEGATE_DEPOSIT,
      before[1],
    ]);
    expect([reserved(chain, ALICE), reserved(chain, BOB)]).to.deep.equal([0n, DATA_DEPOSIT]);
    expect(titleOf(chain.ctx, DATA)).to.deep.include({
      owner: who(BOB),
      deposit: DATA_DEPOSIT,
      delegates: 0,
      entries: 3,
    });
    expect(parts(chain)).to.deep.equal([
      [CAROL, 2_500],
      [BOB, 7_500],
    ]);
    expect([...ownership.use(chain.ctx).store.delegates.entries()]).to.deep.equal([]);
  });

  it('an owner without a part hands over the title alone, and a receiver keeps the part it has', () => {
    const chain = withData();
    share(chain, ALICE, BOB, 10_000);
    hand(chain, ALICE, CAROL);
    expect(parts(chain)).to.deep.equal([[BOB, 10_000]]);
    hand(chain, CAROL, BOB);
    expect(parts(chain)).to.deep.equal([[BOB, 10_000]]);
    expect([isHolder(chain.ctx, DATA, who(BOB)), isHolder(chain.ctx, DATA, who(CAROL))]).to.deep.equal([true, false]);
  });

  it('are the owner’s: not a co-owner’s, nor a delegate’s with every role', () => {
    const chain = withData();
    share(chain, ALICE, BOB, 9_999);
    ok(chain, ALICE, delegate(CAROL, 15));
    for (const n of [BOB, CAROL, DAVE]) {
      chain.expectNoop(as(n), transfer(n), errors.NotAllowed);
      chain.expectNoop(as(n), delegate(DAVE === n ? BOB : DAVE, 1), errors.NotAllowed);
    }
    chain.expectNoop(as(ALICE), transfer(ALICE), errors.ToSelf);
    chain.expectNoop(as(ALICE), transfer(BOB, asset('Model', 0n)), errors.UnknownAsset);
    hand(chain, ALICE, BOB);
    chain.expectNoop(as(ALICE), transfer(ALICE), errors.NotAllowed);
  });

  it('fail as a whole if the receiver cannot hold the deposit', () => {
    const chain = withData();
    ok(chain, ALICE, transfer(77));
    chain.expectNoop(as(77), take(ALICE), balances.errors.InsufficientBalance);
    chain.dispatch(
      as(ALICE),
      balances.call.transferAllowDeath({ dest: { tag: 'Id', value: who(77) }, value: EXISTENTIAL_DEPOSIT }),
    );
    ok(chain, 77, take(ALICE));
    expect([free(chain, 77), reserved(chain, 77)]).to.deep.equal([EXISTENTIAL_DEPOSIT, DATA_DEPOSIT]);
  });

  it('cost a deposit until they are accepted, of which the fee of the entry is taken; closed, all of it is back', () => {
    const chain = withData();
    const before = free(chain, ALICE);
    ok(chain, ALICE, transfer(BOB));
    expect([free(chain, ALICE), reserved(chain, ALICE)]).to.deep.equal([
      before - OFFER_DEPOSIT,
      DATA_DEPOSIT + OFFER_DEPOSIT,
    ]);
    ok(chain, ALICE, close(ALICE, BOB));
    ok(chain, ALICE, transfer(BOB));
    ok(chain, BOB, close(ALICE, BOB));
    expect([free(chain, ALICE), reserved(chain, ALICE)]).to.deep.equal([before, DATA_DEPOSIT]);
    chain.expectNoop(as(BOB), take(ALICE), errors.NoOffer);
    chain.expectNoop(as(ALICE), close(ALICE, BOB), errors.NoOffer);
    hand(chain, ALICE, BOB);
    expect(free(chain, ALICE)).to.equal(before - LOG_FEE);
  });
});

describe('pallets/ownership: parts', () => {
  it('are given by who has them, owner or not, and are the whole together', () => {
    const chain = withData();
    expect(burnedBy(chain, () => share(chain, ALICE, BOB, 3_333))).to.equal(LOG_FEE);
    share(chain, BOB, CAROL, 3_333);
    share(chain, CAROL, BOB, 1);
    expect(parts(chain)).to.deep.equal([
      [ALICE, 6_667],
      [CAROL, 3_332],
      [BOB, 1],
    ]);
    for (const [n, bps, error] of [
      [BOB, 2, errors.NoShare],
      [DAVE, 1, errors.NoShare],
      [BOB, 0, errors.BadShare],
      [ALICE, 6_668, errors.NoShare],
      [ALICE, 65_535, errors.NoShare],
    ] as const)
      chain.expectNoop(as(n), give(CAROL, bps), error);
    chain.expectNoop(as(BOB), give(BOB, 1), errors.ToSelf);
    chain.expectNoop(as(ALICE), give(BOB, 1, asset('Portfolio', 0n)), errors.UnknownAsset);
    chain.expectNoop(as(POOR), give(BOB, 1), errors.NoShare);
  });

  it('are few: the last place is taken, a place that gets empty is free again', () => {
    const chain = withData();
    for (let n = 1; n < MAX_SHARES; n++) share(chain, ALICE, 20 + n, 1);
    chain.expectNoop(as(ALICE), give(99, 1), errors.TooManyShares);
    // Who gives all away makes room for who gets it.
    share(chain, ALICE, 99, 10_000 - MAX_SHARES + 1);
    expect(parts(chain).length).to.equal(MAX_SHARES);
    expect(titleOf(chain.ctx, DATA)?.owner).to.deep.equal(who(ALICE));
  });
});

describe('pallets/ownership: offers', () => {
  it('attack: nobody is made an owner, of the whole or of a part; offered is not given', () => {
    const chain = withData();
    ok(chain, ALICE, give(BOB, 1));
    ok(chain, ALICE, transfer(CAROL));
    for (const n of [BOB, CAROL]) expect(isHolder(chain.ctx, DATA, who(n))).to.equal(false);
    expect([parts(chain), titleOf(chain.ctx, DATA)?.owner]).to.deep.equal([[[ALICE, 10_000]], who(ALICE)]);
    for (const n of [CAROL, DAVE]) chain.expectNoop(as(n), close(ALICE, BOB), errors.NotAllowed);
    chain.expectNoop(as(DAVE), take(ALICE), errors.NoOffer);
  });

  it('attack: what is accepted is what was read, not what stands there when the word arrives', () => {
    const chain = withData();
    ok(chain, ALICE, give(BOB, 5_000));
    chain.expectNoop(as(ALICE), give(BOB, 1), errors.AlreadyOffered);
    ok(chain, ALICE, close(ALICE, BOB));
    ok(chain, ALICE, give(BOB, 1));
    chain.expectNoop(as(BOB), takeShare(ALICE, 5_000), errors.OtherOffer);
    chain.expectNoop(as(BOB), take(ALICE), errors.OtherOffer);
    ok(chain, BOB, takeShare(ALICE, 1));
  });

  it('attack: who offers more than it keeps, or what it has sold, gives nothing', () => {
    const chain = withData();
    ok(chain, ALICE, give(BOB, 6_000));
    ok(chain, ALICE, give(CAROL, 6_000));
    ok(chain, ALICE, transfer(DAVE));
    ok(chain, BOB, takeShare(ALICE, 6_000));
    chain.expectNoop(as(CAROL), takeShare(ALICE, 6_000), errors.NoShare);
    hand(chain, ALICE, BOB);
    chain.expectNoop(as(DAVE), take(ALICE), errors.NotAllowed);
    for (const n of [CAROL, DAVE]) ok(chain, ALICE, close(ALICE, n));
    expect(reserved(chain, ALICE)).to.equal(0n);
  });

  it('are made by each for itself: a co-owner’s offer does not stand in the way of the owner’s', () => {
    const chain = withData();
    share(chain, ALICE, BOB, 1_000);
    ok(chain, BOB, give(CAROL, 1));
    ok(chain, ALICE, transfer(CAROL));
    ok(chain, CAROL, take(ALICE));
    ok(chain, CAROL, takeShare(BOB, 1));
    // Who owns already has nothing to accept when it gets more.
    ok(chain, BOB, give(CAROL, 999));
    expect(parts(chain)).to.deep.equal([[CAROL, 10_000]]);
  });
});

describe('pallets/ownership: delegates', () => {
  it('may what their roles say; each costs a deposit while it is one', () => {
    const chain = withData();
    const may = (n: number, role: keyof typeof ROLE): boolean => {
      try {
        ensureMay(chain.ctx, DATA, who(n), role);
        return true;
      } catch (error) {
        expect(error).to.be.instanceOf(DispatchFailure).with.deep.property('value', errors.NotAllowed.value);
        return false;
      }
    };
    const roles = ['metadata', 'licensing', 'rounds', 'money'] as const;
    ok(chain, ALICE, delegate(BOB, ROLE.licensing | ROLE.money));
    expect(roles.map((role) => may(BOB, role))).to.deep.equal([false, true, false, true]);
    expect([ALICE, CAROL].map((n) => roles.map((role) => may(n, role)))).to.deep.equal([
      [true, true, true, true],
      [false, false, false, false],
    ]);
    ok(chain, ALICE, delegate(BOB, ROLE.rounds));
    expect(roles.map((role) => may(BOB, role))).to.deep.equal([false, false, true, false]);
    expect(reserved(chain, ALICE)).to.equal(DATA_DEPOSIT + DELEGATE_DEPOSIT);
    ok(chain, ALICE, delegate(BOB, 0));
    expect([reserved(chain, ALICE), free(chain, ALICE)]).to.deep.equal([DATA_DEPOSIT, MONEY - DATA_DEPOSIT]);
    expect(may(BOB, 'rounds')).to.equal(false);
  });

  it('are few, are somebody else, and have roles that there are', () => {
    const chain = withData();
    chain.expectNoop(as(ALICE), delegate(BOB, 0), errors.NoDelegate);
    chain.expectNoop(as(ALICE), delegate(BOB, 16), errors.BadRoles);
    chain.expectNoop(as(ALICE), delegate(ALICE, 1), errors.ToSelf);
    chain.expectNoop(as(BOB), delegate(CAROL, 1), errors.NotAllowed);
    chain.expectNoop(as(ALICE), delegate(BOB, 1, asset('Data', 1n)), errors.UnknownAsset);
    for (let n = 0; n < MAX_DELEGATES; n++) ok(chain, ALICE, delegate(20 + n, 1));
    chain.expectNoop(as(ALICE), delegate(BOB, 1), errors.TooManyDelegates);
    ok(chain, ALICE, delegate(20, 8));
    ok(chain, ALICE, delegate(21, 0));
    ok(chain, ALICE, delegate(BOB, 1));
    expect(reserved(chain, ALICE)).to.equal(DATA_DEPOSIT + BigInt(MAX_DELEGATES) * DELEGATE_DEPOSIT);
  });

  it('do not come back with an asset that comes back', () => {
    const chain = withData();
    ok(chain, ALICE, delegate(CAROL, 15));
    hand(chain, ALICE, BOB);
    hand(chain, BOB, ALICE);
    expect(() => ensureMay(chain.ctx, DATA, who(CAROL), 'money')).to.throw(DispatchFailure);
  });
});

describe('pallets/ownership: log and deposits', () => {
  it('every change of title and parts is an entry, read by pages of at most a hundred', () => {
    const chain = withData();
    share(chain, ALICE, BOB, 1);
    chain.runToBlock(3);
    hand(chain, ALICE, CAROL);
    expect(logOf(chain, 0, 10)).to.deep.equal([
      { block: 1, what: { tag: 'Created', value: { owner: who(ALICE) } } },
      { block: 1, what: { tag: 'ShareGiven', value: { from: who(ALICE), to: who(BOB), bps: 1 } } },
      { block: 3, what: { tag: 'Transferred', value: { from: who(ALICE), to: who(CAROL) } } },
    ]);
    for (let n = 0; n < 110; n++) hand(chain, n % 2 ? ALICE : CAROL, n % 2 ? CAROL : ALICE);
    const pages = [logOf(chain, 0, 1000), logOf(chain, 100, 1000)];
    expect(pages.map(({ length }) => length)).to.deep.equal([100, 13]);
    expect(logOf(chain, 99, 2)).to.deep.equal([pages[0]?.at(-1), pages[1]?.[0]]);
    expect([logOf(chain, 113, 5), logOf(chain, 4_294_967_295, 1), logOf(chain, 0, 0)]).to.deep.equal([[], [], []]);
  });

  it('what is kept of an asset is reserved of whoever owns it then', () => {
    const chain = withData();
    addDeposit(chain.ctx, DATA, 70n);
    hand(chain, ALICE, BOB);
    expect(reserved(chain, BOB)).to.equal(DATA_DEPOSIT + 70n);
    returnDeposit(chain.ctx, DATA, 70n);
    hand(chain, BOB, ALICE);
    expect([reserved(chain, ALICE), reserved(chain, BOB)]).to.deep.equal([DATA_DEPOSIT, 0n]);
  });
});
