/**
 * The one error type of the project: an error is a value with a code, never matched by its text.
 * Codes read `room/what-happened`, for example `scale/too-long`.
 */
export class TacitError extends Error {
  readonly code: string;
  /** Facts about the failure, safe to log: never secrets. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = 'TacitError';
    this.code = code;
    this.details = details;
  }
}

/** Whether `error` is a {@link TacitError}, of the given code if one is named. */
export function isTacitError(error: unknown, code?: string): error is TacitError {
  return error instanceof TacitError && (code === undefined || error.code === code);
}
