// The Node that runs the sources (>= 22.20). Plain JavaScript for any Node from 18 on.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const NEEDED = [22, 20];

/** Whether a Node of this version can run the sources. */
export const isEnough = (version) => {
  const [major, minor] = version.replace(/^v/, '').split('.').map(Number);
  return major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1]);
};

/** The Node that the lock file pins, wherever the package manager put it; undefined if it is not installed. */
function pinnedNode() {
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  try {
    const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
    const binary = join(dirname(manifest), 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    if (existsSync(binary) && isEnough(JSON.parse(readFileSync(manifest, 'utf8')).version)) return binary;
  } catch {
    // Not for this platform.
  }
  return undefined;
}

/** Executables to try, the best first; a pinned one may turn out not to run on this system. */
export function runners() {
  const own = isEnough(process.version) ? [process.execPath] : [];
  const pinned = process.version.startsWith('v24.') ? undefined : pinnedNode();
  return pinned === undefined ? own : [pinned, ...own];
}

export const NO_RUNNER =
  `tacit needs Node ${NEEDED.join('.')} or later; this is ${process.version}.\n` +
  'The right one comes with "npm ci" on Linux (x64, arm64) and Windows (x64); elsewhere install Node 24.';
