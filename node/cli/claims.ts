/** The data folder, which a node holds alone while it runs. Taken before anything is written; its keys: node/process/key-claims.ts. */
import { accessSync, constants, mkdirSync, realpathSync } from 'node:fs';
import { TacitError } from '../../primitives/errors.ts';
import { takeLock, whoHolds } from '../process/lock.ts';

/** Makes the data folder if it is not there, and takes it. @throws `cli/no-data`, `cli/data-in-use` */
export async function claimFolder(directory: string): Promise<void> {
  let real: string;
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    real = realpathSync(directory);
    accessSync(real, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new TacitError('cli/no-data', `--data: ${directory} cannot be made or written to (${code}); give another`, {
      code,
    });
  }
  const taken = await takeLock('data', real, real);
  if ('release' in taken) return;
  const { pid } = taken.heldBy;
  const who = whoHolds({ ...taken.heldBy, what: undefined });
  throw new TacitError('cli/data-in-use', `${who} uses ${directory}; stop it, or give another --data`, { pid });
}
