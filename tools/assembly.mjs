// AssemblyScript to WebAssembly: a module in memory, or a folder's build/kernel.mjs, which carries it as base64 so that no caller reads files.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const OPTIONS = [
  '--runtime',
  'stub',
  '--importMemory',
  '--noAssert',
  '-O3',
  '--converge',
  '--enable',
  'simd',
  '--initialMemory',
  '1',
];

/**
 * Compiles what `read` gives for 'index.ts' and for what that imports.
 * @param {(name: string, base: string) => string | null} read  the text of a file that a file of `base` names, or null
 * @returns {Promise<Uint8Array>}
 * @throws an `Error` with the compiler's words
 */
export async function assemble(read) {
  const { default: asc } = await import('assemblyscript/asc');
  let wasm;
  const { error, stderr } = await asc.main(['index.ts', '--outFile', 'kernel.wasm', ...OPTIONS], {
    readFile: read,
    writeFile: (name, contents) => {
      if (name.endsWith('.wasm')) wasm = contents;
    },
    listFiles: () => [],
  });
  if (error || !wasm) throw new Error(`${stderr.toString()}\n${error?.message ?? 'no output'}`.trim());
  return wasm;
}

/** Compiles `folder`, whose exports are those of its index.ts. Ends the process with code 1 if that fails. */
export async function compile(folder) {
  const out = join(folder, 'build');
  let wasm;
  try {
    wasm = await assemble((name, base) => textOf(join(base === '.' ? folder : base, name)));
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
  mkdirSync(out, { recursive: true });
  replace(out, 'kernel.d.mts', 'declare const base64: string;\nexport default base64;\n');
  replace(out, 'kernel.mjs', `export default '${Buffer.from(wasm).toString('base64')}';\n`);
}

function textOf(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

/** Several processes may build at once: each writes its own file and renames it into place. */
function replace(out, name, text) {
  const draft = join(out, `${name}.${process.pid}`);
  writeFileSync(draft, text);
  renameSync(draft, join(out, name));
}
