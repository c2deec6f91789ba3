/** What the example scripts have in common: a usage line for missing arguments, and errors without stack traces. */
import { basename } from 'node:path';
import { isTacitError } from '../../primitives/errors.ts';

/** Runs `work` with the `count` arguments of the command line; exit code 2 if they are not there, 1 if it fails. */
export async function orExplain(
  usage: string,
  count: number,
  work: (args: readonly [string, string]) => unknown,
): Promise<void> {
  const args = process.argv.slice(2);
  if (args.length !== count) {
    console.error(`usage: node client/examples/${usage}`);
    process.exit(2);
  }
  try {
    await work([args[0] ?? '', args[1] ?? '']);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    console.error(`${basename(process.argv[1] ?? '')}: ${reason}${isTacitError(error) ? ` (${error.code})` : ''}`);
    process.exitCode = 1;
  }
}
