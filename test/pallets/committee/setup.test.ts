import { expect } from 'chai';
import { committee, type Offence, type SetupPost, type Term } from '../../../pallets/committee/index.ts';
import { session } from '../../../pallets/session/index.ts';
import { mockRuntime, Origin } from '../../../pallets/support/index.ts';
import { balances } from '../../../pallets/balances/index.ts';
import { system } from '../../../pallets/system/index.ts';
import { tally } from '../../../pallets/tally/index.ts';
import { sr25519FromSeed } from '../../../primitives/crypto/signature.ts';
import { hash32Of } from '../../../primitives/crypto/hash.ts';
import {
  account,
  beginRound,
  type Conduct,
  phaseOf,
  SETTINGS,
  TestCommittee,
  testChain,
  type TestChainOptions,
} from '../../support/committee.ts';

function isSetup(post: Parameters<Conduct>[0]): post is SetupPost {
  return !('round' in post);
}

/** A conduct in the set-up of the first attempt only. */
function inSetup(
  tag: SetupPost['body']['tag'],
  who: number,
  what: (post: SetupPost) => SetupPost | undefined,
): Conduct {
  return (post, member) => {
    return isSetup(post) && post.body.tag === tag && member === who && post.attempt === 0 ? what(post) : post;
  };
}

function begin(options: TestChainOptions = {}, conduct?: Conduct): TestCommittee {
  const members = new TestCommittee(testChain(options));
  if (conduct !== undefined) members.conduct = conduct;
  return members;
}

function termOf({ test }: TestCommittee): Term {
  return committee.use(test.chain.ctx).store.current.get() as Term;
}

function offences({ test }: TestCommittee): [number, string][] {
  const named = committee.apis.CommitteeApi?.methods.offences?.run(test.chain.ctx, { from: 0 }) as Offence[];
  return named.map(({ member, kind }) => [member, kind.tag]);
}

const flipped = (bytes: Uint8Array, at = 40): Uint8Array => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));

describe('the set-up of a term', () => {
  for (const paramsId of ['tacit-test-256-n4', 'tacit-test-256-n7', 'tacit-test-256-n10']) {
    it(`of ${paramsId} ends with subset keys that all members hold`, () => {
      const members = begin({ paramsId });
      members.runToActive();
      const term = termOf(members);
      expect(term.members.every(({ status }) => status.tag === 'Present')).to.equal(true);
      const digests = [...committee.use(members.test.chain.ctx).store.subsetDigests.entries(term.term)];
      expect(digests).to.have.length(members.test.params.subsets.length);
      expect(offences(members)).to.deep.equal([]);
    });
  }

  (['Keys', 'Deal', 'Digest'] as const).forEach((tag, member) => {
    it(`goes on without a member that is silent in ${tag}, and names nobody`, () => {
      const members = begin(
        {},
        inSetup(tag, member, () => undefined),
      );
      members.runToActive();
      expect(offences(members)).to.deep.equal([]);
      expect(termOf(members).attempt).to.equal(0);
    });
  });

  it('leaves a member without a key out of the term', () => {
    const members = begin(
      {},
      inSetup('Keys', 0, () => undefined),
    );
    members.runToActive();
    const term = termOf(members);
    expect(term.members[0]?.status.tag).to.equal('Absent');
    expect(term.dealers.includes(0)).to.equal(false);
  });

  it('passes over a dealer that does not deal', () => {
    const members = begin(
      {},
      inSetup('Deal', 0, () => undefined),
    );
    members.runToActive();
    // {0,1,2}, {0,1,3} and {0,2,3} pass to their next members; {1,2,3} was never member 0's.
    expect(termOf(members).dealers).to.deep.equal([1, 1, 2, 1]);
  });

  it('names and replaces a dealer whose boxes do not open, and begins anew', () => {
    const bad: Conduct = inSetup('Deal', 0, (post) => {
      if (post.body.tag !== 'Deal') return post;
      const deals = post.body.value.deals.map(({ subset, sealed }) => ({ subset, sealed: flipped(sealed) }));
      return { ...post, body: { tag: 'Deal', value: { deals } } };
    });
    const members = begin({ reserve: 1 }, bad);
    members.runToActive();
    expect(offences(members)).to.deep.equal([[0, 'BadDeal']]);
    const term = termOf(members);
    expect([term.term, term.attempt]).to.deep.equal([1, 1]);
    expect(term.members[0]?.account).to.deep.equal(account('validator 4'));
    expect(session.use(members.test.chain.ctx).store.bonds.get(account('validator 0'))).to.equal(
      SETTINGS.bond - SETTINGS.slash,
    );
  });

  it('names a dealer that will not reveal', () => {
    const members = begin({}, (post, member) => {
      if (!isSetup(post) || post.attempt > 0) return post;
      if (post.body.tag === 'Reveal') return undefined;
      if (post.body.tag !== 'Deal' || member !== 1) return post;
      const deals = post.body.value.deals.map(({ subset, sealed }) => ({ subset, sealed: flipped(sealed) }));
      return { ...post, body: { tag: 'Deal', value: { deals } } };
    });
    members.runToActive();
    expect(offences(members)).to.deep.equal([[1, 'BadDeal']]);
    // No reserve: the member stays in its place and takes no part; f is not lowered.
    expect(termOf(members).members.map(({ status }) => status.tag)).to.deep.equal([
      'Present',
      'Excluded',
      'Present',
      'Present',
    ]);
  });

  it('names a member whose digest, or complaint, is false, and not its dealer', () => {
    for (const liar of [0, 3]) {
      const lies = inSetup('Digest', liar, (post) => {
        if (post.body.tag !== 'Digest') return post;
        const digests = post.body.value.digests.map((digest, i) => (i === 0 ? flipped(digest, 0) : digest));
        return { ...post, body: { tag: 'Digest', value: { digests } } };
      });
      const members = begin({ reserve: 1 }, lies);
      members.runToActive();
      expect(offences(members)).to.deep.equal([[liar, 'BadDigest']]);
    }
  });

  it('fails after more than f restarts, and is tried again with a clean slate', () => {
    const members = begin({ reserve: 2 }, (post, member) => {
      if (!isSetup(post) || post.term > 1 || post.body.tag !== 'Digest' || member !== 2 + post.attempt) return post;
      const digests = post.body.value.digests.map((digest) => flipped(digest, 0));
      return { ...post, body: { tag: 'Digest', value: { digests } } };
    });
    members.runUntil(() => members.phase === 'Failed');
    expect(offences(members)).to.deep.equal([
      [2, 'BadDigest'],
      [3, 'BadDigest'],
    ]);
    members.runToActive();
    expect(termOf(members).term).to.equal(2);
    expect(termOf(members).members.every(({ status }) => status.tag === 'Present')).to.equal(true);
  });

  it('fails with more than f silent members, and comes about when they are back', () => {
    const members = begin({}, (post, member) => (member < 2 ? undefined : post));
    members.runUntil(() => members.phase === 'Failed');
    members.conduct = (post) => post;
    members.runToActive();
    expect(termOf(members).term).to.equal(2);
  });

  it('begins a new term when the validators’ keys change, but not under a live round', () => {
    const members = begin({ accounts: ['anna'] });
    members.runToActive();
    const { test } = members;
    const begun = beginRound(test, { openBlocks: 2, maxExtensions: 0 });
    members.runUntil(() => phaseOf(test, begun.id) === 'Open');
    const { store } = session.use(test.chain.ctx);
    const fresh = sr25519FromSeed(hash32Of('test/fresh', 0));
    store.queuedKeys.put(
      store.queuedKeys
        .get()
        .map((one, i) => (i === 0 ? { ...one, keys: { ...one.keys, committee: fresh.publicKey } } : one)),
    );
    test.chain.runToBlock(test.chain.ctx.block + 1);
    expect(termOf(members).term).to.equal(1);
    expect(() => beginRound(test)).to.throw('Committee.Rotating');
    members.runUntil(() => phaseOf(test, begun.id) === 'Failed');
    test.chain.runToBlock(test.chain.ctx.block + 1);
    expect([termOf(members).term, termOf(members).phase.tag]).to.deep.equal([2, 'Keys']);
    expect(termOf(members).members[0]?.key).to.deep.equal(fresh.publicKey);
  });
});

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
    expect(say(members, opening)).to.equal('ok');
    expect(say(members, opening)).to.equal('invalid.Stale');
  });
});

describe('a term needs 2f+1 members', () => {
  const silentIn = (tag: SetupPost['body']['tag']): TestCommittee =>
    begin({}, (post, member) => (isSetup(post) && post.body.tag === tag && member > 1 ? undefined : post));

  for (const tag of ['Keys', 'Digest'] as const) {
    it(`that have posted in ${tag}, or fails there`, () => {
      const members = silentIn(tag);
      const phases: string[] = [];
      members.runUntil(() => {
        if (phases.at(-1) !== members.phase) phases.push(members.phase);
        return members.phase === 'Failed';
      });
      expect(phases.at(-2)).to.equal(tag);
      expect(offences(members)).to.deep.equal([]);
    });
  }

  it('and a round needs a term', () => {
    const members = begin();
    expect(() => beginRound(members.test)).to.throw('Committee.NoTerm');
    members.runUntil(() => members.phase === 'Digest');
    expect(() => beginRound(members.test)).to.throw('Committee.NoTerm');
    members.runToActive();
    beginRound(members.test);
    // Of a term that has too few members left nobody could open anything.
    const { store } = committee.use(members.test.chain.ctx);
    const term = termOf(members);
    const few = term.members.map((one, i) => (i < 2 ? { ...one, status: { tag: 'Excluded' as const } } : one));
    store.current.put({ ...term, members: few });
    expect(() => beginRound(members.test)).to.throw('Committee.NoTerm');
  });
});

describe('a chain without a committee', () => {
  it('runs, and begins no rounds', () => {
    const chain = mockRuntime([system, balances, session, committee, tally], {
      system: { specName: 'test', specVersion: 1 },
      balances: { accounts: [] },
      session: {
        bond: 0n,
        validators: [
          { account: account('one'), keys: { aura: account('a'), grandpa: account('g'), committee: account('c') } },
        ],
      },
    });
    chain.runToBlock(3);
    expect(committee.use(chain.ctx).store.current.get()).to.equal(undefined);
  });
});
