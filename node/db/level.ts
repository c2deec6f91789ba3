import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Level } from 'level';
import { TacitError } from '../../primitives/errors.ts';
import { diskTrouble } from '../base/disk.ts';
import { damaged } from './damage.ts';
import { causeOf, type KeyValue, stopsAtFailure } from './keyvalue.ts';
import { damagedTable } from './tables.ts';

/** Stands in the folder while the database is open. One that is there at the start says that the last process did not end in order. */
const OPEN_MARK = 'tacit-open';

/**
 * LevelDB in `directory`, which is made if missing and belongs to one process at a time. After a process that was killed, aborted or could not write, all
 * table files are checked first. Errors: `db/locked`, `db/cannot-open`, `db/damaged`.
 */
export async function openLevel(directory: string): Promise<KeyValue> {
  const mark = join(directory, OPEN_MARK);
  if (existsSync(mark)) {
    const found = await damagedTable(directory);
    if (found !== undefined) throw damaged(directory, found);
  }
  const level = new Level<Uint8Array, Uint8Array>(directory, {
    keyEncoding: 'view',
    valueEncoding: 'view',
    cacheSize: 64 << 20,
    writeBufferSize: 16 << 20,
  });
  try {
    mkdirSync(directory, { recursive: true });
    await level.open();
    setMark(mark);
  } catch (error) {
    await level.close();
    throw cannotOpen(directory, error);
  }
  let failed = false;
  return stopsAtFailure({
    place: directory,
    get(key) {
      try {
        return level.getSync(key);
      } catch (error) {
        throw readFailed(directory, error);
      }
    },
    async *range(from, to) {
      try {
        yield* level.iterator({ gte: from, lt: to });
      } catch (error) {
        throw readFailed(directory, error);
      }
    },
    async write(batch, sync) {
      const operations = batch.map(([key, value]) =>
        value ? { type: 'put' as const, key, value } : { type: 'del' as const, key },
      );
      try {
        await level.batch(operations, { sync });
      } catch (error) {
        failed = true;
        throw error;
      }
    },
    async close() {
      await level.close();
      if (!failed) rmSync(mark, { force: true });
    },
  });
}

function setMark(path: string): void {
  const file = openSync(path, 'w', 0o600);
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function cannotOpen(directory: string, error: unknown): TacitError {
  const { code } = ((error as { cause?: unknown }).cause ?? error) as { code?: string };
  const cause = causeOf(error);
  if (code === 'LEVEL_LOCKED') {
    return new TacitError('db/locked', `another process uses the database in ${directory}`, { directory, cause });
  }
  return new TacitError(
    'db/cannot-open',
    `the database in ${directory} cannot be opened: ${diskTrouble(directory, cause)}`,
    { directory, cause },
  );
}

function readFailed(directory: string, error: unknown): TacitError {
  return new TacitError('db/read-failed', `the database in ${directory} cannot be read`, { cause: causeOf(error) });
}
