/** Small polynomials from a key stream. Each sampler takes a fixed order of bytes, so that everyone who knows the seed gets the same ones. */
import type { Prg } from '../crypto/prg.ts';
import { TacitError } from '../errors.ts';
import { kernel, type Ptr } from './kernel.ts';
import type { FheParams } from './params.ts';
import type { SmallPieces } from './types.ts';

/** Writes `count` uniform values of {-1, 0, 1}, 8 bits each: five per byte below 3^5; bytes are taken in runs of `ceil(missing / 5)` until all are made. */
export function ternaryAt(prg: Prg, r: Ptr, count: number): void {
  const k = kernel();
  for (let made = 0; made < count; ) {
    const missing = count - made;
    const length = Math.ceil(missing / 5);
    made += k.frame(() => {
      const source = k.alloc(length);
      k.fill(source, length, (target) => prg.into(target));
      return k.run.ternary(r + made, source, length, missing);
    });
  }
}

/** Writes `count` centred binomial values of parameter 21, 8 bits each, from six bytes each, as SEAL samples its errors (|e| <= 21, variance 10.5). */
export function centredBinomialAt(prg: Prg, r: Ptr, count: number): void {
  const k = kernel();
  k.frame(() => {
    const source = k.alloc(6 * count);
    k.fill(source, 6 * count, (target) => prg.into(target));
    k.run.centredBinomial(r, source, count);
  });
}

function drawn(sample: (prg: Prg, r: Ptr, count: number) => void, prg: Prg, count: number): Int8Array {
  const k = kernel();
  return k.frame(() => {
    const r = k.alloc(count);
    sample(prg, r, count);
    return k.readSigned(r, count);
  });
}

/** `count` values of {@link ternaryAt}. */
export const ternary = (prg: Prg, count: number): Int8Array => drawn(ternaryAt, prg, count);

/** `count` values of {@link centredBinomialAt}. */
export const centredBinomial = (prg: Prg, count: number): Int8Array => drawn(centredBinomialAt, prg, count);

/** The `u`, `e0`, `e1` of one subset's seed, in this order. */
export function sampleSmall(params: FheParams, prg: Prg): SmallPieces {
  return {
    u: ternary(prg, params.degree),
    e0: centredBinomial(prg, params.degree),
    e1: centredBinomial(prg, params.degree),
  };
}

/** Coefficient-wise sum of small vectors; the sums stay small because there are at most 120 subsets. */
export function sumSmall(vectors: readonly Int8Array[], count: number): Int16Array {
  const out = new Int16Array(count);
  for (const vector of vectors) {
    if (vector.length !== count) throw new TacitError('fhe/length', 'small vectors of different lengths', { count });
    for (let i = 0; i < count; i++) out[i]! += vector[i]!;
  }
  return out;
}
