/** A run for people: the table on the terminal, the page docs/figures.md, and what has become slower than the baseline. */
import { type BenchRun, type CaseResult, type Comparison, meetsAim } from './result.ts';

/** Runs on a busy machine differ by this much for no reason. */
const TOLERANCE = 1.25;
/** Times beside which the yardstick took this many times as long as beside the quietest case are those of a busy machine. */
const BUSY = 2;

const number = (value: number): string => {
  if (value >= 1000) return Math.round(value).toLocaleString('en');
  return String(Number(value.toPrecision(3)));
};

const figure = (value: number, unit: CaseResult['unit']): string =>
  unit === '1/s' ? `${number(value)}/s` : `${number(value)} ${unit}`;

/** The ratio so that it reads as "times the reference's time" whatever the unit. */
function ratioText({ unit, reference }: CaseResult): string {
  if (!reference) return '';
  return `${number(unit === '1/s' ? 1 / reference.ratio : reference.ratio)} x`;
}

function aimText(result: CaseResult): string {
  const met = meetsAim(result);
  if (met === undefined || result.aim === undefined) return '';
  return `${result.unit === '1/s' ? '>=' : '<='} ${figure(result.aim, result.unit)}: ${met ? 'met' : 'MISSED'}`;
}

/** Names of the cases that were measured beside other work: what they say of times is too long. Bytes and what follows the slots are left out. */
export function busyCases({ cases }: Pick<BenchRun, 'cases'>): ReadonlySet<string> {
  const quiet = Math.min(...cases.map(({ yardstickMs }) => yardstickMs));
  const busy = cases.filter(
    ({ unit, pace, yardstickMs }) => unit !== 'bytes' && pace === 'processor' && yardstickMs > BUSY * quiet,
  );
  return new Set(busy.map(({ name }) => name));
}

const range = ({ min, max, unit, runs }: CaseResult): string =>
  runs === 1 ? 'one run' : `${number(min)} to ${figure(max, unit)}, ${runs} runs`;

/** Columns of text, one line per row. */
function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, c) => Math.max(...rows.map((row) => row[c]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, c) => cell.padEnd(widths[c] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function machineText({ machine, date }: BenchRun): string {
  const { cpu, cores, memoryGiB, os, node, loadBefore } = machine;
  return `${cpu}, ${cores} cores, ${memoryGiB} GiB, ${os}, Node ${node}; ${date}; load before the run ${loadBefore}`;
}

export function renderTable(run: BenchRun): string {
  const rows = run.cases.map((result) => [
    result.name,
    figure(result.median, result.unit),
    ratioText(result),
    range(result),
    aimText(result),
  ]);
  const failures = run.failed.map(({ name, reason }) => `not measured: ${name}: ${reason}`);
  return [machineText(run), '', columns([['case', 'median', 'ratio', 'range', 'aim'], ...rows]), ...failures].join(
    '\n',
  );
}

/** One line per case that is dearer than the baseline's by more than chance; empty if none is. */
export function renderComparison(comparisons: readonly Comparison[]): string[] {
  return comparisons
    .filter(({ change }) => change > TOLERANCE)
    .map(({ name, change }) => `warning: ${name} costs ${change.toFixed(2)} times what it cost in the baseline`);
}

const cell = (text: string): string => text.replaceAll('|', '\\|');

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

const command = ({ name }: CaseResult): string => `\`npm run bench -- --only ${name}\``;

/** The tables of the page: of cases with a reference the ratio, of all the figure. */
function tablesOf(run: BenchRun): string[] {
  const compared = run.cases.filter(({ reference }) => reference !== undefined);
  const busy = busyCases(run);
  const mark = ({ name }: CaseResult): string => (busy.has(name) ? ' (busy)' : '');
  return [
    '## Ratios',
    '',
    ...markdown(
      ['figure', 'ratio of times', 'compared with', 'command'],
      compared.map((result) => [
        result.title,
        ratioText(result) + mark(result),
        `${result.reference?.name}: ${figure(result.reference?.median ?? 0, result.unit)}`,
        command(result),
      ]),
    ),
    '',
    '## All figures',
    '',
    ...markdown(
      ['figure', 'median', 'range', 'aim', 'command'],
      run.cases.map((result) => [
        result.title,
        figure(result.median, result.unit) + mark(result),
        range(result),
        aimText(result),
        command(result),
      ]),
    ),
  ];
}

/** The page docs/figures.md. */
export function renderFigures(run: BenchRun): string {
  const failures = run.failed.map(({ name, reason }) => `* \`${name}\` was not measured: ${reason}`);
  return [
    '# Figures',
    '',
    'Written by `npm run bench -- --json bench/baseline.json --figures docs/figures.md`; do not edit. Medians; a case that came later was measured later than the date says, on a machine of the same kind:',
    '',
    `> ${machineText(run)}`,
    '',
    'Times differ from machine to machine and, on a busy one, from minute to minute; ratios differ less. They compare with something measured in the',
    'same run, in turns with the figure itself. Where it says *busy* the machine had so much other work that its yardstick, a hash of OpenSSL, took more than twice as long as beside',
    'the quietest case: the time is too long, and its ratio rough.',
    '',
    ...tablesOf(run),
    ...(failures.length > 0 ? ['', '## Not measured', '', ...failures] : []),
    '',
  ].join('\n');
}
