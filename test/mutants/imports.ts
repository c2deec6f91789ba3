/** Which files a file imports, at any distance: a test that does not import a guard's file cannot notice that it is gone. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { root } from '../../tools/runner.mjs';

/** Relative paths in quotes: of imports, of threads, of files that are run. */
const PATH = /['"`](\.{1,2}\/[^'"`\n$]+\.(?:ts|mjs))['"`]/g;
const known = new Map<string, string[]>();

function importsOf(file: string): string[] {
  const kept = known.get(file);
  if (kept !== undefined) return kept;
  const text = existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : '';
  const found = [...text.matchAll(PATH)].map(([, path]) => normalize(join(dirname(file), path as string)));
  known.set(file, found);
  return found;
}

/** All files that `file` imports, itself included; paths from the project's root. */
export function allImports(file: string): Set<string> {
  const seen = new Set([file]);
  for (const one of seen) for (const next of importsOf(one)) seen.add(next);
  return seen;
}
