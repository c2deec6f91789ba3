/** Writes client/sdk/generated from the runtime's metadata. tools/prepare.mjs runs this when anything has changed that the metadata can depend on. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fromHex } from '../../../primitives/crypto/hex.ts';
import { metadataText, moduleText, type RuntimeVersion } from './module.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const out = join(root, 'client/sdk/generated');
const printer = 'node/cli/metadata.ts';
/** Several processes may generate at once: each writes its own file and renames it into place. */
function replace(name: string, text: string): void {
  const draft = join(out, `${name}.${process.pid}`);
  writeFileSync(draft, text);
  renameSync(draft, join(out, name));
}

const printed = execFileSync(process.execPath, [join(root, printer)], { encoding: 'utf8', maxBuffer: 1 << 26 });
const { version, described } = JSON.parse(printed) as { version: RuntimeVersion; described: string };
const bytes = fromHex(described);
mkdirSync(out, { recursive: true });
replace('metadata.ts', metadataText(bytes));
replace('chain.ts', moduleText(bytes, version));
