import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { differenceOf, expectStored } from '../support/stored.ts';

describe('tests that compare with a stored file', () => {
  it('show the lines that differ, a little before them, and no others', () => {
    expect(differenceOf('a\nb\nc\nd\ne\nf', 'a\nb\nc\nd\nX\nY\nf')).to.equal(
      'from line 5:\n  b\n  c\n  d\n- e\n+ X\n+ Y',
    );
  });

  it('show nothing of what stands between two places that differ', () => {
    const between = Array.from({ length: 100 }, (_, i) => `line ${i}`);
    const [old, now] = [
      ['a', ...between, 'z'],
      ['a', 'new', ...between, 'y', 'z'],
    ];
    expect(differenceOf(old.join('\n'), now.join('\n')).split('\n')).to.deep.equal([
      'from line 2:',
      '  a',
      '+ new',
      'from line 102:',
      '  line 97',
      '  line 98',
      '  line 99',
      '+ y',
    ]);
  });

  it('say what to do, and pass when nothing differs', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tacit-stored-'));
    const file = pathToFileURL(join(folder, 'stored.json'));
    writeFileSync(file, '{\n  "a": 1\n}\n');
    expectStored(file, { a: 1 }, 'never shown');
    expect(() => expectStored(file, { a: 2 }, 'npx tacit run make.ts')).to.throw(
      /-   "a": 1\n\+   "a": 2\n\nIf this was meant: npx tacit run make\.ts$/,
    );
    rmSync(folder, { recursive: true });
  });
});
