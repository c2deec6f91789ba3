/** Folders that tests work in. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folders = new Set<string>();

/** A new folder under the system's temporary one; it is gone when the process ends, however its tests end. */
export function scratchFolder(name: string): string {
  if (folders.size === 0) {
    process.once('exit', () => {
      // a process that a test started may still be writing its last: then once more
      const again = { maxRetries: 5, retryDelay: 100 };
      for (const folder of folders) rmSync(folder, { recursive: true, force: true, ...again });
    });
  }
  const folder = mkdtempSync(join(tmpdir(), `tacit-${name}-`));
  folders.add(folder);
  return folder;
}
