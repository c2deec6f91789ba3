/** What a member holds of a round does not grow with its submissions: bytes of arrays are counted, not time. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import process from 'node:process';
import { expect } from 'chai';
import { phaseOf } from '../../support/committee.ts';
import { contributeAll, openCrowd } from '../../support/crowd.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const [FEW, MANY] = [6, 30] as const;
/** A sealed submission has 7 kB here, a ciphertext 12. What is kept of each is its enrolment, of half a kilobyte, a verdict and a few words. */
const MOST_PER_SUBMISSION = 2_000;

/** Bytes of all arrays that are reachable. */
function reachable(): number {
  collect();
  collect();
  return process.memoryUsage().arrayBuffers;
}

/** Bytes that each member holds of a round whose submissions are all opened and checked. */
function heldOf(items: number): number {
  const crowd = contributeAll(openCrowd(items), false);
  const { members, id } = crowd;
  members.runUntil(() => phaseOf(members.test, id) === 'Direction');
  const all = reachable();
  const count = members.members.length;
  members.members.length = 0;
  return (all - reachable()) / count;
}

describe('node/committee: memory of a member', function () {
  this.timeout(0);

  it('is flat in the number of submissions: none of them is held, sealed or opened, beyond what is held at most', () => {
    const growth = (heldOf(MANY) - heldOf(FEW)) / (MANY - FEW);
    expect(growth).to.be.below(MOST_PER_SUBMISSION);
  });
});
