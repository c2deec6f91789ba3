/** The audit's report and progress for people. */
import type { WriteStream } from 'node:tty';
import { isTacitError } from '../../primitives/errors.ts';
import type { AuditReport } from './audit.ts';
import type { CheckReport, Failure } from './book.ts';

/** The report, one line per check and the failures below theirs. */
export function reportTable(report: AuditReport, seconds: number): string {
  const { chain, genesis, head, checks, stopped, ok } = report;
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
    '',
    ...lines,
    '',
    ...(stopped ? [`the replay stopped at block ${stopped.block ?? 0}: what follows could not be judged`] : []),
    `${ok ? 'audit passed' : 'AUDIT FAILED'}: ${passed} checks passed, ${failed} failed, ${seconds.toFixed(1)} s`,
  ].join('\n');
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
