/** Submissions with linear proofs (§13) beside those of today, in the same run. */
import { hash32Of } from '../../primitives/crypto/hash.ts';
import { laneTables, memberShares, type OpenedLinear, openLinear } from '../../primitives/linear/member.ts';
import { LINEAR_FORM } from '../../primitives/linear/payload.ts';
import { type LinearShare, sharePieces } from '../../primitives/linear/pieces.ts';
import { linearBytes, linearShape } from '../../primitives/linear/shape.ts';
import { buildLinearSubmission } from '../../primitives/linear/submission.ts';
import { digitCount } from '../../primitives/proofs/lane.ts';
import { sealedBytes } from '../../primitives/proofs/sealed.ts';
import { openSeedBoxes } from '../../primitives/proofs/unseal.ts';
import { type BenchCase, timed } from '../harness.ts';
import { context, maskSecrets, params, random, roundKeys, sealSecrets } from '../support/committee.ts';
import { bindingOf, build, values } from '../support/submissions.ts';
import { MEMBER, memberWork, open } from './submission.ts';

const binding = bindingOf(0);
const shape = linearShape(binding.spec);

const buildLinear = (): Uint8Array =>
  buildLinearSubmission({ params, keys: roundKeys(), values, random, ...binding }).sealed;

function openLinearly(sealed: Uint8Array, secrets: readonly bigint[]): OpenedLinear {
  const outcome = openLinear(params, binding, roundKeys(), sealed, secrets);
  if (outcome.status !== 'open') throw new Error(`the submission was rejected: ${outcome.reason}`);
  return outcome.submission;
}

/** What a member does with one submission: `prepare` while the round is open, `check` once it has closed. */
function linearWork(): { prepare: () => LinearShare; check: (share: LinearShare) => unknown } {
  const sealed = buildLinear();
  const submission = openLinearly(sealed, sealSecrets());
  const beacon = hash32Of('tacit/bench/1', 'beacon');
  const tables = laneTables(params, context, roundKeys(), beacon, binding.spec);
  const secrets = maskSecrets(MEMBER);
  return {
    prepare: () => {
      const seeds = openSeedBoxes(params, binding, sealed, secrets, LINEAR_FORM);
      return sharePieces(params, binding, shape, submission.ephemeral, seeds, MEMBER);
    },
    check: (share) => memberShares(tables, submission, share),
  };
}

const sealedSize: BenchCase = {
  name: 'linear-sealed-bytes',
  title: 'bytes of a sealed submission of 4,096 values of two digits with fixed norm and a linear proof, n = 4',
  unit: 'bytes',
  pace: 'processor',
  reference: 'the same with responses',
  run: async () => [
    { value: sealedBytes(params, binding.spec, LINEAR_FORM), reference: sealedBytes(params, binding.spec) },
  ],
};

const vectorSize: BenchCase = {
  name: 'linear-vector-bytes',
  title: 'bytes per 4,096 values of a sealed vector of 16,384 values (two polynomials) with a linear proof, n = 4',
  unit: 'bytes',
  pace: 'processor',
  aim: 200_000,
  reference: 'submissions of 4,096 values with responses',
  run: async () => [
    {
      value: sealedBytes(params, { ...binding.spec, values: 2 * params.degree }, LINEAR_FORM) / 4,
      reference: sealedBytes(params, binding.spec),
    },
  ],
};

const proofSize: BenchCase = {
  name: 'linear-proof-bytes',
  title: 'of these the proof: deltas of range and squares, opened wires',
  unit: 'bytes',
  pace: 'processor',
  reference: 'responses and terms of the digit proof',
  run: async () => {
    const { proof, opened } = linearBytes(shape);
    return [{ value: proof + opened, reference: 32 * (digitCount(binding.spec) + 18) }];
  },
};

const encryptAndProveLinear: BenchCase = {
  name: 'linear-encrypt-and-prove',
  title: 'client payload with a linear proof: encrypt, prove, seal 4,096 values of two digits with fixed norm, n = 4',
  unit: 'ms',
  pace: 'processor',
  reference: 'the same with responses',
  async run() {
    roundKeys();
    return timed(buildLinear, { runs: 9, reference: () => build(0) });
  },
};

const openLinearSubmission: BenchCase = {
  name: 'linear-open-submission',
  title: 'opening one sealed submission with a linear proof after the close, challenges included; once per node',
  unit: 'ms',
  pace: 'processor',
  reference: 'the same with responses',
  async run() {
    const [linear, today] = [buildLinear(), build(0)];
    const secrets = sealSecrets();
    return timed(() => openLinearly(linear, secrets), { runs: 9, reference: () => open(today, secrets) });
  },
};

const checkLinearSubmission: BenchCase = {
  name: 'linear-check-submission',
  title:
    'check of one opened submission with a linear proof by one member: seeds, expansion, all shares, n = 4; wanted is a third',
  unit: 'ms',
  pace: 'processor',
  reference: 'the same with responses',
  async run() {
    const [linear, today] = [linearWork(), memberWork()];
    return timed(() => linear.check(linear.prepare()), {
      runs: 11,
      reference: () => today.check(today.prepare()),
    });
  },
};

const checkLinearAfterClose: BenchCase = {
  name: 'linear-check-after-close',
  title: 'the part of that check that has to wait for the close of the round and its beacon',
  unit: 'ms',
  pace: 'processor',
  reference: 'the same with responses',
  async run() {
    const [linear, today] = [linearWork(), memberWork()];
    const [own, other] = [linear.prepare(), today.prepare()];
    return timed(() => linear.check(own), { runs: 15, calls: 2, reference: () => today.check(other) });
  },
};

export const linearCases: readonly BenchCase[] = [
  sealedSize,
  vectorSize,
  proofSize,
  encryptAndProveLinear,
  openLinearSubmission,
  checkLinearSubmission,
  checkLinearAfterClose,
];
