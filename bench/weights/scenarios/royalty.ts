/** Calls of royalties that need no round to be run: streams, the issuance, rules of rounds; each in its worst case. */
import { ownership, revokeAsset, ROLE } from '../../../pallets/ownership/index.ts';
import { mintPortfolio, registry } from '../../../pallets/registry/index.ts';
import { MAX_STATED, royalty } from '../../../pallets/royalty/index.ts';
import { MAX_ITEMS_OF_PORTFOLIO } from '../../../pallets/royalty/streams/types.ts';
import { type MockRuntime, Origin, type RuntimeCall } from '../../../pallets/support/index.ts';
import { at } from '../../../primitives/at.ts';
import { MAX_REPORTERS, MAX_UPDATE_PARTS } from '../../../primitives/round/limits.ts';
import { MAX_PAST } from '../../../primitives/round/novelty.ts';
import {
  addAsset,
  assetsChain,
  data,
  distribute,
  done,
  model,
  pay,
  PAYER,
  portfolio,
  set,
  use,
  who,
} from '../../../test/support/assets.ts';
import {
  account,
  beginRound,
  call,
  enrolmentOf,
  NORM_SQ,
  PART_VALUES,
  phaseOf,
  type TestChain,
  TestCommittee,
  testChain,
} from '../../../test/support/committee.ts';
import { admitted, curated, ownData, vouched } from '../../../test/support/evidence.ts';
import { newData } from '../../../test/support/registry.ts';
import type { Prepared } from '../measure.ts';
import { plantPast } from '../past.ts';
import type { Scenario } from '../scenario.ts';

/** A call on a chain with a model and data that somebody owns, which have earned something. */
function onAssets(what: RuntimeCall, before: (chain: MockRuntime) => void = () => {}, by = PAYER): Prepared {
  const chain = assetsChain([], false);
  addAsset(chain, data(0), 'owner');
  addAsset(chain, model(0), 'owner');
  pay(chain, model(0), 1_000_000n);
  before(chain);
  const { composition, ctx } = chain;
  return { composition, ctx, origin: Origin.signed(who(by)), call: what };
}

/** A portfolio of so many data and one more, which has earned before and does again. */
function withPortfolio(more: number): Prepared {
  const chain = assetsChain([], false);
  const items = Array.from({ length: more + 1 }, (_, id) => ({ data: BigInt(id), weight: BigInt(id + 1) }));
  for (const { data } of items) done(chain, 'owner', newData(`item ${data}`));
  const criteria = { digest: who('criteria'), text: '' };
  const curators = [{ account: who('curator'), weight: 1n }];
  mintPortfolio(chain.ctx, who('owner'), { items, criteria, curators, curatorsBps: 100 });
  pay(chain, portfolio(0), 1_000_000_000n);
  distribute(chain, portfolio(0));
  pay(chain, portfolio(0), 1_000_000_000n);
  const { composition, ctx } = chain;
  const call = royalty.call.distribute({ asset: portfolio(0) });
  return { composition, ctx, origin: Origin.signed(who(PAYER)), call };
}

/** Something stands behind data 0, and nobody counts the base before there is nothing left to halve: that takes as many steps as can be. */
export function withBacking(chain: MockRuntime, meanwhile: (chain: MockRuntime) => void = () => {}): void {
  set(chain, 'IssuancePeriod', 10n);
  set(chain, 'IssuancePerPeriod', 10n ** 15n);
  set(chain, 'IssuanceHalving', 1n);
  for (const name of ['owner', 'other']) done(chain, name, royalty.call.backData({ data: 0n, amount: 10n ** 12n }));
  meanwhile(chain);
  chain.runToBlock(520);
}

/** All that was behind the data is withdrawn, its time is over, and neither the data nor its backer was paid. */
function withWithdrawn(chain: MockRuntime): void {
  addAsset(chain, data(1), 'other');
  for (const [name, id] of [
    ['other', 1n],
    ['owner', 0n],
  ] as const)
    done(chain, name, royalty.call.backData({ data: id, amount: 10n ** 12n }));
  chain.runToBlock(50);
  done(chain, 'owner', royalty.call.withdrawBacking({ data: 0n, amount: 10n ** 12n }));
  royalty.use(chain.ctx).store.backers.mutate(0n, who('owner'), (kept) => ({ ...kept!, until: 0 }));
  chain.runToBlock(60);
}

function withRevoked(chain: MockRuntime): void {
  set(chain, 'RevokedHold', 1n);
  withBacking(chain, () => revokeAsset(chain.ctx, data(0)));
}

/** Data whose period is over, so that the call closes it. */
function withUse(chain: MockRuntime): void {
  withBacking(chain, () => {
    use(chain, data(0), 1_000_000n, 10_000n);
    distribute(chain, data(0));
  });
}

const ATTESTED = ['Identity', 'SafetyAudit', 'EnclaveQuote', 'Benchmark'] as const;
const reporters = Array.from({ length: MAX_REPORTERS }, (_, i) => `reporter ${i}`);
const template = {
  period: 1,
  poolLeast: 1n,
  poolMost: 1_000_000_000n,
  parts: Array.from({ length: MAX_UPDATE_PARTS }, () => PART_VALUES),
  normSq: NORM_SQ,
  gamma: 1n,
  base: 0n,
  curation: { portfolio: 0n, points: 1n, most: 1n },
  factors: ATTESTED.map((tag) => ({ kind: { tag }, factor: 2 })),
  admits: { tag: 'Anyone' as const },
  holders: { tag: 'Attested' as const, value: account('reporter 0') },
  novelty: { past: MAX_PAST, discount: 50 },
  sketch: undefined,
  counts: Array.from({ length: MAX_REPORTERS }, () => ({
    metric: { tag: 'Other' as const, value: account('metric') },
    attested: { tag: 'Benchmark' as const },
    points: 1n,
  })),
  tMin: 1n,
  stake: 500_000_000n,
  kMin: 3,
  maxItems: 8,
  openBlocks: 10,
  maxExtensions: 1,
};
const prepared = {
  model: 0n,
  directions: template.parts.map((_, part) => account(`direction ${part}`)),
  reporters: Array.from({ length: MAX_REPORTERS }, (_, i) => ({
    account: account(`reporter ${i}`),
    count: i,
    total: 1n,
  })),
};
const queue = royalty.call.queueRound(prepared);
const helpers = Array.from({ length: 8 }, (_, i) => `helper ${i}`);

/** A call on a model whose rounds follow each other; `queued` delegates have each prepared one. */
function onRule(what: RuntimeCall, by: string, { hasRule = true, queued = 0 } = {}): Prepared {
  const members = new TestCommittee(testChain({ accounts: [...helpers, ...reporters], isChecked: false }));
  const { test } = members;
  members.runToActive();
  call(test, 'user', royalty.call.fund({ model: 0n, amount: 3_000_000_000n }));
  for (const name of reporters) admitted(test, name);
  curated(test, [[ownData(test, 'owner'), 1n]]);
  plantPast(test, [0n], template.parts);
  if (hasRule) call(test, 'owner', royalty.call.setRoundRule({ model: 0n, template }));
  for (const name of helpers.slice(0, queued)) {
    const delegate = { tag: 'Id' as const, value: account(name) };
    call(test, 'owner', ownership.call.setDelegate({ asset: model(0), delegate, roles: ROLE.rounds }));
    call(test, name, queue);
  }
  members.runUntil(() => test.chain.ctx.block > 40);
  const { composition, ctx } = test.chain;
  return { composition, ctx, origin: Origin.signed(account(by)), call: what };
}

/** What an item shows at the most, of a portfolio that is as long as may be. Its hundreds of calls are tested elsewhere: the state is looked at as it stands at the end. */
function onStanding(
  what: (id: number, test: TestChain, shown: { data: bigint[]; claims: bigint[] }) => RuntimeCall,
  { isEnrolled = true, hasStated = false, sharesHolders = false } = {},
): Prepared {
  const members = new TestCommittee(testChain({ accounts: helpers, isChecked: false }));
  const { test } = members;
  members.runToActive();
  const attesters = ['reporter', ...helpers.slice(1)];
  for (const attester of attesters) admitted(test, attester);
  const [own, others] = [MAX_STATED, MAX_ITEMS_OF_PORTFOLIO - MAX_STATED].map((count, i) =>
    Array.from({ length: count }, (_, id) => ownData(test, i === 0 ? 'helper 0' : 'owner', `${i} ${id}`)),
  ) as [bigint[], bigint[]];
  const portfolio = curated(
    test,
    [...others, ...own].map((id) => [id, 1n]),
  );
  const factors = [{ kind: { tag: 'Benchmark' as const }, factor: 2 }];
  const holders = sharesHolders ? { tag: 'Attested' as const, value: undefined } : { tag: 'Accounts' as const };
  const { id } = beginRound(test, { points: 1n, factors, holders, curation: { portfolio, points: 1n, most: 100n } });
  members.runUntil(() => phaseOf(test, id) === 'Open');
  // Each claim is of another attester, whose admission is looked at.
  const claims = own.map((data, i) =>
    vouched(test, at(attesters, i), data, sharesHolders && i === 0 ? 'Holder' : 'Benchmark'),
  );
  const shown = { data: own, claims };
  if (isEnrolled)
    call(test, 'helper 0', royalty.call.enrol({ round: id, enrolment: enrolmentOf(test, id, 'helper 0') }));
  if (hasStated) call(test, 'helper 0', royalty.call.stateStanding({ round: id, ...shown }));
  if (hasStated)
    for (const [i, id] of claims.entries()) call(test, at(attesters, i), registry.call.revokeClaim({ id }));
  const { composition, ctx } = test.chain;
  return { composition, ctx, origin: Origin.signed(account('helper 0')), call: what(id, test, shown) };
}

export const royaltyScenarios: readonly Scenario[] = [
  { call: 'Royalty.pay', prepare: () => onAssets(royalty.call.pay({ asset: model(0), amount: 1_000n })) },
  {
    call: 'Royalty.distribute',
    size: { unit: 'party', from: 0, to: MAX_ITEMS_OF_PORTFOLIO - 1 },
    prepare: withPortfolio,
  },
  {
    call: 'Royalty.collect',
    prepare: () => onAssets(royalty.call.collect({ account: who('owner') }), (chain) => distribute(chain, model(0))),
  },
  {
    call: 'Royalty.setContributorsShare',
    prepare: () =>
      onAssets(
        royalty.call.setContributorsShare({ model: 0n, bps: 1 }),
        (chain) => royalty.use(chain.ctx).store.contributors.put(0n, { bps: 9_000, lower: { bps: 5, from: 99 } }),
        'owner',
      ),
  },
  {
    call: 'Royalty.backData',
    prepare: () => onAssets(royalty.call.backData({ data: 0n, amount: 1_000_000n }), withBacking, 'owner'),
  },
  {
    call: 'Royalty.withdrawBacking',
    prepare: () => onAssets(royalty.call.withdrawBacking({ data: 0n, amount: 1_000_000n }), withBacking, 'owner'),
  },
  {
    call: 'Royalty.releaseBacking',
    prepare: () => onAssets(royalty.call.releaseBacking({ data: 0n }), withWithdrawn, 'owner'),
  },
  {
    call: 'Royalty.claimBase',
    prepare: () => onAssets(royalty.call.claimBase({ data: 0n }), withBacking, 'owner'),
  },
  {
    call: 'Royalty.burnBacking',
    prepare: () => onAssets(royalty.call.burnBacking({ data: 0n }), withRevoked),
  },
  { call: 'Royalty.claimBonus', prepare: () => onAssets(royalty.call.claimBonus({ data: 0n }), withUse) },
  {
    call: 'Royalty.setRoundRule',
    prepare: () => onRule(royalty.call.setRoundRule({ model: 0n, template }), 'owner', { hasRule: false }),
  },
  {
    call: 'Royalty.clearRoundRule',
    prepare: () => onRule(royalty.call.clearRoundRule({ model: 0n }), 'owner', { queued: 8 }),
  },
  { call: 'Royalty.queueRound', prepare: () => onRule(queue, 'helper 0', { queued: 7 }) },
  {
    call: 'Royalty.dropQueuedRound',
    prepare: () => onRule(royalty.call.dropQueuedRound({ model: 0n, place: 7 }), 'owner', { queued: 8 }),
  },
  {
    call: 'Royalty.openDueRound',
    prepare: () => onRule(royalty.call.openDueRound({ model: 0n }), 'user', { queued: 8 }),
  },
  {
    call: 'Royalty.enrolWithEvidence',
    prepare: () =>
      onStanding(
        (round, test, shown) => {
          const enrolment = enrolmentOf(test, round, 'helper 0');
          return royalty.call.enrolWithEvidence({ round, enrolment, ...shown });
        },
        { isEnrolled: false, sharesHolders: true },
      ),
  },
  {
    call: 'Royalty.stateStanding',
    prepare: () => onStanding((round, _, shown) => royalty.call.stateStanding({ round, ...shown })),
  },
  {
    call: 'Royalty.recountStanding',
    prepare: () =>
      onStanding((round) => royalty.call.recountStanding({ round, account: account('helper 0') }), { hasStated: true }),
  },
];
