import { expect } from 'chai';
import { committee, type Offence, type SetupPost } from '../../../pallets/committee/index.ts';
import { session } from '../../../pallets/session/index.ts';
import { mockRuntime } from '../../../pallets/support/index.ts';
import { balances } from '../../../pallets/balances/index.ts';
import { system } from '../../../pallets/system/index.ts';
import { tally } from '../../../pallets/tally/index.ts';
import { sr25519FromSeed } from '../../../primitives/crypto/signature.ts';
import { utf8 } from '../../../primitives/crypto/bytes.ts';
import { hash32Of } from '../../../primitives/crypto/hash.ts';
import { account, beginRound, type Conduct, phaseOf, SETTINGS, TestCommittee } from '../../support/committee.ts';
import { begin, flipped, inSetup, isSetup, termOf } from './set-up.ts';

function offences({ test }: TestCommittee): [number, string][] {
  const named = committee.apis.CommitteeApi?.methods.offences?.run(test.chain.ctx, { from: 0 }) as Offence[];
  return named.map(({ member, kind }) => [member, kind.tag]);
}

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
    const { account: validator } = store.queuedKeys.get()[0]!;
    store.keyOwner.put({ kind: utf8('comm'), key: fresh.publicKey }, validator);
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
