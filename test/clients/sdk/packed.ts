/** The SDK as others get it: packed, unpacked into a project that has nothing else, beside the packages that it declares and no others. */
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build, type BuildResult } from 'esbuild';
import { scratchFolder } from '../../support/scratch.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../..', import.meta.url));

export interface PackedSdk {
  /** A project whose node_modules hold the SDK. */
  readonly project: string;
  /** Where the SDK lies in it. */
  readonly sdk: string;
  /** Bytes of the packed file. */
  readonly size: number;
  /** Names of the packages that it declares. */
  readonly dependencies: readonly string[];
}

async function pack(): Promise<PackedSdk> {
  const project = scratchFolder('packed');
  const { stdout } = await run('npm', ['pack', '--json', '--workspace', 'client/sdk', '--pack-destination', project], {
    cwd: root,
    shell: process.platform === 'win32',
    maxBuffer: 1 << 26,
  });
  const [{ filename, size }] = JSON.parse(stdout) as [{ filename: string; size: number }];
  const sdk = join(project, 'node_modules/@tacit/client');
  mkdirSync(sdk, { recursive: true });
  await run('tar', ['-xzf', join(project, filename), '-C', sdk, '--strip-components=1']);
  const manifest = JSON.parse(readFileSync(join(sdk, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const dependencies = Object.keys(manifest.dependencies);
  for (const name of dependencies) {
    const place = join(project, 'node_modules', name);
    mkdirSync(dirname(place), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), place, 'junction');
  }
  return { project, sdk, size, dependencies };
}

let packed: Promise<PackedSdk> | undefined;

/** Packed once per process. */
export function packedSdk(): Promise<PackedSdk> {
  packed ??= pack();
  return packed;
}

/** A face of the sources, and the name under which others import it. */
const FACE = /\/client\/sdk\/(?:(\w+)\/)?index\.ts$/;

/**
 * Makes a program of a file in this folder for a project that has the packed SDK. The file imports the faces of the sources, for its types; in the program
 * they are the packed ones: names for Node, code for a page, in which builtins of Node are errors.
 */
export function programOf(file: string, outfile: string, platform: 'node' | 'browser'): Promise<BuildResult> {
  return build({
    entryPoints: [fileURLToPath(new URL(file, import.meta.url))],
    outfile,
    platform,
    bundle: true,
    minify: platform === 'browser',
    format: 'esm',
    target: 'es2022',
    metafile: true,
    logLevel: 'silent',
    plugins: [
      {
        name: 'packed',
        setup({ onResolve, resolve }) {
          onResolve({ filter: FACE }, async ({ path, kind }) => {
            const [, room] = FACE.exec(path) ?? [];
            const name = `@tacit/client${room === undefined ? '' : `/${room}`}`;
            if (platform === 'node') return { path: name, external: true };
            return resolve(name, { kind, resolveDir: (await packedSdk()).project });
          });
        },
      },
    ],
  });
}
