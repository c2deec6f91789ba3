import { expect } from 'chai';
import { quantise } from '../../../client/sdk/quantise.ts';
import { partsOf, sketchOf, updateOf, type UpdateSource } from '../../../client/sdk/update.ts';
import { SketchPlaces } from '../../../primitives/round/sketch.ts';
import { hash32Of } from '../../../primitives/crypto/hash.ts';

const seed = new Uint8Array(32).fill(5);
const rule = { parts: [604, 604], normSq: 100_000n, sketch: { coordinates: 50_000, seed } };
const BUCKETS = 1200;
const values = Float64Array.from({ length: 50_000 }, (_, j) => Math.sin(j * j) * 1e-3 + 1e-5);
const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, x, j) => sum + x * (b[j] as number), 0);

async function code(run: Promise<unknown>): Promise<string> {
  return run.then(
    () => 'none',
    (error: { code: string }) => error.code,
  );
}

/** The values in chunks of one size, all of them in the same memory. */
function inChunks(whole: ArrayLike<number>, size: number, length = whole.length): UpdateSource {
  const chunk = new Float64Array(size);
  return {
    length,
    async *chunks() {
      for (let from = 0; from < whole.length; from += size) {
        const count = Math.min(size, whole.length - from);
        for (let k = 0; k < count; k++) chunk[k] = whole[from + k] as number;
        yield chunk.subarray(0, count);
        chunk.fill(Number.NaN);
      }
    },
  };
}

describe('client/sdk/update', function () {
  this.timeout(240_000);

  it('a sketch is the signed sums of what falls into each bucket, to the bit, however it is cut', async () => {
    const plain = new Float64Array(BUCKETS);
    new SketchPlaces(rule.sketch, BUCKETS).next(values.length).forEach((place, j) => {
      const [bucket, sign] = place < 0 ? [-1 - place, -1] : [place, 1];
      plain[bucket] = (plain[bucket] as number) + sign * (values[j] as number);
    });
    for (const source of [updateOf(values), inChunks(values, 1), inChunks(values, 4_097), inChunks(values, 90_000)]) {
      const sketch = await sketchOf(rule.sketch, BUCKETS, source);
      expect(sketch.every((x, b) => Object.is(x, plain[b]))).to.equal(true);
    }
  });

  it('keeps inner products on average, with the error that is promised', async () => {
    const [d, m, seeds] = [4_000, 400, 300];
    const u = Float64Array.from({ length: d }, (_, j) => Math.sin(j * 1.7));
    const v = Float64Array.from({ length: d }, (_, j) => Math.sin(j * 1.7) + 2 * Math.cos(j * j));
    const found: number[] = [];
    for (let k = 0; k < seeds; k++) {
      const sketch = { coordinates: d, seed: hash32Of('tacit/test/1', k) };
      const [a, b] = [await sketchOf(sketch, m, updateOf(u)), await sketchOf(sketch, m, updateOf(v))];
      found.push(dot(a, b));
    }
    const mean = found.reduce((sum, x) => sum + x, 0) / seeds;
    const variance = found.reduce((sum, x) => sum + (x - dot(u, v)) ** 2, 0) / seeds;
    const fourth = u.reduce((sum, x, j) => sum + (x * (v[j] as number)) ** 2, 0);
    const promised = (dot(u, u) * dot(v, v) + dot(u, v) ** 2 - 2 * fourth) / m;
    expect(Math.abs(mean - dot(u, v))).to.be.below(4 * Math.sqrt(promised / seeds));
    expect(variance / promised).to.be.within(0.7, 1.35);
  });

  it('takes an update whole or sketched, a direction too; what a round takes has the norm of its rule', async () => {
    const whole = await partsOf(rule, inChunks(values, 1000));
    const sketch = await sketchOf(rule.sketch, BUCKETS, updateOf(values));
    expect(whole).to.deep.equal(quantise(sketch, rule.normSq, 2));
    expect(await partsOf(rule, updateOf(sketch))).to.deep.equal(whole);
    expect(await partsOf(rule, updateOf(Float32Array.from(sketch)))).to.deep.equal(
      quantise(Float64Array.from(Float32Array.from(sketch)), rule.normSq, 2),
    );
    expect(whole.map((part) => part.reduce((sum, x) => sum + x * x, 0))).to.deep.equal([100_000, 100_000]);
    expect(whole.map(({ length }) => length)).to.deep.equal(rule.parts);
    const plain = { ...rule, sketch: undefined };
    expect(await partsOf(plain, inChunks(sketch, 7))).to.deep.equal(whole);
  });

  it('refuses other lengths, lengths that are not what was said, and what is no number', async () => {
    const plain = { ...rule, sketch: undefined };
    const short = values.slice(0, 1199);
    expect(await code(partsOf(rule, updateOf(short)))).to.equal('sdk/wrong-length');
    expect(await code(partsOf(plain, updateOf(values)))).to.equal('sdk/wrong-length');
    for (const said of [50_000, 1200])
      for (const held of [said - 1, said + 1]) {
        const all = new Float64Array(held).fill(1);
        expect(await code(partsOf(rule, inChunks(all, 999, said))), `${held} for ${said}`).to.equal('sdk/wrong-length');
      }
    for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(await code(sketchOf(rule.sketch, BUCKETS, updateOf(values.with(49_999, wrong))))).to.equal(
        'sdk/bad-update',
      );
    }
    // Of two infinities in one bucket nothing finite comes either.
    const infinite = new Float64Array(50_000).fill(Number.POSITIVE_INFINITY);
    expect(await code(sketchOf(rule.sketch, BUCKETS, updateOf(infinite)))).to.equal('sdk/bad-update');
    expect(await code(partsOf(rule, updateOf(new Float64Array(50_000))))).to.equal('sdk/bad-update');
  });

  it('tells how far it is, and stops when it is told to', async () => {
    const told: number[] = [];
    const stop = new AbortController();
    const onProgress = (read: number, all: number): void => {
      expect(all).to.equal(50_000);
      told.push(read);
      if (read === 30_000) stop.abort();
    };
    const run = sketchOf(rule.sketch, BUCKETS, inChunks(values, 10_000), { onProgress, signal: stop.signal });
    expect((await run.catch((error: Error) => error.name)) as unknown).to.equal('AbortError');
    expect(told).to.deep.equal([10_000, 20_000, 30_000]);
  });

  it('sketches 25 million coordinates and holds one chunk: the source gives the same memory each time, and spoils it', async () => {
    const [coordinates, size] = [25_000_000, 65_536];
    const chunk = new Float32Array(size);
    let [given, ends] = [0, 0];
    const source: UpdateSource = {
      length: coordinates,
      *chunks() {
        for (; given < coordinates; given += size) {
          const count = Math.min(size, coordinates - given);
          // Whole numbers: sums are exact, whatever their order.
          for (let k = 0; k < count; k++) chunk[k] = ((given + k) % 255) - 127;
          yield chunk.subarray(0, count);
          chunk.fill(Number.NaN);
        }
        ends++;
      },
    };
    let told = 0;
    const buckets = 8188;
    const sketch = { coordinates, seed };
    const sums = await sketchOf(sketch, buckets, source, { onProgress: () => told++ });
    expect(ends).to.equal(1);
    expect(told).to.equal(Math.ceil(coordinates / size));
    expect(sums.length).to.equal(buckets);
    const squared = dot(sums, sums);
    const wanted = (coordinates * (127 * 128)) / 3; // mean square of -127..127 is 127*128/3
    expect(squared / wanted).to.be.within(1 - 6 * Math.sqrt(2 / buckets), 1 + 6 * Math.sqrt(2 / buckets));
    // The last coordinates count: read again by their places alone.
    const places = new SketchPlaces(sketch, buckets);
    const again = new Float64Array(buckets);
    for (let from = 0; from < coordinates; from += 1_000_000) {
      places.next(1_000_000).forEach((place, k) => {
        const value = ((from + k) % 255) - 127;
        const bucket = place < 0 ? -1 - place : place;
        again[bucket] = (again[bucket] as number) + (place < 0 ? -value : value);
      });
    }
    expect(sums.every((x, b) => x === again[b])).to.equal(true);
  });
});
