/** What stands behind data: what it earns, when it comes back, when it is lost; and who tries to have more. */
import { expect } from 'chai';
import { balances, freeOf, totalIssuance } from '../../../pallets/balances/index.ts';
import { freeze, ownership, restoreAsset, revokeAsset, setTag, thaw } from '../../../pallets/ownership/index.ts';
import { ESCROW, royalty } from '../../../pallets/royalty/index.ts';
import { addAsset, by, data, distribute, done, FUNDS, owedTo, set, who } from '../../support/assets.ts';
import {
  back,
  backerOf,
  backingChain,
  backingOf,
  burnOf,
  claim,
  DELAY,
  earnedBy,
  gain,
  issuance,
  leap,
  MUCH,
  ONE,
  pass,
  PER_BLOCK,
  PERIOD,
  promised,
  release,
  TAC,
  withdraw,
} from './backing.ts';

const { errors } = royalty;
const YEAR = 15_768_000n;
/** Whether a number is a bound, or less than it by what rounding may take. */
const isUpTo = (value: bigint, bound: bigint, rounding: bigint): boolean => value <= bound && value >= bound - rounding;

describe('pallets/royalty backing of data', () => {
  it('earns by the block, a part for the data and a part for the backer; it is issued when it is paid', () => {
    const chain = backingChain(['fan', 'rival']);
    const before = totalIssuance(chain.ctx);
    done(chain, 'fan', back(0, MUCH));
    done(chain, 'rival', back(1, 3n * MUCH));
    pass(chain, 7);
    expect(totalIssuance(chain.ctx)).to.equal(before);
    done(chain, 'fan', claim(0));
    // A quarter of seven blocks, in halves; what is less than a unit of the rate is nobody's.
    const half = (PER_BLOCK * 7n) / 8n;
    expect([earnedBy(chain, 0), gain(chain, 'fan')]).to.deep.equal([half, half - 1n]);
    expect(totalIssuance(chain.ctx) - before).to.equal(2n * half - 1n);
    expect(issuance(chain).issued).to.equal(2n * half - 1n);
    // Anyone has the data paid; what its backer has earned is for the backer to ask for.
    done(chain, 'other', claim(1));
    expect([earnedBy(chain, 1), gain(chain, 'rival'), gain(chain, 'other')]).to.deep.equal([3n * half, 0n, 0n]);
    distribute(chain, data(0));
    expect(owedTo(chain, 'artist 0')).to.equal(half);
  });

  it('earns no more than the yield, however few share the budget; and no more than the budget, however many', () => {
    const chain = backingChain(['fan', 'whale']);
    done(chain, 'fan', back(0, 1_000n * TAC));
    leap(chain, 50_000);
    done(chain, 'fan', claim(0));
    const all = (1_000n * TAC * 5_000n * 50_000n) / (10_000n * YEAR);
    expect(earnedBy(chain, 0) + gain(chain, 'fan')).to.be.within(Number(all) - 2, Number(all));
    // Who has all but a thousandth of the backing has all but a thousandth of the budget.
    done(chain, 'whale', back(1, 999_000n * TAC * 100n));
    const before = promised(chain);
    pass(chain, 1);
    done(chain, 'whale', claim(1));
    done(chain, 'fan', claim(0));
    expect((promised(chain) - before) / ONE < PER_BLOCK).to.equal(true);
    expect(earnedBy(chain, 1) + gain(chain, 'whale') <= PER_BLOCK).to.equal(true);
  });

  it('who comes in a block before a period ends earns one block, like everyone', () => {
    const chain = backingChain(['early', 'late']);
    chain.runToBlock(PERIOD);
    done(chain, 'early', back(0, MUCH));
    chain.runToBlock(2 * PERIOD - 1);
    done(chain, 'late', back(1, MUCH));
    pass(chain, 1);
    done(chain, 'late', withdraw(1, MUCH));
    done(chain, 'late', claim(1));
    done(chain, 'early', claim(0));
    const one = PER_BLOCK / 4n;
    expect(gain(chain, 'late')).to.be.within(Number(one) - 1, Number(one));
    expect(gain(chain, 'early')).to.be.within(Number(19n * one) - 1, Number(19n * one));
  });

  it('what is withdrawn earns nothing, waits, and comes back; what is withdrawn later makes all of it wait anew', () => {
    const chain = backingChain(['fan', 'rival']);
    done(chain, 'rival', back(1, MUCH));
    done(chain, 'fan', back(0, MUCH));
    done(chain, 'fan', withdraw(0, MUCH - 2n * TAC));
    const start = chain.ctx.block;
    chain.expectNoop(by('fan'), release(0), errors.BackingHeld);
    leap(chain, DELAY - 1);
    done(chain, 'fan', withdraw(0, TAC));
    expect(backerOf(chain, 0, 'fan')).to.deep.include({ active: TAC, leaving: MUCH - TAC });
    pass(chain, 1);
    expect(chain.ctx.block - start).to.equal(DELAY);
    chain.expectNoop(by('fan'), release(0), errors.BackingHeld);
    leap(chain, DELAY - 1);
    const before = freeOf(chain.ctx, who('fan'));
    done(chain, 'fan', release(0));
    expect(backerOf(chain, 0, 'fan')).to.deep.include({ active: TAC, leaving: 0n });
    // The two TAC that stayed, for one time and the other: all that it has earned.
    const due = (PER_BLOCK * BigInt(DELAY - 1) * 3n * TAC) / (2n * MUCH);
    const got = freeOf(chain.ctx, who('fan')) - before - (MUCH - TAC);
    expect(got <= due && got > (due * 99n) / 100n, `${got} of ${due}`).to.equal(true);
    chain.expectNoop(by('fan'), release(0), errors.NotBacked);
  });

  it('who leaves and comes again has earned nothing between, and cannot come with what is still held', () => {
    const chain = backingChain(['hopper', 'loyal']);
    const all = freeOf(chain.ctx, who('hopper')) - 1_000n;
    done(chain, 'loyal', back(0, all));
    done(chain, 'hopper', back(1, all));
    pass(chain, 5);
    done(chain, 'hopper', withdraw(1, all));
    // The same coins cannot stand behind a second data, nor again behind the first.
    for (const id of [1, 2]) chain.expectNoop(by('hopper'), back(id, TAC), balances.errors.InsufficientBalance);
    leap(chain, DELAY);
    done(chain, 'hopper', release(1));
    done(chain, 'hopper', back(2, all));
    pass(chain, 5);
    for (const [name, id] of [
      ['hopper', 2],
      ['loyal', 0],
    ] as const)
      done(chain, name, claim(id));
    const ten = PER_BLOCK / 4n / 2n;
    expect(gain(chain, 'hopper')).to.be.within(Number(ten * 20n) - 2, Number(ten * 20n));
    expect(gain(chain, 'loyal') > ten * BigInt(DELAY)).to.equal(true);
  });

  it('is paid once, in whatever order and by whomever it is asked for', () => {
    const chain = backingChain(['fan']);
    done(chain, 'fan', back(0, MUCH));
    chain.expectNoop(by('fan'), claim(0), errors.NothingEarned);
    pass(chain, 3);
    done(chain, 'fan', claim(0));
    const before = [earnedBy(chain, 0), gain(chain, 'fan'), totalIssuance(chain.ctx)];
    for (const name of ['fan', 'other']) chain.expectNoop(by(name), claim(0), errors.NothingEarned);
    expect([earnedBy(chain, 0), gain(chain, 'fan'), totalIssuance(chain.ctx)]).to.deep.equal(before);
    pass(chain, 1);
    done(chain, 'other', claim(0));
    chain.expectNoop(by('other'), claim(0), errors.NothingEarned);
    done(chain, 'fan', claim(0));
    chain.expectNoop(by('fan'), claim(0), errors.NothingEarned);
  });

  it('refuses what is too small, not there, or not the caller’s', () => {
    const chain = backingChain(['fan']);
    chain.expectNoop(by('fan'), back(9, TAC), ownership.errors.UnknownAsset);
    chain.expectNoop(by('fan'), back(0, TAC - 1n), errors.BackingTooSmall);
    chain.expectNoop(by('fan'), back(0, 0n), errors.BackingTooSmall);
    chain.expectNoop(by('fan'), back(0, FUNDS), balances.errors.Expendability);
    chain.expectNoop(by('fan'), claim(0), errors.NotBacked);
    chain.expectNoop(by('fan'), burnOf(0), errors.NotBacked);
    done(chain, 'fan', back(0, 2n * TAC));
    done(chain, 'fan', back(0, 1n));
    chain.expectNoop(by('fan'), back(0, 0n), errors.BackingTooSmall);
    chain.expectNoop(by('fan'), withdraw(0, TAC + 2n), errors.BackingTooSmall);
    chain.expectNoop(by('fan'), withdraw(0, 2n * TAC + 2n), errors.NotBacked);
    chain.expectNoop(by('fan'), withdraw(0, 0n), errors.NotBacked);
    chain.expectNoop(by('other'), withdraw(0, TAC), errors.NotBacked);
    chain.expectNoop(by('other'), release(0), errors.NotBacked);
    chain.expectNoop(by('fan'), release(0), errors.NotBacked);
    chain.expectNoop(by('fan'), burnOf(0), errors.NotRevoked);
    freeze(chain.ctx, data(1), 99);
    chain.expectNoop(by('fan'), back(1, TAC), ownership.errors.Frozen);
  });

  it('leaves no trace when all of it has come back', () => {
    const chain = backingChain(['fan', 'rival']);
    done(chain, 'fan', back(0, MUCH / 3n));
    done(chain, 'rival', back(0, MUCH / 7n));
    pass(chain, 3);
    done(chain, 'fan', withdraw(0, MUCH / 3n));
    done(chain, 'rival', withdraw(0, MUCH / 7n));
    leap(chain, DELAY);
    for (const name of ['fan', 'rival']) done(chain, name, release(0));
    const { store } = royalty.use(chain.ctx);
    expect([...store.backings.entries(), ...store.backers.entries()]).to.deep.equal([]);
    expect([promised(chain), issuance(chain).backing.total, freeOf(chain.ctx, ESCROW)]).to.deep.equal([0n, 0n, 0n]);
    expect(issuance(chain).issued).to.equal(earnedBy(chain, 0) + gain(chain, 'fan') + gain(chain, 'rival'));
  });

  describe('of data that is frozen or revoked', () => {
    it('waits with what it has earned, and is paid as ever afterwards', () => {
      const chain = backingChain(['fan', 'rival']);
      done(chain, 'fan', back(0, MUCH));
      done(chain, 'rival', back(1, MUCH));
      done(chain, 'fan', withdraw(0, MUCH / 2n));
      done(chain, 'rival', withdraw(1, MUCH / 2n));
      freeze(chain.ctx, data(0), 0xffff_ffff);
      leap(chain, DELAY);
      for (const call of [claim(0), release(0)]) chain.expectNoop(by('fan'), call, ownership.errors.Frozen);
      thaw(chain.ctx, data(0));
      revokeAsset(chain.ctx, data(0));
      for (const call of [claim(0), release(0)]) chain.expectNoop(by('fan'), call, ownership.errors.Revoked);
      pass(chain, 1);
      restoreAsset(chain.ctx, data(0));
      for (const [name, id] of [
        ['fan', 0],
        ['rival', 1],
      ] as const)
        done(chain, name, release(id));
      expect([gain(chain, 'fan'), earnedBy(chain, 0)]).to.deep.equal([gain(chain, 'rival'), earnedBy(chain, 1)]);
      expect(gain(chain, 'fan') > 0n).to.equal(true);
    });

    it('is burned whole after the time for a later ruling, with what was withdrawn and what it had earned', () => {
      const chain = backingChain(['thief', 'fan', 'rival']);
      set(chain, 'RevokedHold', 20n);
      done(chain, 'thief', back(0, MUCH));
      done(chain, 'fan', back(0, MUCH));
      done(chain, 'rival', back(1, MUCH));
      pass(chain, 4);
      done(chain, 'thief', withdraw(0, MUCH - TAC));
      revokeAsset(chain.ctx, data(0));
      pass(chain, 19);
      chain.expectNoop(by('rival'), burnOf(0), errors.Withheld);
      pass(chain, 1);
      const supply = totalIssuance(chain.ctx);
      done(chain, 'rival', burnOf(0));
      expect(supply - totalIssuance(chain.ctx)).to.equal(2n * MUCH);
      expect(backingOf(chain, 0)).to.deep.include({ active: 0n, leaving: 0n, burned: 2n * MUCH });
      const { index } = issuance(chain).backing;
      expect(promised(chain)).to.equal(MUCH * (index.data + index.backers));
      // From now on the rest have the budget to themselves; what was lost earns nothing and cannot come back, nor stand again.
      const before = promised(chain);
      pass(chain, 1);
      done(chain, 'rival', withdraw(1, TAC));
      expect(isUpTo(promised(chain) - before, PER_BLOCK * ONE, MUCH)).to.equal(true);
      leap(chain, DELAY);
      restoreAsset(chain.ctx, data(0));
      for (const call of [claim(0), withdraw(0, TAC), back(0, TAC)])
        chain.expectNoop(by('thief'), call, errors.BackingLost);
      chain.expectNoop(by('rival'), burnOf(0), errors.BackingLost);
      for (const name of ['thief', 'fan']) {
        const had = freeOf(chain.ctx, who(name));
        done(chain, name, release(0));
        expect(freeOf(chain.ctx, who(name))).to.equal(had);
        chain.expectNoop(by(name), release(0), errors.NotBacked);
      }
      expect([earnedBy(chain, 0), backerOf(chain, 0, 'thief')]).to.deep.equal([0n, undefined]);
    });

    it('neither comes back nor burns while somebody has yet to decide', () => {
      const chain = backingChain(['fan']);
      set(chain, 'RevokedHold', 20n);
      done(chain, 'fan', back(0, MUCH));
      done(chain, 'fan', withdraw(0, MUCH / 2n));
      leap(chain, DELAY);
      for (const tag of ['Disputed', 'UnderReview'] as const) {
        setTag(chain.ctx, data(0), tag, true);
        chain.expectNoop(by('fan'), release(0), errors.UnderDispute);
        revokeAsset(chain.ctx, data(0));
        leap(chain, 20);
        chain.expectNoop(by('other'), burnOf(0), errors.Withheld);
        restoreAsset(chain.ctx, data(0));
        setTag(chain.ctx, data(0), tag, false);
      }
      // A word that a case left says that it is over.
      setTag(chain.ctx, data(0), 'Misleading', true);
      done(chain, 'fan', release(0));
    });
  });

  it('is told beforehand and at any time, to the unit', () => {
    const chain = backingChain(['fan', 'rival']);
    const ask = (name: string, args: Record<string, unknown>): unknown =>
      royalty.apis.RoyaltyApi?.methods[name]?.run(chain.ctx, args);
    expect(ask('backing', { data: 0n })).to.deep.equal({ backing: undefined, data: 0n, backers: 0n });
    expect(ask('backer', { data: 0n, account: who('fan') })).to.deep.equal({ backer: undefined, due: 0n });
    done(chain, 'rival', back(0, MUCH));
    pass(chain, 3);
    const told = ask('previewBase', { amount: 2n * MUCH, blocks: 25 });
    addAsset(chain, data(7), 'artist');
    done(chain, 'fan', back(7, 2n * MUCH));
    pass(chain, 25);
    const due = ask('backing', { data: 7n }) as { data: bigint; backers: bigint };
    expect(told).to.deep.equal({ data: due.data, backer: due.backers });
    expect(ask('backer', { data: 7n, account: who('fan') })).to.deep.include({ due: due.backers });
    const before = freeOf(chain.ctx, who('fan'));
    done(chain, 'fan', claim(7));
    expect([earnedBy(chain, 7), freeOf(chain.ctx, who('fan')) - before]).to.deep.equal([due.data, due.backers]);
    revokeAsset(chain.ctx, data(7));
    set(chain, 'RevokedHold', 1n);
    pass(chain, 1);
    done(chain, 'other', burnOf(7));
    expect(ask('backing', { data: 7n })).to.deep.include({ data: 0n, backers: 0n });
    expect(ask('backer', { data: 7n, account: who('fan') })).to.deep.include({ due: 0n });
    expect(ask('previewBase', { amount: 0n, blocks: 0 })).to.deep.equal({ data: 0n, backer: 0n });
  });
});
