import { expect } from 'chai';
import { imageAt, labelledImages, loadMnist, parseIdx, PIXELS } from '../../../client/demo/mnist.ts';
import { isTacitError } from '../../../primitives/errors.ts';

/** An IDX file with the given magic and dimensions. */
function idx(magic: number, dims: readonly number[], bytes: number): Uint8Array {
  const file = new Uint8Array(4 + 4 * dims.length + bytes);
  const view = new DataView(file.buffer);
  view.setUint32(0, magic);
  dims.forEach((length, d) => view.setUint32(4 + 4 * d, length));
  return file;
}

function codeOf(run: () => unknown): string | undefined {
  try {
    run();
  } catch (error) {
    return isTacitError(error) ? error.code : `not ours: ${error}`;
  }
  return undefined;
}

describe('client/demo/mnist', () => {
  it('reads a file whose every byte is accounted for', () => {
    const file = idx(0x0803, [2, 3, 4], 24);
    file[16] = 7;
    const { dims, values } = parseIdx(file, 3);
    expect(dims).to.deep.equal([2, 3, 4]);
    expect(values.length).to.equal(24);
    expect(values[0]).to.equal(7);
  });

  const bad: Record<string, [Uint8Array, number]> = {
    'an empty file': [new Uint8Array(0), 1],
    'a header cut short': [idx(0x0803, [2, 3], 0), 3],
    'a magic that does not begin with zeros': [idx(0x01000801, [1], 1), 1],
    'values that are not bytes': [idx(0x0d01, [1], 1), 1],
    'another number of dimensions': [idx(0x0801, [4, 4], 16), 2],
    'a truncated body': [idx(0x0801, [10], 9), 1],
    'trailing bytes': [idx(0x0801, [10], 11), 1],
    'a dimension of zero': [idx(0x0801, [0], 0), 1],
    'dimensions that promise terabytes': [idx(0x0803, [0xffffffff, 0xffffffff, 0xffffffff], 8), 3],
  };
  for (const [name, [file, dimensions]] of Object.entries(bad)) {
    it(`refuses ${name}`, () => {
      expect(codeOf(() => parseIdx(file, dimensions))).to.equal('demo/malformed-idx');
    });
  }

  it('refuses images and labels that do not belong together', () => {
    const images = idx(0x0803, [2, 28, 28], 2 * PIXELS);
    const labels = idx(0x0801, [2], 2);
    expect(labelledImages(images, labels).count).to.equal(2);
    expect(codeOf(() => labelledImages(images, idx(0x0801, [3], 3)))).to.equal('demo/malformed-idx');
    expect(codeOf(() => labelledImages(idx(0x0803, [2, 14, 14], 392), labels))).to.equal('demo/malformed-idx');
    labels[8 + 1] = 10;
    expect(codeOf(() => labelledImages(images, labels))).to.equal('demo/malformed-idx');
  });

  it('finds the real data in the installed package', () => {
    const { train, test } = loadMnist();
    expect([train.count, test.count]).to.deep.equal([60_000, 10_000]);
    // the first training example is the well-known 5, its first inked pixel in row 5
    expect(train.labels[0]).to.equal(5);
    expect(imageAt(train, 0).findIndex((ink) => ink > 0)).to.equal(5 * 28 + 12);
  });
});
