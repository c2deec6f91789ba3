import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import type { CommitteeMember, FinalizedView, SignedPost } from '../../../node/committee/member.ts';
import { committee } from '../../../pallets/committee/index.ts';
import { openedPart, tally, type TallyPost, tallyPost } from '../../../pallets/tally/index.ts';
import {
  account,
  beginRound,
  contribute,
  phaseOf,
  report,
  roundInfoOf,
  TestCommittee,
  testChain,
} from '../../support/committee.ts';

const NAMES = ['anna', 'bo', 'cleo'];
/** Two parts of an update each, and the usage report. */
const SUBMISSIONS = 2 * NAMES.length + 1;

/** What a member sees now, as its node would show it. */
function viewOf({ chain }: TestCommittee['test']): FinalizedView {
  const { ctx } = chain;
  return {
    number: ctx.block - 1,
    term: committee.apis.CommitteeApi?.methods.term?.run(ctx, {}) as never,
    rounds: tally
      .use(ctx)
      .store.live.get()
      .map((round) => roundInfoOf(ctx, round)),
    partOf: (round, part) => openedPart(ctx, round, part),
  };
}

/** Everything the first member can do ahead, and in how many pieces. */
function piecesOf({ members: [first] }: TestCommittee, view: FinalizedView): number {
  let pieces = 0;
  const next = (): boolean => first?.prepare(view) ?? false;
  while (next()) pieces++;
  return pieces;
}

describe('node/committee: work before it is asked for', () => {
  /** A round up to the members' posts of the check; `prepare` hears of every view before the members act on it. */
  function checkPosts(prepare: (members: TestCommittee) => void): TallyPost[] {
    const test = testChain({ accounts: NAMES, seed: 'prepare' });
    const members = new TestCommittee(test);
    const posts: TallyPost[] = [];
    members.conduct = (post) => {
      if ('round' in post && post.body.tag === 'Check') posts.push(post);
      return post;
    };
    members.runToActive();
    const { id } = beginRound(test);
    const until = (phase: string): void =>
      members.runUntil(() => {
        prepare(members);
        return phaseOf(test, id) === phase;
      });
    until('Open');
    for (const name of NAMES) contribute(members, id, name);
    report(members, id, [20, 5, 25]);
    until('Check');
    members.act();
    return posts;
  }

  it('changes nothing of what is posted, and is done once', () => {
    let pieces = 0;
    const prepared = checkPosts((members) => {
      const view = viewOf(members.test);
      // The others do everything when they are asked, as a member does that was restarted after the close.
      pieces += piecesOf(members, view);
    });
    // A mask for each item; of each submission what its seeds stand for, and its opening with its share of the check.
    expect(pieces).to.equal(NAMES.length + 2 * SUBMISSIONS);
    expect(prepared).to.have.length(4);
    expect(prepared).to.deep.equal(checkPosts(() => undefined));
  });

  it('goes piece by piece: another round does not wait for the check of one, and the post is the same', () => {
    const test = testChain({ accounts: NAMES, seed: 'prepare' });
    const members = new TestCommittee(test);
    members.runToActive();
    const first = beginRound(test);
    members.runUntil(() => phaseOf(test, first.id) === 'Open');
    for (const name of NAMES) contribute(members, first.id, name);
    report(members, first.id, [20, 5, 25]);
    members.runUntil(() => phaseOf(test, first.id) === 'Check');
    const second = beginRound(test);
    const view = viewOf(test);
    const eager = members.members[1]?.act(view);
    // The member has come up again and has nothing ready.
    members.restart(0);
    const member = members.members[0] as CommitteeMember;
    const dutiesOf = (posts: readonly SignedPost[]): string[] => posts.map(({ duty }) => duty);
    const check = `${first.id}/Check/0`;
    const keying = `${second.id}/Keying/0`;
    expect(dutiesOf(member.act(view, true))).to.deep.equal([keying]);
    expect(member.waiting(view)).to.equal(1);
    let pieces = 0;
    while (member.waiting(view) > 0) {
      expect(dutiesOf(member.act(view, true))).to.not.include(check);
      expect(member.prepare(view)).to.equal(true);
      pieces++;
    }
    // A mask for each item, an opening with its share of the check for each submission: none is held in between.
    expect(pieces).to.equal(NAMES.length + SUBMISSIONS);
    const patient = member.act(view, true);
    expect(dutiesOf(patient)).to.have.members([check, keying]);
    expect(dutiesOf(eager ?? [])).to.have.members([check, keying]);
    members.restart(0);
    const fresh = members.members[0]?.act(view) ?? [];
    const bodyOf = (posts: readonly SignedPost[]) =>
      posts.filter(({ duty }) => duty === check).map(({ post }) => tallyPost.codec.dec(post).body);
    expect(bodyOf(patient)).to.have.length(1);
    expect(bodyOf(patient)).to.deep.equal(bodyOf(fresh));
  });

  it('that cannot be done for one round does not keep another from it', () => {
    const test = testChain({ accounts: NAMES, seed: 'prepare' });
    const members = new TestCommittee(test);
    members.runToActive();
    const rounds = [beginRound(test), beginRound(test)];
    members.runUntil(() => rounds.every(({ id }) => phaseOf(test, id) === 'Open'));
    for (const { id } of rounds) {
      for (const name of NAMES) contribute(members, id, name);
    }
    // The first waits for the second: the chain judges one step a block.
    members.conduct = (post) => (post.body.tag === 'Check' ? undefined : post);
    members.runUntil(() => rounds.every(({ id }) => phaseOf(test, id) === 'Check'));
    members.conduct = (post) => post;
    const view = viewOf(test);
    const errors: string[] = [];
    members.onError = (_, duty) => errors.push(duty);
    members.restart(0);
    const [member] = members.members as [CommitteeMember];
    // The body of one of the first round's submissions is not here.
    const [lost] = view.rounds;
    const spoilt = {
      ...view,
      rounds: view.rounds.map((info) =>
        info === lost
          ? {
              ...info,
              submissions: info.submissions.map((one, i) => (i === 2 ? { ...one, id: account('lost') } : one)),
            }
          : info,
      ),
    };
    member.act(spoilt, true);
    while (member.prepare(spoilt));
    expect(errors).to.deep.equal([`${lost?.round.round}/Check/0`]);
    expect(member.waiting(spoilt)).to.equal(1);
    expect(member.act(spoilt, true).map(({ duty }) => duty)).to.deep.equal([`${rounds[1]?.id}/Check/0`]);
  });

  it('and what was posted of rounds that are over is forgotten, though others are live', () => {
    const test = testChain({ accounts: NAMES });
    const members = new TestCommittee(test);
    members.runToActive();
    const member = members.members[0] as CommitteeMember;
    const begun = beginRound(test, { openBlocks: 1, maxExtensions: 0 });
    members.runUntil(() => phaseOf(test, begun.id) === 'KeyCheck');
    const asked = viewOf(test);
    const posted = member.act(asked);
    // The same duty gets the same post, the very object, as long as its round is live.
    expect(member.act(asked)[0]).to.equal(posted[0]);
    const other = beginRound(test, { openBlocks: 90 });
    members.runUntil(() => phaseOf(test, begun.id) === 'Failed' && phaseOf(test, other.id) === 'Open');
    members.act();
    const keys = JSON.parse(readFileSync(members.vaults[0] as string, 'utf8')) as { rounds: [number][] };
    expect(keys.rounds.map(([round]) => round)).to.deep.equal([other.id]);
    const rounds = member.posts.filter((name) => !name.startsWith('setup/')).map((name) => Number.parseInt(name, 10));
    expect(new Set(rounds)).to.deep.equal(new Set([other.id]));
  });

  it('is not begun by a node that is no member, or for a submission whose body is not here', () => {
    const test = testChain({ accounts: NAMES, seed: 'prepare', reserve: 1 });
    const members = new TestCommittee(test);
    members.runToActive();
    const { id } = beginRound(test);
    members.runUntil(() => phaseOf(test, id) === 'Open');
    members.addSealed = () => undefined;
    for (const name of NAMES) contribute(members, id, name);
    members.act();
    const view = viewOf(test);
    expect(piecesOf(members, view)).to.equal(NAMES.length);
    expect(members.members[4]?.prepare(view)).to.equal(false);
  });
});
