import { expect } from 'chai';
import { committee, type Offence } from '../../../pallets/committee/index.ts';
import { bondOf } from '../../../pallets/session/index.ts';
import type { TallyBody, TallyPost } from '../../../pallets/tally/index.ts';
import {
  account,
  beginRound,
  contribute,
  phaseOf,
  publish,
  roundInfoOf,
  SETTINGS,
  testChain,
  TestCommittee,
} from '../../support/committee.ts';

const NAMES = ['anna', 'bo', 'cleo'];

describe('late posts', () => {
  it('are compared for a while, and refused afterwards', () => {
    for (const [blocks, outcome] of [
      [1, 'ok'],
      [SETTINGS.lateWindow + 1, 'invalid.Stale'],
    ] as const) {
      const members = new TestCommittee(testChain());
      const { test } = members;
      members.runToActive();
      const { id } = beginRound(test, { openBlocks: 30 });
      let held: TallyPost | undefined;
      members.conduct = (post, member) => {
        if (!('round' in post) || post.body.tag !== 'KeyCheck' || member !== 2) return post;
        held = post;
        return undefined;
      };
      members.runUntil(() => phaseOf(test, id) === 'Open');
      // The step was done in the block before this one.
      test.chain.runToBlock(test.chain.ctx.block - 1 + blocks);
      const post = held as TallyPost;
      expect(members.dispatch(post, members.sign(post, 2))).to.equal(outcome);
    }
  });
});

describe('late lies that still wait to be compared when the next term begins', () => {
  const LIAR = 2;
  const flipped = (bytes: Uint8Array): Uint8Array => bytes.map((byte, i) => (i === 0 ? byte ^ 1 : byte));

  it('name nobody: the seat of who told them is taken by a validator of the reserve, which told none', () => {
    const members = new TestCommittee(testChain({ accounts: NAMES, reserve: 1 }));
    const { test } = members;
    members.runToActive();
    const begun = beginRound(test, { openBlocks: 4, maxExtensions: 0 });
    const held: TallyPost[] = [];
    members.conduct = (post, member) => {
      if (!('round' in post) || member !== LIAR) return post;
      const { body } = post;
      // Named for this one, so that the reserve has its place in the next term.
      if (body.tag === 'KeyCheck')
        return { ...post, body: { tag: body.tag, value: { ...body.value, test: flipped(body.value.test) } } };
      if (body.tag !== 'Aggregate') return post;
      held.push({ ...post, body: { tag: body.tag, value: { ...body.value, shares: flipped(body.value.shares) } } });
      return undefined;
    };
    members.runUntil(() => phaseOf(test, begun.id) === 'Open');
    for (const name of NAMES) contribute(members, begun.id, name);
    members.runUntil(() => phaseOf(test, begun.id) === 'Direction');
    publish(members, begun);
    members.runUntil(() => phaseOf(test, begun.id) === 'Payout');
    // In the block that settles the round, and with it ends the term.
    members.act();
    const late = held[0] as TallyPost;
    expect(members.dispatch(late, members.sign(late, LIAR))).to.equal('ok');
    test.chain.runToBlock(test.chain.ctx.block + 3);
    const { ctx } = test.chain;
    const { current, offences } = committee.use(ctx).store;
    expect([phaseOf(test, begun.id), current.get()?.term]).to.deep.equal(['Settled', 2]);
    expect(current.get()?.members[LIAR]?.account).to.deep.equal(account('validator 4'));
    expect(bondOf(ctx, account('validator 4'))).to.equal(SETTINGS.bond);
    const named = [...offences.entries()].map(([, one]) => one as Offence);
    expect(named.map((one) => one.account)).to.deep.equal([account(`validator ${LIAR}`)]);
  });
});

describe('posts out of their time', () => {
  const say = (members: TestCommittee, post: TallyPost) => members.dispatch(post, members.sign(post, post.member));
  const flippedSum = (post: TallyPost): TallyPost => {
    if (post.body.tag !== 'Keying' || post.body.value.sum.length === 0) return post;
    const sum = post.body.value.sum.map((byte, i) => (i === 0 ? byte ^ 1 : byte));
    return { ...post, body: { ...post.body, value: { ...post.body.value, sum } } };
  };

  it('of keys that were thrown away stay out when the round has others, and while it makes them', () => {
    const members = new TestCommittee(testChain());
    const { test } = members;
    members.runToActive();
    const { id } = beginRound(test, { openBlocks: 30 });
    const held = new Map<number, TallyPost>();
    members.conduct = (post, member) => {
      if (!('round' in post)) return post;
      if (post.body.tag === 'KeyCheck' && member === 3) {
        held.set(post.attempt, post);
        return undefined;
      }
      return member === 2 && post.attempt === 0 ? flippedSum(post) : post;
    };
    const again = (): boolean => roundInfoOf(test.chain.ctx, id).round.attempt === 1;
    members.runUntil(again);
    const first = held.get(0) as TallyPost;
    // Nothing of the first attempt is to come: it is over, not early.
    expect(
      say(members, { ...first, body: { tag: 'Keying', value: { sum: new Uint8Array(), sealKeys: [], maskKeys: [] } } }),
    ).to.equal('invalid.Stale');
    members.runUntil(() => phaseOf(test, id) === 'Open');
    const second = held.get(1) as TallyPost;
    // Of the form that the last attempt has: only its number is in the way.
    expect(say(members, { ...second, attempt: 0 })).to.equal('invalid.Stale');
    expect(say(members, second)).to.equal('ok');
  });

  it('of a step that an earlier attempt never came to are over, not early', () => {
    const members = new TestCommittee(testChain());
    const { test } = members;
    members.runToActive();
    const { id } = beginRound(test);
    members.conduct = (post, member) => ('round' in post && member === 0 ? undefined : post);
    members.runUntil(() => roundInfoOf(test.chain.ctx, id).round.attempt === 1);
    const body: TallyBody = { tag: 'KeyCheck', value: { functionals: new Uint8Array(), test: new Uint8Array() } };
    const post = { term: 1, round: id, member: 1, body };
    expect(say(members, { ...post, attempt: 0 })).to.equal('invalid.Stale');
    expect(say(members, { ...post, attempt: 1 })).to.equal('invalid.Future');
  });

  it('of a step that a failed round never came to are over, not early', () => {
    const members = new TestCommittee(testChain());
    const { test } = members;
    members.runToActive();
    const { id } = beginRound(test, { openBlocks: 1, maxExtensions: 0 });
    members.runUntil(() => phaseOf(test, id) === 'Failed');
    const post: TallyPost = {
      term: 1,
      round: id,
      attempt: 0,
      member: 1,
      body: { tag: 'Reveal', value: { secrets: [] } },
    };
    expect(say(members, post)).to.equal('invalid.Stale');
  });

  it('are not taken of what is not compared: keys and secrets, though nobody had them of this member', () => {
    const members = new TestCommittee(testChain({ accounts: NAMES }));
    const { test } = members;
    members.runToActive();
    const { id } = beginRound(test);
    let held: TallyPost | undefined;
    members.conduct = (post, member) => {
      if (!('round' in post) || post.body.tag !== 'Reveal' || member !== 3) return post;
      held = post;
      return undefined;
    };
    members.runUntil(() => phaseOf(test, id) === 'Open');
    for (const name of NAMES) contribute(members, id, name);
    members.runUntil(() => phaseOf(test, id) === 'Check');
    expect(say(members, held as TallyPost)).to.equal('invalid.Stale');
  });
});
