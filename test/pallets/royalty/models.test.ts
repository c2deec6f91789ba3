import { expect } from 'chai';
import * as fc from 'fast-check';
import { freeze, ownership, revokeAsset, ROLE } from '../../../pallets/ownership/index.ts';
import { LEAST_CLAIM } from '../../../pallets/notes/index.ts';
import { MAX_ROUND_MODELS, poolOf, royalty, type RoundPool } from '../../../pallets/royalty/index.ts';
import { returnToPools } from '../../../pallets/royalty/rounds.ts';
import { Origin } from '../../../pallets/support/index.ts';
import { findRound, tally } from '../../../pallets/tally/index.ts';
import {
  account,
  call,
  contribute,
  phaseOf,
  plainRule,
  POOL,
  TestCommittee,
  testChain,
  usesOf,
} from '../../support/committee.ts';
import { newModel } from '../../support/registry.ts';

const DIRECTIONS = [account('direction 0'), account('direction 1')];
const { errors } = royalty;
const owner = Origin.signed(account('owner'));
const model = (value: bigint) => ({ tag: 'Model' as const, value });

/** A committee at work, and so many models of the owner, each with money in its pool. */
function begin(models: number) {
  const members = new TestCommittee(testChain({ accounts: ['anna', 'bo', 'cleo'] }));
  const { test } = members;
  members.runToActive();
  for (let id = 0; id < models; id++) {
    if (id > 0) call(test, 'owner', newModel(account(`model ${id}`)));
    call(test, 'user', royalty.call.fund({ model: BigInt(id), amount: 4n * POOL }));
  }
  const create = (models: RoundPool[], reporters = [usesOf('reporter', 50n, 1n, models[0]?.model ?? 0n)]) =>
    royalty.call.createRound({ models, rule: plainRule(DIRECTIONS, { reporters }) });
  return { members, test, chain: test.chain, create };
}
const both: RoundPool[] = [
  { model: 0n, pool: POOL },
  { model: 1n, pool: 3n },
];

describe('a round over several models', function () {
  it('takes of each pool what was said, counts for each model’s live rounds, and gives all of it back if it fails', () => {
    const { members, test, chain, create } = begin(2);
    call(test, 'owner', create(both, [usesOf('reporter', 1n, 1n, 1n), usesOf('reporter', 1n, 1n, 0n)]));
    expect([poolOf(chain.ctx, 0n), poolOf(chain.ctx, 1n)]).to.deep.equal([3n * POOL, 4n * POOL - 3n]);
    expect(findRound(chain.ctx, 1)?.rule.pool).to.equal(POOL + 3n);
    expect(
      royalty
        .use(chain.ctx)
        .store.rounds.get(1)
        ?.terms.counts.map((count) => count.model),
    ).to.deep.equal([1n, 0n]);
    call(test, 'owner', create([{ model: 1n, pool: POOL }]));
    chain.expectNoop(owner, create(both), errors.ModelBusy);
    call(test, 'owner', create([{ model: 0n, pool: POOL }]));
    members.runUntil(() => phaseOf(test, 1) === 'Failed');
    members.runUntil(() => royalty.use(chain.ctx).store.live.get().length === 0, 100);
    expect([poolOf(chain.ctx, 0n), poolOf(chain.ctx, 1n)]).to.deep.equal([4n * POOL, 4n * POOL]);
  });

  it('is refused where a model is named twice or not at all, is not the caller’s, is frozen or taken out of use, or has too little', () => {
    const { test, chain, create } = begin(2);
    chain.expectNoop(owner, create([]), errors.BadModels);
    chain.expectNoop(owner, create([...both, { model: 0n, pool: 1n }]), errors.BadModels);
    chain.expectNoop(owner, create([...both, { model: 9n, pool: 1n }]), ownership.errors.UnknownAsset);
    chain.expectNoop(owner, create([{ model: 0n, pool: 4n * POOL + 1n }]), errors.PoolTooSmall);
    chain.expectNoop(owner, create([both[0]!], [usesOf('reporter', 1n, 1n, 1n)]), errors.ForeignModel);
    const nothing = both.map((one) => ({ ...one, pool: 0n }));
    chain.expectNoop(owner, create(nothing), tally.errors.EmptyPool);
    // More money than amounts can carry, though no pool holds as much.
    const most = Array.from({ length: MAX_ROUND_MODELS }, (_, id) => ({ model: BigInt(id), pool: (1n << 128n) - 1n }));
    chain.expectNoop(owner, create(most), errors.PoolTooSmall);
    call(test, 'user', newModel(account('theirs')));
    const theirs = [...both, { model: 2n, pool: 0n }];
    chain.expectNoop(owner, create(theirs), ownership.errors.NotAllowed);
    const delegate = { tag: 'Id' as const, value: account('owner') };
    call(test, 'user', ownership.call.setDelegate({ asset: model(2n), delegate, roles: ROLE.money }));
    chain.expectNoop(owner, create(theirs), ownership.errors.NotAllowed);
    call(test, 'user', ownership.call.setDelegate({ asset: model(2n), delegate, roles: ROLE.rounds }));
    freeze(chain.ctx, model(1n), chain.ctx.block + 5);
    chain.expectNoop(owner, create(both), ownership.errors.Frozen);
    chain.runToBlock(chain.ctx.block + 5);
    call(test, 'owner', create(theirs));
    revokeAsset(chain.ctx, model(1n));
    chain.expectNoop(owner, create(both), ownership.errors.Revoked);
  });

  it('that one of them is frozen or taken out of use meanwhile goes on, and gives back to both', () => {
    const { members, test, chain, create } = begin(2);
    call(test, 'owner', create(both));
    members.runUntil(() => phaseOf(test, 1) === 'Open');
    revokeAsset(chain.ctx, model(1n));
    for (const name of ['anna', 'bo', 'cleo']) contribute(members, 1, name);
    members.runUntil(() => phaseOf(test, 1) === 'Failed');
    expect(findRound(chain.ctx, 1)?.failure?.tag).to.equal('NoDirection');
    members.runUntil(() => royalty.use(chain.ctx).store.live.get().length === 0);
    expect([poolOf(chain.ctx, 0n), poolOf(chain.ctx, 1n)]).to.deep.equal([4n * POOL, 4n * POOL]);
  });

  it('gives back whatever is left to the last unit, each model at most what it gave, and none that gave nothing', () => {
    const { chain } = begin(1);
    const pools = fc.array(fc.bigInt({ min: 0n, max: 1n << 40n }), { minLength: 1, maxLength: MAX_ROUND_MODELS });
    const round = { owner: account('owner'), stake: LEAST_CLAIM, deposit: 0n, paid: 0n };
    const terms = {
      curation: undefined,
      factors: [],
      admits: { tag: 'Anyone' as const },
      holders: { tag: 'Accounts' as const },
      counts: [],
    };
    fc.assert(
      fc.property(pools, fc.bigInt({ min: 0n, max: 10_000n }), (given, share) => {
        const pool = given.reduce((sum, one) => sum + one, 0n);
        const amount = (pool * share) / 10_000n;
        fc.pre(pool > 0n);
        const models = given.map((one, id) => ({ model: BigInt(id + 100), pool: one }));
        const pallet = royalty.use(chain.ctx);
        for (const one of models) pallet.store.pools.put(one.model, 0n);
        returnToPools(
          pallet,
          1,
          { ...round, models, pool, terms, shared: 0n, dust: 0n, notes: undefined, state: { tag: 'Live' } },
          amount,
        );
        const back = models.map((one) => pallet.store.pools.get(one.model));
        expect(back.reduce((sum, part) => sum + part, 0n)).to.equal(amount);
        back.forEach((part, i) => {
          const gave = given[i] as bigint;
          expect(part <= gave, `${part} of ${gave}`).to.equal(true);
          const error = part * pool - amount * gave;
          expect(error < pool && -error < pool, 'within a unit of its proportion').to.equal(true);
        });
      }),
      { numRuns: 500 },
    );
  });
});
