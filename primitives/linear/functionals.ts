/**
 * The check that a ciphertext is made of its seeds (§5.7): random functionals of it, and of a member's share of what the seeds stand for. The functionals of a round
 * are the same for all its submissions, so they stay in the kernel.
 */
import { at } from '../at.ts';
import { hash32Of } from '../crypto/hash.ts';
import { Prg } from '../crypto/prg.ts';
import { encodingOf } from '../fhe/encoding.ts';
import { kernel, type Ptr } from '../fhe/kernel.ts';
import { invertMod, modulo } from '../fhe/modulus.ts';
import type { FheParams, RoundContext } from '../fhe/params.ts';
import { ringOf } from '../fhe/ring.ts';
import type { RnsPoly } from '../fhe/types.ts';
import type { LaneSpec } from '../proofs/lane.ts';
import { firstCoefficients, keysFor, type LinearCiphertext, type LinearKeys } from './ciphertext.ts';
import { byPolynomial } from './pieces.ts';
import { usedOf } from './shape.ts';
import type { LinearShare } from './shares.ts';
import { coefficientLabel } from './transcript.ts';

/** Functionals per data prime: 59 bits each, so that a wrong polynomial passes with probability below 2^-116. */
const FUNCTIONALS = 2;
/** Values of a check per data prime: of each functional one for `c1` and one for all `c0`. */
export const CHECK_VALUES: number = 2 * FUNCTIONALS;

/** Largest number that the kernel's dot product with small numbers takes. */
const MAX_SMALL = 1 << 15;
const WORD = 8;

/** The random functionals of a round for the ciphertexts of a lane. */
export interface CiphertextTables {
  readonly params: FheParams;
  readonly functionals: readonly {
    readonly chi: RnsPoly;
    readonly chiA: RnsPoly;
    /** Per polynomial `chi` without the coefficients that no value has, and its product with the transpose of `b`. */
    readonly used: readonly { readonly chi: RnsPoly; readonly chiB: RnsPoly }[];
  }[];
}

/** @param beacon 32 bytes that nobody could predict before the close of the round */
export function ciphertextTables(
  params: FheParams,
  context: RoundContext,
  keys: LinearKeys,
  beacon: Uint8Array,
  spec: LaneSpec,
): CiphertextTables {
  const ring = ringOf(params);
  const { a, b } = keysFor(params, keys, spec);
  const used = usedOf(params, spec);
  const functionals = Array.from({ length: FUNCTIONALS }, (_, i) => {
    const draw = (...which: number[]): RnsPoly =>
      ring.uniform(
        new Prg(hash32Of('tacit/linear/chi/1', ...coefficientLabel(context, beacon), i, ...which)),
        params.dataPrimes.length,
      );
    const chi = draw();
    return {
      chi,
      chiA: ring.transposeMultiply(a, chi),
      used: b.map((key, p) => {
        const own = firstCoefficients(params, draw(p), used[p] as number);
        return { chi: own, chiB: ring.transposeMultiply(key, own) };
      }),
    };
  });
  return { params, functionals };
}

/** The functionals that lie in the kernel, in Montgomery form, and the room for them, which only grows. */
let resident: CiphertextTables | undefined;
let room: { readonly at: Ptr; readonly words: number } = { at: 0, words: 0 };

/** Rows of one prime: `chi` and `chi a` of both functionals, then of each polynomial its own `chi` and `chi b` of both. */
function rowsOf({ functionals }: CiphertextTables): RnsPoly[] {
  const pair = (row: (functional: CiphertextTables['functionals'][number]) => RnsPoly): RnsPoly[] =>
    functionals.map(row);
  const polynomials = at(functionals, 0).used;
  return [
    ...pair(({ chi }) => chi),
    ...pair(({ chiA }) => chiA),
    ...polynomials.flatMap((_, p) => [...pair(({ used }) => at(used, p).chi), ...pair(({ used }) => at(used, p).chiB)]),
  ];
}

/** Sees to it that the functionals lie in the kernel. Not inside a frame. */
function load(tables: CiphertextTables): Ptr {
  if (resident === tables) return room.at;
  const k = kernel();
  const { degree } = tables.params;
  const { limbs } = encodingOf(tables.params);
  const rows = rowsOf(tables);
  const words = limbs.length * rows.length * degree;
  if (room.words < words) room = { at: k.allocPermanent(WORD * words), words };
  resident = undefined;
  for (const [i, { q, qinv, wordM }] of limbs.entries()) {
    for (const [j, row] of rows.entries()) {
      const place = room.at + WORD * degree * (i * rows.length + j);
      k.write(place, row.subarray(degree * i, degree * (i + 1)));
      k.run.scale(place, place, wordM, degree, q, qinv);
    }
  }
  resident = tables;
  return room.at;
}

/** Dot products with both functionals of a pair of rows, of vectors modulo one prime. */
interface Dots {
  /** With residues. */
  residues(rows: Ptr, x: Ptr, count: number): readonly bigint[];
  /** With shares of a small polynomial, 32 bits each. */
  shares(rows: Ptr, x: Ptr, count: number): readonly bigint[];
}

function dotsOf({ degree }: FheParams, q: bigint, qinv: bigint, isSmall: boolean): Dots {
  const k = kernel();
  const residues = (rows: Ptr, x: Ptr, count: number): readonly bigint[] =>
    k.frame(() => {
      const r = k.alloc(2 * WORD);
      k.run.dotMontTwice(r, rows, rows + WORD * degree, x, count, q, qinv);
      return [...k.read(r, 2)];
    });
  // Rows are in Montgomery form: the kernel's reduction takes it off if it is told that 1 and 2^32 are theirs.
  const small = (row: Ptr, x: Ptr, count: number): bigint => k.run.dotSmall(row, x, count, q, qinv, 1n, 1n << 32n);
  const shares = (rows: Ptr, x: Ptr, count: number): readonly bigint[] => {
    if (isSmall) return [small(rows, x, count), small(rows + WORD * degree, x, count)];
    return k.frame(() => {
      const row = k.alloc(WORD * count);
      k.run.fromSmall(row, x, count, q);
      return residues(rows, row, count);
    });
  };
  return { residues, shares };
}

/**
 * A member's shares of `[prime][functional][c1, c0]`: of zeros, if the ciphertext is what its seeds say. All polynomials of `c0` are one equation.
 * @param plain the public part of the values, reduced modulo t
 */
export function ciphertextShares(
  tables: CiphertextTables,
  { c0, c1 }: LinearCiphertext,
  plain: BigUint64Array,
  share: LinearShare,
): BigUint64Array {
  const { params } = tables;
  const { degree, t } = params;
  const { limbs, plain: modulus, half, qPlainM } = encodingOf(params);
  const k = kernel();
  const from = load(tables);
  const out = new BigUint64Array(limbs.length * CHECK_VALUES);
  k.frame(() => {
    const [u, e1, ...e0] = [share.u, share.e1, ...share.e0].map((vector) => k.putSmall(vector)) as [Ptr, Ptr, ...Ptr[]];
    const parts = byPolynomial(params, plain).map((values) => {
      const remainder = k.put(values);
      k.run.encodeRemainder(remainder, remainder, values.length, qPlainM, half, t, modulus.qinv);
      return { count: values.length, remainder };
    });
    const [x, y] = [k.alloc(WORD * degree), k.alloc(WORD * degree)];
    for (const [i, { q, qinv, plainInverseM }] of limbs.entries()) {
      const row = (poly: RnsPoly, count: number): RnsPoly => poly.subarray(degree * i, degree * i + count);
      const dots = dotsOf(params, q, qinv, share.largest <= MAX_SMALL);
      const pair = (number: number): Ptr => from + WORD * degree * (i * (4 + 4 * parts.length) + number);
      const seeds1 = [dots.shares(pair(2), u, degree), dots.shares(pair(0), e1, degree)];
      const seeds0 = parts.flatMap((_, p) => [
        dots.shares(pair(6 + 4 * p), u, degree),
        dots.shares(pair(4 + 4 * p), at(e0, p), degree),
      ]);
      k.write(x, row(c1, degree));
      const known1 = [dots.residues(pair(0), x, degree)];
      const known0 = parts.map(({ count, remainder }, p) => {
        k.write(x, row(at(share.encoded, p), count));
        k.write(y, row(at(c0, p), count));
        k.run.checkedPart(x, x, remainder, y, count, half, plainInverseM, q, qinv);
        return dots.residues(pair(4 + 4 * p), x, count);
      });
      const inverse = invertMod(share.denominator, q);
      for (let f = 0; f < FUNCTIONALS; f++) {
        const sum = (terms: readonly (readonly bigint[])[]): bigint =>
          terms.reduce((all, term) => all + at(term, f), 0n);
        const place = (i * FUNCTIONALS + f) * 2;
        out[place] = modulo(sum(seeds1) * inverse - sum(known1), q);
        out[place + 1] = modulo(sum(seeds0) * inverse + sum(known0), q);
      }
    }
  });
  return out;
}
