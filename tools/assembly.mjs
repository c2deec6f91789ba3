// Compiles a folder of AssemblyScript into its build/kernel.mjs, which carries the WebAssembly as base64 so that no caller reads files.
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

/** Compiles `folder`, whose exports are those of its index.ts. Ends the process with code 1 if that fails. */
export async function compile(folder) {
  const out = join(folder, 'build');
  const { default: asc } = await import('assemblyscript/asc');
  let wasm;
  const { error, stderr } = await asc.main(['index.ts', '--outFile', 'kernel.wasm', ...OPTIONS], {
    readFile: (name, base) => {
      try {
        return readFileSync(join(base === '.' ? folder : base, name), 'utf8');
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
  replace(out, 'kernel.d.mts', 'declare const base64: string;\nexport default base64;\n');
  replace(out, 'kernel.mjs', `export default '${Buffer.from(wasm).toString('base64')}';\n`);
}

/** Several processes may build at once: each writes its own file and renames it into place. */
function replace(out, name, text) {
  const draft = join(out, `${name}.${process.pid}`);
  writeFileSync(draft, text);
  renameSync(draft, join(out, name));
}
