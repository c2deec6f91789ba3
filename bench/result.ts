/** What a run of the benchmarks leaves behind: the JSON of `--json`, of the baseline, and of the table in docs/figures.md. */
import { z } from 'zod';
import { type BenchCase, median, type Sample } from './harness.ts';

const positive = z.number().positive();

export const caseResult = z.strictObject({
  name: z.string(),
  title: z.string(),
  unit: z.enum(['ms', '1/s', 'bytes']),
  pace: z.enum(['processor', 'slots']),
  median: positive,
  min: positive,
  max: positive,
  /** How many measurements these are taken over. */
  runs: z.number().int().positive(),
  /** `ratio` is the median over that of the reference, both of this run. */
  reference: z.strictObject({ name: z.string(), median: positive, ratio: positive }).optional(),
  aim: positive.optional(),
  /** Milliseconds of the machine's yardstick around this case. */
  yardstickMs: positive,
});
export type CaseResult = z.infer<typeof caseResult>;

export const benchRun = z.strictObject({
  version: z.literal(1),
  date: z.iso.datetime(),
  machine: z.strictObject({
    cpu: z.string(),
    cores: z.number().int().positive(),
    memoryGiB: z.number().nonnegative(),
    os: z.string(),
    node: z.string(),
    loadBefore: z.number().nonnegative(),
  }),
  cases: z.array(caseResult),
  /** Cases that could not be measured, and why. */
  failed: z.array(z.strictObject({ name: z.string(), reason: z.string() })),
});
export type BenchRun = z.infer<typeof benchRun>;

/** Four significant digits, more where four would cut whole numbers: what is behind them is noise. */
const significant = (value: number): number => (value >= 1000 ? Math.round(value) : Number(value.toPrecision(4)));

export function summarise(bench: BenchCase, samples: readonly Sample[], yardstickMs: number): CaseResult {
  const values = samples.map(({ value }) => value);
  const references = samples.flatMap(({ reference }) => reference ?? []);
  if (references.length !== (bench.reference === undefined ? 0 : samples.length)) {
    throw new Error(`${bench.name} has a reference in some samples only`);
  }
  const middle = median(values);
  return {
    name: bench.name,
    title: bench.title,
    unit: bench.unit,
    pace: bench.pace,
    median: significant(middle),
    min: significant(Math.min(...values)),
    max: significant(Math.max(...values)),
    runs: samples.length,
    ...(bench.reference !== undefined && {
      reference: {
        name: bench.reference,
        median: significant(median(references)),
        ratio: significant(middle / median(references)),
      },
    }),
    ...(bench.aim !== undefined && { aim: bench.aim }),
    yardstickMs: significant(yardstickMs),
  };
}

/** Whether the median is what the project wants; undefined where it wants nothing in particular. */
export function meetsAim({ unit, median: middle, aim }: CaseResult): boolean | undefined {
  if (aim === undefined) return undefined;
  return unit === '1/s' ? middle >= aim : middle <= aim;
}

/**
 * The figure as a number that a faster machine does not change: the ratio to its reference, else units of the machine's yardstick; where the chain's slots set
 * the pace, the median itself. As a cost: more is worse.
 */
function cost({ unit, pace, median: middle, reference, yardstickMs }: CaseResult): number {
  // Bytes are the same on every machine.
  if (unit === 'bytes') return middle;
  if (pace === 'slots') return unit === 'ms' ? middle : 1 / middle;
  if (reference) return unit === 'ms' ? reference.ratio : 1 / reference.ratio;
  return unit === 'ms' ? middle / yardstickMs : 1 / (middle * yardstickMs);
}

export interface Comparison {
  readonly name: string;
  /** Cost in this run over that of the baseline: 1.3 is 30 % worse. */
  readonly change: number;
}

/** Cases that are in both runs. */
export function compare(run: BenchRun, baseline: BenchRun): Comparison[] {
  return run.cases.flatMap((now) => {
    const before = baseline.cases.find(({ name }) => name === now.name);
    return before ? [{ name: now.name, change: significant(cost(now) / cost(before)) }] : [];
  });
}
