import { type Logger, pino, stdTimeFunctions } from 'pino';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Structured logs, one JSON object per line on standard error. Fields that could hold a secret are blanked. */
export function createLog(level: LogLevel, name: string): Logger {
  // Where the log cannot be written, on a full disk say, lines are lost; an error that nobody hears would end the process instead.
  process.stderr.on('error', () => undefined);
  return pino(
    {
      name,
      level,
      timestamp: stdTimeFunctions.isoTime,
      redact: {
        paths: ['passphrase', 'seed', 'secret', 'secretKey', '*.passphrase', '*.seed', '*.secret', '*.secretKey'],
        censor: '[withheld]',
      },
    },
    process.stderr,
  );
}

/** An error as it may be logged: its code and message, the stack of those that are our fault. */
export function errorFields(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { reason: String(error) };
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? { code, reason: error.message } : { reason: error.message, stack: error.stack };
}
