/** What the seeds of a submission stand for (§5.1). A member's share of it: shares.ts. */
import { Prg } from '../crypto/prg.ts';
import { kernel } from '../fhe/kernel.ts';
import type { FheParams } from '../fhe/params.ts';
import { centredBinomial, sampleSmall } from '../fhe/sample.ts';
import { type Binding, expansionSeed } from '../proofs/transcript.ts';
import { type PlainVector, uniformPlain } from './field.ts';
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
