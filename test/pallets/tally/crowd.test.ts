/**
 * A round of a hundred payees, and of as many as TACIT_ITEMS says: a thousand every night (job `thousand`). One of them sends a proof that does not hold.
 */
import process from 'node:process';
import { expect } from 'chai';
import { sumOfUpdates } from '../../../client/demo/shapley.ts';
import { freeOf, reservedOf } from '../../../pallets/balances/index.ts';
import { notes } from '../../../pallets/notes/index.ts';
import { poolOf, royalty } from '../../../pallets/royalty/index.ts';
import { aggregateParts, findRound, tally } from '../../../pallets/tally/index.ts';
import { present } from '../../../primitives/at.ts';
import { MAX_ITEMS } from '../../../primitives/round/limits.ts';
import { account, checkMoney, phaseOf, roundInfoOf } from '../../support/committee.ts';
import { expectPaid, forgetBounded, sizeOf } from '../../support/crowd-checks.ts';
import { contributeAll, type Crowd, CROWD_POOL, openCrowd, settleCrowd } from '../../support/crowd.ts';

const ITEMS = Number(process.env.TACIT_ITEMS ?? 100);
/** Bytes of state that an item of a settled round may leave, keys included: its enrolment, its place, the record of its submission, its part of the payout, its note. */
const LEFT_PER_ITEM = 1_300;
describe(`a round of ${ITEMS} payees`, function () {
  this.timeout(0);
  let crowd: Crowd;
  let begun: ReturnType<typeof sizeOf>;
  const phases = new Set<string>();

  before(() => {
    const opened = openCrowd(ITEMS);
    begun = sizeOf(opened);
    crowd = contributeAll(opened, true);
    const { test } = crowd.members;
    settleCrowd(crowd, () => phases.add(phaseOf(test, crowd.id)));
  });

  const chainOf = () => crowd.members.test.chain;

  it('opens the sum of what was accepted, bit by bit, and finds the one that lied', () => {
    const { ctx } = chainOf();
    expect([...phases]).to.include.members(['Check', 'CheckEach', 'Settled']);
    const round = present(findRound(ctx, crowd.id), 'the round');
    expect(round.accepted).to.deep.equal(Array.from({ length: ITEMS - 1 }, (_, i) => i));
    const sums = sumOfUpdates(crowd.updates);
    expect(aggregateParts(tally.use(ctx), round)).to.deep.equal(sums);
    const liar = account(present(crowd.names.at(-1), 'the last'));
    expect(tally.use(ctx).store.items.get(crowd.id, ITEMS - 1)?.status.tag).to.equal('Incomplete');
    expect(reservedOf(ctx, liar)).to.equal(0n);
  });

  it('pays everybody the score of the plain computation, to the last unit, and conserves money', () => {
    const { ctx } = chainOf();
    const { vector, stake, total } = expectPaid(crowd);
    const money = present(royalty.use(ctx).store.rounds.get(crowd.id), 'the money');
    expect(money.paid).to.equal((total * vector.rate) / vector.grains);
    expect([money.dust, poolOf(ctx, 0n)]).to.deep.equal([CROWD_POOL - money.paid, CROWD_POOL - money.paid]);
    const [{ brought } = { brought: 0n }] = notes.use(ctx).store.classes.get();
    expect(brought).to.equal(money.paid + stake * BigInt(ITEMS - 1));
    expect(
      freeOf(ctx, account('contributor 0')) < freeOf(ctx, account(present(crowd.names.at(-1), 'the last'))),
    ).to.equal(true);
    checkMoney(ctx);
  });

  it('leaves a bounded state of each item, and forgets the rest some hundred keys a block', () => {
    const chain = chainOf();
    forgetBounded(crowd, 40);
    const { store } = tally.use(chain.ctx);
    expect([...store.posts.entries(), ...store.usedKeys.entries(), ...store.submissionOf.entries()]).to.deep.equal([]);
    expect(store.ended.get()).to.deep.equal([]);
    const { bytes } = sizeOf(crowd);
    expect((bytes - begun.bytes) / ITEMS).to.be.at.most(LEFT_PER_ITEM);
    expect(roundInfoOf(chain.ctx, crowd.id).items).to.have.length(ITEMS);
    checkMoney(chain.ctx);
  });

  it('is refused with one place more than there may be', () => {
    expect(() => openCrowd(MAX_ITEMS + 1)).to.throw('Tally.BadCounts');
  });
});
