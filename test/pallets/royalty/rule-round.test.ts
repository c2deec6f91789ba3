import { expect } from 'chai';
import { closedFormShapley, innerProduct, sumOfUpdates } from '../../../client/demo/shapley.ts';
import { poolOf, royalty } from '../../../pallets/royalty/index.ts';
import { findRound, payoutOf, type Round } from '../../../pallets/tally/index.ts';
import { openedBy } from '../../support/claims.ts';
import {
  account,
  call,
  commitmentsTo,
  enrolmentOf,
  partOf,
  phaseOf,
  plainRule,
  POOL,
  publish,
  report,
  submitParts,
  TestCommittee,
  testChain,
  usesOf,
} from '../../support/committee.ts';
import { admitted, curated, ownData, vouched } from '../../support/evidence.ts';
import { newModel } from '../../support/registry.ts';

const NAMES = ['anna', 'bo', 'cleo', 'dan', 'eve', 'fay'];
const BASE = 1_000n;
const PER_WEIGHT = 50n;
const MOST = 300n;
const FACTOR = 3;
const POINTS = { uses: 10n, hours: 7n, more: 4n };
const COUNTS = { uses: [20, 5, 25, 0, 0, 0], hours: [3, 3, 3, 9, 9, 3], more: [1, 2, 3, 4, 5, 5] };

const totalOf = (counts: readonly number[]): bigint => BigInt(counts.reduce((sum, count) => sum + count, 0));
const weighted = (i: number): bigint =>
  POINTS.uses * BigInt(COUNTS.uses[i] as number) +
  POINTS.hours * BigInt(COUNTS.hours[i] as number) +
  POINTS.more * BigInt(COUNTS.more[i] as number);

/** A settled round over two models, in which the first `vouchedFor` of six items have a claim, and the first two curated data. */
function settledWith(vouchedFor: number) {
  const members = new TestCommittee(testChain({ accounts: [...NAMES, 'attester'] }));
  const { test } = members;
  members.runToActive();
  call(test, 'owner', newModel(account('second')));
  for (const model of [0n, 1n]) call(test, 'user', royalty.call.fund({ model, amount: POOL }));
  admitted(test, 'attester');
  const data = NAMES.map((name) => ownData(test, name));
  const portfolio = curated(test, [
    [data[0] as bigint, 2n],
    [data[1] as bigint, 1_000n],
  ]);
  const claims = data.slice(0, vouchedFor).map((id) => vouched(test, 'attester', id, 'SafetyAudit'));
  const direction = [partOf(test.random), partOf(test.random)];
  const rule = plainRule(commitmentsTo(direction), {
    base: BASE,
    curation: { portfolio, points: PER_WEIGHT, most: MOST },
    factors: [{ kind: { tag: 'SafetyAudit' }, factor: FACTOR }],
    reporters: [
      usesOf('reporter', totalOf(COUNTS.uses), POINTS.uses, 0n),
      {
        ...usesOf('attester', totalOf(COUNTS.hours), POINTS.hours, 1n),
        metric: { tag: 'ComputeHours' },
        attested: { tag: 'EnclaveQuote' },
      },
      usesOf('reporter', totalOf(COUNTS.more), POINTS.more, 1n),
    ],
  });
  const models = [
    { model: 0n, pool: POOL },
    { model: 1n, pool: POOL / 3n },
  ];
  call(test, 'owner', royalty.call.createRound({ models, rule }));
  const id = 1;
  members.runUntil(() => phaseOf(test, id) === 'Open');
  NAMES.forEach((name, i) => {
    const enrolment = enrolmentOf(test, id, name);
    const shown = { data: i < 2 || i < vouchedFor ? [data[i] as bigint] : [], claims: claims.slice(i, i + 1) };
    if (shown.data.length === 0) call(test, name, royalty.call.enrol({ round: id, enrolment }));
    else call(test, name, royalty.call.enrolWithEvidence({ round: id, enrolment, ...shown }));
  });
  const updates = NAMES.map((name) => submitParts(members, id, name));
  report(members, id, COUNTS.uses, 0);
  report(members, id, COUNTS.hours, 1, 'attester');
  report(members, id, COUNTS.more, 2);
  members.runUntil(() => phaseOf(test, id) === 'Direction');
  publish(members, { id, direction });
  members.runUntil(() => ['Settled', 'Failed'].includes(phaseOf(test, id)));
  return { test, id, updates, direction, round: findRound(test.chain.ctx, id) as Round };
}

/** What the scores of updates add up to: anyone computes it from what is opened and published. */
function ofUpdates(updates: readonly Int8Array[][], direction: readonly Int8Array[]): bigint {
  return sumOfUpdates(updates).reduce((sum, all, part) => {
    const g = direction[part] as Int8Array;
    return sum + 2n * BigInt(updates.length) * innerProduct(all, g) - innerProduct(all, all);
  }, 0n);
}

/** Shapley values, counts times points and factor, base, and what curators chose, up to the most. */
function closedForm(updates: readonly Int8Array[][], direction: readonly Int8Array[], factor: number): bigint[] {
  return closedFormShapley(updates, direction).map((shapley, i) => {
    const standing = [2n * PER_WEIGHT, MOST][i] ?? 0n;
    return shapley + BigInt(i < 3 ? factor : 1) * weighted(i) + BASE + standing;
  });
}

describe('a round that scores updates, counts of two models, public points and factors', function () {
  it('pays every item by the closed form, to the last unit; what it leaves goes back to the models', () => {
    const { test, id, updates, direction, round } = settledWith(3);
    const { ctx } = test.chain;
    expect(round.phase.tag).to.equal('Settled');
    const scores = closedForm(updates, direction, FACTOR);
    const vector = payoutOf(ctx, id);
    if (vector === undefined) throw new Error('no payout vector');
    expect(vector.negative ? -vector.sum : vector.sum).to.equal(scores.reduce((sum, score) => sum + score, 0n));
    expect(vector.rate > 0n).to.equal(true);
    const amounts = NAMES.map((name, index) => openedBy(test, id, name, index).opening.amount);
    const { grains, rate } = vector;
    expect(amounts).to.deep.equal(scores.map((score) => grains * round.rule.stake + rate * score));
    const { dust, paid, models, pool } = royalty.use(ctx).store.rounds.get(id)!;
    expect([pool, paid + dust]).to.deep.equal([POOL + POOL / 3n, POOL + POOL / 3n]);
    const back = [0n, 1n].map((model, i) => poolOf(ctx, model) - (POOL - (models[i]?.pool ?? 0n)));
    expect(back.reduce((sum, part) => sum + part)).to.equal(dust);
    // In proportion to what each gave: no further than a unit from it.
    const isFair = (part: bigint, given: bigint): boolean =>
      part * pool - dust * given < pool && dust * given - part * pool < pool;
    expect(back.every((part, i) => isFair(part, models[i]!.pool))).to.equal(true);
  });

  it('opens the counts of nobody who alone has a factor [the total minus what is public was the count]', () => {
    for (const [vouchedFor, factor] of [
      [1, 1],
      [2, 1],
      [3, FACTOR],
    ] as const) {
      const { test, id, updates, direction } = settledWith(vouchedFor);
      const { sum, negative } = payoutOf(test.chain.ctx, id)!;
      const shown = (negative ? -sum : sum) - ofUpdates(updates, direction) - 6n * BASE - 2n * PER_WEIGHT - MOST;
      const all = NAMES.reduce((total, _, i) => total + weighted(i), 0n);
      // What is left beside the public totals is what three hide together, or nothing.
      const ofThree = weighted(0) + weighted(1) + weighted(2);
      expect(shown - all, `${vouchedFor} with a claim`).to.equal(factor === 1 ? 0n : BigInt(FACTOR - 1) * ofThree);
      const items = NAMES.map((name, index) => openedBy(test, id, name, index).opening.amount);
      const { grains, rate, stake } = payoutOf(test.chain.ctx, id)!;
      const scores = closedForm(updates, direction, factor);
      expect(items).to.deep.equal(scores.map((score) => grains * stake + rate * score));
    }
  });
});
