/** Which test files come to which guards: by the coverage that V8 counts, block by block. Types are blanked out where they stand, so that offsets stay. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../../tools/runner.mjs';
import type { Guard } from './guards.ts';
import { runMocha } from './trial.ts';

interface Range {
  readonly startOffset: number;
  readonly endOffset: number;
  readonly count: number;
}
interface Script {
  readonly url: string;
  readonly functions: readonly { readonly ranges: readonly Range[] }[];
}

/** A test file, how long it takes, and what it comes to: places among the guards. */
export interface Reach {
  readonly test: string;
  readonly ms: number;
  readonly guards: ReadonlySet<number>;
}

/** Whether the innermost block around an offset was entered. */
export function isEntered({ functions }: Pick<Script, 'functions'>, offset: number): boolean {
  let inner: Range | undefined;
  for (const { ranges } of functions)
    for (const range of ranges) {
      if (range.startOffset > offset || range.endOffset <= offset) continue;
      const isSmaller =
        inner === undefined || range.endOffset - range.startOffset <= inner.endOffset - inner.startOffset;
      if (isSmaller) inner = range;
    }
  return inner !== undefined && inner.count > 0;
}

/** Runs one test file and looks where it came. @returns undefined if it does not pass as it is */
export async function reachOf(test: string, guards: readonly Guard[]): Promise<Reach | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'tacit-reach-'));
  try {
    const { status, ms } = await runMocha([test], { env: { NODE_V8_COVERAGE: folder } });
    if (status !== 'passed') return undefined;
    const scripts = readdirSync(folder).flatMap((name) => {
      const { result } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as { result: Script[] };
      return result;
    });
    const byUrl = Map.groupBy(scripts, ({ url }) => url);
    const reached = new Set<number>();
    for (const [place, { file, from }] of guards.entries()) {
      const seen = byUrl.get(pathToFileURL(join(root, file)).href) ?? [];
      if (seen.some((script) => isEntered(script, from))) reached.add(place);
    }
    return { test, ms, guards: reached };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
