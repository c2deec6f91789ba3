/** How tasks travel to a worker thread: one buffer for a whole batch, so that nothing is copied piece by piece. */
import type { VerifyTask } from '../../pallets/support/host.ts';
import { ByteReader } from '../../primitives/crypto/bytes.ts';
import { TacitError } from '../../primitives/errors.ts';

const KINDS = ['sr25519', 'ed25519', 'ecdsa', 'hidden-claim', 'schnorr'] as const satisfies VerifyTask['kind'][];

/** The first message of a thread: it has started, and what it dies of from now on is what it does. */
export const READY = 'ready';

/** Per task: kind u8, number of parts u8, then each part with its u32 length. Backed by a buffer of its own. */
export function packTasks(tasks: readonly VerifyTask[]): Uint8Array<ArrayBuffer> {
  const partBytes = (parts: readonly Uint8Array[]): number => parts.reduce((sum, part) => sum + 4 + part.length, 0);
  const packed = new Uint8Array(tasks.reduce((sum, { parts }) => sum + 2 + partBytes(parts), 0));
  const view = new DataView(packed.buffer);
  let at = 0;
  for (const { kind, parts } of tasks) {
    packed[at++] = KINDS.indexOf(kind);
    packed[at++] = parts.length;
    for (const part of parts) {
      view.setUint32(at, part.length, true);
      packed.set(part, at + 4);
      at += 4 + part.length;
    }
  }
  return packed;
}

/** Inverse of {@link packTasks}. Throws `workers/bad-batch`. */
export function unpackTasks(packed: Uint8Array): VerifyTask[] {
  const reader = new ByteReader(packed, 'workers/bad-batch');
  const tasks: VerifyTask[] = [];
  while (reader.at < packed.length) {
    const kind = KINDS[reader.u8()];
    if (kind === undefined) throw new TacitError('workers/bad-batch', 'there is no such kind of task');
    const parts = Array.from({ length: reader.u8() }, () => reader.take(reader.u32()));
    tasks.push({ kind, parts });
  }
  return tasks;
}
