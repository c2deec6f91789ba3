// Makes what the packed SDK consists of: client/sdk/dist. `npm pack --workspace client/sdk` calls it. Plain JavaScript for any Node from 20 on.
//
//     dist/index.js, light.js, browser/, node/   ESM with source maps: own code and primitives in it, packages outside
//     dist/browser/worker.js                     the thread of a page: one file, packages in it
//     dist/types                                 declarations, those that the faces refer to
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { prepare } from './prepare.mjs';
import { root } from './runner.mjs';

const SDK = join(root, 'client/sdk');
/** Faces: what is packed of them, and their sources. */
const FACES = {
  index: './index.ts',
  light: './light/index.ts',
  'node/index': './node/index.ts',
  'node/thread': './node/thread.ts',
  'browser/index': './browser/index.ts',
};
const COMMON = {
  absWorkingDir: root,
  bundle: true,
  format: 'esm',
  target: 'es2022',
  sourcemap: true,
  sourcesContent: true,
  logLevel: 'warning',
};
/** A reference from one declaration to another. */
const REFERENCE = /(from |import\()(['"])(\.[^'"]+)\.ts\2/g;

/** Code for Node and browsers at once: nothing of Node is reached but from `node/`. */
async function scripts(out) {
  await build({
    ...COMMON,
    entryPoints: Object.fromEntries(Object.entries(FACES).map(([name, path]) => [name, join(SDK, path)])),
    outdir: out,
    platform: 'neutral',
    packages: 'external',
    external: ['node:*'],
    splitting: true,
    chunkNames: 'shared/[name]-[hash]',
  });
  await build({
    ...COMMON,
    entryPoints: [join(SDK, 'browser/worker.ts')],
    outfile: join(out, 'browser/worker.js'),
    // builtins of Node are errors here
    platform: 'browser',
    minify: true,
  });
}

/** Copies the declarations that the faces refer to, directly or not; their references then name files as every compiler finds them. */
function reachable(from, to) {
  const waiting = Object.values(FACES).map((path) => join(from, 'client/sdk', path.replace(/\.ts$/, '.d.ts')));
  for (const seen = new Set(); waiting.length > 0; ) {
    const file = waiting.pop();
    if (seen.has(file) || !existsSync(file)) continue;
    seen.add(file);
    const text = readFileSync(file, 'utf8');
    for (const [, , , target] of text.matchAll(REFERENCE)) waiting.push(join(dirname(file), `${target}.d.ts`));
    const copy = join(to, relative(from, file));
    mkdirSync(dirname(copy), { recursive: true });
    writeFileSync(copy, text.replaceAll(REFERENCE, '$1$2$3.js$2'));
  }
}

function types(out) {
  const all = join(out, 'all-types');
  const compiler = join(root, 'node_modules/typescript-native/bin/tsc');
  const args = ['-p', join(SDK, 'tsconfig.types.json'), '--outDir', all];
  const { status, stdout } = spawnSync(process.execPath, [compiler, ...args], { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(`the declarations cannot be made:\n${stdout}`);
  reachable(all, join(out, 'types'));
  rmSync(all, { recursive: true });
}

/** Makes the folder whole, or leaves what was there. */
export async function makeSdk() {
  const problem = prepare();
  if (problem !== undefined) throw new Error(problem);
  const out = join(SDK, 'dist');
  const draft = `${out}.${process.pid}`;
  try {
    await scripts(draft);
    types(draft);
    cpSync(join(root, 'LICENSE'), join(draft, 'LICENSE'));
    rmSync(out, { recursive: true, force: true });
    renameSync(draft, out);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await makeSdk();
