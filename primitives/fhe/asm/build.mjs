/**
 * Compiles the ring kernel (AssemblyScript) into build/kernel.mjs, which carries the WebAssembly as base64 so that no caller reads files.
 * tools/prepare.mjs runs this when sources or compiler have changed.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, 'build');
const options = ['--runtime', 'stub', '--importMemory', '--noAssert', '-O3', '--converge', '--initialMemory', '1'];
/** Several processes may build at once: each writes its own file and renames it into place. */
function replace(name, text) {
  const draft = join(out, `${name}.${process.pid}`);
  writeFileSync(draft, text);
  renameSync(draft, join(out, name));
}

const { default: asc } = await import('assemblyscript/asc');
let wasm;
const { error, stderr } = await asc.main(['index.ts', '--outFile', 'kernel.wasm', ...options], {
  readFile: (name, base) => {
    try {
      return readFileSync(join(base === '.' ? here : base, name), 'utf8');
    } catch {
      return null;
    }
  },
  writeFile: (name, contents) => {
    if (name.endsWith('.wasm')) wasm = contents;
  },
  listFiles: () => [],
});
if (error || !wasm) {
  process.stderr.write(`${stderr.toString()}\n${error?.message ?? 'no output'}\n`);
  process.exit(1);
}
mkdirSync(out, { recursive: true });
replace('kernel.d.mts', 'declare const base64: string;\nexport default base64;\n');
replace('kernel.mjs', `export default '${Buffer.from(wasm).toString('base64')}';\n`);
