import { expect } from 'chai';
import { type AuditReport, audit } from '../../../node/audit/audit.ts';
import { CHECK, type CheckId } from '../../../node/audit/book.ts';
import { VerifyPool } from '../../../node/workers/index.ts';
import { committee } from '../../../pallets/committee/index.ts';
import type { Context } from '../../../pallets/support/index.ts';
import { ballotResultOf, exhaustedOf, type Round, tally, type TallyPost } from '../../../pallets/tally/index.ts';
import { LANES } from '../../../primitives/proofs/lane.ts';
import { REJECTIONS } from '../../../primitives/proofs/unseal.ts';
import { meterVector } from '../../../primitives/proofs/meter.ts';
import { laneSpecOf } from '../../../primitives/round/index.ts';
import { account } from '../../support/committee.ts';
import { BALLOTS } from '../../support/pallet-sums.ts';
import { survey } from '../../support/survey.ts';
import { type ChainOptions, keyOf, runtimeThat, TestChain } from './chain.ts';
import { PARTIES, sealed, type Spoiled, submit, USERS } from './round.ts';

const WEIGHTS: Readonly<Record<string, readonly number[]>> = {
  anna: [100, 0, 0, 0, 0],
  bo: [20, 20, 20, 20, 20],
  cleo: [0, 1, 99, 0, 0],
  dan: [50, 50, 0, 0, 0],
  eve: [0, 0, 0, 0, 100],
};
const plan = { ...BALLOTS, openBlocks: 4 };

/** A whole round of ballots. */
function playBallots(chain: TestChain, spoil: Readonly<Record<string, Spoiled>> = {}): void {
  chain.runToActive();
  chain.call('owner', survey.call.ballots({ plan }));
  chain.block();
  for (const who of PARTIES) {
    chain.call('owner', survey.call.admitVoter({ round: 1, account: keyOf(who).publicKey }));
  }
  chain.runToPhase(1, 'Open');
  for (const who of PARTIES) {
    const ballot = sealed(chain, who, LANES.ballot, 0, WEIGHTS[who] as readonly number[], spoil[who]);
    submit(chain, who, LANES.ballot, 0, ballot);
  }
  chain.runToPhase(1, 'Settled', 'Failed');
  for (let i = 0; i < 3; i++) {
    chain.act();
    chain.block();
  }
  chain.finalizeAll();
}

/** `change` at the end of the first block in which round 1 is in `phase`. */
function inPhase(phase: string, change: (ctx: Context, round: Round) => void): (ctx: Context) => void {
  let done: number | undefined;
  return (ctx) => {
    const round = tally.use(ctx).store.rounds.get(1);
    if (round?.phase.tag !== phase || (done !== undefined && done !== ctx.block)) return;
    done = ctx.block;
    change(ctx, round);
  };
}

describe('node/audit of a round of ballots', function () {
  this.timeout(600_000);
  const verifier = new VerifyPool({ threads: 1 });
  after(() => verifier.close());

  const failureOf = ({ checks }: AuditReport, check: CheckId) => checks.find(({ id }) => id === check)?.failure;
  const lying = (post: TallyPost, member: number): TallyPost => {
    if (member !== 2 || post.body.tag !== 'Sum') return post;
    const shares = post.body.value.shares.map((byte, i) => (i === 0 ? byte ^ 1 : byte));
    return { ...post, body: { tag: 'Sum', value: { ...post.body.value, shares } } };
  };

  it('finds it right, with a lying member, a malformed ballot and a false one', async () => {
    const runtime = runtimeThat({}, [survey]);
    const chain = new TestChain({ users: USERS, runtime, tamper: lying });
    playBallots(chain, { dan: 'payload', eve: 'opened' });
    const { ctx } = chain;
    expect(ballotResultOf(ctx, 1)).to.deep.equal({ sums: [120n, 21n, 119n, 20n, 20n], ballots: 3 });
    expect(committee.use(ctx).store.offences.get(0)).to.deep.include({ member: 2, round: 1, step: 7 });
    const report = await audit(chain.source(), { spec: chain.spec, verifier, runtime });
    expect(report.checks.filter(({ ok }) => !ok)).to.deep.equal([]);
    for (const id of [CHECK.sealed, CHECK.form, CHECK.openings, CHECK.evaluation, CHECK.scores]) {
      expect(report.checks.find((check) => check.id === id)?.checked, `check ${id}`).to.be.above(0);
    }
  });

  it('finds the same reason for whatever is broken in a ballot', async () => {
    const runtime = runtimeThat({}, [survey]);
    const chain = new TestChain({ users: USERS, runtime });
    const spoiled = { anna: 'keyBox', bo: 'keyDigest', cleo: 'ciphertext', dan: 'delta', eve: 'scalar' } as const;
    playBallots(chain, spoiled);
    const { store } = tally.use(chain.ctx);
    expect(store.rounds.get(1)?.failure?.tag).to.equal('TooFewAccepted');
    const reasons = PARTIES.map((_, place) => store.submissions.get(1, place)?.reason);
    expect(reasons).to.deep.equal(Object.values(spoiled).map((reason) => REJECTIONS[reason]));
    const report = await audit(chain.source(), { spec: chain.spec, verifier, runtime });
    expect(report.checks.filter(({ ok }) => !ok)).to.deep.equal([]);
    expect(report.checks.find(({ id }) => id === CHECK.form)?.checked).to.be.at.least(5);
  });

  it('finds a reason that the payload does not give', async () => {
    const change = inPhase('Failed', (ctx) => {
      tally.use(ctx).store.submissions.mutate(1, 3, (one) => one && { ...one, reason: REJECTIONS.scalar });
    });
    const runtime = runtimeThat({ Tally: change }, [survey]);
    const chain = new TestChain({ users: USERS, runtime });
    playBallots(chain, { anna: 'delta', bo: 'delta', dan: 'delta' });
    const report = await audit(chain.source(), { spec: chain.spec, verifier, runtime });
    expect(failureOf(report, CHECK.form)?.what, JSON.stringify(report.checks)).to.contain('submission 3');
  });

  it('finds a meter right, whose one report is summed with nothing', async () => {
    const runtime = runtimeThat({}, [survey]);
    const chain = new TestChain({ users: USERS, runtime });
    chain.runToActive();
    const bounds = [10n, 5n, 1_000n];
    const meter = { total: 19n, bounds, openBlocks: 4, maxExtensions: 0 };
    chain.call('owner', survey.call.meter({ plan: meter, reporter: keyOf('reporter').publicKey }));
    chain.runToPhase(1, 'Open');
    const { lanes } = tally.use(chain.ctx).store.rounds.get(1) as Round;
    const spec = laneSpecOf(lanes[0] as Round['lanes'][number]);
    const report = sealed(chain, 'reporter', LANES.meter, 0, meterVector(spec, [10, 4, 5]));
    submit(chain, 'reporter', LANES.meter, 0, report);
    chain.runToPhase(1, 'Settled', 'Failed');
    chain.finalizeAll();
    expect(exhaustedOf(chain.ctx, 1)).to.deep.equal([true, false, false]);
    const found = await audit(chain.source(), { spec: chain.spec, verifier, runtime });
    expect(found.checks.filter(({ ok }) => !ok)).to.deep.equal([]);
  });

  interface Case {
    readonly check: CheckId;
    readonly what: string;
    readonly hook?: () => (ctx: Context) => void;
    readonly tamper?: ChainOptions['tamper'];
  }
  const cases: Record<string, Case> = {
    'a sum that was not opened': {
      check: CHECK.openings,
      what: 'opened sum of round 1',
      hook: () =>
        inPhase('Settled', (ctx) => {
          tally.use(ctx).store.sums.mutate(1, (sum) => sum && { ...sum, sums: sum.sums.map((one) => one + 1n) });
        }),
    },
    'a sum of fewer ballots than the rule asks for': {
      check: CHECK.openings,
      what: 'a sum of 5 vectors was opened, kMin is 6',
      hook: () =>
        inPhase('Sum', (ctx, round) => {
          tally.use(ctx).store.rounds.put(1, { ...round, rule: { ...round.rule, kMin: 6 } });
        }),
    },
    'a ballot of somebody who was not admitted': {
      check: CHECK.openings,
      what: 'not of an admitted account',
      hook: () => inPhase('Sum', (ctx) => tally.use(ctx).store.admitted.remove(1, keyOf('anna').publicKey)),
    },
    'a ciphertext that nobody else evaluates, agreed on by all members': {
      check: CHECK.evaluation,
      what: 'ciphertext of the sum',
      tamper: (post) => {
        if (post.body.tag !== 'Sum') return post;
        return { ...post, body: { tag: 'Sum', value: { ...post.body.value, ciphertext: account('another') } } };
      },
    },
    'a budget that the ballots did not spend': {
      check: CHECK.scores,
      what: 'all weights of the accepted ballots',
      hook: () =>
        inPhase('Sum', (ctx, round) => {
          const sum = round.sum && { ...round.sum, most: 99n };
          tally.use(ctx).store.rounds.put(1, { ...round, sum });
        }),
    },
  };
  for (const [name, { check, what, hook, tamper }] of Object.entries(cases)) {
    it(`finds ${name}`, async () => {
      const runtime = runtimeThat(hook ? { Tally: hook() } : {}, [survey]);
      const chain = new TestChain({ users: USERS, runtime, ...(tamper && { tamper }) });
      playBallots(chain);
      const report = await audit(chain.source(), { spec: chain.spec, verifier, runtime });
      expect(failureOf(report, check)?.what, JSON.stringify(report.checks, undefined, 1)).to.contain(what);
    });
  }
});
