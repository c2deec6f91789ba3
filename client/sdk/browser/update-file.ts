/** Updates that the user of a page has chosen. */
import type { UpdateSource } from '../update.ts';
import { type NumberType, updateIn } from '../update-file.ts';

/** What this file uses of the DOM's `Blob`, which a `File` is. */
interface WebBlob {
  readonly size: number;
  slice(from: number, to: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

/** An update in a file of a page, read as it is used. @throws what `updateIn` throws */
export async function updateOfBlob(blob: WebBlob, type?: NumberType): Promise<UpdateSource> {
  const read = async (from: number, to: number): Promise<Uint8Array> =>
    new Uint8Array(await blob.slice(from, to).arrayBuffer());
  return updateIn({ size: blob.size, read }, type);
}
