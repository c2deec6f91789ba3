/** Real file systems of a few MiB, for tests of full disks. */
import { execFileSync } from 'node:child_process';
import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratchFolder } from './scratch.ts';

export class SmallDisk {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** Mounts one; undefined where this user may not (only root may, on Linux): then the test says so. */
  static mount(bytes: number): SmallDisk | undefined {
    const path = scratchFolder('disk');
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes},mode=700`, 'tmpfs', path], { stdio: 'ignore' });
    } catch {
      return undefined;
    }
    const disk = new SmallDisk(path);
    disks.add(disk);
    return disk;
  }

  get free(): number {
    const { bavail, bsize } = statfsSync(this.path);
    return bavail * bsize;
  }

  /** Takes all but `left` bytes. */
  fill(left: number): void {
    writeFileSync(join(this.path, 'filler'), new Uint8Array(Math.max(0, this.free - left)));
  }

  makeRoom(): void {
    rmSync(join(this.path, 'filler'), { force: true });
  }

  unmount(): void {
    if (disks.delete(this)) execFileSync('umount', ['--lazy', this.path], { stdio: 'ignore' });
  }
}

const disks = new Set<SmallDisk>();
// Before the scratch folders go: this listener was there first.
process.once('exit', () => {
  for (const disk of disks) disk.unmount();
});

/** Why a test is left out, on standard error: nobody is to believe that it has passed. */
export function cannotMount(test: string): void {
  process.stderr.write(`    ${test}: left out, because this user may not mount a file system (root may, on Linux)\n`);
}
