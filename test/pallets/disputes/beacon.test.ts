/** Panels drawn by a round of a real committee. */
import { expect } from 'chai';
import { disputes } from '../../../pallets/disputes/index.ts';
import type { Asset } from '../../../pallets/ownership/index.ts';
import { Origin } from '../../../pallets/support/index.ts';
import { findRound } from '../../../pallets/tally/index.ts';
import { hash32Of } from '../../../primitives/crypto/hash.ts';
import { account, call, phaseOf, type TestCommittee } from '../../support/committee.ts';
import { cast, openBallots, surveyed } from '../../support/pallet-sums.ts';
import { survey } from '../../support/survey.ts';

const JURORS = ['j1', 'j2', 'j3', 'j4', 'j5'];
const VOTERS = ['anna', 'bo', 'cleo'];
/** The model that a test chain begins with: its owner is `owner`. */
const MODEL: Asset = { tag: 'Model', value: 0n };

function setUp(): TestCommittee {
  const members = surveyed([...JURORS, ...VOTERS], { pallets: [survey, disputes] });
  for (const juror of JURORS) call(members.test, juror, disputes.call.joinJurors({ units: 1 }));
  pass(members);
  return members;
}

/** A block in which no member acts. */
function pass({ test: { chain } }: TestCommittee): void {
  chain.runToBlock(chain.ctx.block + 1);
}

function contested({ test }: TestCommittee): bigint {
  const id = disputes.use(test.chain.ctx).store.next.get();
  const digests = [hash32Of('tacit/test/1', id)];
  const about = { subject: { tag: 'Asset' as const, value: MODEL }, kind: { tag: 'Harmful' as const } };
  call(test, 'user', disputes.call.report({ ...about, digests, against: undefined }));
  call(test, 'owner', disputes.call.answer({ id, digests: [] }));
  return id;
}
const draw = ({ test: { chain } }: TestCommittee, id: bigint): string =>
  chain.dispatch(Origin.signed(account('user')), disputes.call.draw({ id }));

describe('pallets/disputes: beacons of rounds', function () {
  it('draw the panels that were called for while the round was open, and no others', () => {
    const members = setUp();
    const { test } = members;
    const round = openBallots(members, VOTERS);
    const early = contested(members);
    for (const [n, who] of VOTERS.entries()) cast(members, round, who, [100 - n, n, 0, 0, 0]);
    expect(draw(members, early)).to.equal('Disputes.NoBeacon');
    members.runUntil(() => phaseOf(test, round) === 'Reveal');
    // The round has closed: from now on its secrets are shown, post by post.
    pass(members);
    const late = contested(members);
    members.runUntil(() => findRound(test.chain.ctx, round)?.beacon !== undefined);
    pass(members);
    expect(draw(members, late)).to.equal('Disputes.NoBeacon');
    expect(draw(members, early)).to.equal('ok');
    const { store } = disputes.use(test.chain.ctx);
    expect(store.beacons.get(0)?.value).to.deep.equal(findRound(test.chain.ctx, round)?.beacon);
    const jurors = store.panels.get(early, 0)?.seats.map(({ juror }) => juror) ?? [];
    expect(jurors).to.have.length(3);
    for (const juror of jurors) expect(JURORS.map(account)).to.deep.include(juror);
    expect(store.panels.has(late, 0)).to.equal(false);
  });

  it('are those of the round that closed first, in whatever order an author has them revealed', () => {
    for (const fails of [false, true]) {
      const members = setUp();
      const { test } = members;
      // The second opens a few blocks after the first, and closes so many after it.
      const [first, second] = [1, 2].map(() => openBallots(members, VOTERS, { maxExtensions: 0, openBlocks: 20 })) as [
        number,
        number,
      ];
      const id = contested(members);
      for (const round of [first, second]) for (const who of VOTERS) cast(members, round, who, [97, 3, 0, 0, 0]);
      // Whoever makes the blocks has seen what both would draw, and prefers the second.
      members.conduct = (post) =>
        'round' in post && post.round === first && post.body.tag === 'Reveal' ? undefined : post;
      members.runUntil(() => findRound(test.chain.ctx, second)?.beacon !== undefined);
      pass(members);
      expect(phaseOf(test, first)).to.equal('Reveal');
      expect(draw(members, id)).to.equal('Disputes.NoBeacon');
      if (!fails) members.conduct = (post) => post;
      members.runUntil(() => phaseOf(test, first) !== 'Reveal');
      pass(members);
      expect(phaseOf(test, first) === 'Failed').to.equal(fails);
      expect(draw(members, id)).to.equal('ok');
      const { store } = disputes.use(test.chain.ctx);
      expect([0, 1].map((number) => store.beacons.get(number)?.round)).to.deep.equal([
        second,
        fails ? undefined : first,
      ]);
      const late = contested(members);
      expect(draw(members, late)).to.equal('Disputes.NoBeacon');
    }
  });
});
