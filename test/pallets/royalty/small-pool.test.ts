import { expect } from 'chai';
import { notes } from '../../../pallets/notes/index.ts';
import type { NoteClass } from '../../../pallets/notes/types.ts';
import { royalty } from '../../../pallets/royalty/index.ts';
import { Origin } from '../../../pallets/support/index.ts';
import { present } from '../../../primitives/at.ts';
import { claimOf, openedBy } from '../../support/claims.ts';
import {
  beginRound,
  call,
  enrolmentOf,
  phaseOf,
  publish,
  sealedOf,
  submitSealed,
  TestCommittee,
  testChain,
  type TestRound,
} from '../../support/committee.ts';

const NAMES = ['anna', 'bo', 'cleo', 'dan', 'eve', 'fay'];

/** A settled round in which four send the direction itself and two its opposite. */
function settled(pool: bigint): { members: TestCommittee; begun: TestRound } {
  const members = new TestCommittee(testChain({ accounts: NAMES }));
  const { test } = members;
  members.runToActive();
  const begun = beginRound(test, { pool, stake: 1_000_000n, reporters: [] });
  members.runUntil(() => phaseOf(test, begun.id) === 'Open');
  NAMES.forEach((name, index) => {
    call(test, name, royalty.call.enrol({ round: begun.id, enrolment: enrolmentOf(test, begun.id, name) }));
    begun.direction.forEach((direction, part) => {
      const values = index < 4 ? direction : direction.map((value) => -value);
      submitSealed(members, name, begun.id, 0, part, sealedOf(test, begun.id, name, 0, part, values));
    });
  });
  members.runUntil(() => phaseOf(test, begun.id) === 'Direction');
  publish(members, begun);
  members.runUntil(() => phaseOf(test, begun.id) === 'Settled');
  return { members, begun };
}

describe('a round of a small pool', () => {
  for (const pool of [1n, 2n, 1_000n]) {
    it(`brings in what its notes can pay, out of a pool of ${pool} units too [rounding took more than the round paid, and a stake was lost]`, () => {
      const { members, begun } = settled(pool);
      const { test } = members;
      const { chain } = test;
      chain.runToBlock(chain.ctx.block + 2);
      const held = NAMES.map((name, index) => openedBy(test, begun.id, name, index));
      const [{ grains, brought }] = notes.use(chain.ctx).store.classes.get() as [NoteClass];
      expect(held.reduce((sum, { opening }) => sum + opening.amount / grains, 0n) <= brought).to.equal(true);
      NAMES.forEach((name, index) => {
        expect(chain.dispatch(Origin.none, claimOf(test, begun.id, name, index)), name).to.equal('ok');
      });
      const { paid, shared, dust } = present(royalty.use(chain.ctx).store.rounds.get(begun.id), 'the money');
      expect(paid + shared + dust).to.equal(pool);
    });
  }
});
