import { expect } from 'chai';
import { bucketsOf, haveOneForm, isSketchable, SketchPlaces } from '../../../primitives/round/sketch.ts';

const seed = new Uint8Array(32).fill(9);
const placesOf = (coordinates: number, buckets: number, from = seed): number[] => [
  ...new SketchPlaces({ coordinates, seed: from }, buckets).next(coordinates),
];
const code = (run: () => unknown): string => {
  try {
    run();
    return 'none';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('primitives/round/sketch', () => {
  it('places do not depend on how coordinates are cut into chunks', () => {
    const whole = placesOf(100_000, 8188);
    const places = new SketchPlaces({ coordinates: 100_000, seed }, 8188);
    const cut = [1, 16_383, 2, 65_536, 18_078].flatMap((count) => [...places.next(count)]);
    expect(cut.length).to.equal(100_000);
    expect(cut.every((place, j) => place === whole[j])).to.equal(true);
  });

  it('signs are even, buckets too, and one tells nothing of the other', () => {
    const [coordinates, buckets] = [200_000, 100];
    const places = placesOf(coordinates, buckets);
    const counts = Array.from({ length: 2 * buckets }, () => 0);
    for (const place of places) {
      const at = place >= 0 ? place : buckets + (-1 - place);
      counts[at] = (counts[at] ?? Number.NaN) + 1;
    }
    // 1,000 in each of 200 cells: chi squared of 199 degrees has a mean of 199 and a deviation of 20.
    const chi = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(chi).to.be.within(199 - 5 * 20, 199 + 5 * 20);
  });

  it('another seed, another number of coordinates or of values is another sketch', () => {
    const first = placesOf(1000, 50).join();
    expect(placesOf(1000, 50, new Uint8Array(32)).join()).to.not.equal(first);
    expect(placesOf(1001, 50).slice(0, 1000).join()).to.not.equal(first);
    expect(
      placesOf(1000, 51)
        .map((place) => Math.min(place, 49))
        .join(),
    ).to.not.equal(first);
    expect(placesOf(1000, 50).join()).to.equal(first);
  });

  it('refuses sizes for which products would not be exact, and coordinates beyond the last', () => {
    const make = (coordinates: number, buckets: number) => () => new SketchPlaces({ coordinates, seed }, buckets);
    for (const [coordinates, buckets] of [
      [10, 0],
      [10, 1.5],
      [10, 2 ** 21 + 1],
      [0, 5],
      [2 ** 32, 5],
      [Number.NaN, 5],
    ] as const)
      expect(code(make(coordinates, buckets)), `${coordinates} ${buckets}`).to.equal('tally/bad-sketch');
    const places = make(10, 3)();
    places.next(9);
    expect(code(() => places.next(2))).to.equal('tally/bad-sketch');
    // In the largest sketch too every bucket is one of it.
    const largest = new SketchPlaces({ coordinates: 2 ** 32 - 1, seed }, 2 ** 21).next(65_536);
    expect(largest.every((place) => place < 2 ** 21 && -1 - place < 2 ** 21)).to.equal(true);
  });

  it('fits parts that have values beside the spare ones, and fewer than what is sketched', () => {
    expect(bucketsOf([8192, 8192])).to.equal(16_376);
    expect(isSketchable([12, 12], { coordinates: 17 })).to.equal(true);
    expect(isSketchable([12, 12], { coordinates: 16 })).to.equal(false);
    expect(isSketchable([4, 12], { coordinates: 100 })).to.equal(false);
  });

  it('is compared by parts, coordinates and seed', () => {
    const plain = { parts: [12], sketch: undefined };
    const form = { parts: [12], sketch: { coordinates: 100, seed } };
    expect(haveOneForm(form, { parts: [12], sketch: { coordinates: 100, seed: seed.slice() } })).to.equal(true);
    expect(haveOneForm(plain, { ...plain })).to.equal(true);
    for (const other of [
      plain,
      { ...form, parts: [13] },
      { ...form, sketch: { coordinates: 101, seed } },
      { ...form, sketch: { coordinates: 100, seed: new Uint8Array(32) } },
    ]) {
      expect(haveOneForm(form, other)).to.equal(false);
      expect(haveOneForm(other, form)).to.equal(false);
    }
  });
});
