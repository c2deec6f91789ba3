/** Updates on a disk. */
import { open } from 'node:fs/promises';
import { TacitError } from '../../../primitives/errors.ts';
import type { UpdateSource } from '../update.ts';
import { type NumberType, updateIn } from '../update-file.ts';

/** An update in an open file, which is closed with it. */
export interface UpdateFile extends UpdateSource, AsyncDisposable {}

/**
 * Opens an update: raw little-endian numbers, or NumPy's `.npy`. It is read as it is used, piece by piece.
 * @param type of the numbers of a raw file; float64 if it is left out
 * @throws `sdk/no-update` if the file cannot be read, and what `updateIn` throws
 */
export async function openUpdate(path: string, type?: NumberType): Promise<UpdateFile> {
  const handle = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    throw new TacitError('sdk/no-update', `cannot read ${path}: ${error.code}`, { path });
  });
  const read = async (from: number, to: number): Promise<Uint8Array> => {
    const { buffer, bytesRead } = await handle.read(new Uint8Array(to - from), 0, to - from, from);
    return buffer.subarray(0, bytesRead);
  };
  try {
    const status = await handle.stat();
    if (!status.isFile()) throw new TacitError('sdk/no-update', `cannot read ${path}: it is not a file`, { path });
    const update = await updateIn({ size: status.size, read }, type);
    return { ...update, [Symbol.asyncDispose]: () => handle.close() };
  } catch (error) {
    await handle.close();
    throw error;
  }
}
