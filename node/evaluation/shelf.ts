/**
 * Byte strings by name, of which no more than a budget is held in memory: the others lie in a file that has no name any more, so that nothing of it is left whatever
 * becomes of the process. What is taken off leaves its place to the next of the same length.
 */
import { closeSync, ftruncateSync, mkdirSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { TacitError } from '../../primitives/errors.ts';

/** Where a byte string lies: in memory, or in the file. */
type Place = { readonly bytes: Uint8Array } | { readonly from: number; readonly length: number };

let files = 0;

export class Shelf {
  readonly #folder: string;
  readonly #budget: number;
  readonly #places = new Map<string, Place>();
  /** Places in the file that are free, by their length. */
  readonly #free = new Map<number, number[]>();
  #file: number | undefined;
  #end = 0;
  #held = 0;

  /** @param folder is made if it is not there; @param budget bytes that may be held in memory */
  constructor(folder: string, budget: number) {
    this.#folder = folder;
    this.#budget = budget;
  }

  has(name: string): boolean {
    return this.#places.has(name);
  }

  names(): string[] {
    return [...this.#places.keys()];
  }

  /** Keeps a byte string; one that is there stays. Throws `evaluation/shelf` if the file cannot be written. */
  put(name: string, bytes: Uint8Array): void {
    if (this.#places.has(name)) return;
    if (this.#held + bytes.length <= this.#budget) {
      this.#held += bytes.length;
      // A copy: what is kept does not keep the block alive that it came in.
      this.#places.set(name, { bytes: bytes.slice() });
      return;
    }
    const from = this.#free.get(bytes.length)?.pop() ?? this.#end;
    this.#onFile((file) => {
      for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done, bytes.length - done, from + done);
    });
    this.#end = Math.max(this.#end, from + bytes.length);
    this.#places.set(name, { from, length: bytes.length });
  }

  /** Throws `evaluation/shelf` if the file cannot be read. */
  get(name: string): Uint8Array | undefined {
    const place = this.#places.get(name);
    if (place === undefined || 'bytes' in place) return place?.bytes;
    const bytes = new Uint8Array(place.length);
    this.#onFile((file) => {
      for (let done = 0; done < bytes.length; ) {
        const read = readSync(file, bytes, done, bytes.length - done, place.from + done);
        if (read === 0) throw new TacitError('evaluation/shelf', 'the file of submissions is shorter than it was');
        done += read;
      }
    });
    return bytes;
  }

  remove(name: string): void {
    const place = this.#places.get(name);
    if (place === undefined) return;
    this.#places.delete(name);
    if ('bytes' in place) this.#held -= place.bytes.length;
    else {
      const free = this.#free.get(place.length) ?? [];
      this.#free.set(place.length, free);
      free.push(place.from);
    }
    if (this.#places.size === 0) this.#empty();
  }

  /** Nothing lies in the file: it gives its room back. */
  #empty(): void {
    this.#free.clear();
    this.#end = 0;
    if (this.#file !== undefined) ftruncateSync(this.#file, 0);
  }

  /** Lets go of everything. */
  close(): void {
    this.#places.clear();
    this.#held = 0;
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #onFile(body: (file: number) => void): void {
    try {
      this.#file ??= nameless(this.#folder);
      body(this.#file);
    } catch (error) {
      throw new TacitError(
        'evaluation/shelf',
        `${this.#folder}: ${error instanceof Error ? error.message : 'unknown'}`,
      );
    }
  }
}

/** An open file that is in no folder any more. */
function nameless(folder: string): number {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `submissions-${process.pid}-${files++}.tmp`);
  const file = openSync(path, 'wx+', 0o600);
  unlinkSync(path);
  return file;
}
