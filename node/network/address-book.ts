/** Addresses of peers over a restart: a small file that only its owner reads. */
import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import type { Logger } from 'pino';
import { z } from 'zod';
import { MAX_ADDRESS } from '../base/limits.ts';
import { parseAddress } from './addresses.ts';

export const MAX_BOOK = 64;
/** Longer files were not written here. */
const MAX_FILE = 64 * 1024;

const schema = z.strictObject({
  version: z.literal(1),
  /** Those that were reached first stand first. */
  addresses: z.array(z.string().max(MAX_ADDRESS)).max(MAX_BOOK),
});

export class AddressBook {
  readonly #path: string;
  readonly #log: Logger;
  #written = '';

  constructor(path: string, log: Logger) {
    this.#path = path;
    this.#log = log;
  }

  /** Full multiaddresses as they were written last; none if there is no file, or none that can be read. */
  read(): string[] {
    let text: string;
    try {
      if (statSync(this.#path).size > MAX_FILE) throw new Error('the file is too long');
      text = readFileSync(this.#path, 'utf8');
      const { addresses } = schema.parse(JSON.parse(text));
      for (const address of addresses) parseAddress(address);
      this.#written = text;
      return addresses;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
      this.#log.warn(
        { code: 'network/bad-address-book', path: this.#path },
        'the file of known peers cannot be read; the node does without and writes a new one',
      );
      return [];
    }
  }

  /** Replaces the file, if something has changed. Failing is told and harms nothing. */
  write(addresses: readonly string[]): void {
    const text = `${JSON.stringify({ version: 1, addresses: addresses.slice(0, MAX_BOOK) }, null, 1)}\n`;
    if (text === this.#written) return;
    const aside = `${this.#path}.${randomBytes(4).toString('hex')}`;
    try {
      // Written aside, synced and renamed: a crash leaves the old file or the new one.
      const file = openSync(aside, 'wx', 0o600);
      try {
        writeSync(file, text);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(aside, this.#path);
      this.#written = text;
    } catch (error) {
      rmSync(aside, { force: true });
      const reason = error instanceof Error ? error.message : '';
      this.#log.warn({ code: 'network/address-book', path: this.#path, reason }, 'known peers are not written down');
    }
  }
}
