/** A submission on both sides: made by the contributor, opened and checked by a member of the committee (§4, §5). */
import { hash32Of } from '../../primitives/crypto/hash.ts';
import { laneTables, type OpenedSubmission, openSealed, payloadShares } from '../../primitives/linear/member.ts';
import { type LinearShare, sharePieces } from '../../primitives/linear/shares.ts';
import { linearBytes, linearShape } from '../../primitives/linear/shape.ts';
import { sealedBytes } from '../../primitives/proofs/sealed.ts';
import { openSeedBoxes } from '../../primitives/proofs/unseal.ts';
import { type BenchCase, timed } from '../harness.ts';
import { context, maskSecrets, params, roundKeys, sealSecrets } from '../support/committee.ts';
import { sealYardstick } from '../support/seal.ts';
import { binding, build, spec, values } from '../support/submissions.ts';

const MEMBER = 0;
const shape = linearShape(spec);

function open(sealed: Uint8Array, secrets: readonly bigint[]): OpenedSubmission {
  const outcome = openSealed(params, binding, roundKeys(), sealed, secrets);
  if (outcome.status !== 'open') throw new Error(`the submission was rejected: ${outcome.reason}`);
  return outcome.submission;
}

const sealedSize: BenchCase = {
  name: 'sealed-bytes',
  title: 'bytes of a sealed submission of 8,192 values of two digits with fixed norm, per 4,096 values, n = 4',
  unit: 'bytes',
  pace: 'processor',
  run: async () => [{ value: sealedBytes(params, spec) / 2 }],
};

const proofSize: BenchCase = {
  name: 'proof-bytes',
  title: 'of the whole the proof: deltas of range and squares, opened wires',
  unit: 'bytes',
  pace: 'processor',
  async run() {
    const { proof, opened } = linearBytes(shape);
    return [{ value: proof + opened }];
  },
};

const encryptAndProve: BenchCase = {
  name: 'encrypt-and-prove',
  title: 'client payload: encrypt, prove, seal 8,192 values of two digits with fixed norm, n = 4',
  unit: 'ms',
  pace: 'processor',
  aim: 1000,
  reference: 'node-seal: the same vector encrypted, nothing proved',
  async run() {
    const reference = (await sealYardstick()).encryptor(values);
    roundKeys();
    return timed(build, { runs: 5, reference });
  },
};

const openSubmission: BenchCase = {
  name: 'open-submission',
  title: 'opening one sealed submission of 8,192 values after the close, challenges included; once per node',
  unit: 'ms',
  pace: 'processor',
  async run() {
    const sealed = build();
    const secrets = sealSecrets();
    return timed(() => open(sealed, secrets), { runs: 9 });
  },
};

/** What a member does with one submission: `prepare` while the round is open, `check` once it has closed. */
function memberWork(): { prepare: () => LinearShare; check: (share: LinearShare) => unknown } {
  const sealed = build();
  const submission = open(sealed, sealSecrets());
  const tables = laneTables(params, context, roundKeys(), hash32Of('tacit/bench/1', 'beacon'), spec);
  const secrets = maskSecrets(MEMBER);
  return {
    prepare: () => {
      const seeds = openSeedBoxes(params, binding, sealed, secrets);
      return sharePieces(params, binding, shape, submission.ephemeral, seeds, MEMBER);
    },
    check: (share) => payloadShares(tables, submission, share),
  };
}

const checkSubmission: BenchCase = {
  name: 'check-submission',
  title:
    'check of one opened submission of 8,192 values by one member: seeds, expansion, shares of all equations, n = 4',
  unit: 'ms',
  pace: 'processor',
  aim: 60,
  async run() {
    const { prepare, check } = memberWork();
    return timed(() => check(prepare()), { runs: 9 });
  },
};

const checkAfterClose: BenchCase = {
  name: 'check-after-close',
  title: 'the part of that check that has to wait for the close of the round and its beacon',
  unit: 'ms',
  pace: 'processor',
  async run() {
    const { prepare, check } = memberWork();
    const share = prepare();
    return timed(() => check(share), { runs: 15, calls: 2 });
  },
};

export const submissionCases: readonly BenchCase[] = [
  sealedSize,
  proofSize,
  encryptAndProve,
  openSubmission,
  checkSubmission,
  checkAfterClose,
];
