/**
 * The usage lane of the demo: for each of the first test images, the training example nearest to it in pixel space (squared Euclidean
 * distance) is what the model is taken to have used; its holder is credited with one use. Holders of the same example take turns.
 */
import { imageAt, type LabelledImages, PIXELS } from './mnist.ts';
import type { Party } from './parties.ts';

export const TEST_IMAGES = 500;

/** Uses per party; they add up to `queries`. */
export function countUses(
  train: LabelledImages,
  test: LabelledImages,
  parties: readonly Pick<Party, 'indices'>[],
  queries = TEST_IMAGES,
): number[] {
  const holders = new Map<number, number[]>();
  parties.forEach(({ indices }, party) => {
    for (const index of new Set(indices)) holders.set(index, [...(holders.get(index) ?? []), party]);
  });
  const candidates = [...holders.keys()].sort((a, b) => a - b);
  const uses = parties.map(() => 0);
  for (let query = 0; query < queries; query++) {
    const nearest = nearestOf(imageAt(test, query), train, candidates);
    const sharing = holders.get(nearest) as number[];
    const holder = sharing[query % sharing.length] as number;
    uses[holder] = (uses[holder] as number) + 1;
  }
  return uses;
}

/** The candidate nearest to `image`; the lowest index among equals. */
function nearestOf(image: Uint8Array, train: LabelledImages, candidates: readonly number[]): number {
  let best = Number.POSITIVE_INFINITY;
  let nearest = candidates[0] as number;
  for (const candidate of candidates) {
    const base = candidate * PIXELS;
    let distance = 0;
    // looking at the bound once per row leaves early without slowing the inner loop
    for (let p = 0; p < PIXELS && distance < best; ) {
      for (const rowEnd = p + 28; p < rowEnd; p++) {
        const difference = (image[p] as number) - (train.pixels[base + p] as number);
        distance += difference * difference;
      }
    }
    if (distance < best) {
      best = distance;
      nearest = candidate;
    }
  }
  return nearest;
}
