/** What the example scripts have in common: a usage line for missing arguments, errors without stack traces, and no lines of polkadot.js's own. */
import { basename } from 'node:path';
import { isTacitError } from '../../primitives/errors.ts';
import { quietPolkadot } from '../sdk/quiet.ts';

/** Runs `work` with the arguments of the command line; exit code 2 if they are not as many as it takes, 1 if it fails. */
export async function orExplain(usage: string, work: (...args: string[]) => unknown): Promise<void> {
  quietPolkadot();
  const args = process.argv.slice(2);
  if (args.length !== work.length) {
    console.error(`usage: npx tacit run client/examples/${usage}`);
    process.exit(2);
  }
  try {
    await work(...args);
  } catch (error) {
    // polkadot.js tells of a refused connection by an event, which says nothing
    const reason = error instanceof Error ? error.message : `no node answers at ${args[0]}`;
    const docs = isTacitError(error) && error.details['docs'] ? `: ${String(error.details['docs'])}` : '';
    console.error(
      `${basename(process.argv[1] ?? '')}: ${reason}${docs}${isTacitError(error) ? ` (${error.code})` : ''}`,
    );
    process.exit(1);
  }
}
