import { expect } from 'chai';
import { CLAIM_FEE, royalty } from '../../../pallets/royalty/index.ts';
import { Origin } from '../../../pallets/support/index.ts';
import { parseEnrolment, recoverEnrolment } from '../../../primitives/proofs/enrolment.ts';
import { decodeBin, openNote } from '../../../primitives/proofs/notes.ts';
import { proveClaim } from '../../../primitives/proofs/ring.ts';
import {
  account,
  beginRound,
  call,
  contextOfRound,
  enrolmentOf,
  phaseOf,
  publish,
  roundInfoOf,
  sealedOf,
  submitSealed,
  TestCommittee,
  testChain,
  type TestRound,
  walletSeed,
} from '../../support/committee.ts';

const NAMES = ['anna', 'bo', 'cleo', 'dan', 'eve', 'fay'];

/** A settled round in which four send the direction itself and two its opposite. */
function settled(pool: bigint): { members: TestCommittee; begun: TestRound } {
  const members = new TestCommittee(testChain({ accounts: NAMES }));
  const { test } = members;
  members.runToActive();
  const begun = beginRound(test, { pool, stake: 1_000_000n, reporters: [], alpha: 0n });
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

function claimOf({ test }: TestCommittee, { id }: TestRound, name: string, index: number) {
  const info = roundInfoOf(test.chain.ctx, id);
  const record = royalty.use(test.chain.ctx).store.bins.get(id, 0);
  const [item, z] = [info.items[index], info.payout?.z[index]];
  if (record === undefined || item === undefined || z === undefined) throw new Error('no such note');
  const bin = decodeBin(record.bin);
  const binding = { context: contextOfRound(test, info.round), account: account(name) };
  const enrolment = parseEnrolment(test.params, item.enrolment);
  const secrets = recoverEnrolment(test.params, binding, walletSeed(name), enrolment);
  const note = bin.notes[index] as (typeof bin.notes)[number];
  const opening = openNote(note, z, secrets.m, secrets.r, test.params.t);
  const destination = account(`fresh ${name}`);
  const terms = { amount: opening.amount, fee: CLAIM_FEE * record.grains, destination };
  const proof = proveClaim(bin, terms, { place: index, key: secrets.key, opening }, test.random);
  return royalty.call.claim({ round: id, bin: 0, amount: opening.amount, destination, proof });
}

describe('the last claim of a bin', () => {
  for (const pool of [1n, 2n, 1_000n]) {
    it(`is paid like the others, out of a pool of ${pool} units too [rounding took more than the round paid, and the stake was lost]`, () => {
      const { members, begun } = settled(pool);
      const { chain } = members.test;
      NAMES.forEach((name, index) => {
        expect(chain.dispatch(Origin.none, claimOf(members, begun, name, index)), name).to.equal('ok');
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
