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

  it('show what was added in two places, and nothing of what stands between', () => {
    const between = Array.from({ length: 100 }, (_, i) => `line ${i}`).join('\n');
    expect(differenceOf(`a\n${between}\nz`, `a\nX\n${between}\nY\nz`)).to.equal(
      'from line 2:\n  a\n+ X\n  line 97\n  line 98\n  line 99\n+ Y',
    );
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
