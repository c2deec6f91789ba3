/**
 * A member's share of what the seeds of a submission stand for (§5.1). Local conversion multiplies pieces by whole numbers over one denominator (§2.5), so members
 * add integers, in the kernel, and reduce the sums: whatever the number of subsets, that is done once.
 */
import { Prg } from '../crypto/prg.ts';
import { integerCdi, memberPieces } from '../fhe/cdi.ts';
import { encodingOf } from '../fhe/encoding.ts';
import { kernel, type Ptr } from '../fhe/kernel.ts';
import { invertMod, type Modulus, modulo, montgomery } from '../fhe/modulus.ts';
import { type FheParams, PLAIN_MODULUS } from '../fhe/params.ts';
import { centredBinomialAt, ternaryAt } from '../fhe/sample.ts';
import type { RnsPoly } from '../fhe/types.ts';
import { type Binding, expansionSeed } from '../proofs/transcript.ts';
import { type PlainVector, uniformPlainAt } from './field.ts';
import { type LinearShape, placesOf, usedOf } from './shape.ts';

/** A member's share of everything that the seeds of a submission stand for; as secret as they are. */
export interface LinearShare {
  /** Its shares of the small polynomials times this: whole numbers. */
  readonly denominator: bigint;
  /** No share of a small polynomial is larger than this. */
  readonly largest: number;
  readonly u: Int32Array;
  readonly e1: Int32Array;
  readonly e0: readonly Int32Array[];
  /** Shares of the sums of the encoded pads of the values. Both one for each polynomial. */
  readonly encoded: readonly RnsPoly[];
  readonly words: PlainVector;
}

/** Largest coefficient of a small polynomial. */
const MAX_PIECE = 21;
/** The kernel sums words of 50 bits in halves of so many. */
const HALF = 1n << 25n;
const WORD = 8;
const PAIR = 2 * WORD;

/** Places of the sums in the kernel: 32 bits each of the small polynomials, pairs of halves of the rest. */
interface Sums {
  readonly u: Ptr;
  readonly e1: Ptr;
  readonly e0: readonly Ptr[];
  /** Of the encoder's remainders of the values. */
  readonly remainders: readonly Ptr[];
  readonly words: Ptr;
}

/** What of the lane the sums depend on. */
interface Layout {
  readonly params: FheParams;
  readonly shape: LinearShape;
  /** Coefficients that carry a value, by polynomial. */
  readonly used: readonly number[];
  readonly end: number;
}

function zeroSums({ params, used, end }: Layout): Sums {
  const k = kernel();
  const small = (): Ptr => k.alloc(4 * params.degree);
  return {
    u: small(),
    e1: small(),
    e0: used.map(small),
    remainders: used.map((count) => k.alloc(PAIR * count)),
    words: k.alloc(PAIR * end),
  };
}

/** Adds what one seed stands for, times a factor: the streams and their order are those of `expandPiece`. */
function addPiece(
  { params, shape, used, end }: Layout,
  sums: Sums,
  factor: number,
  stream: (purpose: string) => Prg,
): void {
  const k = kernel();
  const { degree, t } = params;
  const { plain, half, qPlainM } = encodingOf(params);
  k.frame(() => {
    const piece = k.alloc(degree);
    const add = (sum: Ptr, sample: typeof ternaryAt, prg: Prg): void => {
      sample(prg, piece, degree);
      k.run.addSmall(sum, piece, degree, factor);
    };
    const small = stream('small');
    add(sums.u, ternaryAt, small);
    for (const [p, sum] of sums.e0.entries()) {
      add(sum, centredBinomialAt, p === 0 ? small : stream(`error/${p}`));
      if (p === 0) add(sums.e1, centredBinomialAt, small);
    }
    const words = k.alloc(WORD * end);
    uniformPlainAt(stream('linear'), words, end);
    k.run.addWords(sums.words, words, end, BigInt(factor));
    let values = words;
    for (const [p, sum] of sums.remainders.entries()) {
      const count = used[p] as number;
      k.run.addRemainders(sum, values, count, shape.perValue, BigInt(factor), qPlainM, half, t, plain.qinv);
      values += WORD * shape.perValue * count;
    }
  });
}

/** `(constant + by * sum) mod q` of every sum, written to `r`. */
function join(r: Ptr, sums: Ptr, count: number, modulus: Modulus, by: bigint, constant: bigint): void {
  const { q, qinv } = modulus;
  const [lowM, highM] = [montgomery(modulus, by), montgomery(modulus, HALF * by)];
  kernel().run.joinHalves(r, sums, count, lowM, highM, modulo(constant, q), q, qinv);
}

/** Shares of `sum of round(Q pad / t)` from the sums of remainders: `(h sum of factors - remainders) / (t denominator)`. */
function encodedOf(params: FheParams, sums: Ptr, count: number, denominator: bigint, total: bigint): RnsPoly {
  const k = kernel();
  const { half, limbs } = encodingOf(params);
  const out = new BigUint64Array(limbs.length * params.degree);
  k.frame(() => {
    const row = k.alloc(WORD * count);
    for (const [i, limb] of limbs.entries()) {
      const inverse = invertMod(params.t * denominator, limb.q);
      join(row, sums, count, limb, -inverse, half * total * inverse);
      out.set(k.read(row, count), i * params.degree);
    }
  });
  return out;
}

function wordsOf(params: FheParams, sums: Ptr, count: number, denominator: bigint): PlainVector {
  const k = kernel();
  return k.frame(() => {
    const r = k.alloc(WORD * count);
    join(r, sums, count, encodingOf(params).plain, invertMod(denominator, PLAIN_MODULUS), 0n);
    return k.read(r, count);
  });
}

/**
 * `member`'s share, which needs neither payload nor beacon.
 * @param seeds the seeds of all subsets that the member is in (`openSeedBoxes`); throws `fhe/missing-piece` if one is not there
 */
export function sharePieces(
  params: FheParams,
  binding: Binding,
  shape: LinearShape,
  ephemeral: Uint8Array,
  seeds: ReadonlyMap<number, Uint8Array>,
  member: number,
): LinearShare {
  const { subsets, values } = memberPieces(params, member, seeds);
  const { denominator, factors } = integerCdi(params, member);
  const layout = { params, shape, used: usedOf(params, binding.spec), end: placesOf(shape).end };
  const total = factors.reduce((sum, factor) => sum + BigInt(factor), 0n);
  const k = kernel();
  return k.frame(() => {
    const sums = zeroSums(layout);
    for (const [i, A] of subsets.entries()) {
      const seed = values[i] as Uint8Array;
      addPiece(
        layout,
        sums,
        factors[i] as number,
        (purpose) => new Prg(expansionSeed(binding, ephemeral, A, seed, purpose)),
      );
    }
    const small = (at: Ptr): Int32Array => k.readIntegers(at, params.degree);
    return {
      denominator,
      largest: MAX_PIECE * factors.reduce((sum, factor) => sum + Math.abs(factor), 0),
      u: small(sums.u),
      e1: small(sums.e1),
      e0: sums.e0.map(small),
      encoded: sums.remainders.map((at, p) => encodedOf(params, at, layout.used[p] as number, denominator, total)),
      words: wordsOf(params, sums.words, layout.end, denominator),
    };
  });
}
