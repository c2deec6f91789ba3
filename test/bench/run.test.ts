import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { cases } from '../../bench/cases/index.ts';
import { renderFigures } from '../../bench/render.ts';
import { benchRun, type BenchRun } from '../../bench/result.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

function bench(...args: string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['bench/run.ts', ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  return { code: status, out: stdout, err: stderr };
}

describe('bench/run.ts', function () {
  // a process for each run
  this.timeout(600_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'tacit-bench-test-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('measures the chosen cases, writes JSON of the published shape, and prints a table', () => {
    const json = join(folder, 'run.json');
    const page = join(folder, 'figures.md');
    const { code, out } = bench('--only', 'ntt,sr25519-verify', '--json', json, '--figures', page);
    expect(code).equal(0);
    const run = benchRun.parse(JSON.parse(readFileSync(json, 'utf8')));
    expect(run.failed).deep.equal([]);
    expect(run.machine.node).equal(process.version);
    expect(run.cases.map(({ name, unit }) => [name, unit])).deep.equal([
      ['ntt', 'ms'],
      ['sr25519-verify', '1/s'],
    ]);
    for (const { median, min, max, runs, reference } of run.cases) {
      expect(min).most(median);
      expect(max).least(median);
      expect(runs).least(3);
      if (!reference) throw new Error('both cases have a reference');
      expect(reference.ratio).closeTo(median / reference.median, 0.01 * reference.ratio);
    }
    expect(out).match(/^ntt +[\d.]+ ms/m);
    expect(readFileSync(page, 'utf8')).equal(renderFigures(run));
  });

  it('prints the JSON alone with --json -', () => {
    const { code, out } = bench('--only', 'sr25519-verify', '--json', '-');
    expect(code).equal(0);
    expect(benchRun.parse(JSON.parse(out)).cases).length(1);
  });

  it('warns of a figure that got worse than in the baseline, and does not fail for it', () => {
    const json = join(folder, 'before.json');
    const measured = bench('--only', 'sr25519-verify', '--json', json);
    expect(measured.code).equal(0);
    const before = benchRun.parse(JSON.parse(readFileSync(json, 'utf8')));
    const better: BenchRun = {
      ...before,
      cases: before.cases.map((one) => ({
        ...one,
        ...(one.reference && { reference: { ...one.reference, ratio: one.reference.ratio * 10 } }),
      })),
    };
    const baseline = join(folder, 'better.json');
    writeFileSync(baseline, JSON.stringify(better));
    const { code, err } = bench('--from', json, '--baseline', baseline);
    expect(code).equal(0);
    expect(err).contain('warning: sr25519-verify costs 10.00 times');
    expect(bench('--from', json, '--baseline', json).err).equal('');
  });

  it('refuses unknown cases, unknown flags and files that are no runs, with exit code 2', () => {
    const noRun = join(folder, 'no-run.json');
    writeFileSync(noRun, '{"cases":[]}');
    for (const [args, text] of [
      [['--only', 'nothing'], "no case is called 'nothing'"],
      [['--fast'], '--fast'],
      [['--from', join(folder, 'absent.json')], 'cannot be read'],
      [['--from', noRun], 'is not a run'],
      [['--from', noRun, '--only', 'ntt'], '--only'],
    ] as const) {
      const { code, err } = bench(...args);
      expect(code, args.join(' ')).equal(2);
      expect(err).contain(text);
    }
  });
});

describe('docs/figures.md', () => {
  const stored = benchRun.parse(JSON.parse(readFileSync(join(root, 'bench/baseline.json'), 'utf8')));

  it('shows the stored run and nothing else', () => {
    expect(readFileSync(join(root, 'docs/figures.md'), 'utf8')).equal(renderFigures(stored));
  });

  it('comes from a run of all cases', () => {
    const names = [...stored.cases, ...stored.failed].map(({ name }) => name);
    expect(names).have.members(cases.map(({ name }) => name));
  });
});
