import { expect } from 'chai';
import { openSealed } from '../../../primitives/proofs/unseal.ts';
import { decodeScalar } from '../../../primitives/crypto/ristretto.ts';
import { LANES } from '../../../primitives/proofs/lane.ts';
import { laneSpecOf, VERDICT } from '../../../primitives/round/index.ts';
import { committee } from '../../../pallets/committee/index.ts';
import { freeOf, reservedOf } from '../../../pallets/balances/index.ts';
import { Origin } from '../../../pallets/support/index.ts';
import {
  ballotResultOf,
  findRound,
  latestBeacon,
  type Round,
  statisticsOf,
  tally,
  type TallyPost,
} from '../../../pallets/tally/index.ts';
import {
  account,
  beginRound,
  call,
  contextOfRound,
  keysOfRound,
  phaseOf,
  roundInfoOf,
  runRound,
  sealedOf,
  SETTINGS,
  submitSealed,
  type TestCommittee,
} from '../../support/committee.ts';
import {
  BALLOTS,
  cast,
  conclude,
  lyingVector,
  openBallots,
  openStatistics,
  STATISTICS,
  surveyed,
} from '../../support/pallet-sums.ts';
import { survey } from '../../support/survey.ts';

const NAMES = ['anna', 'bo', 'cleo', 'dan', 'eve'];
const HONEST: readonly (readonly [string, readonly number[]])[] = [
  ['anna', [100, 0, 0, 0, 0]],
  ['bo', [20, 20, 20, 20, 20]],
  ['cleo', [0, 1, 99, 0, 0]],
];
const SUMS = [120n, 21n, 119n, 20n, 20n];

function castHonest(members: TestCommittee, round: number): void {
  for (const [who, weights] of HONEST) cast(members, round, who, weights);
}

const resultOf = ({ test }: TestCommittee, round: number) => ballotResultOf(test.chain.ctx, round);
const freeNow = ({ test }: TestCommittee, who: string): bigint => freeOf(test.chain.ctx, account(who));
const offencesOf = ({ test }: TestCommittee): string[] => {
  const { store } = committee.use(test.chain.ctx);
  return Array.from({ length: store.offenceCount.get() }, (_, i) => {
    const offence = store.offences.get(i);
    return `${offence?.member} ${offence?.kind.tag} ${offence?.step}`;
  });
};

describe('a round of ballots', function () {
  this.timeout(60_000);

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

  const LIES: Readonly<Record<string, readonly number[]>> = {
    'spends more than the budget on one option': [101, 0, 0, 0, 0],
    'spends more than the budget in all': [60, 60, 0, 0, 0],
    'spends less than the budget': [1, 0, 0, 0, 0],
    'spends nothing': [0, 0, 0, 0, 0],
    'has a weight below zero, in sum the budget': [-5, 105, 0, 0, 0],
    'takes away from one option as much as it gives another': [-100, 200, 0, 0, 0],
  };
  for (const [what, values] of Object.entries(LIES)) {
    it(`drops a ballot that ${what}; its voter loses the deposit, nobody else notices`, () => {
      const members = surveyed(NAMES);
      const round = openBallots(members, NAMES);
      castHonest(members, round);
      const before = freeNow(members, 'eve');
      submitSealed(members, 'eve', round, LANES.ballot, 0, lyingVector(members.test, round, 'eve', values));
      expect(conclude(members, round).phase.tag).to.equal('Settled');
      expect(resultOf(members, round)).to.deep.equal({ sums: SUMS, ballots: 3 });
      expect(roundInfoOf(members.test.chain.ctx, round).submissions[3]?.verdict).to.equal(VERDICT.refused);
      expect(freeNow(members, 'eve')).to.equal(before - SETTINGS.deposit);
      expect(freeNow(members, 'anna')).to.equal(freeNow(members, 'bo'));
    });
  }

  it('the liars’ tool casts a good ballot too: it is the numbers that are refused', () => {
    const members = surveyed(NAMES);
    const round = openBallots(members, NAMES);
    castHonest(members, round);
    submitSealed(members, 'eve', round, LANES.ballot, 0, lyingVector(members.test, round, 'eve', [90, 10, 0, 0, 0]));
    conclude(members, round);
    expect(resultOf(members, round)).to.deep.equal({ sums: [210n, 31n, 119n, 20n, 20n], ballots: 4 });
  });

  it('drops a copy of another’s ciphertext under an own seal [with it a vote counts twice, and the sum of few shows whose]', () => {
    const members = surveyed(NAMES);
    const { test } = members;
    const round = openBallots(members, NAMES);
    castHonest(members, round);
    // Anna gives eve everything that she has: the payload in the open.
    const info = roundInfoOf(test.chain.ctx, round);
    const binding = {
      context: contextOfRound(test, info.round),
      spec: laneSpecOf(info.round.lanes[0] as Round['lanes'][number]),
      account: account('anna'),
    };
    members.runUntil(() => phaseOf(test, round) === 'Reveal');
    const later = openBallots(members, NAMES);
    const revealed = roundInfoOf(test.chain.ctx, round);
    const sealed = members.sealedOf(revealed.submissions[0]?.id as Uint8Array);
    const outcome = openSealed(
      test.params,
      binding,
      keysOfRound(test, info),
      sealed,
      revealed.secrets.map((secret) => decodeScalar(secret as Uint8Array)),
    );
    if (outcome.status !== 'open') throw new Error('the ballot does not open');
    castHonest(members, later);
    const copy = lyingVector(test, later, 'eve', [], outcome.submission.payload);
    submitSealed(members, 'eve', later, LANES.ballot, 0, copy);
    conclude(members, later);
    expect(resultOf(members, later)).to.deep.equal({ sums: SUMS, ballots: 3 });
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

  it('is right with a member that lies about the shares or about what was summed, and names it', () => {
    for (const field of ['shares', 'ciphertext'] as const) {
      const members = surveyed(NAMES, { seed: field });
      const round = openBallots(members, NAMES);
      castHonest(members, round);
      members.conduct = (post, member) => {
        if (!('round' in post) || post.body.tag !== 'Sum' || member !== 1) return post;
        const value = {
          ...post.body.value,
          [field]: post.body.value[field].map((byte, i) => (i === 0 ? byte ^ 1 : byte)),
        };
        return { ...post, body: { tag: 'Sum', value } };
      };
      expect(conclude(members, round).phase.tag).to.equal('Settled');
      // A late post is compared as well.
      members.runUntil(() => offencesOf(members).length > 0);
      expect(resultOf(members, round)).to.deep.equal({ sums: SUMS, ballots: 3 });
      expect(offencesOf(members)).to.deep.equal(['1 BadShare 8']);
    }
  });

  it('goes on with a silent member and fails with more than f of them', () => {
    for (const [silent, end] of [
      [[3], 'Settled'],
      [[2, 3], 'Failed'],
    ] as const) {
      const members = surveyed(NAMES);
      const round = openBallots(members, NAMES);
      castHonest(members, round);
      members.conduct = (post, member) =>
        'round' in post && post.body.tag === 'Sum' && (silent as readonly number[]).includes(member) ? undefined : post;
      const over = conclude(members, round);
      expect(over.phase.tag).to.equal(end);
      if (end === 'Failed') expect([over.failure?.tag, over.failedIn?.phase.tag]).to.deep.equal(['Deadline', 'Sum']);
      expect(resultOf(members, round) === undefined).to.equal(end === 'Failed');
    }
  });

  it('of seven members stands two that lie', () => {
    const members = surveyed(NAMES, { paramsId: 'tacit-test-256-n7' });
    const round = openBallots(members, NAMES);
    castHonest(members, round);
    members.conduct = (post, member) => {
      if (!('round' in post) || post.body.tag !== 'Sum' || (member !== 0 && member !== 5)) return post;
      return { ...post, body: { tag: 'Sum', value: { ...post.body.value, ciphertext: account('another') } } };
    };
    conclude(members, round);
    expect(resultOf(members, round)).to.deep.equal({ sums: SUMS, ballots: 3 });
  });

  it('takes no other opening from any member, and its own only after the checks', () => {
    const members = surveyed(NAMES);
    const { test } = members;
    const round = openBallots(members, NAMES);
    castHonest(members, round);
    const { term } = findRound(test.chain.ctx, round) as Round;
    const bodies: TallyPost['body'][] = [
      { tag: 'Sum', value: { ciphertext: account('x'), shares: new Uint8Array(3 * 5 * 8) } },
      { tag: 'Aggregate', value: { ciphertexts: [], shares: new Uint8Array(0) } },
      { tag: 'Payout', value: { shares: new Uint8Array(0) } },
    ];
    for (const phase of ['Open', 'Reveal', 'Check']) {
      members.runUntil(() => phaseOf(test, round) === phase);
      for (const body of bodies) {
        const post: TallyPost = { term, round, attempt: 0, member: 0, body };
        expect(members.dispatch(post, members.sign(post, 0)), `${body.tag} in ${phase}`).to.equal('invalid.Future');
      }
    }
    members.runUntil(() => phaseOf(test, round) === 'Sum');
    const short: TallyPost = {
      term,
      round,
      attempt: 0,
      member: 0,
      body: { tag: 'Sum', value: { ciphertext: account('x'), shares: new Uint8Array(9) } },
    };
    expect(members.dispatch(short, members.sign(short, 0))).to.equal('invalid.Custom5');
    conclude(members, round);
    expect(resultOf(members, round)?.sums).to.deep.equal(SUMS);
  });

  it('that does not fit is refused when it is made', () => {
    const members = surveyed(NAMES);
    const { chain } = members.test;
    const refused = (changes: Partial<typeof BALLOTS>, error: keyof typeof tally.errors): void => {
      const plan = { ...BALLOTS, ...changes };
      chain.expectNoop(Origin.signed(account('owner')), survey.call.ballots({ plan }), tally.errors[error]);
    };
    refused({ options: 1 }, 'BadSum');
    refused({ options: 129 }, 'BadSum');
    refused({ budget: 0n }, 'BadSum');
    refused({ budget: 1n << 49n }, 'BadSum');
    refused({ budget: (1n << 64n) - 1n }, 'BadSum');
    refused({ kMin: 1 }, 'BadCounts');
    refused({ kMin: 7 }, 'BadCounts');
    refused({ maxBallots: 129 }, 'BadCounts');
    refused({ openBlocks: 0 }, 'BadWindow');
    refused({ openBlocks: 302_400, maxExtensions: 1 }, 'BadWindow');
    // Four places of 16^12 - 1 are more than t, three are not.
    refused({ budget: 16n ** 12n - 1n, maxBallots: 4 }, 'SumWraps');
    const most = { ...BALLOTS, budget: 16n ** 12n - 1n, maxBallots: 3, kMin: 3 };
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

describe('a round of statistics', function () {
  this.timeout(60_000);

  it('opens totals over all reports, whose own totals nobody learns', () => {
    const members = surveyed(NAMES);
    const round = openStatistics(members, NAMES.slice(0, 4));
    cast(members, round, 'anna', [4_095, 0, 7], LANES.counts);
    cast(members, round, 'bo', [0, 0, 0], LANES.counts);
    cast(members, round, 'cleo', [1, 2, 3], LANES.counts);
    expect(conclude(members, round).phase.tag).to.equal('Settled');
    const { ctx } = members.test.chain;
    expect(statisticsOf(ctx, round)).to.deep.equal({ totals: [4_096n, 2n, 10n], reports: 3 });
    expect(ballotResultOf(ctx, round)).to.equal(undefined);
    expect(findRound(ctx, round)?.lanes[0]?.total).to.equal(undefined);
  });

  it('drops a count below zero and one above what its digits hold', () => {
    for (const values of [
      [-1, 0, 0],
      [0, 0, -4_000],
    ]) {
      const members = surveyed(NAMES);
      const round = openStatistics(members, NAMES);
      for (const who of ['anna', 'bo', 'cleo']) cast(members, round, who, [1, 1, 1], LANES.counts);
      const lie = lyingVector(members.test, round, 'eve', values, undefined, LANES.counts);
      submitSealed(members, 'eve', round, LANES.counts, 0, lie);
      conclude(members, round);
      expect(statisticsOf(members.test.chain.ctx, round)).to.deep.equal({ totals: [3n, 3n, 3n], reports: 3 });
    }
  });

  it('opens nothing of fewer reports than it needs', () => {
    const members = surveyed(NAMES);
    const round = openStatistics(members, NAMES);
    for (const who of ['anna', 'bo']) cast(members, round, who, [1, 1, 1], LANES.counts);
    expect(conclude(members, round).failure?.tag).to.equal('TooFew');
    expect(statisticsOf(members.test.chain.ctx, round)).to.equal(undefined);
  });
});

describe('the latest beacon', function () {
  this.timeout(60_000);

  it('is that of the last reveal, with the block that closed its round', () => {
    const members = surveyed(NAMES);
    const { chain } = members.test;
    expect(latestBeacon(chain.ctx)).to.equal(undefined);
    const first = openBallots(members, NAMES);
    castHonest(members, first);
    expect(latestBeacon(chain.ctx)).to.equal(undefined);
    members.runUntil(() => phaseOf(members.test, first) === 'Check');
    const known = findRound(chain.ctx, first) as Round;
    const beacon = latestBeacon(chain.ctx);
    expect(beacon).to.deep.equal({
      round: first,
      closedAt: known.closedAt,
      block: chain.ctx.block - 1,
      value: known.beacon,
    });
    expect(beacon?.closedAt).to.be.lessThan(beacon?.block as number);
    conclude(members, first);
    // A round that fails before its reveal leaves the last one standing.
    const idle = openBallots(members, NAMES);
    conclude(members, idle);
    expect(latestBeacon(chain.ctx)).to.deep.equal(beacon);
  });
});
