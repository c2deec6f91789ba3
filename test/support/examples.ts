/** Commands and examples as a person runs them: processes of their own, judged by what they print. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

/** A line of polkadot.js's log. */
export const POLKADOT = /^\d{4}-\d{2}-\d{2} /m;
const file = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** A command under way. */
interface Running {
  /** Resolves with the match when the output has one; rejects if the command ends before. */
  seen(pattern: RegExp): Promise<RegExpMatchArray>;
  readonly ended: Promise<{ readonly code: number | null; readonly out: string }>;
}

export interface Examples {
  run(program: string, ...args: string[]): Running;
  /** What a command prints that ends well. */
  output(program: string, ...args: string[]): Promise<string>;
}

/** @param chain the specification of the chain to trust: as it would lie in the folder of somebody who ran `npm start` */
export function examples(chain: string): Examples {
  const run = (program: string, ...args: string[]): Running => {
    const child = spawn(process.execPath, [file(program), ...args], {
      env: { ...process.env, TACIT_PASSPHRASE: 'try it', TACIT_CHAIN: chain },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    const watchers = new Set<() => void>();
    const take = (text: string): void => {
      out += text;
      for (const look of watchers) look();
    };
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    const ended = new Promise<{ code: number | null; out: string }>((resolve) =>
      child.once('close', (code) => resolve({ code, out })),
    );
    return {
      ended,
      seen: (pattern) =>
        new Promise((resolve, reject) => {
          const look = (): void => {
            const match = pattern.exec(out);
            if (match) resolve(match);
          };
          watchers.add(look);
          look();
          void ended.then(() => reject(new Error(`${program} ended without ${pattern}: ${out}`)));
        }),
    };
  };
  const output = async (program: string, ...args: string[]): Promise<string> => {
    const { code, out } = await run(program, ...args).ended;
    expect(code, out).to.equal(0);
    return out;
  };
  return { run, output };
}
