/** Calls of curation, with as many items, curators and ratings as there may be. */
import { committee } from '../../../pallets/committee/index.ts';
import { curation } from '../../../pallets/curation/index.ts';
import { BALLOT_BUDGET, MAX_CID, MAX_PANEL, MAX_PROPOSED } from '../../../pallets/curation/types.ts';
import { licensing } from '../../../pallets/licensing/index.ts';
import { mintPortfolio } from '../../../pallets/registry/index.ts';
import { MAX_TEXT } from '../../../pallets/registry/types.ts';
import { Origin, type RuntimeCall } from '../../../pallets/support/index.ts';
import { tally } from '../../../pallets/tally/index.ts';
import { account, call, testChain, type TestChain, TestCommittee } from '../../../test/support/committee.ts';
import { newData, newModel, parentOf } from '../../../test/support/registry.ts';
import { idOfTerms, openTerms, storeTerms } from '../../../test/support/terms.ts';
import { VERDICT } from '../../../primitives/round/index.ts';
import type { Prepared } from '../measure.ts';
import type { Scenario } from '../scenario.ts';

const { call: calls } = curation;
const MODEL = 0n;
const about = { model: MODEL, evaluation: 0 };
const CURATORS = Array.from({ length: MAX_PANEL }, (_, i) => `curator ${i}`);
const BOND = 10_000_000n;
const cid = 'x'.repeat(MAX_CID);

function by(test: TestChain, who: string, what: RuntimeCall, origin = Origin.signed(account(who))): Prepared {
  const { composition, ctx } = test.chain;
  return { composition, ctx, origin, call: what };
}

/** A chain on which these accounts hold grants of model 0 that were paid for; grant k is that of the k-th. */
function withGrants(...names: string[]): TestChain {
  const test = testChain({ accounts: names, pallets: [curation] });
  const terms = openTerms('MIT', { price: { tag: 'Once', value: { amount: 50_000_000n } } });
  const asset = { tag: 'Model' as const, value: MODEL };
  call(test, 'owner', storeTerms(terms));
  call(test, 'owner', licensing.call.offer({ asset, terms: idOfTerms(terms), buyer: undefined, until: undefined }));
  for (const [grant, who] of names.entries()) {
    call(test, who, licensing.call.buy({ asset, offer: 0n, most: 50_000_000n }));
    call(test, who, licensing.call.open({ grant: BigInt(grant) }));
  }
  return test;
}

/** The same, after as many others of each account's as there may be: they cost so little that nothing of it is lost, and each is looked at in vain. */
function withWorthless(...names: string[]): TestChain {
  const test = testChain({ accounts: names, pallets: [curation] });
  const asset = { tag: 'Model' as const, value: MODEL };
  const { store } = licensing.use(test.chain.ctx);
  for (const [place, amount] of [10n, 11n, 12n, 50_000_000n].entries()) {
    const terms = openTerms('MIT', { price: { tag: 'Once', value: { amount } } });
    call(test, 'owner', storeTerms(terms));
    call(test, 'owner', licensing.call.offer({ asset, terms: idOfTerms(terms), buyer: undefined, until: undefined }));
    for (const who of names) {
      const grant = store.nextGrant.get();
      call(test, who, licensing.call.buy({ asset, offer: BigInt(place), most: amount }));
      call(test, who, licensing.call.open({ grant }));
    }
  }
  return test;
}

const evaluation = calls.evaluate({ model: MODEL, rating: 100, input: cid, output: cid });
const rating = (useful: boolean) => calls.rate({ ...about, useful, points: 1_000n });

/** The same, with the evaluation of the first, as old as it has to be, and what the second says of it. */
function withEvaluation(isRated: boolean): TestChain {
  const test = isRated ? withGrants('author', 'rater') : withWorthless('author', 'rater');
  call(test, 'author', evaluation);
  if (isRated) call(test, 'rater', rating(true));
  test.chain.runToBlock(302);
  return test;
}
function withCounted(): TestChain {
  const test = withEvaluation(true);
  call(test, 'user', calls.count(about));
  call(test, 'user', calls.fundPot({ model: MODEL, amount: 1_000_000n }));
  return test;
}

/** A chain with as many data as a proposal may have, and a committee that takes rounds. */
function withData(items: number): TestCommittee {
  const members = new TestCommittee(testChain({ accounts: CURATORS, pallets: [curation] }));
  for (let i = 0; i < items; i++) call(members.test, 'owner', newData(`${i}`));
  for (const who of CURATORS) call(members.test, who, calls.bond({ amount: BOND }));
  members.runToActive();
  return members;
}

const proposal = (items: number) =>
  calls.propose({
    items: Array.from({ length: items }, (_, i) => BigInt(i)),
    criteria: { digest: new Uint8Array(32), text: 'x'.repeat(MAX_TEXT) },
    curatorsBps: 500,
    reward: 1_000_003n,
    kMin: 3,
    openBlocks: 8,
    maxExtensions: 1,
  });

function withSeats(seats: number): TestChain {
  const { test } = withData(MAX_PROPOSED);
  call(test, 'user', proposal(MAX_PROPOSED));
  for (const who of CURATORS.slice(0, seats)) call(test, who, calls.join({ proposal: 0 }));
  return test;
}

/** As if all places were taken and everybody had voted. */
function allVoted(): TestChain {
  const test = withSeats(MAX_PANEL);
  const { store } = tally.use(test.chain.ctx);
  const id = curation.use(test.chain.ctx).store.proposals.get(0)?.round ?? -1;
  const round = store.rounds.get(id);
  if (round === undefined) throw new Error('no round');
  store.rounds.put(id, { ...round, phase: { tag: 'Open' }, submissions: MAX_PANEL });
  return test;
}

/** As if all curators had cast ballots that name every item: what the tally would have written. */
function withBallots(): TestChain {
  const test = withSeats(MAX_PANEL);
  const { store } = tally.use(test.chain.ctx);
  const id = curation.use(test.chain.ctx).store.proposals.get(0)?.round ?? -1;
  const round = store.rounds.get(id);
  if (round === undefined) throw new Error('no round');
  const lane = round.lanes[0]?.lane ?? 0;
  for (const [place, who] of CURATORS.entries()) {
    store.submissions.put(id, place, {
      account: account(who),
      lane,
      part: 0,
      id: new Uint8Array(32),
      ephemeral: new Uint8Array(32),
      length: 1,
      block: 1,
      verdict: VERDICT.accepted,
      reason: 0,
    });
  }
  const sums = Array.from({ length: MAX_PROPOSED }, () => BALLOT_BUDGET);
  store.sums.put(id, { ciphertext: new Uint8Array(32), contributors: MAX_PANEL, sums });
  store.rounds.put(id, { ...round, phase: { tag: 'Settled' }, submissions: MAX_PANEL, endedAt: test.chain.ctx.block });
  store.handed.put(round.consumer, id, undefined);
  store.live.put([]);
  store.ended.put([id]);
  committee.use(test.chain.ctx).store.current.mutate((term) => term && { ...term, liveRounds: 0 });
  return test;
}

const PER_USE = 1_000_000_000n;

/** A portfolio with as many curators as there may be, all of whom are paid, and a model that is made of it. */
function withPortfolio(): TestChain {
  const test = testChain({ accounts: CURATORS, pallets: [curation] });
  const terms = openTerms('CC0-1.0');
  call(test, 'owner', storeTerms(terms));
  call(test, 'owner', newData('item', { collective: true }));
  mintPortfolio(test.chain.ctx, account('owner'), {
    items: [{ data: 0n, weight: 1n }],
    criteria: { digest: new Uint8Array(32), text: '' },
    curators: CURATORS.map((who) => ({ account: account(who), weight: 1n })),
    curatorsBps: 0,
  });
  const asset = { tag: 'Portfolio' as const, value: 0n };
  call(test, 'owner', licensing.call.setTerms({ asset, terms: idOfTerms(terms) }));
  const parents = [parentOf('Portfolio', 0n, 'TrainedOn')];
  call(test, 'user', newModel(account('made of it'), { terms: idOfTerms(terms), parents }));
  return test;
}

export const curationScenarios: readonly Scenario[] = [
  {
    call: 'Curation.bond',
    prepare: () => by(testChain({ pallets: [curation] }), 'user', calls.bond({ amount: BOND })),
  },
  {
    call: 'Curation.leave',
    prepare() {
      const test = testChain({ pallets: [curation] });
      call(test, 'user', calls.bond({ amount: BOND }));
      return by(test, 'user', calls.leave({}));
    },
  },
  {
    call: 'Curation.propose',
    size: { unit: 'item', from: 2, to: MAX_PROPOSED },
    prepare: (items) => by(withData(items).test, 'user', proposal(items)),
  },
  {
    call: 'Curation.join',
    prepare: () => by(withSeats(MAX_PANEL - 1), `curator ${MAX_PANEL - 1}`, calls.join({ proposal: 0 })),
  },
  { call: 'Curation.closeBallots', prepare: () => by(allVoted(), 'owner', calls.closeBallots({ proposal: 0 })) },
  { call: 'Curation.conclude', prepare: () => by(withBallots(), 'owner', calls.conclude({ proposal: 0 })) },
  { call: 'Curation.evaluate', prepare: () => by(withWorthless('author'), 'author', evaluation) },
  { call: 'Curation.count', prepare: () => by(withEvaluation(true), 'user', calls.count(about)) },
  { call: 'Curation.withdraw', prepare: () => by(withCounted(), 'author', calls.withdraw(about)) },
  { call: 'Curation.strike', prepare: () => by(withCounted(), 'owner', calls.strike(about), Origin.root) },
  {
    call: 'Curation.rate',
    prepare() {
      const test = withEvaluation(false);
      call(test, 'user', calls.count(about));
      return by(test, 'rater', rating(false));
    },
  },
  {
    call: 'Curation.closeRating',
    prepare() {
      const test = withCounted();
      call(test, 'author', calls.withdraw(about));
      return by(test, 'user', calls.closeRating({ ...about, grant: 1n }));
    },
  },
  {
    call: 'Curation.fundPot',
    prepare: () => by(withCounted(), 'user', calls.fundPot({ model: MODEL, amount: 1_000n })),
  },
  { call: 'Curation.reward', prepare: () => by(withCounted(), 'user', calls.reward(about)) },
  {
    call: 'Curation.setBonus',
    prepare: () => by(withPortfolio(), 'owner', calls.setBonus({ portfolio: 0n, perUse: PER_USE })),
  },
  {
    call: 'Curation.fundBonus',
    prepare: () => by(withPortfolio(), 'user', calls.fundBonus({ portfolio: 0n, amount: 1_000n })),
  },
  {
    call: 'Curation.payUse',
    prepare() {
      const test = withPortfolio();
      call(test, 'owner', calls.setBonus({ portfolio: 0n, perUse: PER_USE }));
      call(test, 'user', calls.fundBonus({ portfolio: 0n, amount: 10n * PER_USE }));
      return by(test, 'user', calls.payUse({ portfolio: 0n, model: 1n }));
    },
  },
];
