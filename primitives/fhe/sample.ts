/** Small polynomials from a key stream. Each sampler takes a fixed order of bytes, so that everyone who knows the seed gets the same ones. */
import type { Prg } from '../crypto/prg.ts';
import { TacitError } from '../errors.ts';
import { kernel } from './kernel.ts';
import type { FheParams } from './params.ts';
import type { SmallPieces } from './types.ts';

/** `count` uniform values of {-1, 0, 1}: five per byte below 3^5; bytes are taken in runs of `ceil(missing / 5)` until all are made. */
export function ternary(prg: Prg, count: number): Int8Array {
  const k = kernel();
  const out = new Int8Array(count);
  for (let made = 0; made < count; ) {
    const missing = count - made;
    const bytes = prg.next(Math.ceil(missing / 5));
    made += k.frame(() => {
      const source = k.putBytes(bytes);
      const r = k.alloc(missing);
      const got = k.run.ternary(r, source, bytes.length, missing);
      out.set(k.readSigned(r, got), made);
      return got;
    });
  }
  return out;
}

/** `count` centred binomial values of parameter 21, six bytes each, as SEAL samples its errors (|e| <= 21, variance 10.5). */
export function centredBinomial(prg: Prg, count: number): Int8Array {
  const k = kernel();
  const bytes = prg.next(6 * count);
  return k.frame(() => {
    const source = k.putBytes(bytes);
    const r = k.alloc(count);
    k.run.centredBinomial(r, source, count);
    return k.readSigned(r, count);
  });
}

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
