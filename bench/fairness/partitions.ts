/** Who holds what: the demo's eight, seven with lopsided labels, seven of very different sizes; a replayer without data is the last party of each. */
import { Draw } from '../../client/demo/draw.ts';
import { CLASSES, type LabelledImages } from '../../client/demo/mnist.ts';
import { dealShards, type Party, VALIDATION_EXAMPLES } from '../../client/demo/parties.ts';
import { DEMO_SEED } from '../../client/demo/retrained.ts';
import { type Examples, examplesOf } from '../../client/demo/softmax.ts';
import { TacitError } from '../../primitives/errors.ts';
import type { Images } from './data.ts';

export const PARTITIONS = ['demo', 'dirichlet', 'sizes'] as const;
export type Partition = (typeof PARTITIONS)[number];

/** Concentration of the labels of a party: most of its examples are of two or three classes. */
export const DIRICHLET_ALPHA = 0.3;
export const DIRICHLET_EXAMPLES = 150;
/** Each party has three fifths of what the one before it has. */
export const SIZES: readonly number[] = [400, 240, 144, 86, 52, 31, 19];
/** Images that nobody trains on and no direction is made from. */
export const TEST_EXAMPLES = 1_000;

export interface Deal {
  readonly seed: string;
  readonly parties: readonly Party[];
  /** What the direction and the value of a coalition are measured on. */
  readonly validation: Examples;
  /** What only the second look at the value is measured on. */
  readonly held: Examples;
}

/** The parties of one draw. Draw 0 of the demo's partition of MNIST is the demo's own. */
export function deal(images: Images, partition: Partition, draw: number): Deal {
  const seed =
    partition === 'demo' ? (draw === 0 ? DEMO_SEED : `${DEMO_SEED} ${draw}`) : `fairness ${partition} ${draw}`;
  const order = new Draw(seed, 'held out').permutation(images.test.count);
  const held = examplesOf(images.test, order.subarray(0, TEST_EXAMPLES));
  if (partition === 'demo') return { seed, held, ...dealShards(images.train, seed) };
  const take = taker(images.train, seed);
  const validation = examplesOf(
    images.train,
    take(VALIDATION_EXAMPLES, () => true),
  );
  const shards = partition === 'sizes' ? SIZES.map((size) => take(size, () => true)) : lopsided(take, seed);
  const parties = shards.map((indices, i) => {
    return {
      name: `party ${i + 1}`,
      kind: 'ordinary',
      examples: indices.length,
      indices,
      shard: examplesOf(images.train, indices),
    };
  });
  const none = new Uint32Array(0);
  const replayer = {
    name: 'replayer',
    kind: 'replay',
    examples: 0,
    indices: none,
    shard: examplesOf(images.train, none),
  };
  return { seed, held, validation, parties: [...parties, replayer] as Party[] };
}

type Take = (count: number, wanted: (label: number) => boolean) => Uint32Array;

/** Takes examples that nobody has taken, in the order of the draw. */
function taker({ count: all, labels }: LabelledImages, seed: string): Take {
  const rest = new Set(new Draw(seed, 'examples').permutation(all));
  return (count, wanted) => {
    const chosen: number[] = [];
    for (const index of rest) {
      if (chosen.length === count) break;
      if (!wanted(labels[index] as number)) continue;
      chosen.push(index);
      rest.delete(index);
    }
    if (chosen.length < count) throw new TacitError('fairness/too-few-examples', 'the training set is too small');
    return Uint32Array.from(chosen);
  };
}

/** Seven parties with as many examples each, labels by a draw from a symmetric Dirichlet distribution. */
function lopsided(take: Take, seed: string): Uint32Array[] {
  const draw = new Draw(seed, 'labels');
  return SIZES.map(() => {
    const shares = Array.from({ length: CLASSES }, () => gamma(draw, DIRICHLET_ALPHA));
    const total = shares.reduce((sum, share) => sum + share, 0);
    const counts = new Uint32Array(CLASSES);
    for (let i = 0; i < DIRICHLET_EXAMPLES; i++) {
      let at = draw.unit() * total;
      const label = shares.findIndex((share) => (at -= share) < 0);
      const drawn = label < 0 ? CLASSES - 1 : label;
      counts[drawn] = (counts[drawn] as number) + 1;
    }
    const parts = Array.from(counts, (count, label) => [...take(count, (found) => found === label)]);
    return Uint32Array.from(parts.flat());
  });
}

/** A gamma variate of unit scale (Marsaglia and Tsang 2000), for shapes below 1 by the power of a uniform one. */
function gamma(draw: Draw, shape: number): number {
  const d = shape + 1 - 1 / 3;
  for (;;) {
    const x = draw.normal();
    const v = (1 + x / Math.sqrt(9 * d)) ** 3;
    const u = 1 - draw.unit();
    if (v > 0 && Math.log(u) < 0.5 * x * x + d - d * v + d * Math.log(v)) {
      return d * v * (1 - draw.unit()) ** (1 / shape);
    }
  }
}
