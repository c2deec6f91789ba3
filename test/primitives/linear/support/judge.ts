/** The verdict of a check from its posts, by the decoding that the chain uses. */
import { decodeVectors } from '../../../../primitives/fhe/decode.ts';
import { type FheParams, PLAIN_MODULUS } from '../../../../primitives/fhe/params.ts';
import { laneTables, type LaneTables, type CheckValues, payloadShares } from '../../../../primitives/linear/member.ts';
import { sharePieces } from '../../../../primitives/linear/shares.ts';
import { CHECK_VALUES } from '../../../../primitives/linear/functionals.ts';
import type { LaneSpec } from '../../../../primitives/proofs/lane.ts';
import type { Forged } from './forger.ts';
import type { LinearRound } from './wide.ts';

export interface LinearPost {
  readonly member: number;
  readonly shares: CheckValues;
}
export type LinearVerdict =
  | { readonly status: 'passed' | 'failed'; readonly failures: string[]; readonly liars: number[] }
  | { readonly status: 'waiting' | 'undecodable' };

/** What the posts say: `passed` if 2f+1 of them lie on polynomials that are zero at 0 in every equation. */
export function judgeLinear(params: FheParams, posts: readonly LinearPost[]): LinearVerdict {
  const modQ = decodeVectors(
    params,
    params.dataPrimes,
    posts.map(({ member, shares }) => ({ member, shares: shares.q })),
    CHECK_VALUES,
  );
  if (modQ.status !== 'decoded') return { status: modQ.status };
  const truthful = posts.filter(({ member }) => !modQ.liars.includes(member));
  const inK = decodeVectors(
    params,
    [PLAIN_MODULUS],
    truthful.map(({ member, shares }) => ({ member, shares: shares.k })),
    3,
  );
  if (inK.status !== 'decoded') return { status: posts.length < params.n ? 'waiting' : 'undecodable' };
  const failures = Array.from(modQ.values, (value, at) => (value === 0n ? [] : [at % 2 === 0 ? 'c1' : 'c0'])).flat();
  if (inK.values.some((value) => value !== 0n)) failures.push('proof');
  return {
    status: failures.length === 0 ? 'passed' : 'failed',
    failures: [...new Set(failures)],
    liars: [...modQ.liars, ...inK.liars].sort((a, b) => a - b),
  };
}

const tables = new Map<string, LaneTables>();

export function tablesOf({ params, context, keys, beacon }: LinearRound, spec: LaneSpec): LaneTables {
  const key = `${params.id}/${keys.further?.length}/${JSON.stringify(spec, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value))}`;
  let made = tables.get(key);
  if (made === undefined) {
    made = laneTables(params, context, keys, beacon, spec);
    tables.set(key, made);
  }
  return made;
}

/** Posts of all members about one submission. */
export function postsOf(round: LinearRound, { submission, seeds }: Forged): LinearPost[] {
  const { params } = round;
  const { binding, ephemeral } = submission;
  const lane = tablesOf(round, binding.spec);
  const bySubset = new Map(seeds.entries());
  return Array.from({ length: params.n }, (_, member) => {
    const share = sharePieces(params, binding, lane.linear.shape, ephemeral, bySubset, member);
    return { member, shares: payloadShares(lane, submission, share) };
  });
}

/** Which equations a submission fails before an honest committee. */
export function failures(round: LinearRound, forged: Forged): string[] {
  const verdict = judgeLinear(round.params, postsOf(round, forged));
  return 'failures' in verdict ? verdict.failures : [verdict.status];
}
