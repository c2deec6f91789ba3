import { expect } from 'chai';
import { subsetsWith } from '../../../primitives/fhe/params.ts';
import { combineShares, payloadShares, shareExpansions } from '../../../primitives/proofs/checkshares.ts';
import type { LaneSpec } from '../../../primitives/proofs/lane.ts';
import { completeNorm } from '../../../primitives/proofs/norm.ts';
import { buildSubmission } from '../../../primitives/proofs/submission.ts';
import { openSealed, openSeedBoxes } from '../../../primitives/proofs/unseal.ts';
import { checkTables } from '../../../primitives/proofs/validity.ts';
import { judgeCheck } from './support/judge.ts';
import { decrypt, seeded, testRound } from './support/round.ts';

describe('a submission of 4,096 values on the parameters of a real chain', () => {
  it('is built, opened, checked by four members, and decrypts to its values', () => {
    const round = testRound('tacit-8192-n4');
    const { params, context, keys } = round;
    const update = Int32Array.from({ length: params.maxValues - 4 }, (_, i) => ((i * 7919) % 41) - 20);
    const normSq = update.reduce((sum, u) => sum + BigInt(u * u), 0n) + 12_345n;
    const values = completeNorm(update, normSq);
    const spec: LaneSpec = { lane: 'update', part: 1, values: params.maxValues, digits: 2, offset: 128, normSq };
    const binding = { context, spec, account: new Uint8Array(32).fill(8) };

    const { sealed } = buildSubmission({ params, keys, values, random: seeded('full'), ...binding });
    expect(sealed.length).equal(724_052);
    const outcome = openSealed(params, binding, keys, sealed, round.sealSecrets);
    if (outcome.status !== 'open') return expect.fail(outcome.reason);
    const { submission } = outcome;
    const { ciphertext } = submission.payload;
    const opened = decrypt(round, ciphertext);
    expect(opened.values.slice(0, values.length)).deep.equal([...values]);
    expect(opened.values.slice(values.length).every((value) => value === 0)).equal(true);
    expect(opened.noise < 10n * params.freshSigma).equal(true);

    const tables = checkTables(params, context, keys.publicKey, round.beacon);
    const posts = Array.from({ length: params.n }, (_, member) => {
      const secrets = new Map(subsetsWith(params, member).map((A) => [A, round.maskSecrets[A]!]));
      const seeds = openSeedBoxes(params, binding, sealed, secrets);
      const share = shareExpansions(params, binding, submission.ephemeral, seeds, member);
      const shares = payloadShares(tables, submission, share);
      return { member, shares: combineShares(tables, [{ id: submission.id, shares }]) };
    });
    expect(judgeCheck(params, posts)).deep.equal({ status: 'passed', liars: [] });
  });
});
