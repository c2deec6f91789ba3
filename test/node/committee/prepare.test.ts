import { expect } from 'chai';
import type { FinalizedView } from '../../../node/committee/member.ts';
import { committee } from '../../../pallets/committee/index.ts';
import { tally, type TallyPost } from '../../../pallets/tally/index.ts';
import {
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
    expect(pieces).to.equal(NAMES.length + SUBMISSIONS);
    expect(prepared).to.have.length(4);
    expect(prepared).to.deep.equal(checkPosts(() => undefined));
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
