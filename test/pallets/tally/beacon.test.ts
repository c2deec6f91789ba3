import { expect } from 'chai';
import { beaconOf } from '../../../primitives/round/index.ts';
import { findRound, latestBeacon, type Round } from '../../../pallets/tally/index.ts';
import { genesisHash } from '../../../pallets/system/index.ts';
import { phaseOf, roundInfoOf } from '../../support/committee.ts';
import { castHonest, conclude, NAMES, openBallots, surveyed } from '../../support/pallet-sums.ts';

describe('the latest beacon', function () {
  this.timeout(60_000);

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
    expect(latestBeacon(chain.ctx)).to.equal(undefined);
    const committedIn = chain.ctx.block;
    chain.runToBlock(committedIn + 1);
    const beacon = latestBeacon(chain.ctx);
    expect(beacon?.value).to.deep.equal(foreseen);
    expect(beacon?.block).to.equal(committedIn);
    expect(beacon?.closedAt).to.be.lessThan(committedIn);
  });

  it('is that of the last reveal, with the block that closed its round', () => {
    const members = surveyed(NAMES);
    const { chain } = members.test;
    expect(latestBeacon(chain.ctx)).to.equal(undefined);
    const first = openBallots(members, NAMES);
    castHonest(members, first);
    expect(latestBeacon(chain.ctx)).to.equal(undefined);
    members.runUntil(() => phaseOf(members.test, first) === 'Check');
    const known = findRound(chain.ctx, first) as Round;
    const beacon = latestBeacon(chain.ctx);
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
    expect(latestBeacon(chain.ctx)).to.deep.equal(beacon);
  });
});
