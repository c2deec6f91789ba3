/**
 * Likeness from sketches: what opened inner products of each item with a few random vectors, with noise added, say of the cosine of two items. Drawn here from the items' own inner
 * products: projections on random signs are normal with that covariance, to what 7,850 coordinates leave of a difference.
 */
import { Draw } from '../../client/demo/draw.ts';
import { LIKENESS } from './candidates.ts';
import type { Game } from './games.ts';

export interface SketchRates {
  readonly values: number;
  /** Standard deviation of the noise in each opened value, as a part of the length of an update. */
  readonly noise: number;
  /** Of pairs of parties with examples of their own: taken for copies. */
  readonly wronged: number;
  /** Of pairs of copies: not recognised. */
  readonly missed: number;
}

/** Cosine of two sketches of `values` entries of vectors of length 1 with cosine `cosine`. */
function sketched(draw: Draw, cosine: number, values: number, noise: number): number {
  let [product, left, right] = [0, 0, 0];
  const rest = Math.sqrt(Math.max(0, 1 - cosine * cosine));
  for (let k = 0; k < values; k++) {
    const common = draw.normal();
    const a = common + noise * draw.normal();
    const b = cosine * common + rest * draw.normal() + noise * draw.normal();
    product += a * b;
    left += a * a;
    right += b * b;
  }
  return product / Math.sqrt(left * right);
}

/** Cosines of all pairs of parties with examples of their own, in the first paid round. */
function pairs(games: readonly Game[]): number[] {
  return games.flatMap(({ kinds, rounds: [round] }) => {
    const own = kinds.map((_, i) => i).filter((i) => !['noise', 'replay', 'duplicate'].includes(kinds[i] as string));
    const product = (i: number, j: number): number =>
      (round?.parts ?? []).reduce((sum, m) => sum + (m[i]?.[j] as number), 0);
    return own.flatMap((i) =>
      own.filter((j) => j < i).map((j) => product(i, j) / Math.sqrt(product(i, i) * product(j, j))),
    );
  });
}

/** Largest cosine of two parties with examples of their own, and the share of pairs that a threshold on exact inner products takes for copies. */
export function closestPairs(games: readonly Game[]): { most: number; wronged: number } {
  const all = pairs(games);
  return { most: Math.max(...all), wronged: all.filter((cosine) => cosine * 100 >= LIKENESS).length / all.length };
}

/** How often sketches are wrong about the pairs of these games. */
export function sketchRates(games: readonly Game[]): SketchRates[] {
  const all = pairs(games);
  const draw = new Draw('fairness', 'sketches');
  return [16, 32, 64].flatMap((values) =>
    [0, 0.1].map((noise) => {
      const isCopy = (cosine: number): boolean => sketched(draw, cosine, values, noise) * 100 >= LIKENESS;
      const share = (cosines: readonly number[], wanted: boolean): number =>
        cosines.filter((cosine) => isCopy(cosine) === wanted).length / cosines.length;
      const copies = all.map(() => 1);
      return { values, noise, wronged: share(all, true), missed: share(copies, false) };
    }),
  );
}
