import { readFileSync, rmSync } from 'node:fs';
import { expect } from 'chai';
import { committee, type Offence, setupBody, type SetupPost, type Term } from '../../../pallets/committee/index.ts';
import { bondOf } from '../../../pallets/session/index.ts';
import { Origin } from '../../../pallets/support/index.ts';
import { genesisHash } from '../../../pallets/system/index.ts';
import { findRound } from '../../../pallets/tally/index.ts';
import { sealTo } from '../../../primitives/crypto/box.ts';
import { fromHex } from '../../../primitives/crypto/hex.ts';
import { blake2b256, hash32Of } from '../../../primitives/crypto/hash.ts';
import { decodeScalar } from '../../../primitives/crypto/ristretto.ts';
import {
  account,
  beginRound,
  type Conduct,
  contribute,
  phaseOf,
  publish,
  runRound,
  SETTINGS,
  TestCommittee,
  testChain,
  type TestChainOptions,
} from '../../support/committee.ts';

const NAMES = ['anna', 'bo', 'cleo'];

const isSetup = (post: Parameters<Conduct>[0]): post is SetupPost => !('round' in post);

function begin(options: TestChainOptions = {}): TestCommittee {
  return new TestCommittee(testChain({ accounts: NAMES, ...options }));
}

function termOf({ test }: TestCommittee): Term {
  return committee.use(test.chain.ctx).store.current.get() as Term;
}

const statuses = (members: TestCommittee): string[] => termOf(members).members.map(({ status }) => status.tag);

function offences({ test }: TestCommittee): [number, string][] {
  const named = [...committee.use(test.chain.ctx).store.offences.entries()] as [unknown, Offence][];
  return named.map(([, { member, kind }]) => [member, kind.tag]);
}

const bond = ({ test }: TestCommittee, index: number): bigint => bondOf(test.chain.ctx, account(`validator ${index}`));
const flipped = (bytes: Uint8Array): Uint8Array => bytes.map((byte, i) => (i === 0 ? byte ^ 1 : byte));

/** The deals of a corrupt dealer, whose box to `victim` in its subset `dealt` holds another key. */
function badDeals(members: TestCommittee, post: SetupPost, dealt: string, victim: number): SetupPost {
  if (post.body.tag !== 'Deal') return post;
  const { params, chain } = members.test;
  const bad = params.subsets.findIndex((subset) => subset.join() === dealt);
  const dealer = post.member;
  const vault = JSON.parse(readFileSync(members.vaults[dealer] as string, 'utf8')) as {
    setup: { dealt: [number, string, string][] };
  };
  const ephemeral = vault.setup.dealt.find(([subset]) => subset === bad)?.[2] as string;
  const recipient = committee.use(chain.ctx).store.encryptionKeys.get(post.term, post.attempt, victim) as Uint8Array;
  const bound = hash32Of(
    'tacit/deal/1',
    genesisHash(chain.ctx),
    post.term,
    post.attempt,
    params.id,
    bad,
    dealer,
    victim,
  );
  const box = sealTo(recipient, hash32Of('test/evil', 'key'), bound, decodeScalar(fromHex(ephemeral)));
  const others = (params.subsets[bad] as number[]).filter((member) => member !== dealer);
  const deals = post.body.value.deals.map(({ subset, sealed }) => {
    if (subset !== bad) return { subset, sealed };
    const changed = sealed.slice();
    changed.set(box, 32 + 48 * others.indexOf(victim));
    return { subset, sealed: changed };
  });
  return { ...post, body: { tag: 'Deal', value: { deals } } };
}

/** False digests of `liar` in the first attempt of the first term. */
function falseDigests(post: SetupPost, liar: number): SetupPost {
  if (post.body.tag !== 'Digest' || post.member !== liar || post.attempt > 0 || post.term > 1) return post;
  const digests = post.body.value.digests.map((digest, i) => (i === 0 ? flipped(digest) : digest));
  return { ...post, body: { tag: 'Digest', value: { digests } } };
}

describe('an honest member whose digest is late', () => {
  /** Member 0 deals another key to member 3, whose digests do not arrive. */
  function scene(silentDealer: boolean): TestCommittee {
    const members = begin();
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
    const members = begin();
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
    const members = begin();
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
    const members = begin();
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
    const members = begin();
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
      const members = begin({ reserve: 1 });
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
    const members = begin();
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
    const members = begin({ reserve: 1 });
    members.conduct = (post, member) => {
      if (!isSetup(post)) return post;
      return post.body.tag === 'Reveal' && member === 0 ? undefined : falseDigests(post, 3);
    };
    members.runUntil(() => members.phase === 'Active', 80);
    expect(offences(members)).to.deep.equal([[3, 'BadDigest']]);
    expect(bond(members, 0)).to.equal(SETTINGS.bond);
  });

  it('cannot go on for ever: f restarts, then the term fails, then another begins', () => {
    const members = begin();
    let restarts = 0;
    members.conduct = (post) => {
      if (!isSetup(post) || post.term > 1 || post.body.tag !== 'Digest') return post;
      restarts = Math.max(restarts, post.attempt);
      const digests = post.body.value.digests.map((digest) =>
        post.member === 3 - post.attempt ? flipped(digest) : digest,
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
      const members = begin({ reserve: 1 });
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
    const members = begin({ reserve: 1 });
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

describe('the silent', () => {
  it('in one attempt are not waited for in the next', () => {
    const members = begin({ paramsId: 'tacit-test-256-n7' });
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
    const members = begin();
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
    const members = begin();
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
    const members = begin({ reserve: 1, committee: { termRounds: 2 } });
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
        body: { ...post.body, value: { ...post.body.value, shares: flipped(post.body.value.shares) } },
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
    const members = begin();
    const { test } = members;
    members.runToActive();
    const [first, second] = [beginRound(test), beginRound(test, { openBlocks: 30 })];
    members.runUntil(() => [first, second].every(({ id }) => phaseOf(test, id) === 'Open'));
    for (const { id } of [first, second]) for (const name of NAMES) contribute(members, id, name);
    members.conduct = (post, member) => {
      if (isSetup(post) || post.body.tag !== 'Aggregate' || member !== 2) return post;
      const { value } = post.body;
      return { ...post, body: { ...post.body, value: { ...value, shares: flipped(value.shares) } } };
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
    const members = begin();
    members.runToActive();
    members.conduct = (post, member) => {
      if (isSetup(post) || post.body.tag !== 'Payout' || member > 1) return post;
      return { ...post, body: { tag: 'Payout', value: { shares: flipped(post.body.value.shares) } } };
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
    const members = begin({ committee: { termRounds: 2 } });
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
    const members = begin({ committee: { setupBlocks: 10, retryBlocks: 2 } });
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
    const members = begin();
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
      const members = begin();
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
    const members = begin();
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
    const members = begin();
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
