import { expect } from 'chai';
import { beaconOf } from '../../../primitives/round/index.ts';
import { findRound, latestBeacons, type Round, type TallyPost } from '../../../pallets/tally/index.ts';
import { genesisHash } from '../../../pallets/system/index.ts';
import { phaseOf, roundInfoOf } from '../../support/committee.ts';
import { castHonest, conclude, NAMES, openBallots, surveyed } from '../../support/pallet-sums.ts';

describe('the latest beacon', function () {
  it('is for what was fixed at the close or before [after it, who sees the posts knows the beacon of a later block]', () => {
    const members = surveyed(NAMES);
    const { chain } = members.test;
    const round = openBallots(members, NAMES);
    castHonest(members, round);
    members.runUntil(() => phaseOf(members.test, round) === 'Reveal');
    members.act();
    // In this block, which is not over: a call that commits to something would stand beside the posts.
    const { secrets } = roundInfoOf(chain.ctx, round);
    const foreseen = beaconOf(genesisHash(chain.ctx), round, secrets as Uint8Array[]);
    const committedIn = chain.ctx.block;
    const [beacon] = latestBeacons(chain.ctx);
    expect(beacon?.value).to.deep.equal(foreseen);
    expect(beacon?.block).to.equal(committedIn);
    expect(beacon?.closedAt).to.be.lessThan(committedIn);
  });

  it('is that of the last reveal, with the block that closed its round', () => {
    const members = surveyed(NAMES);
    const { chain } = members.test;
    expect(latestBeacons(chain.ctx)).to.deep.equal([]);
    const first = openBallots(members, NAMES);
    castHonest(members, first);
    expect(latestBeacons(chain.ctx)).to.deep.equal([]);
    members.runUntil(() => phaseOf(members.test, first) === 'Check');
    const known = findRound(chain.ctx, first) as Round;
    const [beacon, ...others] = latestBeacons(chain.ctx);
    expect(others).to.deep.equal([]);
    expect(beacon).to.deep.equal({
      round: first,
      closedAt: known.closedAt,
      block: chain.ctx.block - 1,
      value: known.beacon,
    });
    expect(beacon?.closedAt).to.be.lessThan(beacon?.block as number);
    conclude(members, first);
    // A round that fails before its reveal leaves the last one standing.
    const idle = openBallots(members, NAMES);
    conclude(members, idle);
    expect(latestBeacons(chain.ctx)).to.deep.equal([beacon]);
  });

  it('is kept of each round that is revealed in one block [the last of them alone would be whichever an author puts last]', () => {
    const members = surveyed(NAMES);
    const { chain } = members.test;
    const rounds = [openBallots(members, NAMES), openBallots(members, NAMES)];
    for (const round of rounds) castHonest(members, round);
    const held: TallyPost[] = [];
    members.conduct = (post) => {
      if (!('round' in post) || post.body.tag !== 'Reveal') return post;
      if (!held.some(({ round, member }) => round === post.round && member === post.member)) held.push(post);
      return undefined;
    };
    members.runUntil(() => rounds.every((round) => phaseOf(members.test, round) === 'Reveal'));
    members.act();
    members.conduct = (post) => post;
    for (const post of held) members.dispatch(post, members.sign(post, post.member));
    const found = rounds.map((round) => findRound(chain.ctx, round) as Round);
    expect(latestBeacons(chain.ctx).map(({ round, value }) => [round, value])).to.have.deep.members(
      found.map(({ round, beacon }) => [round, beacon]),
    );
  });
});
