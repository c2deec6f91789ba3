import { expect } from 'chai';
import { reservedOf } from '../../../pallets/balances/index.ts';
import { poolOf, royalty } from '../../../pallets/royalty/index.ts';
import { findRound, type Round, tally, type TallyBody, type TallyPost } from '../../../pallets/tally/index.ts';
import { blocksOf } from '../../../pallets/tally/work.ts';
import { present } from '../../../primitives/at.ts';
import { fheParams } from '../../../primitives/fhe/params.ts';
import { residueBytes } from '../../../primitives/fhe/wire.ts';
import { TALLY_STEPS } from '../../../primitives/round/index.ts';
import { activeTerm } from '../../support/active-term.ts';
import {
  account,
  beginRound,
  type CompletedRound,
  contribute,
  phaseOf,
  runRound,
  SETTINGS,
  TestCommittee,
} from '../../support/committee.ts';
import { expectRight, isTally, lie, NAMES, offences, setUp, STEPS } from './faults-support.ts';

describe('a round whose members fail', () => {
  describe('a member that is silent', () => {
    STEPS.filter((step) => step !== 'CheckEach').forEach((step, index) => {
      const silent = index % 4;
      it(`in ${step} (member ${silent}) delays nothing but the keys, and harms nothing`, () => {
        const members = setUp();
        members.conduct = (post, member) =>
          isTally(post) && post.body.tag === step && member === silent ? undefined : post;
        expectRight(members, runRound(members, NAMES));
        expect(offences(members)).to.deep.equal([]);
      });
    });

    [0, 1, 2, 3].forEach((silent) => {
      it(`all the time (member ${silent}) leaves a round that settles rightly`, () => {
        const members = setUp();
        members.conduct = (post, member) => (member === silent ? undefined : post);
        expectRight(members, runRound(members, NAMES));
      });
    });

    it('is passed over in Keying, and free to take part again', () => {
      const members = setUp();
      let held: TallyPost | undefined;
      members.conduct = (post, member) => {
        if (!isTally(post) || post.body.tag !== 'Keying' || member !== 1) return post;
        held ??= post;
        return undefined;
      };
      const done = runRound(members, NAMES);
      const round = findRound(members.test.chain.ctx, done.id) as Round;
      expect(round.silent).to.deep.equal([1]);
      const late = held as TallyPost;
      expect(members.dispatch(late, members.sign(late, 1))).to.equal('invalid.Stale');
      const { store } = tally.use(members.test.chain.ctx);
      expect(store.posts.has(done.id, TALLY_STEPS.indexOf('Payout'), 0, 1)).to.equal(true);
    });
  });

  // one that lies in a step is in mixes.test.ts, for every step
  describe('a member that lies', () => {
    it('and comes late with a check of keys that were thrown away harms nothing', () => {
      const members = setUp();
      let answer: unknown;
      members.conduct = (post, member) => {
        if (!isTally(post)) return post;
        const { body, attempt } = post;
        if (body.tag === 'Keying' && attempt === 1 && answer === undefined) {
          // Of the length that the new assignment has: the honest posts of the old attempt cannot be read with it.
          const { keyPrimes } = fheParams('tacit-test-256-n4');
          const functionals = new Uint8Array(residueBytes(keyPrimes, 2 * 3));
          const test = new Uint8Array(residueBytes(keyPrimes.slice(0, 3), 8));
          const late: TallyPost = {
            ...post,
            attempt: 0,
            member: 3,
            body: { tag: 'KeyCheck', value: { functionals, test } },
          };
          answer = members.dispatch(late, members.sign(late, 3));
        }
        if (member === 3 && body.tag === 'KeyCheck' && attempt === 0) return undefined;
        if (member !== 2) return post;
        if (body.tag !== 'Keying' || body.value.sum.length === 0) return post;
        const sum = body.value.sum.slice();
        sum[0] = (sum[0] as number) ^ 1;
        return { ...post, body: { ...body, value: { ...body.value, sum } } };
      };
      expectRight(members, runRound(members, NAMES));
      expect(answer).to.equal('invalid.Stale');
      expect(offences(members).map(({ member, kind }) => [member, kind.tag])).to.deep.equal([[2, 'BadKeySum']]);
    });

    it('about public claims (hashes, verdicts) is named although its shares are right', () => {
      for (const step of ['Check', 'Aggregate', 'Payout'] as const) {
        const members = setUp();
        members.conduct = (post, member) => {
          return isTally(post) && post.body.tag === step && member === 2
            ? { ...post, body: otherClaim(post.body) }
            : post;
        };
        expectRight(members, runRound(members, NAMES));
        expect(offences(members).map(({ member, step: at }) => [member, TALLY_STEPS[at]])).to.deep.equal([[2, step]]);
      }
    });

    it('about a box key is named by f+1 others', () => {
      const members = setUp();
      members.conduct = (post, member) => {
        if (!isTally(post) || post.body.tag !== 'Keying' || member !== 0) return post;
        const sealKeys = post.body.value.sealKeys.toReversed();
        return { ...post, body: { tag: 'Keying', value: { ...post.body.value, sealKeys } } };
      };
      expectRight(members, runRound(members, NAMES));
      expect(offences(members).map(({ member, kind }) => [member, kind.tag])).to.deep.equal([[0, 'BadBoxKey']]);
    });

    it('cannot reveal anything but the secret', () => {
      const members = setUp();
      members.conduct = (post, member) => {
        if (!isTally(post) || post.body.tag !== 'Reveal' || member !== 0) return post;
        const secrets = post.body.value.secrets.map((secret) => secret.map((byte, i) => (i === 0 ? byte ^ 1 : byte)));
        return { ...post, body: { tag: 'Reveal', value: { secrets } } };
      };
      expectRight(members, runRound(members, NAMES));
      expect(offences(members)).to.deep.equal([]);
    });

    it('after the step is done is named all the same', () => {
      const members = setUp();
      const late: TallyPost[] = [];
      members.conduct = (post, member) => {
        if (!isTally(post) || member !== 1 || !['Aggregate', 'Payout'].includes(post.body.tag)) return post;
        late.push(post);
        return undefined;
      };
      const done = runRound(members, NAMES);
      expectRight(members, done);
      const { chain } = members.test;
      const aggregate = late.find(({ body }) => body.tag === 'Aggregate') as TallyPost;
      const payout = late.find(({ body }) => body.tag === 'Payout') as TallyPost;
      const lying = lie(aggregate);
      expect(members.dispatch(lying, members.sign(lying, 1))).to.equal('ok');
      expect(members.dispatch(payout, members.sign(payout, 1))).to.equal('ok');
      chain.runToBlock(chain.ctx.block + 1);
      expect(offences(members).map(({ member, step }) => [member, TALLY_STEPS[step]])).to.deep.equal([
        [1, 'Aggregate'],
      ]);
      expect(phaseOf(members.test, done.id)).to.equal('Settled');
      expect(members.dispatch(aggregate, members.sign(aggregate, 1))).to.equal('invalid.Stale');
    });
  });

  describe('a committee of seven', () => {
    it('stands one liar and one silent member at once, and names the liar once although a late post is compared', () => {
      const members = setUp('tacit-test-256-n7');
      let held: TallyPost | undefined;
      members.conduct = (post, member) => {
        if (!isTally(post) || post.body.tag !== 'Aggregate') return post;
        if (member === 5) held = post;
        return member === 0 ? lie(post) : member === 5 ? undefined : post;
      };
      const done = runRound(members, NAMES);
      expectRight(members, done);
      expect(members.dispatch(held as TallyPost, members.sign(held as TallyPost, 5))).to.equal('ok');
      members.test.chain.runToBlock(members.test.chain.ctx.block + 1);
      expect(offences(members).map(({ member }) => member)).to.deep.equal([0]);
    });

    it('stands two liars in every step', () => {
      const members = setUp('tacit-test-256-n7');
      members.conduct = (post, member) => {
        const lies =
          isTally(post) && post.body.tag !== 'Reveal' && post.attempt === 0 && (member === 2 || member === 4);
        return lies ? lie(post, member) : post;
      };
      expectRight(members, runRound(members, NAMES));
      expect(new Set(offences(members).map(({ member }) => member))).to.deep.equal(new Set([2, 4]));
    });
  });

  describe('a round whose data cannot be computed with', () => {
    it('fails alone, and everything goes back', () => {
      const members = setUp();
      const { test } = members;
      const broken = beginRound(test);
      members.runUntil(() => phaseOf(test, broken.id) === 'Open');
      for (const name of NAMES) contribute(members, broken.id, name);
      // The post that decides the check finds an enrolment that is none.
      members.conduct = (post, member) => {
        if (!isTally(post) || post.body.tag !== 'Check' || member !== 2) return post;
        const { store } = tally.use(test.chain.ctx);
        const item = present(store.items.get(broken.id, 0), 'the item');
        store.items.put(broken.id, 0, { ...item, enrolment: item.enrolment.subarray(1) });
        return post;
      };
      members.runUntil(() => ['Failed', 'Direction'].includes(phaseOf(test, broken.id)));
      members.conduct = (post) => post;
      const failed = findRound(test.chain.ctx, broken.id);
      expect([failed?.phase.tag, failed?.failure?.tag]).to.deep.equal(['Failed', 'Fault']);
      expect(NAMES.map((name) => reservedOf(test.chain.ctx, account(name)))).to.deep.equal([0n, 0n, 0n]);
      expectRight(members, runRound(members, NAMES));
    });
  });

  describe('more than f silent members', () => {
    for (const step of ['Keying', 'KeyCheck', 'Check', 'Aggregate', 'Payout'] as const) {
      it(`in ${step}: the round waits, fails at its deadline, and everything goes back`, () => {
        const members = setUp();
        members.conduct = (post, member) => (isTally(post) && post.body.tag === step && member < 2 ? undefined : post);
        const { ctx } = members.test.chain;
        const before = NAMES.map((name) => reservedOf(ctx, account(name)));
        const done = runRound(members, NAMES);
        const after = members.test.chain.ctx;
        expect(phaseOf(members.test, done.id)).to.equal('Failed');
        const { failure, failedIn } = findRound(after, done.id) as Round;
        expect(failure?.tag).to.equal('Deadline');
        expect([failedIn?.phase.tag, failedIn?.silent]).to.deep.equal([step, [0, 1]]);
        expect(NAMES.map((name) => reservedOf(after, account(name)))).to.deep.equal(before);
        expectAllReturned(members, done);
      });
    }

    it('lying: nothing is opened wrongly, the round fails', () => {
      const members = setUp();
      members.conduct = (post, member) =>
        isTally(post) && post.body.tag === 'Aggregate' && member < 2 ? lie(post, member) : post;
      const done = runRound(members, NAMES);
      expect(findRound(members.test.chain.ctx, done.id)?.failure?.tag).to.equal('Undecodable');
      expectAllReturned(members, done);
    });
  });
});

describe('a round whose check takes long', () => {
  it('has blocks for as much as was submitted', () => {
    const { test } = activeTerm(10);
    const parts = [8_192, 8_192, 8_192, 8_192];
    const { id } = beginRound(test, { parts, directions: parts.map(() => new Uint8Array(32)), maxItems: 16 });
    const round = findRound(test.chain.ctx, id) as Round;
    const { stepBlocks } = SETTINGS;
    expect(round.deadline - test.chain.ctx.block).to.equal(stepBlocks * 2.5);
    expect(blocksOf({ ...round, items: 0 }, 'Reveal', stepBlocks)).to.equal(15);
    expect(blocksOf({ ...round, items: 16 }, 'Reveal', stepBlocks)).to.equal(15);
    const checks = [0, 8, 16].map((items) => blocksOf({ ...round, items }, 'Check', stepBlocks));
    // Eight items of four parts are four seconds of a core, of which a member has an eighth.
    expect(checks[1] as number).to.be.greaterThan((checks[0] as number) + 14);
    expect(checks[2] as number).to.be.within((checks[1] as number) + 14, 15 + 40);
    expect(blocksOf({ ...round, items: 16 }, 'CheckEach', stepBlocks)).to.equal(checks[2]);
  });
});

function expectAllReturned({ test }: TestCommittee, { id }: CompletedRound): void {
  const { ctx } = test.chain;
  expect(royalty.use(ctx).store.rounds.get(id)?.state.tag).to.equal('Refunded');
  expect(poolOf(ctx, 0n)).to.equal(findRound(ctx, id)?.rule.pool);
}

function otherClaim(body: TallyBody): TallyBody {
  if (body.tag === 'Check')
    return { ...body, value: { ...body.value, verdicts: body.value.verdicts.map((_, i) => (i === 0 ? 3 : 0)) } };
  if (body.tag === 'Aggregate')
    return { ...body, value: { ...body.value, ciphertexts: body.value.ciphertexts.toReversed() } };
  if (body.tag === 'Payout') return { ...body, value: { ...body.value, scores: body.value.scores.toReversed() } };
  return body;
}
