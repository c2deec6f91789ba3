/** The test vectors are what the code makes, and a second implementation, in Python and from the specification alone, agrees on them. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { textOf } from './make/cases.ts';
import { VECTORS } from './make/index.ts';

const here = new URL('./', import.meta.url);
const read = (name: string): string => readFileSync(new URL(`${name}.json`, here), 'utf8');
const names = Object.keys(VECTORS).sort();

interface File {
  readonly spec: readonly string[];
  readonly cases: readonly { readonly about: string; readonly gives?: unknown; readonly refused?: string }[];
}

describe('test vectors', function () {
  this.timeout(240_000);

  for (const [name, make] of Object.entries(VECTORS)) {
    it(`${name}: the code makes what is checked in`, async () => {
      const [made, stored] = [textOf(await make()).split('\n'), read(name).split('\n')];
      const differs = made.findIndex((line, i) => line !== stored[i]);
      expect(made[differs], `line ${differs + 1} of ${name}.json; see test/vectors/make.ts`).to.equal(stored[differs]);
      expect(stored.length).to.equal(made.length);
    });
  }

  it('every file has its maker, and good and bad cases', () => {
    const files = readdirSync(fileURLToPath(here)).filter((file) => file.endsWith('.json'));
    expect(files.sort()).to.deep.equal(names.map((name) => `${name}.json`));
    for (const name of names) {
      const { cases } = JSON.parse(read(name)) as File;
      expect(
        cases.some(({ gives }) => gives !== undefined),
        `${name} has a good case`,
      ).to.equal(true);
      expect(
        cases.some(({ refused, gives }) => refused !== undefined || refusesIn(gives)),
        `${name} has a bad case`,
      ).to.equal(true);
    }
  });

  it('sections that files name are headings of the specification', () => {
    const folder = new URL('../../docs/spec/', here);
    const text = readdirSync(folder).map((file) => readFileSync(new URL(file, folder), 'utf8'));
    for (const name of names) {
      for (const section of (JSON.parse(read(name)) as File).spec) {
        expect(text.join('\n'), `${name}.json names ${section}`).to.match(new RegExp(`^#+ ${section} `, 'm'));
      }
    }
  });

  it('the second verifier agrees on every case', function () {
    const script = fileURLToPath(new URL('verify.py', here));
    const { error, status, stdout, stderr } = spawnSync('python3', ['-B', script], {
      encoding: 'utf8',
      timeout: 180_000,
    });
    if (error !== undefined) {
      console.log(
        `      the second verifier did NOT run: python3 could not be started (${error.message}); install Python 3`,
      );
      return this.skip();
    }
    const wanted = names.map((name) => `${name}.json: ok ${(JSON.parse(read(name)) as File).cases.length}`);
    expect(`${stdout}${stderr}`.trim().split('\n')).to.deep.equal(wanted);
    expect(status).to.equal(0);
  });
});

/** Whether a result says of its input that it is wrong. */
function refusesIn(gives: unknown): boolean {
  if (gives === false || gives === null) return true;
  if (typeof gives !== 'object' || gives === null) return false;
  return Object.entries(gives).some(
    ([name, value]) => name === 'refused' || name === 'failedIn' || (name === 'holds' && value === false),
  );
}
