import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { openUpdate } from '../../../client/sdk/node/update-file.ts';
import { updateOfBlob } from '../../../client/sdk/browser/update-file.ts';
import { type ByteSource, updateIn } from '../../../client/sdk/update-file.ts';
import type { UpdateSource } from '../../../client/sdk/update.ts';
import { scratchFolder } from '../../support/scratch.ts';

const folder = scratchFolder('update-files');
let files = 0;
function fileOf(bytes: Uint8Array): string {
  const path = join(folder, `${files++}.update`);
  writeFileSync(path, bytes);
  return path;
}

async function all(source: UpdateSource): Promise<number[]> {
  const out: number[] = [];
  for await (const chunk of source.chunks()) for (let k = 0; k < chunk.length; k++) out.push(chunk[k] as number);
  return out;
}

async function code(run: Promise<unknown>): Promise<string> {
  return run.then(
    () => 'none',
    (error: { code: string }) => error.code,
  );
}

function raw(values: readonly number[], width: 4 | 8): Uint8Array {
  const view = new DataView(new ArrayBuffer(width * values.length));
  values.forEach((x, k) => (width === 4 ? view.setFloat32(4 * k, x, true) : view.setFloat64(8 * k, x, true)));
  return new Uint8Array(view.buffer);
}

/** What `numpy.save` writes: a header padded with blanks so that numbers begin at a multiple of 64. */
function npy(header: string, body: Uint8Array, version = 1): Uint8Array {
  const start = version === 1 ? 10 : 12;
  const text = `${header.padEnd(Math.ceil((start + header.length + 1) / 64) * 64 - start - 1)}\n`;
  const prefix = new Uint8Array([0x93, ...Buffer.from('NUMPY'), version, 0]);
  const length = new Uint8Array(start - 8);
  const view = new DataView(length.buffer);
  if (version === 1) view.setUint16(0, text.length, true);
  else view.setUint32(0, text.length, true);
  return Uint8Array.from([...prefix, ...length, ...Buffer.from(text), ...body]);
}
const headerOf = (descr: string, shape: string, order = 'False'): string =>
  `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }`;

const values = [1.5, -2, 0, 1e-3, 7].map(Math.fround);

describe('client/sdk: updates in files', () => {
  it('are raw numbers of either width, or what NumPy saves, on a disk and in a page', async () => {
    const kinds: readonly (readonly [string, Uint8Array, 'float32' | undefined])[] = [
      ['float64', raw(values, 8), undefined],
      ['float32', raw(values, 4), 'float32'],
      ['npy <f4', npy(headerOf('<f4', '(5,)'), raw(values, 4)), undefined],
      ['npy <f8, version 2', npy(headerOf('<f8', '(5, 1)'), raw(values, 8), 2), 'float32'],
      ['npy, version 3', npy(headerOf('<f4', '(1, 5)'), raw(values, 4), 3), undefined],
      ['npy of one column', npy(headerOf('<f4', '(5,)', 'True'), raw(values, 4)), undefined],
    ];
    for (const [name, bytes, type] of kinds) {
      await using file = await openUpdate(fileOf(bytes), type);
      expect(file.length, name).to.equal(5);
      expect(await all(file), name).to.deep.equal(values);
      // Read again from the front.
      expect(await all(file), name).to.deep.equal(values);
      expect(await all(await updateOfBlob(new Blob([bytes as Uint8Array<ArrayBuffer>]), type)), name).to.deep.equal(
        values,
      );
    }
  });

  it('are read piece by piece: no request is larger than a chunk, and none comes before it is needed', async () => {
    const count = 200_000;
    const bytes = raw(
      Array.from({ length: count }, (_, k) => k),
      4,
    );
    const asked: number[] = [];
    const source: ByteSource = {
      size: bytes.length,
      async read(from, to) {
        asked.push(to - from);
        return bytes.slice(from, to);
      },
    };
    const update = await updateIn(source, 'float32');
    expect(asked).to.deep.equal([12]);
    let read = 0;
    for await (const chunk of update.chunks()) {
      expect(chunk[0]).to.equal(read);
      read += chunk.length;
      expect(asked.length).to.equal(1 + Math.ceil(read / 65_536));
    }
    expect(read).to.equal(count);
    expect(Math.max(...asked)).to.equal(4 * 65_536);
  });

  it('that are none are refused with a reason', async () => {
    const five = raw(values, 4);
    const kinds: Readonly<Record<string, Uint8Array>> = {
      empty: new Uint8Array(),
      'half a number': new Uint8Array(12),
      'a number of another type': npy(headerOf('<i4', '(5,)'), five),
      'big endian': npy(headerOf('>f4', '(5,)'), five),
      'column by column': npy(headerOf('<f4', '(5, 1)', 'True'), five),
      'fewer than the header says': npy(headerOf('<f4', '(6,)'), five),
      'more than the header says': npy(headerOf('<f4', '(4,)'), five),
      'no shape': npy("{'descr': '<f4', 'fortran_order': False, }", five),
      'another version': npy(headerOf('<f4', '(5,)'), five, 4),
      'a header without end': npy(headerOf('<f4', '(5,)'), five).subarray(0, 40),
      'a header of megabytes': npy(headerOf('<f4', '(5,)').padEnd(20_000), five),
      'a shape of many digits': npy(headerOf('<f4', `(${'9'.repeat(400)},)`), five),
      'nothing after the header': npy(headerOf('<f4', '(0,)'), new Uint8Array()),
    };
    for (const [name, bytes] of Object.entries(kinds))
      expect(await code(openUpdate(fileOf(bytes))), name).to.equal('sdk/bad-update');
    expect(await code(openUpdate(join(folder, 'none')))).to.equal('sdk/no-update');
    mkdirSync(join(folder, 'folder'));
    expect(await code(openUpdate(join(folder, 'folder')))).to.equal('sdk/no-update');
  });

  it('that become shorter while they are read are refused', async () => {
    const bytes = raw(values, 8);
    const source: ByteSource = { size: 80_000, read: async (from, to) => bytes.slice(from, Math.min(to, 40)) };
    const update = await updateIn({ ...source, size: 40 });
    expect(await all(update)).to.deep.equal(values);
    expect(await code(updateIn(source).then(all))).to.equal('sdk/bad-update');
  });
});
