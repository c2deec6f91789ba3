import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { Files } from '../ports.ts';
import { readPrivate } from './keyfile.ts';
import { lockFile } from './lock.ts';

/** A store of some ten thousand notes. */
const MAX_BYTES = 64 << 20;

/** Private files on a disk: mode 0600, replaced whole. */
export const files: Files = {
  async read(name) {
    return readPrivate(name, MAX_BYTES);
  },
  async replace(name, text) {
    const draft = `${name}.${process.pid}.new`;
    rmSync(draft, { force: true });
    const handle = openSync(draft, 'wx', 0o600);
    try {
      writeFileSync(handle, text);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(draft, name);
  },
  async lock(name) {
    return lockFile(`${name}.lock`);
  },
};
