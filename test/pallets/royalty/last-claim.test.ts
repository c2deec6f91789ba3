import { expect } from 'chai';
import { royalty } from '../../../pallets/royalty/index.ts';
import { Origin } from '../../../pallets/support/index.ts';
import { claimOf } from '../../support/claims.ts';
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

describe('the last claim of a bin', () => {
  for (const pool of [1n, 2n, 1_000n]) {
    it(`is paid like the others, out of a pool of ${pool} units too [rounding took more than the round paid, and the stake was lost]`, () => {
      const { members, begun } = settled(pool);
      const { chain } = members.test;
      NAMES.forEach((name, index) => {
        expect(chain.dispatch(Origin.none, claimOf(members.test, begun.id, name, index)), name).to.equal('ok');
      });
      const { store } = royalty.use(chain.ctx);
      expect(store.bins.get(begun.id, 0)?.escrow).to.equal(0n);
      const { paid, dust } = store.rounds.get(begun.id) ?? { paid: -1n, dust: 0n };
      // Of a pool below a unit for each note nothing is paid, and fractions of the stakes come on top of the dust.
      if (pool < 3n) expect(paid).to.equal(0n);
      expect(paid + dust >= pool).to.equal(true);
    });
  }
});
