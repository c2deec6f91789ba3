/**
 * The demo as a program: runs one royalty round against a running chain and prints what came of it.
 *
 *     npx tacit demo --rpc ws://127.0.0.1:9944 [--rpc ...] [--report FILE] [--owner //Alice] [--user //Bob] [--timeout SECONDS]
 *
 * Exit code 0 if every opened score was right, everyone was paid and the money adds up; 1 otherwise, 2 for wrong flags. Nodes after the first only spread the load.
 */
import { writeFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { parseArgs } from 'node:util';
import { Listr } from 'listr2';
import { isTacitError, TacitError } from '../../primitives/errors.ts';
import { failureText } from '../../primitives/failure.ts';
import { tryOutput } from '../cli/output.ts';
import { endWithParent } from '../cli/parent.ts';
import { devAccount } from '../sdk/keys.ts';
import { quietPolkadot } from '../sdk/quiet.ts';
import { PARTIES } from './parties.ts';
import { isSound, renderReport, type RoundReport, roundReport } from './report.ts';
import { DemoRound, type DemoOptions, type Step } from './round.ts';

const DEFAULT_TIMEOUT_S = 600;

const USAGE = `demo: one royalty round with eight parties on MNIST
  --rpc URL          a node (again, or comma-separated, for more); ws://127.0.0.1:9944
  --chain FILE       specification of the chain to trust; .tacit/local/chain.json if that is there
  --report FILE      write the report as JSON
  --owner, --user    development keys of the model's owner and its user; //Alice, //Bob
  --timeout SECONDS  longest wait for any phase; ${DEFAULT_TIMEOUT_S}`;

export interface DemoFlags extends DemoOptions {
  readonly report: string | undefined;
  readonly chain: string | undefined;
}

/** The flags of the command line. Throws `demo/bad-flag`. */
export function parseFlags(args: readonly string[]): DemoFlags {
  let values: { rpc?: string[]; report?: string; chain?: string; owner?: string; user?: string; timeout?: string };
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        rpc: { type: 'string', multiple: true },
        report: { type: 'string' },
        chain: { type: 'string' },
        owner: { type: 'string' },
        user: { type: 'string' },
        timeout: { type: 'string' },
      },
    }));
  } catch (error) {
    throw new TacitError('demo/bad-flag', (error as Error).message);
  }
  const seconds = Number(values.timeout ?? DEFAULT_TIMEOUT_S);
  if (!Number.isSafeInteger(seconds) || seconds < 1)
    throw new TacitError('demo/bad-flag', '--timeout takes a whole number of seconds');
  return {
    rpcs: (values.rpc ?? ['ws://127.0.0.1:9944']).flatMap((list) => list.split(',')),
    report: values.report,
    chain: values.chain,
    owner: devAccount(values.owner ?? '//Alice'),
    user: devAccount(values.user ?? '//Bob'),
    timeoutMs: seconds * 1000,
  };
}

/** The step, with errors that name it: who reads the end of a log has not seen which one was under way. */
function named({ title, run }: Step): Step {
  return {
    title,
    run: (say) =>
      run(say).catch((error: unknown) => {
        const where = `in the step '${title}'`;
        if (isTacitError(error)) throw new TacitError(error.code, `${where}: ${error.message}`, error.details);
        throw new Error(`${where}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
      }),
  };
}

/** Runs the round, showing each step: with a moving list on a terminal, as plain lines otherwise. Its errors name the step. */
export async function perform(plain: readonly Step[]): Promise<void> {
  const steps = plain.map(named);
  if (process.stdout.isTTY) {
    const list = steps.map(({ title, run }) => ({
      title,
      task: (_: unknown, task: { output: string }) =>
        run((text) => {
          task.output = text;
        }),
    }));
    // listr2 wants a format where there is a field
    const timer = { condition: true, field: (ms: number) => `${(ms / 1000).toFixed(1)} s`, format: () => String };
    await new Listr(list, { rendererOptions: { timer } }).run();
    return;
  }
  const started = performance.now();
  const line = (text: string): void =>
    console.log(`[${((performance.now() - started) / 1000).toFixed(1).padStart(6)} s] ${text}`);
  for (const { title, run } of steps) {
    line(title);
    let last = '';
    await run((text) => {
      if (text !== last) line(`  ${text}`);
      last = text;
    });
  }
}

/** The parties would have machines of their own; where they share one with the validators they must not keep these from their slots. */
function yieldToValidators(): void {
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Where the system does not allow it the round is only slower.
  }
}

async function main(): Promise<boolean> {
  const { report: file, chain, ...options } = parseFlags(process.argv.slice(2));
  // the parties' threads look there too
  if (chain !== undefined) process.env.TACIT_CHAIN = chain;
  if (file !== undefined) tryOutput('--report', file);
  yieldToValidators();
  await using round = new DemoRound(options);
  await perform(round.steps);
  const report: RoundReport = roundReport.parse(round.report());
  console.log(
    `\n${renderReport(
      report,
      PARTIES.map(({ kind }) => kind),
    )}`,
  );
  if (file !== undefined) writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
  return isSound(report);
}

if (import.meta.main && process.argv.includes('--help')) {
  console.log(USAGE);
} else if (import.meta.main) {
  quietPolkadot();
  endWithParent();
  try {
    process.exitCode = (await main()) ? 0 : 1;
  } catch (error) {
    console.error(failureText(error));
    process.exitCode = isTacitError(error, 'demo/bad-flag') ? 2 : 1;
  }
}
