import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { scratchFolder } from '../support/scratch.ts';

const TOOLS = fileURLToPath(new URL('../../tools', import.meta.url));

/** A project with one generator, which counts how often it has run. */
const GENERATORS = `export const generators = [
  { name: 'thing', script: 'make.mjs', sources: ['sources'], packages: ['maker'], outputs: ['build/thing.txt'] },
];`;
const MAKE = `import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
const source = readFileSync('sources/a.ts', 'utf8');
if (source === 'wrong') throw new Error('the source is wrong');
mkdirSync('build', { recursive: true });
writeFileSync('build/thing.txt', 'made of ' + source);`;

describe('tools: what is generated from sources', function () {
  this.timeout(600_000);

  let project: string;
  const path = (...parts: string[]): string => join(project, ...parts);
  const prepare = (...flags: string[]): { code: number | null; err: string } => {
    const { status, stderr } = spawnSync(process.execPath, [path('tools/prepare.mjs'), ...flags], { encoding: 'utf8' });
    return { code: status, err: stderr };
  };
  const made = (): string => readFileSync(path('build/thing.txt'), 'utf8');

  beforeEach(() => {
    project = scratchFolder('prepare');
    cpSync(TOOLS, path('tools'), { recursive: true });
    writeFileSync(path('tools/generators.mjs'), GENERATORS);
    writeFileSync(path('make.mjs'), MAKE);
    mkdirSync(path('sources'));
    writeFileSync(path('sources/a.ts'), 'one');
    mkdirSync(path('node_modules/maker'), { recursive: true });
    writeFileSync(path('node_modules/maker/package.json'), '{"version": "1.0.0"}');
  });
  afterEach(() => rmSync(project, { recursive: true, force: true }));

  it('is made where it is missing, and again whenever a source, a package or its script has changed, and only then', () => {
    expect(prepare()).to.deep.equal({ code: 0, err: '' });
    expect(made()).to.equal('made of one');
    writeFileSync(path('build/thing.txt'), 'as it was');
    prepare();
    expect(made(), 'nothing has changed').to.equal('as it was');
    writeFileSync(path('sources/a.ts'), 'two');
    prepare();
    expect(made(), 'a source has changed').to.equal('made of two');
    const changes: (() => void)[] = [
      () => writeFileSync(path('sources/b.ts'), 'new'),
      () => writeFileSync(path('node_modules/maker/package.json'), '{"version": "1.0.1"}'),
      () => writeFileSync(path('make.mjs'), `${MAKE}\n// another`),
      () => rmSync(path('build/thing.txt')),
    ];
    for (const [i, change] of changes.entries()) {
      writeFileSync(path('build/thing.txt'), 'as it was');
      change();
      prepare();
      expect(made(), `change ${i}`).to.equal('made of two');
    }
  });

  it('fails with the reason, and leaves the next attempt to try again', () => {
    writeFileSync(path('sources/a.ts'), 'wrong');
    const failed = prepare();
    expect(failed.code).to.equal(1);
    expect(failed.err).to.include('the thing could not be made').and.include('the source is wrong');
    expect(prepare().code).to.equal(1);
    writeFileSync(path('sources/a.ts'), 'right');
    expect(prepare().code).to.equal(0);
    expect(made()).to.equal('made of right');
  });

  it('says what is missing, which does not fail an installation without development packages', () => {
    rmSync(path('node_modules/maker'), { recursive: true });
    expect(prepare().code).to.equal(1);
    expect(prepare().err).to.include('the package maker is not installed: run npm ci');
    expect(prepare('--install').code).to.equal(0);
  });
});
