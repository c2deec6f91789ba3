import { rmSync } from 'node:fs';
import { expect } from 'chai';
import { committee, type SetupPost } from '../../../pallets/committee/index.ts';
import { Origin } from '../../../pallets/support/index.ts';
import { findRound } from '../../../pallets/tally/index.ts';
import { account, beginRound, contribute, phaseOf, publish, runRound, SETTINGS } from '../../support/committee.ts';
import { NAMES, funded, statuses, offences, bond, falseDigests, firstFlipped } from './conduct.ts';
import { isSetup, termOf } from './set-up.ts';

describe('the silent', () => {
  it('in one attempt are not waited for in the next', () => {
    const members = funded({ paramsId: 'tacit-test-256-n7' });
    members.conduct = (post, member) => (member === 6 ? undefined : isSetup(post) ? falseDigests(post, 5) : post);
    const starts: number[] = [];
    let keysOfSecond = 0;
    members.runUntil(() => {
      const { attempt, phase } = termOf(members) ?? {};
      if (starts[attempt ?? 0] === undefined) starts[attempt ?? 0] = members.test.chain.ctx.block;
      if (attempt === 1 && phase?.tag === 'Keys') keysOfSecond++;
      return members.phase === 'Active';
    }, 80);
    expect(termOf(members).attempt).to.equal(1);
    expect(keysOfSecond).to.be.lessThan(3);
    expect(statuses(members)).to.deep.equal([...Array.from({ length: 5 }, () => 'Present'), 'Excluded', 'Absent']);
  });

  it('in the key of a round do not delay the next rounds of the term', () => {
    const members = funded();
    members.conduct = (post, member) =>
      !isSetup(post) && post.body.tag === 'Keying' && member === 1 ? undefined : post;
    members.runToActive();
    const waits = [0, 1, 2].map(() => {
      const from = members.test.chain.ctx.block;
      const { id } = beginRound(members.test, { openBlocks: 2, maxExtensions: 0 });
      members.runUntil(() => phaseOf(members.test, id) === 'Open');
      const waited = members.test.chain.ctx.block - from;
      members.runUntil(() => phaseOf(members.test, id) === 'Failed');
      return waited;
    });
    expect(waits[0]).to.be.greaterThan(SETTINGS.stepBlocks);
    expect(waits.slice(1)).to.deep.equal([2, 2]);
    expect(offences(members)).to.deep.equal([]);
  });

  it('of a round before are asked again when another falls silent', () => {
    const members = funded();
    let silent = 1;
    members.conduct = (post, member) =>
      !isSetup(post) && post.body.tag === 'Keying' && member === silent ? undefined : post;
    members.runToActive();
    const first = beginRound(members.test, { openBlocks: 2, maxExtensions: 0 });
    members.runUntil(() => phaseOf(members.test, first.id) === 'Failed');
    silent = 2;
    const second = beginRound(members.test, { openBlocks: 2, maxExtensions: 0 });
    members.runUntil(() => phaseOf(members.test, second.id) === 'Open');
    expect(findRound(members.test.chain.ctx, second.id)?.silent).to.deep.equal([2]);
  });
});

describe('offenders of the tally', () => {
  it('post no more in later rounds, sit out the next term, and are replaced', () => {
    const members = funded({ reserve: 1, committee: { termRounds: 2 } });
    members.runToActive();
    let second: number | undefined;
    const answers: string[] = [];
    members.conduct = (post, member) => {
      if (isSetup(post)) return post;
      if (post.body.tag === 'Payout') second ??= beginRound(members.test, { openBlocks: 2, maxExtensions: 0 }).id;
      if (post.round === second && post.body.tag === 'Keying' && member === 0) {
        const said = { ...post, member: 2 };
        answers.push(members.dispatch(said, members.sign(said, 2)));
      }
      if (post.body.tag !== 'Aggregate' || member !== 2) return post;
      return {
        ...post,
        body: { ...post.body, value: { ...post.body.value, shares: firstFlipped(post.body.value.shares) } },
      };
    };
    const done = runRound(members, NAMES);
    expect(phaseOf(members.test, done.id)).to.equal('Settled');
    expect(offences(members)).to.deep.equal([[2, 'BadShare']]);
    // The round that was made afterwards does not wait for it, and does not hear it.
    members.runUntil(() => phaseOf(members.test, second as number) === 'Failed');
    expect(findRound(members.test.chain.ctx, second as number)?.silent).to.deep.equal([2]);
    expect(answers).to.deep.equal(['invalid.Custom2']);
    members.conduct = (post) => post;
    // A reserve is there: the seat is filled by the next deal, which does not wait for the end of the term.
    members.runUntil(() => termOf(members).term === 2 && members.phase === 'Active');
    const seats = termOf(members).members.map((one) => one.account);
    expect(seats[2]).to.deep.equal(account('validator 4'));
    expect(phaseOf(members.test, runRound(members, NAMES).id)).to.equal('Settled');
    const { id } = beginRound(members.test, { openBlocks: 1, maxExtensions: 0 });
    members.runUntil(() => phaseOf(members.test, id) === 'Failed');
    // The exclusion has run out.
    members.runUntil(() => termOf(members).term === 3 && members.phase === 'Active');
    expect(termOf(members).members[2]?.account).to.deep.equal(account('validator 2'));
  });

  it('are heard in the rounds that were under way, whatever begins meanwhile: every lie costs [a third round silenced them in the second]', () => {
    const members = funded();
    const { test } = members;
    members.runToActive();
    const [first, second] = [beginRound(test), beginRound(test, { openBlocks: 30 })];
    members.runUntil(() => [first, second].every(({ id }) => phaseOf(test, id) === 'Open'));
    for (const { id } of [first, second]) for (const name of NAMES) contribute(members, id, name);
    members.conduct = (post, member) => {
      if (isSetup(post) || post.body.tag !== 'Aggregate' || member !== 2) return post;
      const { value } = post.body;
      return { ...post, body: { ...post.body, value: { ...value, shares: firstFlipped(value.shares) } } };
    };
    const settle = (round: typeof first): void => {
      members.runUntil(() => phaseOf(test, round.id) === 'Direction');
      publish(members, round);
      members.runUntil(() => phaseOf(test, round.id) === 'Settled');
    };
    settle(first);
    expect(offences(members)).to.deep.equal([[2, 'BadShare']]);
    const third = beginRound(test, { openBlocks: 1, maxExtensions: 0 }).id;
    const outOf = (id: number) => findRound(test.chain.ctx, id)?.out;
    expect([first.id, second.id, third].map(outOf)).to.deep.equal([[], [], [2]]);
    expect(statuses(members)[2]).to.equal('Present');
    // It does not answer a round that does not hear it.
    members.act();
    expect(members.refusals).to.deep.equal([]);
    settle(second);
    expect(offences(members)).to.deep.equal([
      [2, 'BadShare'],
      [2, 'BadShare'],
    ]);
    expect(bond(members, 2)).to.equal(SETTINGS.bond - 2n * SETTINGS.slash);
  });

  it('leave a term that ends when too few are left, and the next begins with a clean slate at the latest', () => {
    const members = funded();
    members.runToActive();
    members.conduct = (post, member) => {
      if (isSetup(post) || post.body.tag !== 'Payout' || member > 1) return post;
      return {
        ...post,
        body: { ...post.body, value: { ...post.body.value, shares: firstFlipped(post.body.value.shares) } },
      };
    };
    // Two liars of four are more than the protocol stands: whoever is named, rounds go on afterwards.
    runRound(members, NAMES);
    members.conduct = (post) => post;
    members.runUntil(
      () =>
        members.phase === 'Active' &&
        termOf(members).members.filter(({ status }) => status.tag === 'Present').length >= 3,
      120,
    );
    expect(phaseOf(members.test, runRound(members, NAMES).id)).to.equal('Settled');
  });
});

describe('a term', () => {
  it('has a length: after its rounds all keys are dealt anew, when the last has ended', () => {
    const members = funded({ committee: { termRounds: 2 } });
    members.runToActive();
    const { chain } = members.test;
    const agreed = (term: number) =>
      [...committee.use(chain.ctx).store.subsetDigests.entries(term)].map(([, digest]) => digest.join());
    const before = agreed(1);
    const rounds = [1, 2].map(() => beginRound(members.test, { openBlocks: 2, maxExtensions: 0 }));
    expect(() => beginRound(members.test)).to.throw('Committee.TermOver');
    members.runUntil(() => rounds.every(({ id }) => phaseOf(members.test, id) === 'Failed'));
    members.runUntil(() => termOf(members).term === 2 && members.phase === 'Active');
    expect(agreed(1)).to.deep.equal([]);
    expect(agreed(2).filter((digest) => before.includes(digest))).to.deep.equal([]);
    expect(phaseOf(members.test, runRound(members, NAMES).id)).to.equal('Settled');
  });

  it('that is whole is dealt anew ever more seldom too, when a member asks again and again [a prompt set-up took the pauses back]', () => {
    const members = funded({ committee: { setupBlocks: 10, retryBlocks: 2 } });
    members.onError = () => undefined;
    const lengths: number[] = [];
    let began = 0;
    while (lengths.length < 5) {
      members.act();
      const { term, attempt, phase } = termOf(members);
      if (phase.tag === 'Active' && lengths.length < term) {
        lengths.push(members.test.chain.ctx.block - began);
        began = members.test.chain.ctx.block;
        const asking = { term, attempt, member: 3, body: { tag: 'Late' as const, value: { holds: false } } };
        expect(members.dispatch(asking, members.sign(asking, 3))).to.equal('ok');
      }
      members.test.chain.runToBlock(members.test.chain.ctx.block + 1);
    }
    // From the second on: each term stands at least twice as long as the one before, less what the set-up takes.
    const [, , third, fourth, fifth] = lengths as [number, number, number, number, number];
    expect(fourth - third).to.be.at.least(4);
    expect(fifth - fourth).to.be.at.least(8);
  });

  it('without all its members is dealt anew ever more seldom', () => {
    const members = funded();
    members.onError = () => undefined;
    // Member 3 is never there for the keys, and asks for a deal in every term.
    members.conduct = (post, member) => (isSetup(post) && member === 3 && post.body.tag !== 'Late' ? undefined : post);
    const active: number[] = [];
    members.runUntil(() => {
      const { term, phase } = termOf(members) ?? {};
      if (phase?.tag === 'Active' && active[(term as number) - 1] === undefined)
        active.push(members.test.chain.ctx.block);
      return active.length === 4;
    }, 400);
    const gaps = active.slice(1).map((block, i) => block - (active[i] as number));
    expect(gaps[1] as number).to.be.greaterThan((gaps[0] as number) + SETTINGS.retryBlocks);
    expect(gaps[2] as number).to.be.greaterThan((gaps[1] as number) + 2 * SETTINGS.retryBlocks);
    expect(offences(members)).to.deep.equal([]);
  });

  it('does not make a liar of a member that has lost its vault', () => {
    for (const tag of ['Deal', 'Digest', 'Active']) {
      const members = funded();
      members.onError = () => undefined;
      members.runUntil(() => members.phase === tag);
      rmSync(members.vaults[1] as string, { force: true });
      members.restart(1);
      members.runUntil(() => members.phase === 'Active' && statuses(members)[1] !== 'Absent', 80);
      expect(offences(members), tag).to.deep.equal([]);
      expect(phaseOf(members.test, runRound(members, NAMES).id), tag).to.equal('Settled');
      expect(offences(members), tag).to.deep.equal([]);
    }
  });
});

describe('posts about a term that stands', () => {
  it('are taken from those who have something to say, once', () => {
    const members = funded();
    members.conduct = (post, member) =>
      isSetup(post) && (member === 0 || post.body.tag === 'Late') ? undefined : post;
    members.runToActive();
    const say = (member: number, holds: boolean, changes: Partial<SetupPost> = {}): string => {
      const post: SetupPost = { term: 1, attempt: 0, member, body: { tag: 'Late', value: { holds } }, ...changes };
      return members.dispatch(post, members.sign(post, member));
    };
    expect(statuses(members)[0]).to.equal('Absent');
    // It never registered a key: there is nothing it could hold.
    expect(say(0, true)).to.equal('invalid.Custom5');
    expect(say(1, true)).to.equal('invalid.Custom5');
    expect(say(0, false, { term: 2 })).to.equal('invalid.Custom1');
    expect(say(0, false, { attempt: 1 })).to.equal('invalid.Future');
    const digest: SetupPost = { term: 1, attempt: 0, member: 1, body: { tag: 'Digest', value: { digests: [] } } };
    const opening = { subset: 0, shared: new Uint8Array(32), proof: new Uint8Array(64) };
    const complaint: SetupPost = { ...digest, body: { tag: 'Opening', value: { opening } } };
    for (const post of [digest, complaint]) {
      // A box opened in a term that stands would open another dealer's, whose ephemeral key its own dealer copied.
      expect(members.dispatch(post, members.sign(post, 1)), post.body.tag).to.equal('invalid.Stale');
    }
    expect(say(0, false)).to.equal('ok');
    expect(say(0, false)).to.equal('invalid.Stale');
    const post: SetupPost = { term: 1, attempt: 0, member: 2, body: { tag: 'Late', value: { holds: false } } };
    members.test.chain.expectNoop(
      Origin.none,
      committee.call.post({ post, signature: members.sign(post, 3) }),
      'invalid.BadProof',
    );
  });
});

describe('a set-up that cannot be computed with', () => {
  it('fails alone, whatever was thrown: the chain goes on, and another term begins', () => {
    const members = funded();
    members.runUntil(() => members.phase === 'Deal');
    const { store } = committee.use(members.test.chain.ctx);
    store.current.put({ ...termOf(members), phase: { tag: 'Keys' }, paramsId: 'no such set' });
    members.test.chain.runToBlock(members.test.chain.ctx.block + 1);
    expect(members.phase).to.equal('Failed');
    // The next term takes the set that the chain's configuration names; until then nobody can be told anything.
    members.test.chain.runToBlock(termOf(members).deadline + 1);
    members.runUntil(() => termOf(members).term === 2 && members.phase === 'Active');
  });
});
