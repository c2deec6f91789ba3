/**
 * Compiles the ring kernel (AssemblyScript) into build/kernel.mjs, which carries the WebAssembly as base64 so that no caller reads files.
 * Does nothing when the output was made from the same sources, compiler and options.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, 'build');
const options = ['--runtime', 'stub', '--importMemory', '--noAssert', '-O3', '--converge', '--initialMemory', '1'];

const sources = readdirSync(here).filter((name) => name.endsWith('.ts')).sort();
const compiler = JSON.parse(readFileSync(join(here, '../../../node_modules/assemblyscript/package.json'), 'utf8')).version;
const hash = createHash('sha256').update(JSON.stringify([compiler, options, readFileSync(fileURLToPath(import.meta.url), 'utf8')]));
for (const name of sources) hash.update(name).update('\0').update(readFileSync(join(here, name))).update('\0');
const stamp = `// sources ${hash.digest('hex')}\n`;

function current() {
  try {
    return readFileSync(join(out, 'kernel.mjs'), 'utf8').startsWith(stamp);
  } catch {
    return false;
  }
}

/** Several processes may build at once: each writes its own file and renames it into place. */
function replace(name, text) {
  const draft = join(out, `${name}.${process.pid}`);
  writeFileSync(draft, text);
  renameSync(draft, join(out, name));
}

if (!current()) {
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
  replace('kernel.mjs', `${stamp}export default '${Buffer.from(wasm).toString('base64')}';\n`);
}
