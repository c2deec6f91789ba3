/** The machine a run was made on, and its speed at that moment. */
import { createHash } from 'node:crypto';
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';
import { median } from './harness.ts';

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly os: string;
  readonly node: string;
  /** Load average of the minute before the run: above zero the machine had other work. */
  readonly loadBefore: number;
}

export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    os: `${type()} ${release()}`,
    node: process.version,
    loadBefore: Math.round((loadavg()[0] ?? 0) * 100) / 100,
  };
}

const YARDSTICK_BYTES = new Uint8Array(4 << 20);

/**
 * Milliseconds that this machine takes, now, for SHA-512 of 4 MiB in OpenSSL: work that no change of this project alters. Figures without a reference of
 * their own are compared between machines in units of it.
 */
export function yardstick(): number {
  return median(
    Array.from({ length: 5 }, () => {
      const from = performance.now();
      createHash('sha512').update(YARDSTICK_BYTES).digest();
      return performance.now() - from;
    }),
  );
}
