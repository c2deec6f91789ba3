/**
 * What the seeds of a submission stand for (§5.1), and a member's share of it. Polynomials of the encryption are small integers, and so are their shares times
 * one denominator: members add integers, not residues.
 */
import { Prg } from '../crypto/prg.ts';
import { cdiCoefficients, integerCdi, memberPieces } from '../fhe/cdi.ts';
import { kernel } from '../fhe/kernel.ts';
import { type FheParams, PLAIN_MODULUS } from '../fhe/params.ts';
import { ringOf } from '../fhe/ring.ts';
import { centredBinomial, sampleSmall } from '../fhe/sample.ts';
import type { RnsPoly } from '../fhe/types.ts';
import { type Binding, expansionSeed } from '../proofs/transcript.ts';
import { linearPlain, type PlainVector, uniformPlain } from './field.ts';
import { type LinearShape, placesOf, polynomialsOf } from './shape.ts';

/** All that one subset contributes to a submission. */
export interface LinearPiece {
  readonly u: Int8Array;
  readonly e1: Int8Array;
  /** One for each polynomial of the lane. */
  readonly e0: readonly Int8Array[];
  /** Pads of the digits, masks, pads of range and squares. */
  readonly words: PlainVector;
}

export function expandPiece(
  params: FheParams,
  binding: Binding,
  shape: LinearShape,
  ephemeral: Uint8Array,
  subset: number,
  seed: Uint8Array,
): LinearPiece {
  const stream = (purpose: string): Prg => new Prg(expansionSeed(binding, ephemeral, subset, seed, purpose));
  const { u, e0, e1 } = sampleSmall(params, stream('small'));
  const further = Array.from({ length: polynomialsOf(params, binding.spec) - 1 }, (_, i) =>
    centredBinomial(stream(`error/${i + 1}`), params.degree),
  );
  return { u, e1, e0: [e0, ...further], words: uniformPlain(stream('linear'), placesOf(shape).end) };
}

/** Values of the lane by the polynomials that carry them: value `v` is coefficient `v mod N` of polynomial `v / N`. */
export function byPolynomial({ degree }: FheParams, values: PlainVector): PlainVector[] {
  return Array.from({ length: Math.ceil(values.length / degree) }, (_, i) =>
    values.slice(degree * i, degree * (i + 1)),
  );
}

/** Values mod t from their digits: the digits' part of a shared vector, or deltas of it. */
export function valueWords({ digits, perValue }: LinearShape, words: PlainVector): PlainVector {
  const k = kernel();
  const values = digits / perValue;
  return k.frame(() => {
    const r = k.alloc(8 * values);
    k.run.plainValues(r, k.put(words.subarray(0, digits)), digits, perValue);
    return k.read(r, values);
  });
}

/** A member's share of everything that the seeds of a submission stand for; as secret as they are. */
export interface LinearShare {
  /** Its shares of the small polynomials times this: whole numbers. */
  readonly denominator: bigint;
  readonly u: Int32Array;
  readonly e1: Int32Array;
  readonly e0: readonly Int32Array[];
  /** Shares of the sums of the encoded pads of the values. Both one for each polynomial. */
  readonly encoded: readonly RnsPoly[];
  readonly words: PlainVector;
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
  const ring = ringOf(params);
  const primes = params.dataPrimes.length;
  const { subsets, values } = memberPieces(params, member, seeds);
  const { denominator, factors } = integerCdi(params, member);
  const zeros = (): Int32Array => new Int32Array(params.degree);
  const [u, e1] = [zeros(), zeros()];
  const e0 = Array.from({ length: polynomialsOf(params, binding.spec) }, zeros);
  let encoded: RnsPoly[] = e0.map(() => ring.zero(primes));
  let words: PlainVector = new BigUint64Array(placesOf(shape).end);
  // One piece at a time: a member of a committee of ten has 84 of them.
  for (const [i, A] of subsets.entries()) {
    const piece = expandPiece(params, binding, shape, ephemeral, A, values[i] as Uint8Array);
    const factor = factors[i] as number;
    addScaled(u, piece.u, factor);
    addScaled(e1, piece.e1, factor);
    for (const [p, error] of e0.entries()) addScaled(error, piece.e0[p] as Int8Array, factor);
    const own = byPolynomial(params, valueWords(shape, piece.words)).map((values) => ring.encode(values));
    encoded = encoded.map((sum, p) =>
      ring.linear([sum, own[p] as RnsPoly], (_, q) => [1n, ...cdiCoefficients(params, [A], member, q)], primes),
    );
    const [weight = 0n] = cdiCoefficients(params, [A], member, PLAIN_MODULUS);
    words = linearPlain([
      [1n, words],
      [weight, piece.words],
    ]);
  }
  return { denominator, u, e0, e1, encoded, words };
}

function addScaled(sum: Int32Array, piece: Int8Array, factor: number): void {
  for (let k = 0; k < sum.length; k++) sum[k] = (sum[k] as number) + factor * (piece[k] as number);
}
