import { expect } from 'chai';
import { verifyTask } from '../../../node/workers/verify.ts';
import { publicKeyOf } from '../../../primitives/crypto/box.ts';
import { randomScalar } from '../../../primitives/crypto/ristretto.ts';
import { fheParams } from '../../../primitives/fhe/params.ts';
import { buildEnrolment, enrolmentTasks, parseEnrolment } from '../../../primitives/proofs/enrolment.ts';
import { random } from './support/notes.ts';

describe('what proofs ask of the verifying threads', () => {
  it('both proofs of an enrolment hold there: that of K has another base than that of E', () => {
    const params = fheParams('tacit-test-256-n4');
    const context = { genesis: random(32), term: 1, round: 1, paramsId: params.id };
    const account = random(32);
    const maskKeys = params.subsets.map(() => publicKeyOf(randomScalar(random)));
    const bytes = buildEnrolment({ params, context, account, maskKeys, walletSeed: random(32), random });
    const tasks = enrolmentTasks({ context, account }, parseEnrolment(params, bytes));
    expect(tasks.map(verifyTask)).to.deep.equal([true, true]);
    const swapped = tasks.map(({ kind, parts }, i) => ({ kind, parts: [tasks[1 - i]!.parts[0]!, ...parts.slice(1)] }));
    expect(swapped.map(verifyTask)).to.deep.equal([false, false]);
  });
});
