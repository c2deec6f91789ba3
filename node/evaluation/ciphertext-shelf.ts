import type { Ciphertext } from '../../primitives/fhe/types.ts';
import { Shelf } from './shelf.ts';

/** Ciphertexts of a round's submissions, by their numbers, of which few are held in memory. */
export class CiphertextShelf {
  readonly #shelf: Shelf;

  /** @param folder where those lie that are not held; @param heldBytes of those that are */
  constructor(folder: string, heldBytes: number) {
    this.#shelf = new Shelf(folder, heldBytes);
  }

  put(submission: number, { c0, c1 }: Ciphertext): void {
    const words = new BigUint64Array(c0.length + c1.length);
    words.set(c0);
    words.set(c1, c0.length);
    this.#shelf.put(`${submission}`, new Uint8Array(words.buffer));
  }

  get(submission: number): Ciphertext | undefined {
    const bytes = this.#shelf.get(`${submission}`);
    if (bytes === undefined) return undefined;
    const words = new BigUint64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);
    return { c0: words.subarray(0, words.length / 2), c1: words.subarray(words.length / 2) };
  }

  close(): void {
    this.#shelf.close();
  }
}
