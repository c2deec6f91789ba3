import { expect } from 'chai';
import { findRound, statisticsOf, tally, type TallyPost } from '../../../pallets/tally/index.ts';
import { reservedOf } from '../../../pallets/balances/index.ts';
import { Origin } from '../../../pallets/support/index.ts';
import { LANES } from '../../../primitives/proofs/lane.ts';
import {
  account,
  beginRound,
  call,
  phaseOf,
  roundInfoOf,
  runRound,
  sealedOf,
  SETTINGS,
  submitSealed,
} from '../../support/committee.ts';
import { survey } from '../../support/survey.ts';
import {
  BALLOTS,
  STATISTICS,
  cast,
  castHonest,
  conclude,
  freeNow,
  HONEST,
  NAMES,
  openBallots,
  resultOf,
  SUMS,
  surveyed,
} from '../../support/pallet-sums.ts';
import { lyingVector } from '../../support/lying-vector.ts';

describe('a round of ballots', function () {
  it('opens what all ballots give each option, over all of them, and tells its consumer', () => {
    const members = surveyed(NAMES);
    const round = openBallots(members, NAMES);
    const before = freeNow(members, 'anna');
    castHonest(members, round);
    expect(reservedOf(members.test.chain.ctx, account('anna'))).to.equal(SETTINGS.deposit);
    expect(resultOf(members, round)).to.equal(undefined);
    const steps = new Set<string>();
    members.conduct = (post) => {
      if ('round' in post) steps.add((post as TallyPost).body.tag);
      return post;
    };
    const over = conclude(members, round);
    expect(over.phase.tag).to.equal('Settled');
    expect(resultOf(members, round)).to.deep.equal({ sums: SUMS, ballots: 3 });
    expect(freeNow(members, 'anna')).to.equal(before);
    // Of a ballot nothing has been opened but its part of the sum: these are all the steps there were.
    expect([...steps]).to.have.members(['Reveal', 'Check', 'Sum']);
    const { ctx } = members.test.chain;
    expect(survey.use(ctx).store.outcomes.get(round)).to.deep.equal({ sums: SUMS, of: 3 });
    expect(statisticsOf(ctx, round)).to.equal(undefined);
    expect([...tally.use(ctx).store.handed.entries()]).to.have.length(0);
  });

  it('is forgotten after a while, but for its result', () => {
    const members = surveyed(NAMES);
    const round = openBallots(members, NAMES);
    castHonest(members, round);
    conclude(members, round);
    const { chain } = members.test;
    chain.runToBlock(chain.ctx.block + SETTINGS.lateWindow + 2);
    const { store } = tally.use(chain.ctx);
    for (const left of [store.admitted, store.submissions, store.posts, store.usedKeys]) {
      expect([...left.entries(round)]).to.have.length(0);
    }
    expect(resultOf(members, round)?.sums).to.deep.equal(SUMS);
  });

  it('admits whom its consumer says, once, as many as there are places, until the close', () => {
    const members = surveyed(NAMES);
    const { chain } = members.test;
    const { errors } = tally;
    const round = openBallots(members, ['anna'], { maxBallots: 3 });
    const anyone = Origin.signed(account('owner'));
    const admit = (who: string, of = round) => survey.call.admitVoter({ round: of, account: account(who) });
    chain.expectNoop(anyone, admit('anna'), errors.AlreadyAdmitted);
    chain.expectNoop(anyone, admit('bo', round + 7), errors.UnknownRound);
    chain.expectNoop(anyone, survey.call.admitReporter({ round, account: account('bo') }), errors.NoSuchLane);
    const scored = beginRound(members.test);
    chain.expectNoop(anyone, admit('bo', scored.id), errors.NoSuchLane);
    for (const who of ['bo', 'cleo']) call(members.test, 'owner', admit(who));
    chain.expectNoop(anyone, admit('dan'), errors.RoundFull);
    castHonest(members, round);
    members.runUntil(() => phaseOf(members.test, round) === 'Reveal');
    chain.expectNoop(anyone, admit('dan'), errors.NotOpen);
    conclude(members, round);
    chain.expectNoop(anyone, admit('dan'), errors.UnknownRound);
  });

  it('takes one ballot of each admitted voter, its own and of this round', () => {
    const members = surveyed(NAMES);
    const { test } = members;
    const { chain } = test;
    const { errors } = tally;
    const round = openBallots(members, ['anna', 'bo']);
    const other = openBallots(members, ['anna', 'bo']);
    const sealed = sealedOf(test, round, 'anna', LANES.ballot, 0, [100, 0, 0, 0, 0]);
    const submit = (of: number, bytes: Uint8Array) =>
      tally.call.submit({ round: of, lane: LANES.ballot, part: 0, sealed: bytes });
    const [anna, bo, dan] = ['anna', 'bo', 'dan'].map((who) => Origin.signed(account(who))) as [Origin, Origin, Origin];
    chain.expectNoop(dan, submit(round, sealed), errors.NotAdmitted);
    // Another's ballot, and one's own in another round: a vote is bound to both.
    chain.expectNoop(bo, submit(round, sealed), errors.BadProof);
    chain.expectNoop(anna, submit(other, sealed), errors.BadProof);
    chain.expectNoop(anna, submit(round, sealed.subarray(1)), errors.BadForm);
    chain.expectNoop(anna, tally.call.submit({ round, lane: LANES.update, part: 0, sealed }), errors.NoSuchLane);
    expect(chain.dispatch(anna, submit(round, sealed))).to.equal('ok');
    chain.expectNoop(anna, submit(round, sealed), errors.AlreadySubmitted);
    const second = sealedOf(test, round, 'anna', LANES.ballot, 0, [0, 100, 0, 0, 0]);
    chain.expectNoop(anna, submit(round, second), errors.AlreadySubmitted);
  });

  it('opens nothing of fewer ballots than it needs: it waits, then fails, and all deposits return', () => {
    const members = surveyed(NAMES);
    const round = openBallots(members, NAMES);
    const before = freeNow(members, 'anna');
    for (const [who, weights] of HONEST.slice(0, 2)) cast(members, round, who, weights);
    const over = conclude(members, round);
    expect([over.failure?.tag, over.extensions]).to.deep.equal(['TooFew', 1]);
    const { ctx } = members.test.chain;
    expect(roundInfoOf(ctx, round).secrets.every((secret) => secret === undefined)).to.equal(true);
    expect(resultOf(members, round)).to.equal(undefined);
    expect(survey.use(ctx).store.outcomes.has(round)).to.equal(true);
    expect(survey.use(ctx).store.outcomes.get(round)).to.equal(undefined);
    expect(freeNow(members, 'anna')).to.equal(before);
  });

  it('opens nothing if too few are left after the checks', () => {
    const members = surveyed(NAMES);
    const round = openBallots(members, NAMES);
    for (const [who, weights] of HONEST.slice(0, 2)) cast(members, round, who, weights);
    const before = freeNow(members, 'eve');
    submitSealed(members, 'eve', round, LANES.ballot, 0, lyingVector(members.test, round, 'eve', [101, 0, 0, 0, 0]));
    const steps = new Set<string>();
    members.conduct = (post) => {
      if ('round' in post) steps.add((post as TallyPost).body.tag);
      return post;
    };
    const over = conclude(members, round);
    expect(over.failure?.tag).to.equal('TooFewAccepted');
    expect([...steps]).to.have.members(['Reveal', 'Check', 'CheckEach']);
    expect(resultOf(members, round)).to.equal(undefined);
    expect(freeNow(members, 'eve')).to.equal(before - SETTINGS.deposit);
    expect(reservedOf(members.test.chain.ctx, account('anna'))).to.equal(0n);
  });

  it('that does not fit is refused when it is made', () => {
    const members = surveyed(NAMES);
    const { chain } = members.test;
    const refused = (changes: Partial<typeof BALLOTS>, error: keyof typeof tally.errors): void => {
      const plan = { ...BALLOTS, ...changes };
      chain.expectNoop(Origin.signed(account('owner')), survey.call.ballots({ plan }), tally.errors[error]);
    };
    refused({ options: 1 }, 'BadSum');
    refused({ options: 257 }, 'BadSum');
    refused({ options: 256, budget: 256n }, 'BadSum');
    refused({ budget: 0n }, 'BadSum');
    refused({ budget: 1n << 49n }, 'BadSum');
    refused({ budget: (1n << 64n) - 1n }, 'BadSum');
    refused({ kMin: 1 }, 'BadCounts');
    refused({ kMin: 7 }, 'BadCounts');
    refused({ maxBallots: 65 }, 'BadCounts');
    refused({ openBlocks: 0 }, 'BadWindow');
    refused({ openBlocks: 302_400, maxExtensions: 1 }, 'BadWindow');
    // Four places of 16^12 - 1 are more than t, three are not; nor are three options of one ballot that come to as much each.
    const largest = { budget: 16n ** 12n - 1n, options: 3 };
    refused({ ...largest, maxBallots: 4 }, 'SumWraps');
    refused({ ...largest, options: 4, maxBallots: 3, kMin: 3 }, 'SumWraps');
    const most = { ...BALLOTS, ...largest, maxBallots: 3, kMin: 3 };
    call(members.test, 'owner', survey.call.ballots({ plan: most }));
    const reports = { ...STATISTICS, most: 16n ** 12n - 1n };
    chain.expectNoop(Origin.signed(account('owner')), survey.call.statistics({ plan: reports }), tally.errors.SumWraps);
  });

  it('adds up the largest weights without a wrap', () => {
    const members = surveyed(NAMES);
    const budget = 16n ** 12n - 1n;
    const round = openBallots(members, ['anna', 'bo', 'cleo'], { budget, maxBallots: 3, options: 2 });
    for (const who of ['anna', 'bo', 'cleo']) cast(members, round, who, [Number(budget), 0]);
    conclude(members, round);
    expect(resultOf(members, round)).to.deep.equal({ sums: [3n * budget, 0n], ballots: 3 });
  });

  it('runs beside a royalty round, which does not notice', () => {
    const members = surveyed(NAMES);
    const round = openBallots(members, NAMES);
    castHonest(members, round);
    const { id } = runRound(members, ['anna', 'bo', 'cleo']);
    expect(findRound(members.test.chain.ctx, id)?.phase.tag).to.equal('Settled');
    conclude(members, round);
    expect(resultOf(members, round)?.sums).to.deep.equal(SUMS);
  });
});
