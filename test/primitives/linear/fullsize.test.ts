/** Linear proofs at the size that chains use, N = 8192, four members; and under the primes of confidential mode. */
import { expect } from 'chai';
import { openSealed } from '../../../primitives/linear/member.ts';
import { linearShape } from '../../../primitives/linear/shape.ts';
import { buildSubmission } from '../../../primitives/linear/submission.ts';
import { type LaneSpec, SPARE_COORDINATES } from '../../../primitives/proofs/lane.ts';
import { completeNorm } from '../../../primitives/proofs/norm.ts';
import { openSeedBoxes } from '../../../primitives/proofs/unseal.ts';
import { seeded } from '../proofs/support/round.ts';
import { judgeLinear, postsOf } from './support/judge.ts';
import { decryptLinear, linearRound } from './support/wide.ts';

const real = linearRound('tacit-8192-n4', 2);
const confidential = linearRound('tacit-test-confidential-256-n4', 1);

describe('linear proofs at full size', () => {
  for (const [round, count, largest] of [
    [real, 8192, 127],
    [real, 16_384, 40],
    [confidential, 256, 127],
  ] as const) {
    const { params, keys, context } = round;
    it(`carry ${count} values under ${params.id} through encryption, proof, sealing, opening and check`, () => {
      const update = Array.from(
        { length: count - SPARE_COORDINATES },
        (_, i) => ((i * 7919) % (2 * largest)) - largest,
      );
      const normSq = update.reduce((sum, u) => sum + BigInt(u * u), 12_345n);
      const values = completeNorm(update, normSq);
      const spec: LaneSpec = { lane: 'update', part: 0, values: count, digits: 2, offset: 128, normSq };
      const binding = { context, spec, account: new Uint8Array(32).fill(8) };
      const { sealed } = buildSubmission({ params, keys, values, random: seeded('full'), ...binding });
      const outcome = openSealed(params, binding, keys, sealed, round.sealSecrets);
      if (outcome.status !== 'open') throw new Error(outcome.reason);
      const { submission } = outcome;
      expect(decryptLinear(round, submission.payload.ciphertext, count)).to.deep.equal(Array.from(values));
      const boxes = openSeedBoxes(params, binding, sealed, new Map(round.maskSecrets.entries()));
      const sight = { shape: linearShape(spec), table: [], r: [] };
      const verdict = judgeLinear(params, postsOf(round, { submission, seeds: [...boxes.values()], sight }));
      expect(verdict).to.deep.equal({ status: 'passed', failures: [], liars: [] });
    });
  }
});
