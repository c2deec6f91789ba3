/** `tacit story`: a fresh local network whose windows are short, the people of the story on it, and its end. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TacitError } from '../../primitives/errors.ts';
import { withNetwork } from './command.ts';
import { freeBasePort } from './ports.ts';
import { tryReportFile } from './report-file.ts';

export interface StoryFlags {
  readonly report?: string;
  readonly data?: string;
  readonly basePort?: number;
}

/**
 * What takes weeks on a chain takes seconds here, in blocks of two seconds. Windows in which somebody has to act are wide enough for a busy machine; those that are
 * waited for to their end are narrow.
 */
const WINDOWS = {
  GovernanceVoting: '20',
  GovernanceTimeLock: '10',
  GovernanceWindow: '600',
  GovernanceLock: '2',
  DisputeAnswer: '60',
  DisputeGrace: '30',
  DisputeDraw: '600',
  DisputeCommit: '9',
  DisputeReveal: '60',
  DisputeAppeal: '12',
  EvaluationAge: '6',
  VoucherWindow: '10',
} as const;

/** Runs the story on four validators. Its folder is removed, unless it was named. @throws `story/not-fresh` */
export async function runStory({ report, data, basePort }: StoryFlags): Promise<void> {
  if (report !== undefined) tryReportFile(report);
  if (data !== undefined && existsSync(data))
    throw new TacitError('story/not-fresh', `${data} is there already: the story begins with a chain of its own`);
  const folder = data ?? mkdtempSync(join(tmpdir(), 'tacit-story-'));
  try {
    const network = { data: folder, validators: 4, rpcHost: '127.0.0.1', parameters: WINDOWS } as const;
    await withNetwork({ ...network, basePort: basePort ?? (await freeBasePort(4)) }, async (running, stopped) => {
      const rpcs = running.validators.flatMap(({ rpc }) => ['--rpc', rpc]);
      const flags = [...rpcs, '--chain', running.specFile, ...(report === undefined ? [] : ['--report', report])];
      const file = fileURLToPath(new URL('../../client/story/main.ts', import.meta.url));
      const people = spawn(process.execPath, [file, ...flags], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
      void stopped.then(() => people.kill('SIGTERM'));
      process.exitCode = (await endOf(people)) === 0 ? 0 : 1;
    });
  } finally {
    if (data === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

async function endOf(child: ChildProcess): Promise<number | null> {
  const [code] = (await once(child, 'close')) as [number | null];
  return code;
}
