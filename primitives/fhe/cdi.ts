/**
 * Local conversion of replicated to Shamir shares (Cramer, Damgard, Ishai 2005). A value `v = sum over subsets A of v_A`, with `v_A` known to every
 * member of A, has shares `share_j = sum over A containing j of v_A F_A(j)` on a polynomial of degree f with value v at 0, modulo any prime and
 * without a message: F_A has degree f, is 1 at 0 and 0 at every member outside A.
 */
import { at } from '../at.ts';
import { TacitError } from '../errors.ts';
import { invertMod, modulo } from './modulus.ts';
import { type FheParams, subsetsWith } from './params.ts';
import { ringOf } from './ring.ts';
import type { RnsPoly } from './types.ts';

/** Pieces of a sharing by the number of their subset. */
export type Pieces<T> = ReadonlyMap<number, T>;

/** The Shamir abscissa of a member. */
export function abscissa(member: number): bigint {
  return BigInt(member + 1);
}

const tables = new Map<string, readonly (readonly bigint[])[]>();

/** `F_A(j)` modulo the prime `q` as `table[A][j]`. */
export function cdiTable(params: FheParams, q: bigint): readonly (readonly bigint[])[] {
  const key = `${params.n}/${q}`;
  let table = tables.get(key);
  if (!table) {
    const members = Array.from({ length: params.n }, (_, j) => j);
    table = params.subsets.map((subset) => {
      const outside = members.filter((j) => !subset.includes(j));
      return members.map((j) => {
        let value = 1n;
        for (const o of outside) {
          value = modulo(value * (abscissa(o) - abscissa(j)) * invertMod(abscissa(o), q), q);
        }
        return value;
      });
    });
    tables.set(key, table);
  }
  return table;
}

/** `F_A(member)` modulo `q` for each subset of `subsets`. */
export function cdiCoefficients(params: FheParams, subsets: readonly number[], member: number, q: bigint): bigint[] {
  const table = cdiTable(params, q);
  return subsets.map((subset) => at(at(table, subset), member));
}

/**
 * `F_A(member)` as whole numbers over one denominator, the least there is, for the subsets that `member` is in: shares of small integers are then small
 * integers over it. Of pieces up to 21 in size their sums stay below 2^31 for every committee.
 */
export function integerCdi(params: FheParams, member: number): { denominator: bigint; factors: number[] } {
  const gcd = (a: bigint, b: bigint): bigint => (b === 0n ? (a < 0n ? -a : a) : gcd(b, a % b));
  const fractions = subsetsWith(params, member).map((subset) => {
    let [over, under] = [1n, 1n];
    for (let o = 0; o < params.n; o++) {
      if (at(params.subsets, subset).includes(o)) continue;
      over *= abscissa(o) - abscissa(member);
      under *= abscissa(o);
    }
    const common = gcd(over, under);
    return [over / common, under / common] as const;
  });
  const denominator = fractions.reduce((lcm, [, under]) => (lcm / gcd(lcm, under)) * under, 1n);
  return { denominator, factors: fractions.map(([over, under]) => Number((over * denominator) / under)) };
}

/**
 * The pieces of every subset that `member` is in, in the order of the subsets. Throws `fhe/missing-piece` if one is not there, `fhe/member` for a
 * number that is no member's.
 */
export function memberPieces<T>(
  params: FheParams,
  member: number,
  pieces: Pieces<T>,
): { subsets: number[]; values: T[] } {
  if (!Number.isInteger(member) || member < 0 || member >= params.n) {
    throw new TacitError('fhe/member', 'no member has this number', { member });
  }
  const subsets = subsetsWith(params, member);
  const values = subsets.map((subset) => {
    const piece = pieces.get(subset);
    if (piece === undefined)
      throw new TacitError('fhe/missing-piece', 'a member lacks a piece of one of its subsets', { subset });
    return piece;
  });
  return { subsets, values };
}

/** `member`'s share modulo `q` of an integer given by its pieces. */
export function shareOf(params: FheParams, member: number, pieces: Pieces<bigint>, q: bigint): bigint {
  const { subsets, values } = memberPieces(params, member, pieces);
  const factors = cdiCoefficients(params, subsets, member, q);
  return modulo(
    values.reduce((sum, value, i) => sum + modulo(value, q) * at(factors, i), 0n),
    q,
  );
}

/** `member`'s share of a polynomial, modulo each prime of its level (`primes` of them). */
export function sharePoly(params: FheParams, member: number, pieces: Pieces<RnsPoly>, primes: number): RnsPoly {
  const { subsets, values } = memberPieces(params, member, pieces);
  return ringOf(params).linear(values, (_, q) => cdiCoefficients(params, subsets, member, q), primes);
}

/** `member`'s share of a polynomial with small pieces, such as the round's secret. */
export function shareSmall(params: FheParams, member: number, pieces: Pieces<Int8Array>, primes: number): RnsPoly {
  const ring = ringOf(params);
  const { subsets, values } = memberPieces(params, member, pieces);
  return ring.linear(
    values.map((value) => ring.fromSmall(value, primes)),
    (_, q) => cdiCoefficients(params, subsets, member, q),
    primes,
  );
}
