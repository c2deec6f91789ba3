/**
 * Writes client/sdk/generated from the runtime's metadata; does nothing when that was made from the same sources. A pre-step of `npm start`, `npm test`,
 * `npm run types` and `npm run arrows`, like the kernel.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { globSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fromHex } from '../../../primitives/crypto/hex.ts';
import { metadataText, moduleText, type RuntimeVersion } from './module.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const out = join(root, 'client/sdk/generated');
const printer = 'node/cli/metadata.ts';
/** Everything that the metadata, and what is made of it, can depend on. */
const SOURCES = ['runtime/**/*.ts', 'pallets/**/*.ts', 'primitives/**/*.ts', 'client/sdk/generate/*.ts', printer];

function stampOf(): string {
  const hash = createHash('sha256');
  const files = SOURCES.flatMap((pattern) => globSync(pattern, { cwd: root })).toSorted();
  for (const file of files)
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(root, file)))
      .update('\0');
  return `// sources ${hash.digest('hex')}\n`;
}

function isCurrent(stamp: string): boolean {
  try {
    return (
      readFileSync(join(out, 'chain.ts'), 'utf8').startsWith(stamp) && readFileSync(join(out, 'metadata.ts')).length > 0
    );
  } catch {
    return false;
  }
}

/** Several processes may generate at once: each writes its own file and renames it into place. */
function replace(name: string, text: string): void {
  const draft = join(out, `${name}.${process.pid}`);
  writeFileSync(draft, text);
  renameSync(draft, join(out, name));
}

const stamp = stampOf();
if (!isCurrent(stamp)) {
  const printed = execFileSync(process.execPath, [join(root, printer)], { encoding: 'utf8', maxBuffer: 1 << 26 });
  const { version, described, served } = JSON.parse(printed) as {
    version: RuntimeVersion;
    described: string;
    served: string;
  };
  mkdirSync(out, { recursive: true });
  replace('metadata.ts', metadataText(fromHex(served)));
  replace('chain.ts', `${stamp}${moduleText(fromHex(described), version)}`);
}
