/** A submission of full size: what it is built of, and what four members of a committee find in it. */
import type { BuildInput } from '../../../client/sdk/build.ts';
import { subsetsWith } from '../../../primitives/fhe/params.ts';
import {
  ciphertextOf,
  combineShares,
  laneTables,
  openSealed,
  payloadShares,
} from '../../../primitives/linear/member.ts';
import { sharePieces } from '../../../primitives/linear/shares.ts';
import type { LaneSpec } from '../../../primitives/proofs/lane.ts';
import { completeNorm } from '../../../primitives/proofs/norm.ts';
import { openSeedBoxes } from '../../../primitives/proofs/unseal.ts';
import { judgeLinear, type LinearVerdict } from '../../primitives/linear/support/judge.ts';
import { decrypt, type TestRound, testRound } from '../../primitives/proofs/support/round.ts';

export interface Example {
  readonly round: TestRound;
  readonly input: BuildInput;
  readonly values: readonly number[];
}

/** 8,192 values for a round of the real parameters, whose secrets the test knows. */
export function exampleInput(account: Uint8Array): Example {
  const round = testRound('tacit-8192-n4', 'packed');
  const { params, context, keys } = round;
  const update = Int32Array.from({ length: params.degree - 4 }, (_, i) => ((i * 7919) % 41) - 20);
  const normSq = update.reduce((sum, u) => sum + BigInt(u * u), 0n) + 12_345n;
  const values = [...completeNorm(update, normSq)];
  const spec: LaneSpec = { lane: 'update', part: 1, values: params.degree, digits: 2, offset: 128, normSq };
  return { round, input: { context, spec, account, keys, values }, values };
}

/** Opens sealed bytes as the chain does, has four members check the proof, and decrypts. */
export function judged({ round, input }: Example, sealed: Uint8Array): { verdict: LinearVerdict; values: number[] } {
  const { params, context, keys, beacon } = round;
  const binding = { context, spec: input.spec, account: input.account };
  const outcome = openSealed(params, binding, keys, sealed, round.sealSecrets);
  if (outcome.status !== 'open') throw new Error(`the submission is dropped: ${outcome.reason}`);
  const { submission } = outcome;
  const tables = laneTables(params, context, keys, beacon, input.spec);
  const posts = Array.from({ length: params.n }, (_, member) => {
    const secrets = new Map(subsetsWith(params, member).map((A) => [A, round.maskSecrets[A]!]));
    const seeds = openSeedBoxes(params, binding, sealed, secrets);
    const share = sharePieces(params, binding, tables.linear.shape, submission.ephemeral, seeds, member);
    const shares = payloadShares(tables, submission, share);
    return { member, shares: combineShares(params, context, beacon, [{ id: submission.id, shares }]) };
  });
  const values = decrypt(round, ciphertextOf(submission)).values.slice(0, input.spec.values);
  return { verdict: judgeLinear(params, posts), values };
}
