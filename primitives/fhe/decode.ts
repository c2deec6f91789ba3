/**
 * Robust decoding of posted shares (§2). A value counts when at least `2f+1` posted shares lie on one polynomial of degree f: then at least
 * f+1 honest ones do, and it is theirs; shares off it are lies. With n = 3f+1 there is at most one such polynomial.
 */
import { at } from '../at.ts';
import { TacitError } from '../errors.ts';
import { abscissa } from './cdi.ts';
import { kernel } from './kernel.ts';
import { invertMod, modulo, modulusOf, montgomery, powMod } from './modulus.ts';
import { type FheParams, quorum } from './params.ts';
import type { SharePost } from './types.ts';

export interface Point {
  readonly member: number;
  readonly value: bigint;
}

export type Decoding<T> =
  | { readonly status: 'decoded'; readonly values: T; readonly liars: number[] }
  | { readonly status: 'waiting' }
  | { readonly status: 'undecodable' };

/** Some solution of `rows * x = last column` modulo `q`, or undefined. The rows are consumed. */
function solve(rows: bigint[][], unknowns: number, q: bigint): bigint[] | undefined {
  const pivots: number[] = [];
  for (let column = 0; column < unknowns && pivots.length < rows.length; column++) {
    const rank = pivots.length;
    const found = rows.findIndex((row, i) => i >= rank && row[column] !== 0n);
    if (found < 0) continue;
    const pivot = at(rows, found);
    rows[found] = at(rows, rank);
    const inverse = invertMod(at(pivot, column), q);
    const unit = pivot.map((x) => (x * inverse) % q);
    rows[rank] = unit;
    rows.forEach((row, i) => {
      const factor = at(row, column);
      if (i !== rank && factor !== 0n) rows[i] = row.map((x, k) => modulo(x - factor * at(unit, k), q));
    });
    pivots.push(column);
  }
  const x = Array.from({ length: unknowns }, () => 0n);
  for (const [i, row] of rows.entries()) {
    const column = pivots[i];
    const right = at(row, unknowns);
    if (column !== undefined) x[column] = right;
    else if (right !== 0n) return undefined;
  }
  return x;
}

function evaluate(polynomial: readonly bigint[], x: bigint, q: bigint): bigint {
  return polynomial.reduceRight((sum, coefficient) => (sum * x + coefficient) % q, 0n);
}

/** The quotient by a monic divisor, or undefined if there is a remainder. */
function divide(dividend: readonly bigint[], divisor: readonly bigint[], q: bigint): bigint[] | undefined {
  const rest = [...dividend];
  const degree = divisor.length - 1;
  const quotient = Array.from({ length: dividend.length - degree }, () => 0n);
  for (let d = quotient.length - 1; d >= 0; d--) {
    const factor = at(rest, d + degree);
    quotient[d] = factor;
    divisor.forEach((coefficient, k) => {
      rest[d + k] = modulo(at(rest, d + k) - factor * coefficient, q);
    });
  }
  return rest.every((coefficient) => coefficient === 0n) ? quotient : undefined;
}

/**
 * Berlekamp-Welch: the value at 0 of the polynomial of degree `f` that at least `accept` of the points lie on, and who is off it.
 * `accept` is 2f+1 wherever liars may be; the parameter exists to show what a weaker rule would let through.
 */
export function decodePoint(
  points: readonly Point[],
  f: number,
  q: bigint,
  accept: number = 2 * f + 1,
): { value: bigint; liars: number[] } | undefined {
  for (let errors = 0; errors <= points.length - accept; errors++) {
    // Q(x) = y E(x) at every point, with E monic of degree `errors` and Q of degree f + errors.
    const unknowns = f + 1 + 2 * errors;
    const rows = points.map(({ member, value }) => {
      const x = abscissa(member);
      const left = Array.from({ length: f + errors + 1 }, (_, k) => powMod(x, BigInt(k), q));
      const right = Array.from({ length: errors }, (_, k) => modulo(-value * powMod(x, BigInt(k), q), q));
      return [...left, ...right, modulo(value * powMod(x, BigInt(errors), q), q)];
    });
    const solution = solve(rows, unknowns, q);
    if (!solution) continue;
    const polynomial = divide(solution.slice(0, f + errors + 1), [...solution.slice(f + errors + 1), 1n], q);
    if (!polynomial) continue;
    const liars = points.filter(({ member, value }) => evaluate(polynomial, abscissa(member), q) !== modulo(value, q));
    if (points.length - liars.length >= accept) {
      return { value: at(polynomial, 0), liars: liars.map(({ member }) => member) };
    }
  }
  return undefined;
}

/** Lagrange weights of the members in `base` for the value of their polynomial at `x`. */
function lagrange(base: readonly number[], x: bigint, q: bigint): bigint[] {
  return base.map((j) => {
    let weight = 1n;
    for (const other of base) {
      if (other === j) continue;
      weight = modulo(weight * (x - abscissa(other)) * invertMod(abscissa(j) - abscissa(other), q), q);
    }
    return weight;
  });
}

function checkPosts(
  params: FheParams,
  posts: readonly { member: number; shares: { length: number } }[],
  length: number,
): void {
  const seen = new Set<number>();
  for (const { member, shares } of posts) {
    if (!Number.isInteger(member) || member < 0 || member >= params.n || seen.has(member)) {
      throw new TacitError('fhe/member', 'posts come from different members of the committee', { member });
    }
    seen.add(member);
    if (shares.length !== length) {
      throw new TacitError('fhe/length', 'a post has the wrong number of shares', { member, wanted: length });
    }
  }
}

/**
 * Peels liars off: as long as the remaining posts disagree somewhere, the position where they do names at least one. Those left agree everywhere.
 * @param disagreement a position `[modulus index, k]` where the posts do not lie on one polynomial, or undefined
 */
function peel<P extends { readonly member: number }>(
  params: FheParams,
  posts: readonly P[],
  accept: number,
  disagreement: (posts: readonly P[]) => { q: bigint; value(post: P): bigint } | undefined,
): { status: 'agreed'; posts: readonly P[]; liars: number[] } | { status: 'waiting' | 'undecodable' } {
  const failed = { status: posts.length < params.n ? ('waiting' as const) : ('undecodable' as const) };
  let left = posts;
  for (;;) {
    if (left.length < accept) return failed;
    const found = disagreement(left);
    if (!found) {
      const liars = posts.filter((post) => !left.includes(post)).map(({ member }) => member);
      return { status: 'agreed', posts: left, liars: liars.sort((a, b) => a - b) };
    }
    const points = left.map((post) => ({ member: post.member, value: found.value(post) }));
    const decoded = decodePoint(points, params.f, found.q, accept);
    if (!decoded || decoded.liars.length === 0) return failed;
    left = left.filter(({ member }) => !decoded.liars.includes(member));
  }
}

/**
 * Decodes vectors of residues, `[modulus][k]` with `count` per modulus, all below their moduli (< 2^61). A poster that is off anywhere is left out
 * everywhere and named. Throws `fhe/member`, `fhe/length`, `fhe/unreduced` for posts that the door should have refused.
 */
export function decodeVectors(
  params: FheParams,
  moduli: readonly bigint[],
  posts: readonly SharePost[],
  count: number,
  accept: number = quorum(params),
): Decoding<BigUint64Array> {
  checkPosts(params, posts, moduli.length * count);
  const k = kernel();
  const base = params.f + 1;
  const limbs = moduli.map((q) => modulusOf(q));

  /** Combination of the first f+1 posts' rows at modulus `i` for the abscissa `x`; the result stays in the kernel's frame. */
  const extrapolate = (from: readonly SharePost[], i: number, x: bigint): number => {
    const limb = at(limbs, i);
    const members = from.slice(0, base).map(({ member }) => member);
    const sum = k.alloc(8 * count);
    const row = k.alloc(8 * count);
    lagrange(members, x, limb.q).forEach((weight, index) => {
      k.write(row, at(from, index).shares.subarray(i * count, (i + 1) * count));
      k.run.scaleAdd(sum, row, montgomery(limb, weight), count, limb.q, limb.qinv);
    });
    return sum;
  };

  for (const { member, shares } of posts) {
    moduli.forEach((q, i) => {
      const bad = k.frame(() => k.run.firstUnreduced(k.put(shares.subarray(i * count, (i + 1) * count)), count, q));
      if (bad >= 0) throw new TacitError('fhe/unreduced', 'a share is not below its prime', { member, prime: i });
    });
  }
  const agreed = peel(params, posts, accept, (left) => {
    for (const [i, q] of moduli.entries()) {
      for (const post of left.slice(base)) {
        const first = k.frame(() => {
          const expected = extrapolate(left, i, abscissa(post.member));
          return k.run.firstDifference(expected, k.put(post.shares.subarray(i * count, (i + 1) * count)), count, 0);
        });
        if (first >= 0) return { q, value: ({ shares }) => at(shares, i * count + first) };
      }
    }
    return undefined;
  });
  if (agreed.status !== 'agreed') return { status: agreed.status };
  const values = new BigUint64Array(moduli.length * count);
  moduli.forEach((_, i) => {
    k.frame(() => values.set(k.read(extrapolate(agreed.posts, i, 0n), count), i * count));
  });
  return { status: 'decoded', values, liars: agreed.liars };
}

/** As {@link decodeVectors}, for few values modulo one prime of any size, such as the order of ristretto255. */
export function decodeIntegers(
  params: FheParams,
  q: bigint,
  posts: readonly { readonly member: number; readonly shares: readonly bigint[] }[],
  count: number,
  accept: number = quorum(params),
): Decoding<bigint[]> {
  checkPosts(params, posts, count);
  const base = params.f + 1;
  /** What the polynomials of the first f+1 posts are at `x`, one after the other: weights are made once, for they take longer than the values. */
  const extrapolate = (from: typeof posts, x: bigint): ((k: number) => bigint) => {
    const first = from.slice(0, base);
    const members = first.map(({ member }) => member);
    const weights = lagrange(members, x, q);
    return (k) => {
      const sum = first.reduce((all, { shares }, i) => all + at(weights, i) * at(shares, k), 0n);
      return modulo(sum, q);
    };
  };
  const agreed = peel(params, posts, accept, (left) => {
    for (const post of left.slice(base)) {
      const expected = extrapolate(left, abscissa(post.member));
      for (let k = 0; k < count; k++) {
        if (expected(k) !== modulo(at(post.shares, k), q)) return { q, value: ({ shares }) => at(shares, k) };
      }
    }
    return undefined;
  });
  if (agreed.status !== 'agreed') return { status: agreed.status };
  const atZero = extrapolate(agreed.posts, 0n);
  return { status: 'decoded', values: Array.from({ length: count }, (_, k) => atZero(k)), liars: agreed.liars };
}
