/** The base over the longest times and at the largest sums: periods that nobody counts, halvings, the cap, the supply. */
import { expect } from 'chai';
import { mint, totalIssuance } from '../../../pallets/balances/index.ts';
import { royalty } from '../../../pallets/royalty/index.ts';
import { by, data, distribute, done, PAYER, set, use, who } from '../../support/assets.ts';
import {
  back,
  backerOf,
  backingChain,
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
  TAC,
  withdraw,
} from './backing.ts';

const { errors } = royalty;
/** Whether a number is a bound, or less than it by what rounding may take. */
const isUpTo = (value: bigint, bound: bigint, rounding: bigint): boolean => value <= bound && value >= bound - rounding;

describe('pallets/royalty the base and time', () => {
  it('nobody calls for a thousand periods, or somebody in every block: it is the same to the last part', () => {
    const [quiet, busy] = [backingChain(['fan'], false), backingChain(['fan'], false)];
    for (const chain of [quiet, busy]) {
      set(chain, 'IssuanceHalving', 70n);
      done(chain, 'fan', back(0, MUCH));
    }
    const end = 1_000 * PERIOD;
    for (let i = 0; busy.ctx.block < end - 100; i++) {
      leap(busy, 1 + ((i * i) % 61));
      busy.dispatch(by(i % 3 === 0 ? 'other' : 'fan'), claim(0));
    }
    leap(busy, end - busy.ctx.block);
    leap(quiet, end - quiet.ctx.block);
    for (const chain of [quiet, busy]) chain.dispatch(by('fan'), claim(0));
    expect([gain(quiet, 'fan'), earnedBy(quiet, 0)]).to.deep.equal([gain(busy, 'fan'), earnedBy(busy, 0)]);
    expect(issuance(quiet).backing).to.deep.equal(issuance(busy).backing);
  });

  it('the budget halves on time within what was not counted, and one day there is none', () => {
    const chain = backingChain(['fan'], false);
    set(chain, 'IssuanceHalving', 2n);
    chain.runToBlock(PERIOD);
    done(chain, 'fan', back(0, MUCH));
    leap(chain, 4 * PERIOD - chain.ctx.block + 5);
    done(chain, 'fan', withdraw(0, TAC));
    // One period whole, two halved once, half of one halved twice.
    const all = PER_BLOCK * 10n + (PER_BLOCK * 20n) / 2n + (PER_BLOCK * 5n) / 4n;
    expect(isUpTo(promised(chain), all * ONE, 35n * MUCH)).to.equal(true);
    leap(chain, 1_000 * PERIOD);
    done(chain, 'fan', claim(0));
    const before = promised(chain);
    leap(chain, 1_000_000);
    done(chain, 'fan', withdraw(0, TAC));
    expect(promised(chain)).to.equal(before);
  });

  it('never promises nor issues more than the cap, even if that is lowered', () => {
    const chain = backingChain(['fan', 'rival']);
    set(chain, 'IssuanceCap', 10n * PER_BLOCK);
    done(chain, 'fan', back(0, MUCH));
    done(chain, 'rival', back(1, MUCH / 3n));
    for (let i = 0; i < 4; i++) {
      pass(chain, 4);
      chain.dispatch(by('fan'), claim(0));
      const all = issuance(chain).issued * ONE + promised(chain);
      expect(all <= 10n * PER_BLOCK * ONE).to.equal(true);
      if (i === 3) expect(all > 10n * PER_BLOCK * ONE - 2n * MUCH).to.equal(true);
    }
    set(chain, 'IssuanceCap', 1n);
    const before = promised(chain);
    pass(chain, 9);
    done(chain, 'rival', claim(1));
    expect(promised(chain) < before).to.equal(true);
    chain.expectNoop(by('rival'), claim(1), errors.NothingEarned);
  });

  it('base and bonus of a period together are no more than it may issue', () => {
    const chain = backingChain(['fan']);
    done(chain, 'fan', back(0, MUCH));
    chain.runToBlock(PERIOD);
    use(chain, data(1), 1_000n, 10n ** 9n);
    distribute(chain, data(1));
    done(chain, 'fan', claim(0));
    const before = totalIssuance(chain.ctx);
    chain.runToBlock(2 * PERIOD);
    // The call that closes the period counts the base by it, before the next one is the one that is kept.
    done(chain, PAYER, royalty.call.claimBonus({ data: 1n }));
    done(chain, 'fan', claim(0));
    const issued = totalIssuance(chain.ctx) - before;
    const budget = 2n * PER_BLOCK * BigInt(PERIOD);
    expect(issued <= budget && issued > budget - 3n, `${issued} of ${budget}`).to.equal(true);
  });

  it('holds at the largest supply and the longest time', () => {
    const chain = backingChain(['fan'], false);
    const most = (1n << 128n) - 1n - totalIssuance(chain.ctx);
    mint(chain.ctx, who('fan'), most);
    set(chain, 'IssuancePerPeriod', 10n ** 15n);
    set(chain, 'IssuanceHalving', 4_294_967_295n);
    set(chain, 'IssuanceCap', 10n ** 24n);
    done(chain, 'fan', back(0, TAC));
    done(chain, 'other', back(1, MUCH));
    leap(chain, 0xffff_ff00 - chain.ctx.block - 300_000);
    // Everything there is cannot be issued: no room for a unit is left in 128 bits.
    chain.expectNoop(by('fan'), claim(0), 'Arithmetic.Overflow');
    const early = issuance(chain).backing.index;
    done(chain, 'fan', back(0, most - TAC));
    expect(issuance(chain).backing.index.data > early.data).to.equal(true);
    leap(chain, 100_000);
    done(chain, 'fan', withdraw(0, most));
    leap(chain, DELAY);
    expect(backerOf(chain, 0, 'fan')?.leaving).to.equal(most);
    expect(promised(chain) <= 10n ** 24n * ONE).to.equal(true);
  });

  it('parts may be nothing and all: no share, no yield, nothing for backers or nothing for data', () => {
    for (const [name, value, isData, isBacker] of [
      ['BaseShare', 0n, false, false],
      ['BaseYield', 0n, false, false],
      ['BackersShare', 0n, true, false],
      ['BackersShare', 10_000n, false, true],
    ] as const) {
      const chain = backingChain(['fan']);
      set(chain, name, value);
      done(chain, 'fan', back(0, MUCH));
      pass(chain, 5);
      chain.dispatch(by('fan'), claim(0));
      expect([earnedBy(chain, 0) > 0n, gain(chain, 'fan') > 0n], name).to.deep.equal([isData, isBacker]);
    }
  });
});
