/** The verdict of a check from its posts, as the chain finds it, without groups and phases. */
import { ORDER } from '../../../../primitives/crypto/ristretto.ts';
import { decodeIntegers, decodeVectors } from '../../../../primitives/fhe/decode.ts';
import type { FheParams } from '../../../../primitives/fhe/params.ts';
import { PER_PRIME } from '../../../../primitives/proofs/checkshares.ts';
import type { CheckValues } from '../../../../primitives/proofs/validity.ts';

export type CheckVerdict =
  | { readonly status: 'passed' | 'failed'; readonly liars: number[] }
  /** Fewer than 2f+1 posts agree so far, and more may come. */
  | { readonly status: 'waiting' }
  /** Everybody has posted, and no 2f+1 agree. */
  | { readonly status: 'undecodable' };

/** What the posts of a check say: `passed` if 2f+1 of them lie on polynomials that are zero at 0 in every equation. */
export function judgeCheck(
  params: FheParams,
  posts: readonly { readonly member: number; readonly shares: CheckValues }[],
): CheckVerdict {
  const modQ = decodeVectors(
    params,
    params.dataPrimes,
    posts.map(({ member, shares }) => ({ member, shares: shares.q })),
    PER_PRIME,
  );
  if (modQ.status !== 'decoded') return { status: modQ.status };
  const truthful = posts.filter(({ member }) => !modQ.liars.includes(member));
  const modL = decodeIntegers(
    params,
    ORDER,
    truthful.map(({ member, shares }) => ({ member, shares: [shares.l] })),
    1,
  );
  if (modL.status !== 'decoded') return { status: posts.length < params.n ? 'waiting' : 'undecodable' };
  const zero = modQ.values.every((value) => value === 0n) && modL.values[0] === 0n;
  return {
    status: zero ? 'passed' : 'failed',
    liars: [...modQ.liars, ...modL.liars].sort((a, b) => a - b),
  };
}
