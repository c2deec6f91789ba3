import { expect } from 'chai';
import * as fc from 'fast-check';
import { freeOf, reservedOf, totalIssuance } from '../../../pallets/balances/index.ts';
import { LEAST_CLAIM } from '../../../pallets/notes/index.ts';
import { poolOf, ROUND_DEPOSIT, royalty } from '../../../pallets/royalty/index.ts';
import { ownership } from '../../../pallets/ownership/index.ts';
import { Origin } from '../../../pallets/support/index.ts';
import { findRound, tally } from '../../../pallets/tally/index.ts';
import { lengthToFee } from '../../../pallets/transaction-payment/index.ts';
import { present } from '../../../primitives/at.ts';
import { postsBytes } from '../../../primitives/round/index.ts';
import {
  account,
  beginRound,
  call,
  contribute,
  enrolmentOf,
  phaseOf,
  plainRule,
  POOL,
  publish,
  type RoundChanges,
  runRound,
  submitSealed,
  TestCommittee,
  testChain,
} from '../../support/committee.ts';
import { badEnrolment, forged } from '../../support/forged.ts';
import { newModel } from '../../support/registry.ts';

/** More than three random updates score, and no more than the rule may demand. */
const UNREACHED = 36_000n;
const DIRECTIONS = [account('direction 0'), account('direction 1')];
const NAMES = ['anna', 'bo', 'cleo', 'dan', 'eve'];

describe('the money of rounds', () => {
  /** What an account does in a round. */
  const behaviour = fc.constantFrom('honest', 'enrols only', 'forges a part', 'forges the mask', 'stays away');
  const schedule = fc.record({
    behaviours: fc.array(behaviour, { minLength: NAMES.length, maxLength: NAMES.length }),
    publishes: fc.boolean(),
    silentFrom: fc.constantFrom('never', 'Check', 'Payout'),
    tMin: fc.constantFrom(1n, UNREACHED),
  });

  // The invariants of the test chain are checked after every call and block: accounts hold what is issued, the escrow account what is owed.
  it('is conserved whatever contributors, owner and members do', () => {
    fc.assert(
      fc.property(schedule, ({ behaviours, publishes, silentFrom, tMin }) => {
        const members = new TestCommittee(testChain({ accounts: NAMES }));
        const { test } = members;
        members.runToActive();
        const begun = beginRound(test, { tMin });
        const over = (): boolean => ['Settled', 'Failed'].includes(phaseOf(test, begun.id));
        members.conduct = (post, member) =>
          'round' in post && member > 1 && post.body.tag === silentFrom ? undefined : post;
        members.runUntil(() => phaseOf(test, begun.id) === 'Open');
        NAMES.forEach((name, i) => {
          const does = behaviours[i];
          if (does === 'stays away') return;
          if (does === 'honest') {
            contribute(members, begun.id, name);
            return;
          }
          const enrolment =
            does === 'forges the mask' ? badEnrolment(test, begun.id, name) : enrolmentOf(test, begun.id, name);
          call(test, name, royalty.call.enrol({ round: begun.id, enrolment }));
          if (does === 'enrols only') return;
          [0, 1].forEach((part) => {
            submitSealed(
              members,
              name,
              begun.id,
              0,
              part,
              forged(test, begun.id, name, part, part === 0 ? 'ciphertext' : 'payloadBox'),
            );
          });
        });
        members.runUntil(() => over() || phaseOf(test, begun.id) === 'Direction');
        if (publishes && !over()) publish(members, begun);
        members.runUntil(over);
        const { ctx } = test.chain;
        const money = royalty.use(ctx).store.rounds.get(begun.id);
        expect((money?.paid ?? 0n) + (money?.shared ?? 0n) + (money?.dust ?? 0n)).to.equal(
          findRound(ctx, begun.id)?.rule.pool,
        );
        expect(money?.notes === undefined).to.equal(phaseOf(test, begun.id) === 'Failed');
      }),
      { numRuns: 12 },
    );
  });

  it('a pool pays one round after the other: what is not paid rolls over', () => {
    const members = new TestCommittee(testChain({ accounts: NAMES }));
    const { test } = members;
    members.runToActive();
    const done = runRound(members, NAMES.slice(0, 3), { tMin: UNREACHED, points: 1n });
    const { ctx } = test.chain;
    const { paid, shared, dust } = present(royalty.use(ctx).store.rounds.get(done.id), 'the money');
    expect([paid, shared + dust]).to.deep.equal([0n, POOL]);
    expect(poolOf(ctx, 0n)).to.equal(dust);
    const free = freeOf(ctx, account('owner'));
    const begun = beginRound(test);
    const fee = lengthToFee(postsBytes(test.params, findRound(ctx, begun.id)?.rule ?? { parts: [], maxItems: 0 }));
    expect(fee > 0n).to.equal(true);
    expect(freeOf(test.chain.ctx, account('owner'))).to.equal(free - ROUND_DEPOSIT - fee);
    expect(poolOf(test.chain.ctx, 0n)).to.equal(dust);
    expect(findRound(test.chain.ctx, begun.id)?.rule.pool).to.equal(POOL);
  });

  it('a round is begun by the model’s owner, with what the pool holds, under a rule that can be computed', () => {
    const members = new TestCommittee(testChain());
    const { chain } = members.test;
    expect(() => beginRound(members.test)).to.throw('Committee.NoTerm');
    members.runToActive();
    const owner = Origin.signed(account('owner'));
    const create = (model: bigint, { pool = POOL, ...changes }: RoundChanges = {}) =>
      royalty.call.createRound({ models: [{ model, pool }], rule: plainRule(DIRECTIONS, changes, model) });
    call(members.test, 'user', royalty.call.fund({ model: 0n, amount: 2n * POOL }));
    chain.expectNoop(owner, create(7n), ownership.errors.UnknownAsset);
    chain.expectNoop(Origin.signed(account('user')), create(0n), ownership.errors.NotAllowed);
    chain.expectNoop(owner, create(0n, { pool: POOL * 4n }), royalty.errors.PoolTooSmall);
    chain.expectNoop(owner, create(0n, { stake: LEAST_CLAIM - 1n }), royalty.errors.StakeTooSmall);
    chain.expectNoop(owner, create(0n, { kMin: 1 }), tally.errors.BadCounts);
    chain.expectNoop(
      Origin.signed(account('user')),
      royalty.call.fund({ model: 3n, amount: 1n }),
      royalty.errors.UnknownModel,
    );
    chain.expectNoop(owner, create(0n, { pool: 0n }), tally.errors.EmptyPool);
  });

  it('rounds under way are few: neither a model nor an owner takes all places, and each pays for the posts it asks for', () => {
    const members = new TestCommittee(testChain());
    const { test } = members;
    const { chain } = test;
    members.runToActive();
    beginRound(test);
    const owner = Origin.signed(account('owner'));
    const create = (model: bigint) =>
      royalty.call.createRound({ models: [{ model, pool: POOL }], rule: plainRule(DIRECTIONS, {}, model) });
    for (let model = 1; model <= 4; model++) {
      call(test, model < 4 ? 'owner' : 'user', newModel(account(`f${model}`)));
      call(test, 'user', royalty.call.fund({ model: BigInt(model), amount: 4n * POOL }));
    }
    call(test, 'user', royalty.call.fund({ model: 0n, amount: 4n * POOL }));
    const issued = totalIssuance(chain.ctx);
    call(test, 'owner', create(0n));
    const fee = lengthToFee(postsBytes(test.params, plainRule(DIRECTIONS)));
    expect(totalIssuance(chain.ctx)).to.equal(issued - fee);
    chain.expectNoop(owner, create(0n), royalty.errors.ModelBusy);
    for (const model of [1n, 1n]) call(test, 'owner', create(model));
    chain.expectNoop(owner, create(2n), royalty.errors.OwnerBusy);
    for (const model of [4n, 4n]) call(test, 'user', create(model));
    chain.expectNoop(Origin.signed(account('user')), create(4n), royalty.errors.ModelBusy);
  });

  it('an owner whose round too few take part in loses half of its deposit', () => {
    const members = new TestCommittee(testChain());
    const { test } = members;
    members.runToActive();
    const held = reservedOf(test.chain.ctx, account('owner'));
    const begun = beginRound(test, { maxExtensions: 0 });
    members.runUntil(() => phaseOf(test, begun.id) === 'Open');
    const issued = totalIssuance(test.chain.ctx);
    members.runUntil(() => phaseOf(test, begun.id) === 'Failed');
    const { ctx } = test.chain;
    expect(findRound(ctx, begun.id)?.failure?.tag).to.equal('TooFew');
    expect(totalIssuance(ctx)).to.equal(issued - ROUND_DEPOSIT / 2n);
    expect(reservedOf(ctx, account('owner'))).to.equal(held);
  });
});
