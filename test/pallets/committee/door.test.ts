import { expect } from 'chai';
import { committee, type SetupPost } from '../../../pallets/committee/index.ts';
import { Context, type Host, Origin, Overlay } from '../../../pallets/support/index.ts';
import { account, type TestCommittee } from '../../support/committee.ts';
import { begin, flipped, inSetup, isSetup, termOf } from './set-up.ts';

describe('posts of the set-up at the door', () => {
  function first(): { members: TestCommittee; post: SetupPost; signature: Uint8Array } {
    const members = begin();
    const held: SetupPost[] = [];
    members.conduct = (post, member) => {
      if (isSetup(post) && member === 0) held.push(post);
      return undefined;
    };
    members.act();
    members.conduct = (post) => post;
    const post = held[0] as SetupPost;
    return { members, post, signature: members.sign(post, 0) };
  }

  it('are taken once, signed by their member, with a proof of the key', () => {
    const { members, post, signature } = first();
    const { chain } = members.test;
    const send = (changed: SetupPost, by = signature) => committee.call.post({ post: changed, signature: by });
    const resigned = (changed: SetupPost, by = 0) => send(changed, members.sign(changed, by));
    chain.expectNoop(Origin.none, send(post, flipped(signature)), 'invalid.BadProof');
    chain.expectNoop(Origin.none, resigned(post, 1), 'invalid.BadProof');
    chain.expectNoop(Origin.none, send({ ...post, member: 1 }), 'invalid.BadProof');
    chain.expectNoop(Origin.none, resigned({ ...post, member: 4 }), 'invalid.Custom2');
    chain.expectNoop(Origin.none, resigned({ ...post, term: 2 }), 'invalid.Custom1');
    chain.expectNoop(Origin.none, resigned({ ...post, attempt: 1 }), 'invalid.Future');
    if (post.body.tag !== 'Keys') throw new Error('the first post is a key');
    const { key, proof } = post.body.value;
    const identity = new Uint8Array(32);
    chain.expectNoop(
      Origin.none,
      resigned({ ...post, body: { tag: 'Keys', value: { key: identity, proof } } }),
      'invalid.Custom5',
    );
    chain.expectNoop(
      Origin.none,
      resigned({ ...post, body: { tag: 'Keys', value: { key, proof: flipped(proof) } } }),
      'invalid.BadProof',
    );
    chain.expectNoop(
      Origin.none,
      resigned({ ...post, body: { tag: 'Digest', value: { digests: [] } } }),
      'invalid.Future',
    );
    chain.expectNoop(Origin.signed(account('user')), send(post), 'BadOrigin');
    expect(chain.dispatch(Origin.none, send(post))).to.equal('ok');
    chain.expectNoop(Origin.none, send(post), 'invalid.Stale');
  });
});

describe('posts of the set-up that nobody has signed', () => {
  it('are refused for that, whatever is in them, and not looked at before', () => {
    const members = begin();
    const { chain } = members.test;
    members.runUntil(() => termOf(members).phase.tag === 'Deal');
    const { term, attempt } = termOf(members);
    const deals = [{ subset: 0, sealed: new Uint8Array(7) }];
    const garbage: SetupPost = { term, attempt, member: 0, body: { tag: 'Deal', value: { deals } } };
    const call = committee.call.post({ post: garbage, signature: new Uint8Array(64) });
    chain.expectNoop(Origin.none, call, 'invalid.BadProof');
    const signed = committee.call.post({ post: garbage, signature: members.sign(garbage, 0) });
    chain.expectNoop(Origin.none, signed, 'invalid.Custom5');
    const asked: string[] = [];
    const believing: Host = { believes: true, verify: ({ kind }) => asked.push(kind) > 0 };
    const ctx = new Context(chain.composition, new Overlay(chain.ctx.reader), chain.ctx.header, believing);
    expect(chain.composition.validateUnsigned(ctx, call, 'external')).to.have.property('valid');
    expect(asked).to.deep.equal(['sr25519']);
  });
});

describe('posts of the set-up in every phase', () => {
  /** Posts that the members would send now, unsent. */
  function due(members: TestCommittee): SetupPost[] {
    const posts: SetupPost[] = [];
    members.conduct = (post) => {
      if (isSetup(post)) posts.push(post);
      return undefined;
    };
    members.act();
    members.conduct = (post) => post;
    return posts;
  }
  const say = (members: TestCommittee, post: SetupPost): string =>
    members.dispatch(post, members.sign(post, post.member));

  it('are refused from a member that is out, and of an attempt that is over', () => {
    const members = begin({}, (post, member) => {
      if (!isSetup(post) || post.body.tag !== 'Digest' || member !== 3 || post.attempt > 0) return post;
      const digests = post.body.value.digests.map((digest) => flipped(digest, 0));
      return { ...post, body: { tag: 'Digest', value: { digests } } };
    });
    const early: SetupPost[] = [];
    const { conduct } = members;
    members.conduct = (post, member) => {
      if (isSetup(post) && post.body.tag === 'Keys') early.push(post);
      return conduct(post, member);
    };
    members.runUntil(() => termOf(members).attempt === 1);
    expect(termOf(members).members[3]?.status.tag).to.equal('Excluded');
    const [keys] = due(members) as [SetupPost];
    expect(say(members, { ...keys, member: 3 })).to.equal('invalid.Custom2');
    expect(say(members, early[0] as SetupPost)).to.equal('invalid.Custom1');
    expect(say(members, keys)).to.equal('ok');
  });

  it('of digests have one for each subset, from a member that registered a key', () => {
    const members = begin(
      {},
      inSetup('Keys', 0, () => undefined),
    );
    members.runUntil(() => members.phase === 'Digest');
    const [post] = due(members) as [SetupPost];
    if (post.body.tag !== 'Digest') throw new Error('digests are due');
    const { digests } = post.body.value;
    const withDigests = (changed: Uint8Array[], member = post.member): SetupPost => {
      return { ...post, member, body: { tag: 'Digest', value: { digests: changed } } };
    };
    for (const wrong of [[], digests.slice(1), [...digests, digests[0] as Uint8Array]]) {
      expect(say(members, withDigests(wrong))).to.equal('invalid.Custom5');
    }
    expect(termOf(members).members[0]?.status.tag).to.equal('Absent');
    expect(say(members, withDigests(digests, 0))).to.equal('invalid.Custom5');
    expect(say(members, post)).to.equal('ok');
    expect(say(members, post)).to.equal('invalid.Stale');
  });

  it('of deals are those that are due, whole, under keys that are keys', () => {
    const members = begin();
    members.runUntil(() => members.phase === 'Deal');
    const [post] = due(members) as [SetupPost];
    if (post.body.tag !== 'Deal') throw new Error('deals are due');
    const { deals } = post.body.value;
    const withDeals = (changed: typeof deals, member = post.member): SetupPost => {
      return { ...post, member, body: { tag: 'Deal', value: { deals: changed } } };
    };
    const [first, ...others] = deals as [(typeof deals)[0], ...typeof deals];
    const noKey = { ...first, sealed: first.sealed.map((byte, i) => (i < 32 ? 0 : byte)) };
    for (const wrong of [[], others, [...others, first], [...deals, first], [noKey, ...others]]) {
      expect(say(members, withDeals(wrong))).to.equal('invalid.Custom5');
    }
    expect(say(members, withDeals([{ ...first, sealed: first.sealed.subarray(1) }, ...others]))).to.equal(
      'invalid.Custom5',
    );
    expect(say(members, withDeals(deals, 2))).to.equal('invalid.Custom5');
    expect(say(members, post)).to.equal('ok');
  });

  it('of a dispute come from who has something to show in it', () => {
    const members = begin({}, (post, member) => {
      if (!isSetup(post) || post.body.tag !== 'Digest' || member !== 3) return post;
      const digests = post.body.value.digests.map((digest, i) => (i === 0 ? flipped(digest, 0) : digest));
      return { ...post, body: { tag: 'Digest', value: { digests } } };
    });
    members.runUntil(() => members.phase === 'Reveal');
    // Subset 1 is {0, 1, 3}, dealt by member 0.
    expect(termOf(members).disputed).to.equal(1);
    const posts = due(members);
    expect(posts.map(({ member, body }) => [member, body.tag])).to.deep.equal([
      [0, 'Reveal'],
      [1, 'Opening'],
      [3, 'Opening'],
    ]);
    const [reveal, opening] = posts as [SetupPost, SetupPost];
    expect(say(members, { ...reveal, member: 1 })).to.equal('invalid.Custom5');
    const other = { tag: 'Reveal' as const, value: { ephemeralSecret: new Uint8Array(32).fill(1) } };
    expect(say(members, { ...reveal, body: other })).to.equal('invalid.Custom5');
    expect(say(members, { ...opening, member: 2 })).to.equal('invalid.BadProof');
    expect(say(members, { ...opening, member: 0 })).to.equal('invalid.BadProof');
    if (opening.body.tag !== 'Opening') throw new Error('an opening is due');
    const elsewhere = { ...opening.body.value.opening, subset: 0 };
    expect(say(members, { ...opening, body: { tag: 'Opening', value: { opening: elsewhere } } })).to.equal(
      'invalid.Custom5',
    );
    // Who has not said which key it holds has nothing to show, though the box is its own.
    const { store } = committee.use(members.test.chain.ctx);
    const digests = store.digests.get(1, 0, 1) as Uint8Array[];
    store.digests.remove(1, 0, 1);
    expect(say(members, opening)).to.equal('invalid.Custom5');
    store.digests.put(1, 0, 1, digests);
    expect(say(members, opening)).to.equal('ok');
    expect(say(members, opening)).to.equal('invalid.Stale');
  });

  it('of a box that does not open are about a box of a member that has one: nothing is computed for others', () => {
    const members = begin(
      {},
      inSetup('Keys', 0, () => undefined),
    );
    members.runUntil(() => members.phase === 'Digest');
    const [post] = due(members) as [SetupPost];
    const open = (member: number, subset: number): string => {
      const opening = { subset, shared: new Uint8Array(32).fill(1), proof: new Uint8Array(64) };
      return say(members, { ...post, member, body: { tag: 'Opening', value: { opening } } });
    };
    // Subset 0 is {0, 1, 2}, subset 3 {1, 2, 3}; member 0 registered no key.
    expect([open(1, 0), open(0, 0), open(3, 0), open(1, 4)]).to.deep.equal([
      'invalid.BadProof',
      'invalid.Custom5',
      'invalid.Custom5',
      'invalid.Custom5',
    ]);
  });
});
