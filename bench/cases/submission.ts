/** A submission on both sides: made by the contributor, opened and checked by a member of the committee (§4, §5). */
import { payloadShares, shareExpansions } from '../../primitives/proofs/checkshares.ts';
import { type OpenedSubmission, openSealed, openSeedBoxes } from '../../primitives/proofs/unseal.ts';
import { checkTables, type LinearExpansion } from '../../primitives/proofs/validity.ts';
import { hash32Of } from '../../primitives/crypto/hash.ts';
import { type BenchCase, timed } from '../harness.ts';
import { context, maskSecrets, params, roundKeys, sealSecrets } from '../support/committee.ts';
import { sealYardstick } from '../support/seal.ts';
import { bindingOf, build, values } from '../support/submissions.ts';

export const MEMBER = 0;

export function open(sealed: Uint8Array, secrets: readonly bigint[]): OpenedSubmission {
  const outcome = openSealed(params, bindingOf(0), roundKeys(), sealed, secrets);
  if (outcome.status !== 'open') throw new Error(`the submission was rejected: ${outcome.reason}`);
  return outcome.submission;
}

export const encryptAndProve: BenchCase = {
  name: 'encrypt-and-prove',
  title:
    'client payload: encrypt, prove, seal 8,192 values of two digits with fixed norm (two submissions of 4,096), n = 4',
  unit: 'ms',
  pace: 'processor',
  aim: 1000,
  reference: 'node-seal: the same two vectors encrypted, nothing proved',
  async run() {
    const encrypt = (await sealYardstick()).encryptor(values);
    roundKeys();
    const payload = (): void => {
      build(0);
      build(1);
    };
    const reference = (): void => {
      encrypt();
      encrypt();
    };
    return timed(payload, { runs: 5, reference });
  },
};

export const openSubmission: BenchCase = {
  name: 'open-submission',
  title: 'opening one sealed submission of 4,096 values after the close, challenges included; once per node',
  unit: 'ms',
  pace: 'processor',
  async run() {
    const sealed = build(0);
    const secrets = sealSecrets();
    return timed(() => open(sealed, secrets), { runs: 9 });
  },
};

/** What a member does with one submission: `prepare` while the round is open, `check` once it has closed. */
export function memberWork(): { prepare: () => LinearExpansion; check: (share: LinearExpansion) => unknown } {
  const sealed = build(0);
  const submission = open(sealed, sealSecrets());
  const tables = checkTables(params, context, roundKeys().publicKey, hash32Of('tacit/bench/1', 'beacon'));
  const secrets = maskSecrets(MEMBER);
  return {
    prepare: () => {
      const seeds = openSeedBoxes(params, bindingOf(0), sealed, secrets);
      return shareExpansions(params, bindingOf(0), submission.ephemeral, seeds, MEMBER);
    },
    check: (share) => payloadShares(tables, submission, share),
  };
}

export const checkSubmission: BenchCase = {
  name: 'check-submission',
  title:
    'check of one opened submission of 4,096 values by one member: seeds, expansion, shares of all equations, n = 4',
  unit: 'ms',
  pace: 'processor',
  aim: 60,
  async run() {
    const { prepare, check } = memberWork();
    return timed(() => check(prepare()), { runs: 9 });
  },
};

export const checkAfterClose: BenchCase = {
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
