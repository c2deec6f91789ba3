/** The test vectors are what the code makes, and a second implementation, in Python and from the specification alone, agrees on them. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { scratchFolder } from '../support/scratch.ts';
import { textOf } from './make/cases.ts';
import { VECTORS } from './make/index.ts';

const here = new URL('./', import.meta.url);
const folder = scratchFolder('vectors');
const read = (name: string): string => readFileSync(new URL(`${name}.json`, here), 'utf8');
const names = Object.keys(VECTORS).sort();

interface File {
  readonly spec: readonly string[];
  readonly cases: readonly { readonly about: string; readonly gives?: unknown; readonly refused?: string }[];
}

describe('test vectors', function () {
  this.timeout(400_000);

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
    const ran = verify();
    if (ran === undefined) return this.skip();
    const wanted = names.map((name) => `${name}.json: ok ${(JSON.parse(read(name)) as File).cases.length}`);
    expect(ran.lines).to.deep.equal(wanted);
    expect(ran.status).to.equal(0);
  });

  it('the second verifier tells of what differs, is missing, or is not refused', function () {
    const kinds: Readonly<Record<string, [from: RegExp, to: string, told: RegExp]>> = {
      'another result': [/"gives":"0x01/, '"gives":"0x02', /it is "0x01/],
      'another number': [/"gives":3\b/, '"gives":4', /it is 3, expected 4/],
      'no such refusal': [
        /"refused":"crypto\/seed-length"/,
        '"refused":"crypto/other"',
        /refused: crypto\/seed-length/,
      ],
      'a function that is none': [/"about":"keyStream"/, '"about":"other"', /no section verifies this/],
      'nothing to refuse': [/"gives":\[[^\]]*\]/, '"refused":"crypto/other"', /expected refusal/],
    };
    const text = { 'another number': read('finality'), 'another result': read('finality') } as Record<string, string>;
    for (const [kind, [from, to, told]] of Object.entries(kinds)) {
      const whole = (text[kind] ?? read('hashes')).replaceAll(/"gives":"3"/g, '"gives":3');
      const changed = whole.replace(from, to);
      expect(changed, kind).to.not.equal(whole);
      const file = join(folder, `${kind.replaceAll(' ', '-')}.json`);
      writeFileSync(file, changed);
      const ran = verify(file);
      if (ran === undefined) return this.skip();
      expect(ran.status, kind).to.equal(1);
      expect(ran.lines.join('\n'), kind).to.match(told);
    }
  });
});

/** Runs the second verifier; undefined, and said so, where there is no Python. */
function verify(...files: readonly string[]): { readonly lines: string[]; readonly status: number | null } | undefined {
  const script = fileURLToPath(new URL('verify.py', here));
  const ran = spawnSync('python3', ['-B', script, ...files], { encoding: 'utf8', timeout: 360_000 });
  if (ran.error === undefined) return { lines: `${ran.stdout}${ran.stderr}`.trim().split('\n'), status: ran.status };
  console.log(
    `      the second verifier did NOT run: python3 cannot be started (${ran.error.message}); install Python 3`,
  );
  return undefined;
}

/** Whether a result says of its input that it is wrong. */
function refusesIn(gives: unknown): boolean {
  if (gives === false || gives === null) return true;
  if (typeof gives !== 'object' || gives === null) return false;
  return Object.entries(gives).some(
    ([name, value]) =>
      name === 'refused' || name === 'failedIn' || (name === 'holds' && value === false) || refusesDeep(value),
  );
}

const refusesDeep = (value: unknown): boolean => typeof value === 'object' && value !== null && refusesIn(value);
