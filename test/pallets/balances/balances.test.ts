import { expect } from 'chai';
import * as fc from 'fast-check';
import {
  balances,
  burn,
  checkIssuance,
  deposit,
  EXISTENTIAL_DEPOSIT,
  freeOf,
  mint,
  pin,
  repatriateReserved,
  reserve,
  reservedOf,
  slashReserved,
  totalIssuance,
  transfer,
  unreserve,
  withdraw,
} from '../../../pallets/balances/index.ts';
import {
  DispatchFailure,
  lookup,
  type MultiAddress,
  mockRuntime,
  Origin,
  palletAccount,
  remembered,
} from '../../../pallets/support/index.ts';
import { system } from '../../../pallets/system/index.ts';

const who = (n: number): Uint8Array => new Uint8Array(32).fill(n);
const to = (n: number): MultiAddress => ({ tag: 'Id', value: who(n) });
const [alice, bob, carol] = [1, 2, 3];
const START = 1_000_000n;
const fresh = () =>
  mockRuntime(
    [system, balances],
    {
      balances: {
        accounts: [
          [who(alice), START],
          [who(bob), START],
        ],
      },
    },
    { invariants: [remembered(checkIssuance), remembered(balances.tryState)] },
  );
const { call, errors } = balances;

describe('pallets/balances', () => {
  it('transfers, creates accounts and tells so', () => {
    const chain = fresh();
    expect(
      chain.dispatch(Origin.signed(who(alice)), call.transferKeepAlive({ dest: to(carol), value: 5_000n })),
    ).to.equal('ok');
    expect(freeOf(chain.ctx, who(alice))).to.equal(START - 5_000n);
    expect(freeOf(chain.ctx, who(carol))).to.equal(5_000n);
    expect(chain.events.map(({ pallet, name }) => `${pallet}.${name}`)).to.deep.equal([
      'System.NewAccount',
      'Balances.Endowed',
      'Balances.Transfer',
    ]);
  });

  it('refuses what cannot be, and changes nothing', () => {
    const chain = fresh();
    const from = Origin.signed(who(alice));
    chain.expectNoop(from, call.transferKeepAlive({ dest: to(bob), value: START + 1n }), errors.InsufficientBalance);
    chain.expectNoop(from, call.transferKeepAlive({ dest: to(bob), value: START }), errors.Expendability);
    chain.expectNoop(
      from,
      call.transferAllowDeath({ dest: to(carol), value: EXISTENTIAL_DEPOSIT - 1n }),
      errors.ExistentialDeposit,
    );
    chain.expectNoop(
      from,
      call.transferAllowDeath({ dest: { tag: 'Raw', value: who(bob) }, value: 1n }),
      'CannotLookup',
    );
    chain.expectNoop(Origin.root, call.transferAllowDeath({ dest: to(bob), value: 1n }), 'BadOrigin');
    chain.expectNoop(Origin.none, call.transferAllowDeath({ dest: to(bob), value: 1n }), 'unknown.NoUnsignedValidator');
    chain.expectNoop(
      Origin.signed(who(carol)),
      call.transferAllowDeath({ dest: to(bob), value: 1n }),
      errors.InsufficientBalance,
    );
  });

  it('removes an account that falls below the existential deposit, and burns its dust', () => {
    const chain = fresh();
    const value = START - EXISTENTIAL_DEPOSIT + 1n;
    expect(chain.dispatch(Origin.signed(who(alice)), call.transferAllowDeath({ dest: to(bob), value }))).to.equal('ok');
    expect(system.use(chain.ctx).store.account.has(who(alice))).to.equal(false);
    expect(totalIssuance(chain.ctx)).to.equal(2n * START - (EXISTENTIAL_DEPOSIT - 1n));
    expect(chain.events.map(({ name }) => name)).to.include.members(['DustLost', 'KilledAccount']);
  });

  it('keeps the nonce of one that has signed something, and nothing else of it', () => {
    const chain = fresh();
    const { store } = system.use(chain.ctx);
    const record = store.account.get(who(alice));
    store.account.put(who(alice), { ...record, nonce: 7 });
    const drain = call.transferAll({ dest: to(bob), keepAlive: false });
    expect(chain.dispatch(Origin.signed(who(alice)), drain)).to.equal('ok');
    const { nonce, providers, consumers, data } = store.account.get(who(alice));
    expect({ nonce, providers, consumers, free: data.free, reserved: data.reserved }).to.deep.equal({
      nonce: 7,
      providers: 0,
      consumers: 0,
      free: 0n,
      reserved: 0n,
    });
    expect(chain.events.map(({ name }) => name)).to.include('KilledAccount');
    const fund = call.transferAllowDeath({ dest: to(alice), value: 5n * EXISTENTIAL_DEPOSIT });
    expect(chain.dispatch(Origin.signed(who(bob)), fund)).to.equal('ok');
    expect(chain.events.map(({ name }) => name)).to.include('NewAccount');
    expect(store.account.get(who(alice))).to.include({ nonce: 7, providers: 1 });
  });

  it('a transfer to oneself moves nothing', () => {
    const chain = fresh();
    expect(chain.dispatch(Origin.signed(who(alice)), call.transferKeepAlive({ dest: to(alice), value: 7n }))).to.equal(
      'ok',
    );
    expect(freeOf(chain.ctx, who(alice))).to.equal(START);
    chain.expectNoop(
      Origin.signed(who(alice)),
      call.transferKeepAlive({ dest: to(alice), value: 2n * START }),
      errors.InsufficientBalance,
    );
  });

  it('a transfer of everything to oneself does not kill the account on the way', () => {
    const chain = fresh();
    expect(
      chain.dispatch(Origin.signed(who(alice)), call.transferAllowDeath({ dest: to(alice), value: START - 1n })),
    ).to.equal('ok');
    expect(freeOf(chain.ctx, who(alice))).to.equal(START);
    expect(chain.events.map(({ name }) => name)).to.deep.equal(['Transfer']);
  });

  it('transfers all, with or without keeping the sender alive', () => {
    const chain = fresh();
    chain.dispatch(Origin.signed(who(alice)), call.transferAll({ dest: to(carol), keepAlive: true }));
    expect(freeOf(chain.ctx, who(alice))).to.equal(EXISTENTIAL_DEPOSIT);
    chain.dispatch(Origin.signed(who(alice)), call.transferAll({ dest: to(carol), keepAlive: false }));
    expect(freeOf(chain.ctx, who(carol))).to.equal(START);
    expect(system.use(chain.ctx).store.account.has(who(alice))).to.equal(false);
  });

  it('reserves keep an account alive; they come back, are slashed, or go to another', () => {
    const chain = fresh();
    const { ctx } = chain;
    reserve(ctx, who(alice), 600_000n);
    expect([freeOf(ctx, who(alice)), reservedOf(ctx, who(alice))]).to.deep.equal([400_000n, 600_000n]);
    const all = call.transferAllowDeath({ dest: to(bob), value: 400_000n });
    chain.expectNoop(Origin.signed(who(alice)), all, errors.LiquidityRestrictions);
    expect(() => reserve(ctx, who(alice), 400_000n)).to.throw(DispatchFailure, 'InsufficientBalance');
    expect(unreserve(ctx, who(alice), 100_000n)).to.equal(100_000n);
    expect(slashReserved(ctx, who(alice), 200_000n)).to.equal(200_000n);
    expect(totalIssuance(ctx)).to.equal(2n * START - 200_000n);
    expect(repatriateReserved(ctx, who(alice), who(carol), 10n ** 9n)).to.equal(300_000n);
    expect(freeOf(ctx, who(carol))).to.equal(300_000n);
    expect(unreserve(ctx, who(alice), 1n)).to.equal(0n);
    expect(
      chain.dispatch(Origin.signed(who(alice)), call.transferAllowDeath({ dest: to(bob), value: 500_000n })),
    ).to.equal('ok');
    expect(system.use(ctx).store.account.has(who(alice))).to.equal(false);
  });

  it('a pinned account loses no dust and can be emptied', () => {
    const { ctx } = fresh();
    const escrow = palletAccount('tactestx', 3n);
    pin(ctx, escrow);
    transfer(ctx, who(alice), escrow, 5n, 'keepAlive');
    expect(freeOf(ctx, escrow)).to.equal(5n);
    transfer(ctx, who(alice), escrow, 2_000n, 'keepAlive');
    transfer(ctx, escrow, who(bob), 2_004n, 'keepAlive');
    transfer(ctx, escrow, who(bob), 1n, 'keepAlive');
    expect(freeOf(ctx, escrow)).to.equal(0n);
    expect(freeOf(ctx, who(bob))).to.equal(START + 2_005n);
    checkIssuance(ctx);
  });

  it('amounts are unsigned', () => {
    const { ctx } = fresh();
    for (const act of [
      () => transfer(ctx, who(alice), who(bob), -1n, 'keepAlive'),
      () => mint(ctx, who(alice), -1n),
      () => reserve(ctx, who(alice), -1n),
      () => slashReserved(ctx, who(alice), -1n),
      () => withdraw(ctx, who(alice), -1n, 'keepAlive'),
    ]) {
      expect(act).to.throw('no amount');
    }
    expect(() => mint(ctx, who(alice), (1n << 128n) - 1n)).to.throw(DispatchFailure);
    expect(() => checkIssuance(ctx, 1n)).to.throw('accounts hold');
  });

  it('only account ids are looked up', () => {
    expect(() => lookup({ tag: 'Address32', value: who(1) })).to.throw(DispatchFailure);
  });

  it('conserves money whatever happens', () => {
    const person = fc.integer({ min: 1, max: 5 });
    const amount = fc.oneof(fc.bigInt({ min: 0n, max: 3_000n }), fc.bigInt({ min: 0n, max: 2n * START }));
    const step = fc.record({ act: fc.integer({ min: 0, max: 10 }), a: person, b: person, amount });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const chain = fresh();
        pin(chain.ctx, who(5));
        let issued = 2n * START;
        for (const { act, a, b, amount } of steps) {
          const { ctx } = chain;
          const origin = Origin.signed(who(a));
          const dust = () =>
            chain.events
              .filter(({ name }) => name === 'DustLost')
              .reduce((sum, { data }) => sum + (data as { amount: bigint }).amount, 0n);
          const lostBefore = dust();
          try {
            ctx.transactional(() => {
              if (act === 0) chain.dispatch(origin, call.transferAllowDeath({ dest: to(b), value: amount }));
              if (act === 1) chain.dispatch(origin, call.transferKeepAlive({ dest: to(b), value: amount }));
              if (act === 2) chain.dispatch(origin, call.transferAll({ dest: to(b), keepAlive: amount % 2n === 0n }));
              if (act === 3) reserve(ctx, who(a), amount);
              if (act === 4) unreserve(ctx, who(a), amount);
              if (act === 5) issued -= slashReserved(ctx, who(a), amount);
              if (act === 6) repatriateReserved(ctx, who(a), who(b), amount);
              if (act === 7) {
                mint(ctx, who(a), amount);
                issued += amount;
              }
              if (act === 8) {
                burn(ctx, who(a), amount, 'allowDeath');
                issued -= amount;
              }
              if (act === 9) {
                withdraw(ctx, who(a), amount, 'keepAlive');
                deposit(ctx, who(b), amount);
              }
              if (act === 10) chain.runToBlock(ctx.block);
            });
          } catch (error) {
            if (!(error instanceof DispatchFailure)) throw error;
          }
          issued -= dust() - lostBefore;
          checkIssuance(chain.ctx);
          expect(totalIssuance(chain.ctx)).to.equal(issued);
          for (const [, info] of system.use(chain.ctx).store.account.entries()) {
            expect(info.providers > 0, 'a stored account is alive').to.equal(true);
            expect(info.consumers === (info.data.reserved > 0n ? 1 : 0)).to.equal(true);
          }
        }
      }),
      { numRuns: 150 },
    );
  });
});
