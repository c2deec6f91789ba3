import { expect } from 'chai';
import { type BenchCase, median, perSecond, timed } from '../../bench/harness.ts';
import { busyCases, renderComparison, renderFigures } from '../../bench/render.ts';
import { type BenchRun, type CaseResult, compare, meetsAim, summarise } from '../../bench/result.ts';

const bench: BenchCase = {
  name: 'example',
  title: 'an example | with a bar',
  unit: 'ms',
  pace: 'processor',
  run: async () => [],
};

const result = (changes: Partial<CaseResult>): CaseResult => ({
  ...summarise(bench, [{ value: 10 }], 5),
  ...changes,
});

const runOf = (...cases: CaseResult[]): BenchRun => ({
  version: 1,
  date: '2026-01-01T00:00:00.000Z',
  machine: { cpu: 'a processor', cores: 2, memoryGiB: 8, os: 'Linux', node: 'v24.0.0', loadBefore: 0 },
  cases,
  failed: [{ name: 'absent', reason: 'no such thing' }],
});

const change = (now: CaseResult, before: CaseResult): number | undefined =>
  compare(runOf(now), runOf(before))[0]?.change;

describe('bench: figures of a case', () => {
  it('takes the median of odd and even numbers of samples', () => {
    expect(median([3, 1, 2])).equal(2);
    expect(median([4, 1, 2, 3])).equal(2.5);
    expect(() => median([])).throw(RangeError);
  });

  it('summarises samples; the ratio is that of the medians', () => {
    const samples = [
      { value: 4, reference: 1 },
      { value: 6, reference: 2 },
      { value: 90, reference: 3 },
    ];
    const { median: middle, min, max, runs, reference } = summarise({ ...bench, reference: 'other' }, samples, 1);
    expect({ middle, min, max, runs }).deep.equal({ middle: 6, min: 4, max: 90, runs: 3 });
    expect(reference).deep.equal({ name: 'other', median: 2, ratio: 3 });
  });

  it('does not round a figure to its aim', () => {
    const missed = summarise({ ...bench, aim: 10_000 }, [{ value: 10_003 }], 1);
    expect(missed.median).equal(10_003);
    expect(meetsAim(missed)).equal(false);
  });

  it('refuses a reference in some samples only', () => {
    const samples = [{ value: 1, reference: 1 }, { value: 2 }];
    expect(() => summarise({ ...bench, reference: 'other' }, samples, 1)).throw('example');
    expect(() => summarise(bench, samples, 1)).throw('example');
  });

  it('times every run with its reference after it, behind one unmeasured turn', () => {
    const order: string[] = [];
    const body = (): unknown => order.push('own');
    const samples = timed(body, { runs: 2, calls: 2, reference: () => order.push('other'), referenceCalls: 1 });
    expect(order.join(' ')).equal('own own other own own other own own other');
    expect(samples).length(2);
    expect(perSecond([{ value: 4, reference: 2 }])).deep.equal([{ value: 250, reference: 500 }]);
  });

  it('knows which way an aim is met', () => {
    expect(meetsAim(result({}))).equal(undefined);
    expect(meetsAim(result({ median: 9, aim: 10 }))).equal(true);
    expect(meetsAim(result({ median: 11, aim: 10 }))).equal(false);
    expect(meetsAim(result({ unit: '1/s', median: 11, aim: 10 }))).equal(true);
    expect(meetsAim(result({ unit: '1/s', median: 9, aim: 10 }))).equal(false);
  });
});

describe('bench: comparison with a baseline', () => {
  it('compares ratios where there is a reference, whatever the times are', () => {
    const at = (ratio: number, time: number) =>
      result({ median: time, reference: { name: 'other', median: time / ratio, ratio } });
    expect(change(at(3, 100), at(2, 1))).equal(1.5);
    expect(change({ ...at(3, 100), unit: '1/s' }, { ...at(2, 1), unit: '1/s' })).closeTo(2 / 3, 0.001);
  });

  it("takes the machine's speed out of figures without one", () => {
    const slowMachine = result({ median: 40, yardstickMs: 20 });
    const fastMachine = result({ median: 10, yardstickMs: 5 });
    expect(change(slowMachine, fastMachine)).equal(1);
    expect(change({ ...slowMachine, unit: '1/s' }, { ...fastMachine, unit: '1/s', median: 160 })).equal(1);
  });

  it('leaves figures that follow the slots as they are', () => {
    const at = (ms: number) => result({ pace: 'slots', median: ms, yardstickMs: ms });
    expect(change(at(900), at(600))).equal(1.5);
  });

  it('passes over cases that only one run has, and warns beyond chance only', () => {
    expect(compare(runOf(result({ name: 'new' })), runOf(result({})))).deep.equal([]);
    expect(renderComparison([{ name: 'a', change: 1.2 }])).deep.equal([]);
    expect(renderComparison([{ name: 'a', change: 1.5 }])).deep.equal([
      'warning: a costs 1.50 times what it cost in the baseline',
    ]);
  });
});

describe('bench: the page of figures', () => {
  const ratio = { name: 'other thing', median: 4, ratio: 2.5 };
  const page = renderFigures(runOf(result({ reference: ratio }), result({ name: 'alone', median: 1234.5, aim: 1000 })));

  it('gives ratios first, then all figures, each with the command that makes it', () => {
    const ratios = page.indexOf('## Ratios');
    const all = page.indexOf('## All figures');
    expect(ratios).greaterThan(0).lessThan(all);
    expect(page.slice(ratios, all)).contain('2.5 x').contain('other thing: 4 ms').not.contain('alone');
    expect(page.slice(all)).contain('`npm run bench -- --only alone`').contain('1,235 ms').contain('MISSED');
  });

  it('tells the machine and what was not measured', () => {
    expect(page).contain('a processor, 2 cores').contain('Node v24.0.0');
    expect(page).contain('`absent` was not measured: no such thing');
  });

  it('says which times come from a busy machine, by what its yardstick took', () => {
    const quiet = result({ name: 'quiet', median: 3, yardstickMs: 4 });
    const beside = result({ name: 'beside', median: 7, yardstickMs: 8.1, reference: ratio });
    const bytes = result({ name: 'bytes', unit: 'bytes', yardstickMs: 40 });
    const paced = result({ name: 'paced', pace: 'slots', yardstickMs: 40 });
    const run = runOf(quiet, beside, bytes, paced);
    expect([...busyCases(run)]).deep.equal(['beside']);
    const shown = renderFigures(run);
    expect(shown).contain('| 7 ms (busy) |').contain('| 2.5 x (busy) |');
    expect(shown.match(/\(busy\)/g)).have.length(2);
  });

  it('keeps a bar in a text from cutting the table', () => {
    expect(page).contain('an example \\| with a bar');
  });
});
