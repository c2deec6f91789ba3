import { expect } from 'chai';
import { CLAIM_FEE, LEAST_CLAIM, type OwnNote } from '../../../client/sdk/claim.ts';
import { exponential, openPlan, planClaims, sealPlan } from '../../../client/sdk/claim-plan.ts';
import { walletOf } from '../../../client/sdk/keys.ts';
import { random } from '../../../client/sdk/random.ts';

const note = (round: number, more: Partial<OwnNote> = {}): OwnNote =>
  ({ round, amount: 10n * LEAST_CLAIM, spent: false, ...more }) as OwnNote;
const spread = { meanMs: 1000, now: 50_000, random };

describe('client/sdk/claim-plan', () => {
  it('takes what can be claimed, the first now and the others later, one after the other', () => {
    const notes = [note(1), note(2, { spent: true }), note(3, { amount: CLAIM_FEE }), note(4), note(5)];
    const plan = planClaims(notes, [], spread);
    expect(plan.map(({ round }) => round)).to.have.members([1, 4, 5]);
    expect(plan[0]?.due).to.equal(50_000);
    for (const [i, { due }] of plan.entries()) if (i > 0) expect(due).to.be.greaterThan(plan[i - 1]!.due);
  });

  it('keeps what was planned, drops what is claimed, and puts what is new behind it', () => {
    const before = [
      { round: 1, due: 60_000 },
      { round: 2, due: 65_000 },
    ];
    const plan = planClaims([note(1, { spent: true }), note(2), note(3)], before, spread);
    expect(plan.map(({ round }) => round)).to.deep.equal([2, 3]);
    expect(plan[0]?.due).to.equal(65_000);
    expect(plan[1]?.due).to.be.greaterThan(65_000);
    expect(planClaims([note(2), note(3)], before, { ...spread, meanMs: 0 }).map(({ due }) => due)).to.deep.equal([
      50_000, 50_000,
    ]);
  });

  it('draws anew what is overdue, with a gap before each, and keeps the order', () => {
    const half = (n: number): Uint8Array => Uint8Array.of(128, ...new Uint8Array(n - 1));
    const gap = exponential({ meanMs: 1000, random: half });
    const before = [
      { round: 2, due: 10 },
      { round: 1, due: 49_999 },
      { round: 3, due: 50_001 },
    ];
    const notes = [note(1), note(2), note(3)];
    const plan = planClaims(notes, before, { ...spread, random: half });
    expect(plan.map(({ round }) => round)).to.deep.equal([2, 1, 3]);
    for (const [i, { due }] of plan.entries()) expect(due).to.be.closeTo(50_000 + (i + 1) * gap, 1e-6);
    // what is overdue and claimed meanwhile moves nobody
    expect(planClaims([note(1, { spent: true }), note(3)], before, spread)).to.deep.equal([before[2]]);
  });

  it('draws anew what is farther than any gap: the clock was a year ahead when it was planned', () => {
    const half = (n: number): Uint8Array => Uint8Array.of(128, ...new Uint8Array(n - 1));
    const gap = exponential({ meanMs: spread.meanMs, random: half });
    const far = spread.now + 21 * spread.meanMs;
    const plan = planClaims(
      [note(1), note(2)],
      [
        { round: 1, due: far },
        { round: 2, due: far + 5 },
      ],
      {
        ...spread,
        random: half,
      },
    );
    expect(plan.map(({ round }) => round)).to.deep.equal([1, 2]);
    for (const [i, { due }] of plan.entries()) expect(due).to.be.closeTo(spread.now + (i + 1) * gap, 1e-6);
    const near = [{ round: 1, due: spread.now + 19 * spread.meanMs }];
    expect(planClaims([note(1)], near, spread)).to.deep.equal(near);
  });

  it('spreads exponentially, and in an order of chance', () => {
    const waits = Array.from({ length: 4000 }, () => exponential(spread));
    expect(waits.reduce((a, b) => a + b) / waits.length).to.be.within(900, 1100);
    expect(waits.filter((ms) => ms < 693).length).to.be.within(1800, 2200);
    const [low, high] = [() => new Uint8Array(6), () => new Uint8Array(6).fill(255)];
    expect(exponential({ meanMs: 1000, random: low })).to.equal(20_000);
    expect(exponential({ meanMs: 1000, random: high })).to.equal(0);
    const notes = Array.from({ length: 20 }, (_, i) => note(i + 1));
    const orders = new Set(
      Array.from({ length: 5 }, () =>
        planClaims(notes, [], spread)
          .map(({ round }) => round)
          .join(),
      ),
    );
    expect(orders.size).to.equal(5);
  });

  it('is read back by its wallet only, for its chain only', () => {
    const [own, other] = [walletOf(random(32)), walletOf(random(32))];
    const [genesis, elsewhere] = [random(32), random(32)];
    const plan = [{ round: 7, due: 123 }];
    const text = sealPlan(own, genesis, plan, random);
    expect(openPlan(own, genesis, text)).to.deep.equal(plan);
    expect(openPlan(own, elsewhere, text)).to.deep.equal([]);
    expect(text).not.to.equal(sealPlan(own, genesis, plan, random));
    for (const bad of [
      () => openPlan(other, genesis, text),
      () => openPlan(own, genesis, text.slice(0, -4)),
      () => openPlan(own, genesis, ''),
    ])
      expect(bad).to.throw().with.property('code', 'sdk/bad-plan');
  });
});
