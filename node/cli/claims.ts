/** What a node holds alone on this machine while it runs: its data folder and its keys. Taken before anything is written. */
import { accessSync, constants, mkdirSync, realpathSync } from 'node:fs';
import { TacitError } from '../../primitives/errors.ts';
import { takeLock } from '../process/lock.ts';
import type { ValidatorKeys } from '../keys.ts';

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
  const who = taken.heldBy === undefined ? 'another process' : `process ${taken.heldBy.pid}`;
  throw new TacitError('cli/data-in-use', `${who} uses ${directory}; stop it, or give another --data`, {
    pid: taken.heldBy?.pid,
  });
}

/**
 * Takes a validator's keys, each by itself: two key files may share one. A validator that runs twice votes twice, and that is punished.
 * @throws `cli/key-in-use`
 */
export async function claimKeys({ aura, grandpa, committee }: ValidatorKeys, directory: string): Promise<void> {
  for (const [name, { publicKey }] of Object.entries({ aura, grandpa, committee })) {
    const taken = await takeLock(`key-${name}`, publicKey, directory);
    if ('release' in taken) continue;
    const { pid, what } = taken.heldBy ?? {};
    const who = pid === undefined ? 'another process' : `process ${pid}, on ${what},`;
    const why = `${who} validates with these keys; a validator that runs twice is punished. Stop that one first`;
    throw new TacitError('cli/key-in-use', why, { key: name, pid });
  }
}
