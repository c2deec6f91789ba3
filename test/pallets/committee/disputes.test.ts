import { expect } from 'chai';
import { committee, setupBody, type SetupPost, type Term } from '../../../pallets/committee/index.ts';
import { blake2b256, hash32Of } from '../../../primitives/crypto/hash.ts';
import { account, beginRound, phaseOf, runRound, SETTINGS, type TestCommittee } from '../../support/committee.ts';
import { NAMES, funded, statuses, offences, bond, badDeals, falseDigests, firstFlipped } from './conduct.ts';
import { isSetup, termOf } from './set-up.ts';

describe('an honest member whose digest is late', () => {
  /** Member 0 deals another key to member 3, whose digests do not arrive. */
  function scene(silentDealer: boolean): TestCommittee {
    const members = funded();
    members.conduct = (post, member) => {
      if (!isSetup(post)) return silentDealer && member === 0 ? undefined : post;
      if (post.term > 1) return post;
      if (post.body.tag === 'Deal' && member === 0) return badDeals(members, post, '0,2,3', 3);
      return post.body.tag === 'Digest' && member === 3 ? undefined : post;
    };
    members.onError = () => undefined;
    members.runToActive();
    return members;
  }

  it('and to whom a wrong key was dealt stays silent in the rounds: nobody is named, its bond is whole', () => {
    const members = scene(false);
    const spoke: string[] = [];
    const { conduct } = members;
    members.conduct = (post, member) => {
      if (!isSetup(post) && member === 3) spoke.push(post.body.tag);
      return conduct(post, member);
    };
    const done = runRound(members, NAMES);
    expect(phaseOf(members.test, done.id)).to.equal('Settled');
    expect(spoke).to.deep.equal([]);
    expect(offences(members)).to.deep.equal([]);
    expect([bond(members, 0), bond(members, 3)]).to.deep.equal([SETTINGS.bond, SETTINGS.bond]);
  });

  it('asks for the next deal, and all four serve in the next term', () => {
    const members = scene(true);
    members.act();
    expect(statuses(members)).to.deep.equal(['Present', 'Present', 'Present', 'Returned']);
    const from = members.test.chain.ctx.block;
    members.runUntil(() => termOf(members).term === 2 && members.phase === 'Active', 60);
    expect(statuses(members)).to.deep.equal(['Present', 'Present', 'Present', 'Present']);
    // Not at once: a term is not dealt anew more often than its bounds allow.
    expect(members.test.chain.ctx.block - from).to.be.at.least(SETTINGS.retryBlocks);
    members.conduct = (post) => post;
    expect(phaseOf(members.test, runRound(members, NAMES).id)).to.equal('Settled');
  });

  it('but whose keys are right says so, serves in this term, and nothing is dealt anew', () => {
    const members = funded();
    members.conduct = (post, member) =>
      isSetup(post) && post.body.tag === 'Digest' && member === 3 ? undefined : post;
    members.runToActive();
    expect(statuses(members)[3]).to.equal('Absent');
    members.act();
    expect(statuses(members)).to.deep.equal(['Present', 'Present', 'Present', 'Present']);
    const posted: number[] = [];
    members.conduct = (post, member) => {
      if (!isSetup(post)) posted.push(member);
      return post;
    };
    expect(phaseOf(members.test, runRound(members, NAMES).id)).to.equal('Settled');
    expect(posted).to.include(3);
    members.test.chain.runToBlock(members.test.chain.ctx.block + 8 * SETTINGS.retryBlocks);
    expect(termOf(members).term).to.equal(1);
  });

  it('and that was away for the keys is dealt in when it is back, once the rounds have ended', () => {
    const members = funded();
    members.onError = () => undefined;
    let away = true;
    members.conduct = (post, member) => (away && member === 2 ? undefined : post);
    members.runToActive();
    const { id } = beginRound(members.test, { openBlocks: 30, maxExtensions: 0 });
    // Nobody waits for its part of the round's key.
    const from = members.test.chain.ctx.block;
    members.runUntil(() => phaseOf(members.test, id) === 'Open');
    expect(members.test.chain.ctx.block - from).to.be.lessThan(SETTINGS.stepBlocks);
    away = false;
    members.runUntil(() => statuses(members)[2] === 'Returned');
    // Its time has come, but a round is live.
    members.test.chain.runToBlock(termOf(members).deadline + 1);
    expect([termOf(members).term, phaseOf(members.test, id)]).to.deep.equal([1, 'Open']);
    members.runUntil(() => phaseOf(members.test, id) === 'Failed');
    members.runUntil(() => termOf(members).term === 2 && members.phase === 'Active');
    expect(statuses(members)[2]).to.equal('Present');
  });
});

describe('a false complaint', () => {
  it('has no proof and is refused: the term comes about as if its maker were silent', () => {
    const members = funded();
    const refused: string[] = [];
    members.conduct = (post, member) => {
      if (!isSetup(post) || post.body.tag !== 'Digest' || member !== 3) return post;
      const opening = { subset: 1, shared: hash32Of('test/any', 'point'), proof: new Uint8Array(64) };
      const said: SetupPost = { ...post, body: { tag: 'Opening', value: { opening } } };
      refused.push(members.dispatch(said, members.sign(said, 3)));
      return undefined;
    };
    members.runToActive();
    expect(refused[0]).to.equal('invalid.BadProof');
    expect(offences(members)).to.deep.equal([]);
    expect(termOf(members).attempt).to.equal(0);
  });

  it('by an opened box that does hold a key is refused as well', () => {
    const members = funded();
    let answer: string | undefined;
    members.conduct = (post, member) => {
      if (!isSetup(post)) return post;
      if (post.body.tag === 'Opening' && member === 1 && answer === undefined) {
        // A true opening of a good box, said in the phase before: as a complaint it would cost the attempt.
        const { store } = committee.use(members.test.chain.ctx);
        const term = store.current.get() as Term;
        const digests = store.digests.get(1, 0, 1) as Uint8Array[];
        store.current.put({ ...term, phase: { tag: 'Digest' }, disputed: undefined });
        store.digests.remove(1, 0, 1);
        answer = members.dispatch(post, members.sign(post, 1));
        store.digests.put(1, 0, 1, digests);
        store.current.put(term);
      }
      return falseDigests(post, 3);
    };
    members.runUntil(() => answer !== undefined);
    expect(answer).to.equal('invalid.BadProof');
  });

  for (const dealerAnswers of [true, false]) {
    it(`by digests costs its maker its place, the honest dealer nothing, ${dealerAnswers ? 'and its bond' : 'though it is offline'}`, () => {
      const members = funded({ reserve: 1 });
      members.conduct = (post, member) => {
        if (!isSetup(post)) return post;
        const isSilent = post.body.tag === 'Reveal' && !dealerAnswers;
        // The liar shows nothing.
        if (isSilent || (post.body.tag === 'Opening' && member === 3)) return undefined;
        return falseDigests(post, 3);
      };
      members.runUntil(() => members.phase === 'Active', 80);
      expect(offences(members)).to.deep.equal(dealerAnswers ? [[3, 'BadDigest']] : []);
      expect(bond(members, 0)).to.equal(SETTINGS.bond);
      expect(bond(members, 3)).to.equal(SETTINGS.bond - (dealerAnswers ? SETTINGS.slash : 0n));
      const { attempt, members: sitting } = termOf(members);
      expect(attempt).to.equal(1);
      expect(sitting.some((one) => one.account.join() === account('validator 3').join())).to.equal(
        !dealerAnswers ? sitting[3]?.status.tag === 'Excluded' : false,
      );
    });
  }

  it('is kept with the hash of the very post that told it', () => {
    const members = funded();
    let told: Uint8Array | undefined;
    members.conduct = (post) => {
      if (!isSetup(post)) return post;
      const said = falseDigests(post, 3);
      if (said !== post) told = blake2b256(setupBody.codec.enc(said.body));
      return said;
    };
    members.runUntil(() => members.phase === 'Active', 80);
    const [offence] = [...committee.use(members.test.chain.ctx).store.offences.entries()].map(([, one]) => one);
    expect(offence?.evidence).to.deep.equal(told);
  });

  it('by digests is shown by the liar’s own box too, if that is what it opens', () => {
    const members = funded({ reserve: 1 });
    members.conduct = (post, member) => {
      if (!isSetup(post)) return post;
      return post.body.tag === 'Reveal' && member === 0 ? undefined : falseDigests(post, 3);
    };
    members.runUntil(() => members.phase === 'Active', 80);
    expect(offences(members)).to.deep.equal([[3, 'BadDigest']]);
    expect(bond(members, 0)).to.equal(SETTINGS.bond);
  });

  it('cannot go on for ever: f restarts, then the term fails, then another begins', () => {
    const members = funded();
    let restarts = 0;
    members.conduct = (post) => {
      if (!isSetup(post) || post.term > 1 || post.body.tag !== 'Digest') return post;
      restarts = Math.max(restarts, post.attempt);
      const digests = post.body.value.digests.map((digest) =>
        post.member === 3 - post.attempt ? firstFlipped(digest) : digest,
      );
      return { ...post, body: { tag: 'Digest', value: { digests } } };
    };
    members.runUntil(() => members.phase === 'Failed', 80);
    expect(restarts).to.equal(members.test.params.f);
    members.runUntil(() => termOf(members).term === 2 && members.phase === 'Active', 80);
  });
});

describe('a dealer that deals badly', () => {
  it('is named by the digests and boxes of others, whether or not it reveals', () => {
    for (const reveals of [true, false]) {
      const members = funded({ reserve: 1 });
      members.conduct = (post, member) => {
        if (!isSetup(post) || post.attempt > 0) return post;
        if (post.body.tag === 'Deal' && member === 0) return badDeals(members, post, '0,2,3', 3);
        return post.body.tag === 'Reveal' && !reveals ? undefined : post;
      };
      members.runUntil(() => members.phase === 'Active', 80);
      expect(offences(members)).to.deep.equal([[0, 'BadDeal']]);
      expect(bond(members, 3)).to.equal(SETTINGS.bond);
      expect(termOf(members).members[0]?.account).to.deep.equal(account('validator 4'));
    }
  });

  it('is named at once by a box that does not open, before any deadline', () => {
    const members = funded({ reserve: 1 });
    members.conduct = (post, member) => {
      if (!isSetup(post) || post.body.tag !== 'Deal' || member !== 0 || post.attempt > 0) return post;
      const deals = post.body.value.deals.map(({ subset, sealed }) => {
        return { subset, sealed: sealed.map((byte, i) => (i === 40 ? byte ^ 1 : byte)) };
      });
      return { ...post, body: { tag: 'Deal', value: { deals } } };
    };
    const from = members.test.chain.ctx.block;
    members.runToActive();
    expect(offences(members)).to.deep.equal([[0, 'BadDeal']]);
    expect(members.test.chain.ctx.block - from).to.be.at.most(2 * SETTINGS.setupBlocks);
  });
});
