export interface Job {
  readonly name: string;
  readonly what: string;
  readonly command: readonly [string, ...string[]];
  readonly env?: Readonly<Record<string, string>>;
  /** Lines of its output that stand in the summary. */
  readonly figures?: readonly RegExp[];
}

export interface Outcome {
  readonly name: string;
  readonly how: 'ok' | 'FAILED' | 'interrupted';
  readonly minutes: string;
  readonly found: readonly string[];
}

/** Runs jobs in their order, whatever the others say, until `signal` is aborted. */
export function runJobs(
  jobs: readonly Job[],
  options: { readonly signal: AbortSignal; readonly out?: { write(text: string): unknown } },
): Promise<Outcome[]>;

/** What the jobs have given, for people. */
export function summaryOf(outcomes: readonly Outcome[], jobs: readonly Pick<Job, 'name'>[]): string;
