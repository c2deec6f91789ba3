/** Table files with pages of zeros or other bytes: LevelDB takes them for records and aborts, or reads nonsense. */
import { cp, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { openLevel } from '../../../node/db/index.ts';
import { unsnappy } from '../../../node/db/snappy.ts';
import { Prg } from '../../../primitives/crypto/prg.ts';
import { utf8 } from '../../../primitives/crypto/bytes.ts';
import { isTacitError, type TacitError } from '../../../primitives/errors.ts';
import { scratchFolder } from '../../support/scratch.ts';

const FOOTER = 48;
const MARK = 'tacit-open';
const damageOf = async (directory: string): Promise<TacitError | undefined> => {
  try {
    await (await openLevel(directory)).close();
    return undefined;
  } catch (error) {
    if (isTacitError(error, 'db/damaged')) return error;
    throw error;
  }
};

describe('node/db: table files', () => {
  const folder = scratchFolder('tables');
  const whole = join(folder, 'whole');
  let table: string;
  let good: Buffer;

  before(async () => {
    const random = new Prg(new Uint8Array(32));
    let kv = await openLevel(whole);
    for (let i = 0; i < 1500; i++) {
      // Half of the blocks can be compressed, and so can the long names in the index.
      const value = i < 750 ? new Uint8Array(300).fill(i) : random.next(300);
      await kv.write([[utf8(`a name that takes some room, as all of them do, number ${10_000 + i}`), value]], false);
    }
    await kv.close();
    // What was in the log goes into a table.
    kv = await openLevel(whole);
    await kv.close();
    const names = (await readdir(whole)).filter((name) => name.endsWith('.ldb'));
    expect(names).to.have.length(1);
    table = names[0]!;
    good = await readFile(join(whole, table));
    expect(good.length).to.be.greaterThan(200_000);
  });

  /** A copy with another table, as a process leaves it that has not ended in order. */
  async function copyWith(bytes: Uint8Array, marked = true): Promise<string> {
    const copy = await mkdtemp(join(folder, 'copy-'));
    await cp(whole, copy, { recursive: true });
    await writeFile(join(copy, table), bytes);
    if (marked) await writeFile(join(copy, MARK), '');
    return copy;
  }

  it('a whole one is opened after whatever end', async () => {
    expect(await damageOf(await copyWith(good))).to.equal(undefined);
  });

  it('a page of zeros is told, with the folder, the file and what to do, wherever it lies', async () => {
    for (let at = 0; at + 4096 < good.length - FOOTER; at += 16_384) {
      const zeroed = Uint8Array.from(good).fill(0, at, at + 4096);
      const copy = await copyWith(zeroed);
      const damage = await damageOf(copy);
      expect(damage?.message, `page at ${at}`).to.include(`${copy} is damaged: ${table}: the block of`);
      expect(damage?.message).to.match(/move this folder away/);
    }
  });

  it('so is every other byte', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: good.length - FOOTER - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (at, by) => {
          const changed = Uint8Array.from(good);
          changed[at]! ^= by;
          expect(await damageOf(await copyWith(changed))).not.to.equal(undefined);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('the mark is there while a database is open, and not after it was closed in order', async () => {
    const copy = await copyWith(good, false);
    const kv = await openLevel(copy);
    expect(await readdir(copy)).to.include(MARK);
    await kv.close();
    expect(await readdir(copy)).not.to.include(MARK);
  });

  it('what Snappy folds unfolds; what it does not is told', () => {
    const bytes = (...parts: (string | number)[]): Uint8Array =>
      Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...utf8(part)] : [part])));
    const text = (packed: Uint8Array): string => Buffer.from(unsnappy(packed, 'db/bad-table')).toString();
    expect(text(bytes(5, 4 << 2, 'hello'))).to.equal('hello');
    // A literal of 2, a copy of 6 bytes from 2 back (it runs into itself), by one and by two bytes of distance.
    expect(text(bytes(8, 1 << 2, 'ab', (2 << 2) | 1, 2))).to.equal('abababab');
    expect(text(bytes(8, 1 << 2, 'ab', (5 << 2) | 2, 2, 0))).to.equal('abababab');
    expect(text(bytes(8, 1 << 2, 'ab', (5 << 2) | 3, 2, 0, 0, 0))).to.equal('abababab');
    const long = 'x'.repeat(100);
    expect(text(bytes(100, 60 << 2, 99, long))).to.equal(long);
    const refused = [
      bytes(5, 4 << 2, 'hell'),
      bytes(4, 4 << 2, 'hello'),
      bytes(6, 4 << 2, 'hello'),
      bytes(8, 1 << 2, 'ab', (2 << 2) | 1, 3),
      bytes(8, 1 << 2, 'ab', (2 << 2) | 1, 0),
      bytes(0xff, 0xff, 0xff, 0xff, 0x7f),
    ];
    for (const packed of refused)
      expect(() => text(packed))
        .to.throw()
        .with.property('code', 'db/bad-table');
  });
});
