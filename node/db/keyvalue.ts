import { compareBytes } from '../../primitives/crypto/bytes.ts';
import { TacitError } from '../../primitives/errors.ts';
import { diskTrouble } from '../base/disk.ts';
import { Serial } from '../base/serial.ts';

/** A write: a new value, or undefined to delete the key. */
export type Write = readonly [key: Uint8Array, value: Uint8Array | undefined];

/** An ordered store of byte strings with synchronous reads and atomic batches. */
export interface KeyValue {
  /** What errors call it: the folder, if it has one. */
  readonly place: string;
  /** Error: `db/read-failed`. */
  get(key: Uint8Array): Uint8Array | undefined;
  /** Keys and values with `from <= key < to`, in order. Error: `db/read-failed`. */
  range(from: Uint8Array, to: Uint8Array): AsyncIterable<[Uint8Array, Uint8Array]>;
  /**
   * All or nothing, also over a crash; with `sync`, on the disk when it resolves. Errors: `db/closed`; `db/write-failed`, which is final: from then on every
   * write fails.
   */
  write(batch: readonly Write[], sync: boolean): Promise<void>;
  close(): Promise<void>;
}

/**
 * A store that writes no more once a write has failed. What a failed write leaves at the end of the engine's log hides what is written after it, synced or
 * not, when the log is read again: LevelDB goes on as if nothing had happened, and 50 of 50 synced writes after a full disk were gone. One at a time, so that
 * none is under way behind the one that fails. Reading goes on; the remedy is a new start, which reads the log up to the tear and begins another one.
 */
export function stopsAtFailure(inner: KeyValue): KeyValue {
  const turns = new Serial();
  let ended: TacitError | undefined;
  return {
    ...inner,
    write: (batch, sync) =>
      turns.run(async () => {
        if (ended) throw ended;
        try {
          await inner.write(batch, sync);
        } catch (error) {
          ended = writeFailed(inner.place, error);
          throw ended;
        }
      }),
    async close() {
      await turns.idle();
      ended ??= new TacitError('db/closed', `the database in ${inner.place} is closed`, { place: inner.place });
      await inner.close();
    },
  };
}

function writeFailed(place: string, error: unknown): TacitError {
  const cause = causeOf(error);
  return new TacitError(
    'db/write-failed',
    `the database in ${place} cannot be written, and takes no more until the node is started again; nothing acknowledged is lost: ${diskTrouble(place, cause)}`,
    { place, cause },
  );
}

/** What the engine says, without its wrapping. */
export function causeOf(error: unknown): string {
  const { cause, message } = error as { cause?: { message?: string }; message?: string };
  return cause?.message ?? message ?? String(error);
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
