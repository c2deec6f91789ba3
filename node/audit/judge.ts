/**
 * What the posts of a step say, worked out once more and without the pallet: groups of equal claims, 2f+1 shares of one group on one polynomial, who is off it.
 * What primitives/fhe decodes is held against plain interpolation here.
 */
import { toHex } from '../../primitives/crypto/hex.ts';
import { decodeScalar, ORDER, type Scalar } from '../../primitives/crypto/ristretto.ts';
import { abscissa } from '../../primitives/fhe/cdi.ts';
import { decodeIntegers, decodeVectors } from '../../primitives/fhe/decode.ts';
import { invertMod, modulo } from '../../primitives/fhe/modulus.ts';
import { combineOpening } from '../../primitives/fhe/open.ts';
import { type FheParams, PLAIN_MODULUS, quorum } from '../../primitives/fhe/params.ts';
import type { OpeningRequest } from '../../primitives/fhe/types.ts';
import { decodeResidues } from '../../primitives/fhe/wire.ts';
import type { TallyStep } from '../../primitives/round/index.ts';
import type { TallyBody } from '../../pallets/tally/types.ts';

export type BodyOf<S extends TallyStep> = Extract<TallyBody, { tag: S }>['value'];
export interface Post<B> {
  readonly member: number;
  readonly body: B;
}

/** What 2f+1 posts agree on, and who posted something else. */
export interface Agreement<T> {
  readonly result: T;
  readonly liars: readonly number[];
}

/** Values of one member, `[modulus][k]`. */
interface Row {
  readonly member: number;
  readonly values: BigUint64Array | readonly bigint[];
}

/** Value at `x` of the polynomial of degree below `base.length` through the rows of `base`, as a function of the column. */
function through(base: readonly Row[], x: bigint, q: bigint): (column: number) => bigint {
  const weights = base.map(({ member }) => {
    let [above, below] = [1n, 1n];
    for (const other of base) {
      if (other.member === member) continue;
      above = modulo(above * (x - abscissa(other.member)), q);
      below = modulo(below * (abscissa(member) - abscissa(other.member)), q);
    }
    return (above * invertMod(below, q)) % q;
  });
  return (column) => base.reduce((sum, { values }, i) => (sum + weights[i]! * values[column]!) % q, 0n);
}

/**
 * Whether `liars` is the exact answer: at least 2f+1 of the rows lie on polynomials of degree f in every column, and those are all rows but the liars', each of
 * which is off them somewhere.
 */
export function isExact(
  f: number,
  moduli: readonly bigint[],
  rows: readonly Row[],
  count: number,
  liars: readonly number[],
): boolean {
  const honest = rows.filter(({ member }) => !liars.includes(member));
  if (honest.length < 2 * f + 1) return false;
  const base = honest.slice(0, f + 1);
  const isOn = ({ member, values }: Row): boolean =>
    moduli.every((q, i) => {
      const expected = through(base, abscissa(member), q);
      for (let k = i * count; k < (i + 1) * count; k++) if (expected(k) !== values[k]) return false;
      return true;
    });
  return rows.every((row) => isOn(row) === !liars.includes(row.member));
}

/** Splits posts into groups of equal claims and gives the one that `decode` finds 2f+1 agreeing posts in; others are liars. */
export function agreeing<B, T>(
  params: FheParams,
  posts: readonly Post<B>[],
  claimsOf: (body: B) => readonly Uint8Array[],
  decode: (group: readonly Post<B>[]) => Agreement<T> | undefined,
): Agreement<T> | undefined {
  const groups = Map.groupBy(posts, ({ body }) => claimsOf(body).map(toHex).join());
  for (const group of groups.values()) {
    const found = group.length < quorum(params) ? undefined : decode(group);
    if (found === undefined) continue;
    const others = posts.filter((post) => !group.includes(post)).map(({ member }) => member);
    return { result: found.result, liars: [...found.liars, ...others].sort((a, b) => a - b) };
  }
  return undefined;
}

/** The values of an opening in [0, t), by its request. */
export function openedBy(
  params: FheParams,
  request: OpeningRequest,
  posts: readonly Post<Uint8Array>[],
  slots: number,
): Agreement<readonly bigint[]> | undefined {
  const shares = posts.map(({ member, body }) => ({
    member,
    shares: decodeResidues(params.dataPrimes, body, slots),
  }));
  const outcome = combineOpening(params, request, shares);
  if (outcome.status !== 'open') return undefined;
  const rows = shares.map(({ member, shares: values }) => ({ member, values }));
  if (!isExact(params.f, params.dataPrimes, rows, slots, outcome.liars)) return undefined;
  return { result: outcome.values, liars: outcome.liars };
}

/** Values mod the data primes, mod t and mod l that are posted together. */
export interface Opened {
  readonly residues: BigUint64Array;
  readonly words: BigUint64Array;
  readonly scalars: readonly Scalar[];
}

type CheckPost = Post<{ residues: Uint8Array; words: Uint8Array; scalars: readonly Uint8Array[] }>;

/** Decodes the posts of a check. Whoever lies in one kind of values is not heard about the next. */
export function decodeCheck(
  params: FheParams,
  posts: readonly CheckPost[],
  counts: { readonly residues: number; readonly words: number; readonly scalars: number },
): Agreement<Opened> | undefined {
  const residues = decodeRows(params, params.dataPrimes, posts, counts.residues, (body) => body.residues);
  if (residues === undefined) return undefined;
  const afterQ = posts.filter(({ member }) => !residues.liars.includes(member));
  const words = decodeRows(params, [PLAIN_MODULUS], afterQ, counts.words, (body) => body.words);
  if (words === undefined) return undefined;
  const integers = afterQ
    .filter(({ member }) => !words.liars.includes(member))
    .map(({ member, body }) => ({ member, shares: body.scalars.map(decodeScalar) }));
  const scalars = decodeIntegers(params, ORDER, integers, counts.scalars);
  if (scalars.status !== 'decoded') return undefined;
  const rows = integers.map(({ member, shares }) => ({ member, values: shares }));
  if (!isExact(params.f, [ORDER], rows, counts.scalars, scalars.liars)) return undefined;
  const result = { residues: residues.result, words: words.result, scalars: scalars.values };
  return { result, liars: [...residues.liars, ...words.liars, ...scalars.liars].sort((a, b) => a - b) };
}

/** Packed residues that `read` finds in each post, decoded and held against plain interpolation. */
function decodeRows<B>(
  params: FheParams,
  moduli: readonly bigint[],
  posts: readonly Post<B>[],
  count: number,
  read: (body: B) => Uint8Array,
): Agreement<BigUint64Array> | undefined {
  const vectors = posts.map(({ member, body }) => ({ member, shares: decodeResidues(moduli, read(body), count) }));
  const decoded = decodeVectors(params, moduli, vectors, count);
  if (decoded.status !== 'decoded') return undefined;
  const rows = vectors.map(({ member, shares }) => ({ member, values: shares }));
  if (!isExact(params.f, moduli, rows, count, decoded.liars)) return undefined;
  return { result: decoded.values, liars: decoded.liars };
}
