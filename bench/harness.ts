/** What a benchmark is, and how its samples are taken. */

/** One measurement and, where there is something to compare with, that other thing measured right after it, on the same machine under the same load. */
export interface Sample {
  readonly value: number;
  readonly reference?: number;
}

export type Unit = 'ms' | '1/s' | 'bytes';

export interface BenchCase {
  /** What `--only` takes. */
  readonly name: string;
  /** What exactly is measured, sizes included. */
  readonly title: string;
  /** Milliseconds and bytes: less is better. Per second: more is. */
  readonly unit: Unit;
  /** What the samples' `reference` is, in the same unit. */
  readonly reference?: string;
  /** What the project wants of the median. */
  readonly aim?: number;
  /** `slots`: the chain's clock sets the pace of it rather than the processor. */
  readonly pace: 'processor' | 'slots';
  run(): Promise<Sample[]>;
}

/** The middle one; of an even number the mean of the two in the middle. Throws `RangeError` for none. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('no measurement has no median');
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[sorted.length >> 1] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[(sorted.length >> 1) - 1] as number) + upper) / 2;
}

/** Milliseconds of one call of `body`, averaged over `calls`: few calls of something quick would measure the clock. */
function time(body: () => unknown, calls: number): number {
  const from = performance.now();
  for (let i = 0; i < calls; i++) body();
  return (performance.now() - from) / calls;
}

export interface Timing {
  readonly runs: number;
  /** Calls per measurement. */
  readonly calls?: number;
  readonly reference?: () => unknown;
  /** Calls of the reference per measurement; as many as `calls` by default. */
  readonly referenceCalls?: number;
}

/** Times `body` in milliseconds, and the reference after each run of it. Both run once before, so that what is made at first use does not count. */
export function timed(body: () => unknown, { runs, calls = 1, reference, referenceCalls = calls }: Timing): Sample[] {
  time(body, calls);
  if (reference) time(reference, referenceCalls);
  return Array.from({ length: runs }, () => {
    const value = time(body, calls);
    return reference ? { value, reference: time(reference, referenceCalls) } : { value };
  });
}

/** The same samples as calls per second. */
export function perSecond(samples: readonly Sample[]): Sample[] {
  return samples.map(({ value, reference }) => ({
    value: 1000 / value,
    ...(reference === undefined ? {} : { reference: 1000 / reference }),
  }));
}
