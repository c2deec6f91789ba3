/** The audit's report and progress for people. */
import type { WriteStream } from 'node:tty';
import { isTacitError } from '../../primitives/errors.ts';
import type { AuditReport } from './audit.ts';
import type { CheckReport, Failure } from './book.ts';

/** The report, one line per check and the failures below theirs. @param now milliseconds since 1970, by this machine's clock */
export function reportTable(report: AuditReport, seconds: number, now: number): string {
  const { chain, genesis, head, headTime, checks, stopped, ok } = report;
  const width = Math.max(...checks.map(({ name }) => name.length));
  const section = Math.max(...checks.map((check) => check.section.length));
  const lines = checks.flatMap((check) => {
    const first = [
      String(check.id).padStart(2),
      check.name.padEnd(width),
      check.section.padEnd(section),
      String(check.checked).padStart(8),
      verdictOf(check),
    ];
    return [first.join('  '), ...(check.failure ? describe(check.failure).map((line) => `      ${line}`) : [])];
  });
  const passed = checks.filter((check) => check.ok).length;
  const failed = checks.filter((check) => check.failure !== undefined).length;
  return [
    `chain ${chain}, genesis ${genesis}`,
    `confirmed up to block ${head.number} ${head.hash}`,
    ...(headTime === undefined ? [] : [ageLine(headTime, now)]),
    '',
    ...lines,
    '',
    ...(stopped ? [`the replay stopped at block ${stopped.block ?? 0}: what follows could not be judged`] : []),
    `${ok ? 'audit passed' : 'AUDIT FAILED'}: ${passed} checks passed, ${failed} failed, ${seconds.toFixed(1)} s`,
  ].join('\n');
}

/** How old the head is: who serves the blocks may keep newer ones back, and no check can see that. */
function ageLine(made: number, now: number): string {
  const age = now - made;
  const at = `that block was made at ${new Date(made).toISOString()}`;
  if (age < 0) return `${at}, ${durationText(-age)} ahead of this clock`;
  const hint = age > OLD_MS ? ': newer final blocks, if there are any, were not shown' : '';
  return `${at}, ${durationText(age)} ago by this clock${hint}`;
}

/** A chain whose newest final block is older than this stands still, or is not shown whole. */
const OLD_MS = 10 * 60_000;

function durationText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  return minutes < 48 * 60 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / (24 * 60))} days`;
}

function verdictOf({ ok, failure }: CheckReport): string {
  if (ok) return 'ok';
  return failure ? 'FAILED' : 'not completed';
}

function describe({ block, hash, extrinsic, what, expected, found }: Failure): string[] {
  const place = [
    ...(block === undefined ? [] : [`block ${block}`]),
    ...(hash === undefined ? [] : [hash]),
    ...(extrinsic === undefined ? [] : [`extrinsic ${extrinsic}`]),
  ];
  const facts = expected === undefined ? [] : [`expected ${expected}`, `found    ${found}`];
  return [`${place.join(', ')}${place.length > 0 ? ': ' : ''}${what}`, ...facts];
}

/** What is printed where there is nothing to report on. */
export function describeProblem(error: unknown): string {
  if (isTacitError(error)) return `error: ${error.message} (${error.code})`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Milliseconds between two updates of the progress. */
const EVERY_MS = 200;
/** Without a terminal, a line each time another tenth is done. */
const TENTHS = 10;

export interface Progress {
  readonly update: (done: number, of: number) => void;
  readonly end: () => void;
}

/** Progress on one line of a terminal, or on a few lines of a file. */
export function progressLine(out: Pick<WriteStream, 'write'> & { readonly isTTY?: boolean }): Progress {
  let shown = 0;
  let tenth = 0;
  return {
    update(done, of) {
      if (out.isTTY) {
        if (performance.now() - shown < EVERY_MS && done < of) return;
        shown = performance.now();
        out.write(`\r\x1b[Kaudit: block ${done} of ${of}`);
        return;
      }
      const reached = Math.floor((done * TENTHS) / of);
      if (reached > tenth) out.write(`audit: block ${done} of ${of}\n`);
      tenth = Math.max(tenth, reached);
    },
    end() {
      if (out.isTTY && shown > 0) out.write('\r\x1b[K');
    },
  };
}
