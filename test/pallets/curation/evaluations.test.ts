import { expect } from 'chai';
import * as fc from 'fast-check';
import { freeOf, reservedOf, totalIssuance } from '../../../pallets/balances/index.ts';
import { curation, POTS, scoreOf } from '../../../pallets/curation/index.ts';
import { grantOf, licensing, TIER } from '../../../pallets/licensing/index.ts';
import { ownership } from '../../../pallets/ownership/index.ts';
import { parameters, PARAMETERS as PARAMETERS_OF_CHAIN } from '../../../pallets/parameters/index.ts';
import { type MockRuntime, Origin, type RuntimeCall } from '../../../pallets/support/index.ts';
import { openTerms } from '../../support/terms.ts';
import {
  as,
  buy,
  calls,
  count,
  counted,
  errors,
  evaluate,
  fresh,
  MODEL,
  MONEY,
  offerOf,
  ok,
  OWNER,
  PARAMETERS,
  rate,
  root,
  sell,
  who,
} from './support.ts';

/** Who calls what, as the state stands. */
type Step = (chain: MockRuntime) => readonly [account: Uint8Array, call: RuntimeCall];

const PRICE = 50_000_000n;
/** Two percent of the price are burned or go to the treasury. */
const LOST = 1_000_000n;
const about = (evaluation: number) => ({ model: MODEL, evaluation });
const scoreNow = (chain: MockRuntime): number => scoreOf(chain.ctx, MODEL).hundredths;
const evaluationAt = (chain: MockRuntime, place: number) => curation.use(chain.ctx).store.evaluations.get(MODEL, place);

describe('pallets/curation: evaluations', () => {
  it('counts after its time with what was spent irrecoverably for the licence', () => {
    const chain = fresh();
    const offer = sell(chain, PRICE);
    const grant = buy(chain, 2, offer);
    expect(grantOf(chain.ctx, grant)?.lost).to.equal(LOST);
    ok(chain, 2, evaluate(90));
    expect(scoreNow(chain), 'not yet').to.equal(5_000);
    chain.expectNoop(as(3), count(0), errors.TooYoung);
    chain.runToBlock(chain.ctx.block + Number(PARAMETERS.EvaluationAge));
    ok(chain, 3, count(0));
    // (10^6 * 50 + 10^6 * 90) / (2 * 10^6)
    expect(scoreNow(chain)).to.equal(7_000);
    expect(evaluationAt(chain, 0)).to.include({ weight: LOST, rating: 90, block: 1 });
    chain.expectNoop(as(3), count(0), errors.NotFresh);
  });

  it('needs a grant of one’s own that was paid for, and speaks once by each', () => {
    const chain = fresh();
    const offer = sell(chain, PRICE);
    chain.expectNoop(as(2), evaluate(90), errors.NoLicence);
    chain.expectNoop(as(OWNER), evaluate(90), errors.NoLicence);
    chain.expectNoop(as(2), calls.evaluate({ model: 9n, rating: 1, input: '', output: '' }), errors.UnknownModel);
    const free = offerOf(chain, openTerms('MIT', { seats: 1 }));
    ok(chain, 4, licensing.call.buy({ asset: { tag: 'Model', value: MODEL }, offer: free, most: 0n }));
    chain.expectNoop(as(4), evaluate(100), errors.NothingSpent);
    buy(chain, 2, offer);
    chain.expectNoop(as(2), evaluate(101), errors.BadRating);
    ok(chain, 2, evaluate(90));
    chain.expectNoop(as(2), evaluate(10), errors.AlreadySpoken);
  });

  it('a grant that is passed on takes no second voice along, and silences the first until then', () => {
    const chain = fresh();
    const grant = buy(chain, 2, sell(chain, PRICE));
    ok(chain, 2, evaluate(0));
    ok(chain, 2, licensing.call.transfer({ grant, to: { tag: 'Id', value: who(3) } }));
    chain.expectNoop(as(3), evaluate(0), errors.AlreadySpoken);
    chain.runToBlock(20);
    chain.expectNoop(as(2), count(0), errors.NoLicence);
    expect(scoreNow(chain)).to.equal(5_000);
  });

  it('withdrawn, or struck by the chain itself, it stops counting, and its deposit returns', () => {
    const chain = fresh();
    const offer = sell(chain, PRICE);
    for (const n of [2, 3]) buy(chain, n, offer);
    const reserved = [2, 3].map((n) => reservedOf(chain.ctx, who(n)));
    const [first, second] = [counted(chain, 2, 100), counted(chain, 3, 0)];
    expect(scoreNow(chain)).to.equal(5_000);
    chain.expectNoop(as(3), calls.withdraw(about(first)), errors.NotAuthor);
    ok(chain, 2, calls.withdraw(about(first)));
    expect(scoreNow(chain)).to.equal(2_500);
    expect(evaluationAt(chain, first)).to.equal(undefined);
    chain.expectNoop(as(3), calls.strike(about(second)), 'BadOrigin');
    root(chain, calls.strike(about(second)));
    expect(scoreNow(chain)).to.equal(5_000);
    expect([2, 3].map((n) => reservedOf(chain.ctx, who(n)))).to.deep.equal(reserved);
  });

  it('nothing is evaluated that a ruling holds', () => {
    const chain = fresh();
    buy(chain, 2, sell(chain, PRICE));
    const asset = { tag: 'Model' as const, value: MODEL };
    ownership.use(chain.ctx).store.standings.put(asset, {
      optedOut: false,
      frozenUntil: 50,
      suspendedUntil: undefined,
      revoked: false,
      tags: [],
    });
    chain.expectNoop(as(2), evaluate(90), ownership.errors.Frozen);
  });
});

describe('pallets/curation: what others say of evaluations', () => {
  function scene(): MockRuntime {
    const chain = fresh();
    const offer = sell(chain, PRICE);
    for (const n of [2, 3, 4, 5]) buy(chain, n, offer);
    counted(chain, 2, 100);
    return chain;
  }

  it('each unit that was spent speaks once, never for oneself, once by each grant', () => {
    const chain = scene();
    chain.expectNoop(as(2), rate(0, true, 1n), errors.OwnEvaluation);
    chain.expectNoop(as(6), rate(0, true, 1n), errors.NoLicence);
    chain.expectNoop(as(3), rate(0, true, LOST + 1n), errors.TooManyPoints);
    chain.expectNoop(as(3), rate(0, true, 0n), errors.TooManyPoints);
    chain.expectNoop(as(3), rate(1, true, 1n), errors.UnknownEvaluation);
    ok(chain, 3, rate(0, true, LOST - 1n));
    chain.expectNoop(as(3), rate(0, false, 1n), errors.AlreadyRated);
    counted(chain, 4, 0);
    chain.expectNoop(as(3), rate(1, false, 2n), errors.TooManyPoints);
    ok(chain, 3, rate(1, false, 1n));
  });

  it('more behind useless than behind it, its author counted in, takes it out of the score; more behind useful brings it back', () => {
    const chain = scene();
    expect(scoreNow(chain)).to.equal(7_500);
    ok(chain, 3, rate(0, false, LOST));
    expect(scoreNow(chain), 'as much is not more').to.equal(7_500);
    ok(chain, 4, rate(0, false, 1n));
    expect(scoreNow(chain)).to.equal(5_000);
    expect(evaluationAt(chain, 0)?.state.tag).to.equal('Outvoted');
    chain.expectNoop(as(9), calls.reward(about(0)), errors.NothingDue);
    ok(chain, 5, rate(0, true, 1n));
    expect(scoreNow(chain)).to.equal(7_500);
  });

  it('a useful one is paid out of the pot, in part if the pot is short, never twice', () => {
    const chain = scene();
    ok(chain, 3, rate(0, true, LOST));
    chain.expectNoop(as(9), calls.reward(about(0)), errors.NothingDue);
    ok(chain, OWNER, calls.fundPot({ model: MODEL, amount: 100_000n }));
    const before = freeOf(chain.ctx, who(2));
    ok(chain, 9, calls.reward(about(0)));
    expect(freeOf(chain.ctx, who(2)) - before).to.equal(100_000n);
    ok(chain, OWNER, calls.fundPot({ model: MODEL, amount: 1_000_000n }));
    ok(chain, 9, calls.reward(about(0)));
    expect(freeOf(chain.ctx, who(2)) - before, 'a quarter of the points').to.equal(250_000n);
    chain.expectNoop(as(9), calls.reward(about(0)), errors.NothingDue);
    expect(freeOf(chain.ctx, POTS)).to.equal(850_000n);
  });

  it('ratings of one that is gone are closed, and the last takes its rest along', () => {
    const chain = scene();
    const reserved = reservedOf(chain.ctx, who(3));
    ok(chain, 3, rate(0, true, 5n));
    const grant = 1n;
    chain.expectNoop(as(9), calls.closeRating({ ...about(0), grant }), errors.RatingStands);
    ok(chain, 2, calls.withdraw(about(0)));
    chain.expectNoop(as(2), calls.withdraw(about(0)), errors.Withdrawn);
    chain.expectNoop(as(4), rate(0, true, 1n), errors.Withdrawn);
    chain.expectNoop(as(9), calls.closeRating({ ...about(0), grant: 7n }), errors.NoRating);
    ok(chain, 9, calls.closeRating({ ...about(0), grant }));
    expect(reservedOf(chain.ctx, who(3))).to.equal(reserved);
    expect(evaluationAt(chain, 0)).to.equal(undefined);
  });
});

describe('pallets/curation: attacks on the score', () => {
  const CHEAP = 500_000n;

  it('k new accounts with the cheapest licence move it by less than 100 * w / (P + W), and no further than one that spends as much', () => {
    for (const k of [1, 10, 20]) {
      const chain = fresh();
      const dear = sell(chain, 100n * PRICE);
      for (const n of [2, 3]) {
        buy(chain, n, dear);
        counted(chain, n, 80);
      }
      const honest = scoreNow(chain);
      const cheap = sell(chain, CHEAP);
      let spent = 0n;
      for (let n = 4; n < 4 + k; n++) {
        spent += grantOf(chain.ctx, buy(chain, n, cheap))?.lost ?? 0n;
        counted(chain, n, 0);
      }
      const { weight, prior } = scoreOf(chain.ctx, MODEL);
      const moved = honest - scoreNow(chain);
      // In hundredths, one of them by rounding. What is stated holds for any rating; from the honest 80 down it is less.
      expect(BigInt(moved - 1) * (prior + weight) < 10_000n * spent).to.equal(true);
      expect(moved).to.be.at.most(Number((8_000n * spent) / (prior + weight)) + 1);
      expect(spent).to.equal((BigInt(k) * CHEAP) / 50n);

      const single = fresh();
      const same = sell(single, 100n * PRICE);
      for (const n of [2, 3]) {
        buy(single, n, same);
        counted(single, n, 80);
      }
      buy(single, 4, sell(single, BigInt(k) * CHEAP));
      counted(single, 4, 0);
      expect(scoreNow(single)).to.equal(scoreNow(chain));
    }
  });

  it('no grant that somebody passes on keeps an evaluation from counting, or a grant from speaking', () => {
    const chain = fresh();
    const offer = sell(chain, PRICE);
    const gifts = offerOf(
      chain,
      openTerms('MIT', { price: { tag: 'Once', value: { amount: 100n } }, tiers: TIER.train, transferable: true }),
    );
    const larger = sell(chain, 2n * PRICE);
    for (const n of [2, 3]) buy(chain, n, offer);
    const give = (grant: bigint, n: number) =>
      ok(chain, 9, licensing.call.transfer({ grant, to: { tag: 'Id', value: who(n) } }));
    give(buy(chain, 9, gifts), 2);
    ok(chain, 2, evaluate(90));
    give(buy(chain, 9, gifts), 2);
    chain.runToBlock(chain.ctx.block + Number(PARAMETERS.EvaluationAge));
    ok(chain, 9, count(0));
    expect(evaluationAt(chain, 0)?.weight).to.equal(LOST);
    give(buy(chain, 9, gifts), 3);
    ok(chain, 3, rate(0, true, LOST));
    // Who has bought again speaks again, by the other grant.
    buy(chain, 2, larger);
    ok(chain, 2, evaluate(80));
    expect(evaluationAt(chain, 1)?.grant).to.not.equal(evaluationAt(chain, 0)?.grant);
    chain.expectNoop(as(2), evaluate(80), errors.AlreadySpoken);
  });

  it('that a grant has spoken is kept for good, and paid for', () => {
    const chain = fresh();
    const grants = [2, 3].map((n) => buy(chain, n, sell(chain, PRICE + BigInt(n))));
    const fee = curation.constants.VoiceFee.value;
    const burns = (n: number, what: RuntimeCall): bigint => {
      const before = totalIssuance(chain.ctx);
      ok(chain, n, what);
      return before - totalIssuance(chain.ctx);
    };
    expect(burns(2, evaluate(90))).to.equal(fee);
    expect(burns(3, rate(0, true, 1n))).to.equal(fee);
    expect(burns(3, evaluate(10))).to.equal(fee);
    ok(chain, 2, calls.withdraw(about(0)));
    ok(chain, 2, licensing.call.close({ grant: grants[0]! }));
    expect(curation.use(chain.ctx).store.spoken.has(grants[0]!)).to.equal(true);
  });

  it('who owns data, model and raters gains nothing by it: bonus and reward together are at most what is lost', () => {
    for (const [burned, treasury] of [
      [100n, 0n],
      [100n, 10n],
      [2_000n, 1n],
      [100n, 100n],
    ] as const) {
      const chain = fresh();
      root(chain, parameters.call.setParameter({ name: { tag: 'LicenceBurn' }, value: burned }));
      root(chain, parameters.call.setParameter({ name: { tag: 'LicenceTreasury' }, value: treasury }));
      const bonus = (PRICE * burned * PARAMETERS_OF_CHAIN.BonusPerBurned.default) / 10_000n / 10_000n;
      const offer = sell(chain, PRICE);
      ok(chain, OWNER, calls.fundPot({ model: MODEL, amount: MONEY / 2n }));
      const lost = [2, 3].map((n) => grantOf(chain.ctx, buy(chain, n, offer))?.lost ?? 0n);
      counted(chain, 2, 100);
      ok(chain, 3, rate(0, true, lost[1]!));
      const before = freeOf(chain.ctx, who(2));
      chain.dispatch(as(2), calls.reward(about(0)));
      const gained = freeOf(chain.ctx, who(2)) - before;
      // What the rater has lost alone, and what comes back of it.
      expect(gained + bonus <= lost[1]!, `${burned} and ${treasury}: ${gained} and ${bonus} of ${lost[1]}`).to.equal(
        true,
      );
    }
  });

  it('who rates itself from other accounts gets back less than half of what that burned', () => {
    const chain = fresh();
    const offer = sell(chain, PRICE);
    ok(chain, OWNER, calls.fundPot({ model: MODEL, amount: MONEY / 2n }));
    for (const n of [2, 3, 4, 5, 6]) buy(chain, n, offer);
    counted(chain, 2, 100);
    for (const n of [3, 4, 5, 6]) ok(chain, n, rate(0, true, LOST));
    const before = freeOf(chain.ctx, who(2));
    ok(chain, 2, calls.reward(about(0)));
    const gained = freeOf(chain.ctx, who(2)) - before;
    expect(gained).to.equal(LOST);
    expect(gained * 2n < 5n * LOST).to.equal(true);
  });
});

describe('pallets/curation: any sequence of calls about evaluations', () => {
  it('keeps sums, deposits and pots exact, and never pays more than the points allow', () => {
    const seen = new Set<string>();
    const person = fc.integer({ min: 2, max: 7 });
    const place = fc.constantFrom(0, 0, 0, 1, 1, 2, 5);
    const step: fc.Arbitrary<Step> = fc.oneof(
      fc.tuple(person, fc.integer({ min: 0, max: 101 })).map(
        ([n, rating]): Step =>
          () => [who(n), evaluate(rating)],
      ),
      place.map(
        (at): Step =>
          () => [who(9), count(at)],
      ),
      fc.tuple(person, place, fc.boolean(), fc.bigInt({ min: 0n, max: LOST })).map(
        ([n, at, useful, points]): Step =>
          () => [who(n), rate(at, useful, points)],
      ),
      // Its author takes it back: by chance hardly ever would.
      place.map(
        (at): Step =>
          (chain) => [evaluationAt(chain, at)?.account ?? who(9), calls.withdraw(about(at))],
      ),
      place.map(
        (at): Step =>
          () => [who(9), calls.reward(about(at))],
      ),
      fc.nat().map(
        (n): Step =>
          (chain) => {
            const ratings = [...curation.use(chain.ctx).store.ratings.entries()];
            const [, evaluation, grant] = ratings[n % (ratings.length || 1)]?.[0] ?? [MODEL, 0, 0n];
            return [who(9), calls.closeRating({ ...about(evaluation), grant })];
          },
      ),
      fc.bigInt({ min: 0n, max: 10_000_000n }).map(
        (amount): Step =>
          () => [who(7), calls.fundPot({ model: MODEL, amount })],
      ),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(step, fc.nat(4)), { minLength: 20, maxLength: 60 }), (steps) => {
        const chain = fresh();
        const offer = sell(chain, PRICE);
        for (const n of [2, 3, 4, 5, 6]) buy(chain, n, offer);
        for (const [make, blocks] of steps) {
          chain.runToBlock(chain.ctx.block + blocks);
          const [account, call] = make(chain);
          if (chain.dispatch(Origin.signed(account), call) === 'ok') seen.add(call.value.tag);
          for (const [, { rewarded, useful }] of curation.use(chain.ctx).store.evaluations.entries()) {
            expect(rewarded * 4n <= useful).to.equal(true);
          }
        }
      }),
      { numRuns: 30 },
    );
    expect([...seen].toSorted()).to.deep.equal([
      'closeRating',
      'count',
      'evaluate',
      'fundPot',
      'rate',
      'reward',
      'withdraw',
    ]);
  });
});
