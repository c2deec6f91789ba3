/**
 * Measures and reports: `npm run bench -- [flags]`.
 *
 *     --only NAME       this case; again, or comma-separated, for more
 *     --list            names and titles of the cases
 *     --json FILE       write the run as JSON; `-` prints it instead of the table
 *     --figures FILE    write the run as the page docs/figures.md
 *     --from FILE       take the run from this JSON, measure nothing
 *     --baseline FILE   warn of what costs more than in that run, in ratios; bench/baseline.json
 *
 * Exit code 0 whatever the clock says; 1 if a case could not be measured, 2 for wrong flags, 130 if it was interrupted: then the table has what was measured
 * until then, and nothing is left running.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cases } from './cases/index.ts';
import type { BenchCase } from './harness.ts';
import { describeMachine, yardstick } from './machine.ts';
import { renderComparison, renderFigures, renderTable } from './render.ts';
import { benchRun, type BenchRun, compare, summarise } from './result.ts';
import { stopRunning } from './support/process.ts';

const BASELINE = fileURLToPath(new URL('baseline.json', import.meta.url));

class UsageError extends Error {}

interface Flags {
  readonly chosen: readonly BenchCase[];
  readonly list: boolean;
  readonly json: string | undefined;
  readonly figures: string | undefined;
  readonly from: string | undefined;
  readonly baseline: string | undefined;
}

function parseFlags(args: readonly string[]): Flags {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        only: { type: 'string', multiple: true },
        list: { type: 'boolean', default: false },
        json: { type: 'string' },
        figures: { type: 'string' },
        from: { type: 'string' },
        baseline: { type: 'string' },
      },
    }));
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  const { only, list, json, figures, from, baseline } = values;
  const names = only?.flatMap((text) => text.split(','));
  const unknown = names?.find((name) => !cases.some((bench) => bench.name === name));
  if (unknown !== undefined) {
    throw new UsageError(`no case is called '${unknown}'; the cases are ${cases.map(({ name }) => name).join(', ')}`);
  }
  if (from !== undefined && names !== undefined) throw new UsageError('--from measures nothing, --only does');
  const chosen = names ? cases.filter(({ name }) => names.includes(name)) : cases;
  return { chosen, list, json, figures, from, baseline: baseline ?? (existsSync(BASELINE) ? BASELINE : undefined) };
}

function readRun(file: string): BenchRun {
  let data: unknown;
  try {
    data = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new UsageError(`${file} cannot be read as JSON`);
  }
  const parsed = benchRun.safeParse(data);
  if (!parsed.success) throw new UsageError(`${file} is not a run of the benchmarks`);
  return parsed.data;
}

/** Resolves when somebody wants an end of it. */
const interrupted = new Promise<'interrupted'>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve('interrupted'));
});

/** Measures one case after the other, until it is interrupted. A case that fails is told, and the next one is measured. */
async function measure(chosen: readonly BenchCase[]): Promise<{ run: BenchRun; isWhole: boolean }> {
  const run: BenchRun = {
    version: 1,
    date: new Date().toISOString(),
    machine: describeMachine(),
    cases: [],
    failed: [],
  };
  yardstick();
  for (const [index, bench] of chosen.entries()) {
    console.error(`measuring ${bench.name} (${index + 1} of ${chosen.length})`);
    const before = yardstick();
    try {
      // a signal is heard between two cases also where they never wait
      const samples = await Promise.race([bench.run(), interrupted]);
      if (samples === 'interrupted' || (await isInterrupted())) {
        await stopRunning();
        return { run, isWhole: false };
      }
      run.cases.push(summarise(bench, samples, (before + yardstick()) / 2));
    } catch (error) {
      run.failed.push({ name: bench.name, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  return { run, isWhole: true };
}

const isInterrupted = (): Promise<boolean> =>
  Promise.race([
    interrupted.then(() => true),
    new Promise<boolean>((resolve) => setImmediate(() => setImmediate(() => resolve(false)))),
  ]);

async function main(args: readonly string[]): Promise<number> {
  const { chosen, list, json, figures, from, baseline } = parseFlags(args);
  if (list) {
    for (const { name, title } of chosen) console.log(`${name}: ${title}`);
    return 0;
  }
  const before = baseline === undefined ? undefined : readRun(baseline);
  const { run, isWhole } = from === undefined ? await measure(chosen) : { run: readRun(from), isWhole: true };
  const text = JSON.stringify(run, null, 2);
  console.log(json === '-' ? text : renderTable(run));
  if (!isWhole) {
    console.error(`interrupted: ${run.cases.length} of ${chosen.length} cases are measured, nothing is written`);
    return 130;
  }
  if (before) for (const line of renderComparison(compare(run, before))) console.error(line);
  if (json !== undefined && json !== '-') writeFileSync(json, `${text}\n`);
  if (figures !== undefined) writeFileSync(figures, renderFigures(run));
  return run.failed.length === 0 ? 0 : 1;
}

try {
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  console.error(error instanceof UsageError ? error.message : error);
  process.exit(error instanceof UsageError ? 2 : 1);
}
