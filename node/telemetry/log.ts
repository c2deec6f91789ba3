import { type Logger, pino, stdTimeFunctions } from 'pino';
import type { LogFormat, LogLevel } from './levels.ts';
import { Screen } from './screen.ts';

export interface LogOptions {
  readonly level: LogLevel;
  readonly name: string;
  /** By default text on a terminal, JSON elsewhere: files and collectors get what they can parse. */
  readonly format?: LogFormat | undefined;
}

/** A log, and the line below it that says how things stand (nothing where the format is JSON). */
export interface NodeLog {
  readonly log: Logger;
  readonly status: (text: string) => void;
}

/** Structured logs on standard error: one JSON object per line, or lines for people. Fields that could hold a secret are blanked. */
export function createLog({ level, name, format = process.stderr.isTTY ? 'text' : 'json' }: LogOptions): NodeLog {
  // Where the log cannot be written, on a full disk say, lines are lost; an error that nobody hears would end the process instead.
  process.stderr.on('error', () => undefined);
  const options = {
    name,
    level,
    timestamp: stdTimeFunctions.isoTime,
    redact: {
      paths: ['passphrase', 'seed', 'secret', 'secretKey', '*.passphrase', '*.seed', '*.secret', '*.secretKey'],
      censor: '[withheld]',
    },
  };
  if (format === 'json') return { log: pino(options, process.stderr), status: () => undefined };
  const screen = new Screen(process.stderr);
  return { log: pino(options, screen), status: (text) => screen.status(text) };
}

/** An error as it may be logged: its code and message, the stack of those that are our fault. */
export function errorFields(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { reason: String(error) };
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? { code, reason: error.message } : { reason: error.message, stack: error.stack };
}
