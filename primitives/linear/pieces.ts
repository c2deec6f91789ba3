/**
 * What the seeds of a submission stand for (§13.3), and a member's share of it. Polynomials of the encryption are small integers, and so are their shares times
 * one denominator: members add integers, not residues.
 */
import { Prg } from '../crypto/prg.ts';
import { cdiCoefficients, integerCdi, memberPieces } from '../fhe/cdi.ts';
import { kernel } from '../fhe/kernel.ts';
import { type FheParams, PLAIN_MODULUS } from '../fhe/params.ts';
import { ringOf } from '../fhe/ring.ts';
import { sampleSmall } from '../fhe/sample.ts';
import type { RnsPoly, SmallPieces } from '../fhe/types.ts';
import { type Binding, expansionSeed } from '../proofs/transcript.ts';
import { linearPlain, type PlainVector, uniformPlain } from './field.ts';
import { type LinearShape, placesOf } from './shape.ts';

/** All that one subset contributes to a submission. */
export interface LinearPiece {
  readonly small: SmallPieces;
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
  return {
    small: sampleSmall(params, stream('small')),
    words: uniformPlain(stream('linear'), placesOf(shape).end),
  };
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
  readonly e0: Int32Array;
  readonly e1: Int32Array;
  /** Share of the sum of the encoded pads of the values. */
  readonly encoded: RnsPoly;
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
  const [u, e0, e1] = [zeros(), zeros(), zeros()];
  let encoded = ring.zero(primes);
  let words: PlainVector = new BigUint64Array(placesOf(shape).end);
  // One piece at a time: a member of a committee of ten has 84 of them.
  for (const [i, A] of subsets.entries()) {
    const piece = expandPiece(params, binding, shape, ephemeral, A, values[i] as Uint8Array);
    const factor = factors[i] as number;
    addScaled(u, piece.small.u, factor);
    addScaled(e0, piece.small.e0, factor);
    addScaled(e1, piece.small.e1, factor);
    const own = ring.encode(valueWords(shape, piece.words));
    encoded = ring.linear([encoded, own], (_, q) => [1n, ...cdiCoefficients(params, [A], member, q)], primes);
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
