/** Sketches of updates: where coordinates go, what comes of them, and which rounds can be held against each other (§9.7). */
import { sketchOf, updateOf } from '../../../client/sdk/update.ts';
import { haveOneForm, SketchPlaces, type UpdateForm } from '../../../primitives/round/sketch.ts';
import { bad, type Case, type Datum, good, randomOf, type Vectors } from './cases.ts';

const random = randomOf('sketches');

function places(): Case[] {
  const seed = random(32);
  const sizes = [
    [1_000, 7],
    [25_000_000, 8188],
    [2 ** 32 - 1, 32_752],
    [40, 2 ** 21],
  ] as const;
  const cases = sizes.map(([coordinates, buckets]) => {
    const made = new SketchPlaces({ coordinates, seed }, buckets).next(40);
    const given = { seed, coordinates, buckets, count: 40 };
    return good(
      'sketchPlaces',
      `${coordinates} coordinates in ${buckets} values`,
      given,
      Array.from(made, (place) => (place < 0 ? [-1 - place, -1] : [place, 1])),
    );
  });
  const kinds: readonly (readonly [string, number, number, number])[] = [
    ['no values', 1_000, 0, 1],
    ['too many values', 2 ** 23, 2 ** 21 + 1, 1],
    ['no coordinates', 0, 7, 0],
    ['too many coordinates', 2 ** 32, 7, 1],
    ['more than there are', 10, 7, 11],
  ];
  const refused = kinds.map(([name, coordinates, buckets, count]) =>
    bad('sketchPlaces', name, { seed, coordinates, buckets, count }, () =>
      new SketchPlaces({ coordinates, seed }, buckets).next(count),
    ),
  );
  return [...cases, ...refused];
}

async function sketches(): Promise<Case[]> {
  const made = [
    [5, 3],
    [64, 9],
    [300, 64],
  ].map(async ([coordinates, buckets]) => {
    const [seed, values] = [random(32), Array.from(random(coordinates as number), (byte) => byte - 128)];
    const source = updateOf(Float64Array.from(values));
    const sketch = await sketchOf({ coordinates: values.length, seed }, buckets as number, source);
    // Nothing comes of a bucket without coordinates, and no zero has a sign.
    return good(
      'sketch',
      `${coordinates} in ${buckets}`,
      { seed, buckets, values },
      Array.from(sketch, (x) => x + 0),
    );
  });
  return Promise.all(made);
}

function forms(): Case[] {
  const [seed, other] = [random(32), random(32)];
  const plain: UpdateForm = { parts: [12, 12], sketch: undefined };
  const form: UpdateForm = { ...plain, sketch: { coordinates: 500, seed } };
  const kinds: readonly (readonly [string, UpdateForm, UpdateForm])[] = [
    ['the same', form, { ...form, sketch: { coordinates: 500, seed: seed.slice() } }],
    ['both plain', plain, { ...plain }],
    ['a sketch and none', form, plain],
    ['another seed', form, { ...form, sketch: { coordinates: 500, seed: other } }],
    ['more coordinates', form, { ...form, sketch: { coordinates: 501, seed } }],
    ['other parts', form, { ...form, parts: [12, 13] }],
  ];
  const written = ({ parts, sketch }: UpdateForm): Datum => ({
    parts,
    sketch: sketch === undefined ? null : { ...sketch },
  });
  return kinds.map(([name, left, right]) =>
    good('haveOneForm', name, { left: written(left), right: written(right) }, haveOneForm(left, right)),
  );
}

export async function sketchVectors(): Promise<Vectors> {
  return { spec: ['§9.7'], cases: [...places(), ...(await sketches()), ...forms()] };
}
