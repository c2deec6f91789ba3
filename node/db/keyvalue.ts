import { Level } from 'level';
import { compareBytes } from '../../primitives/crypto/bytes.ts';
import { TacitError } from '../../primitives/errors.ts';

/** A write: a new value, or undefined to delete the key. */
export type Write = readonly [key: Uint8Array, value: Uint8Array | undefined];

/** An ordered store of byte strings with synchronous reads and atomic batches. */
export interface KeyValue {
  /** What errors call it: the folder, if it has one. */
  readonly place: string;
  get(key: Uint8Array): Uint8Array | undefined;
  /** Keys and values with `from <= key < to`, in order. */
  range(from: Uint8Array, to: Uint8Array): AsyncIterable<[Uint8Array, Uint8Array]>;
  /** All or nothing, also over a crash; with `sync`, on the disk when it resolves. */
  write(batch: readonly Write[], sync: boolean): Promise<void>;
  close(): Promise<void>;
}

/** LevelDB in `directory`, which is made if missing and belongs to one process at a time. */
export async function openLevel(directory: string): Promise<KeyValue> {
  const level = new Level<Uint8Array, Uint8Array>(directory, {
    keyEncoding: 'view',
    valueEncoding: 'view',
    cacheSize: 64 << 20,
    writeBufferSize: 16 << 20,
  });
  try {
    await level.open();
  } catch (error) {
    const cause = (error as { cause?: { code?: string; message?: string } }).cause;
    const locked = cause?.code === 'LEVEL_LOCKED';
    throw new TacitError(
      locked ? 'db/locked' : 'db/cannot-open',
      locked ? `another process uses the database in ${directory}` : `cannot open the database in ${directory}`,
      { directory, cause: cause?.message ?? String(error) },
    );
  }
  return {
    place: directory,
    get(key) {
      try {
        return level.getSync(key);
      } catch (error) {
        throw failure('read', directory, error);
      }
    },
    range: (from, to) => level.iterator({ gte: from, lt: to }),
    async write(batch, sync) {
      const operations = batch.map(([key, value]) =>
        value ? { type: 'put' as const, key, value } : { type: 'del' as const, key },
      );
      try {
        await level.batch(operations, { sync });
      } catch (error) {
        throw failure('write', directory, error);
      }
    },
    close: () => level.close(),
  };
}

/** `db/read-failed`, `db/write-failed`: a full disk, a corrupt file, a database that is closed. */
function failure(what: 'read' | 'write', directory: string, error: unknown): TacitError {
  const { cause, message } = error as { cause?: { message?: string }; message?: string };
  return new TacitError(
    `db/${what}-failed`,
    `the database in ${directory} cannot be ${what === 'read' ? 'read' : 'written'}`,
    {
      cause: cause?.message ?? message ?? String(error),
    },
  );
}

/** The same in memory, gone with the process: for tests and throw-away chains. */
export function openMemory(): KeyValue {
  const values = new Map<string, Uint8Array>();
  const nameOf = (key: Uint8Array): string => Buffer.from(key).toString('latin1');
  return {
    place: 'memory',
    get: (key) => values.get(nameOf(key)),
    async *range(from, to) {
      const inside = [...values]
        .map(([name, value]): [Uint8Array, Uint8Array] => [Uint8Array.from(Buffer.from(name, 'latin1')), value])
        .filter(([key]) => compareBytes(key, from) >= 0 && compareBytes(key, to) < 0)
        .sort(([a], [b]) => compareBytes(a, b));
      yield* inside;
    },
    async write(batch) {
      for (const [key, value] of batch) {
        if (value) values.set(nameOf(key), value);
        else values.delete(nameOf(key));
      }
    },
    async close() {},
  };
}
