/**
 * The story as a program: everyone on a chain, each doing every step of their part, against a network that runs. `tacit story` starts one for it.
 *
 *     node client/story/main.ts --rpc ws://127.0.0.1:9944 --chain chain.json [--report FILE]
 *
 * Exit code 0 if every step did what it should and the money adds up; 1 with the step's name otherwise; 2 for wrong flags.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ApiPromise, WsProvider } from '@polkadot/api';
import type { ApiOptions } from '@polkadot/api/types';
import { TacitError } from '../../primitives/errors.ts';
import { failureText } from '../../primitives/failure.ts';
import { endWithParent } from '../cli/parent.ts';
import { connect } from '../sdk/connect.ts';
import { knownChain } from '../sdk/node/chain-file.ts';
import { quietPolkadot } from '../sdk/quiet.ts';
import { Ledger } from './ledger.ts';
import { everybody } from './people.ts';
import { play } from './play.ts';
import { storyReport } from './report.ts';
import { Stage } from './stage.ts';

interface Flags {
  readonly rpcs: readonly string[];
  readonly chain: string | undefined;
  readonly report: string | undefined;
}

function flagsOf(args: readonly string[]): Flags {
  const options = {
    rpc: { type: 'string', multiple: true },
    chain: { type: 'string' },
    report: { type: 'string' },
  } as const;
  try {
    const { rpc = ['ws://127.0.0.1:9944'], chain, report } = parseArgs({ args: [...args], options }).values;
    return { rpcs: rpc, chain, report };
  } catch (error) {
    throw new TacitError('story/bad-flag', (error as Error).message);
  }
}

/** Lines of everyone, with the time and the chapter. */
function narrator(): (chapter: number, who: string, text: string) => void {
  const started = performance.now();
  return (chapter, who, text) => {
    const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(6);
    console.log(`[${seconds} s] ${chapter}  ${who.padEnd(8)} ${text}`);
  };
}

async function tell({ rpcs, chain: file, report }: Flags): Promise<void> {
  await using chain = await connect(rpcs, knownChain(file));
  const provider = new WsProvider([...rpcs]) as NonNullable<ApiOptions['provider']>;
  const api = await ApiPromise.create({ provider, noInitWarn: true });
  await using ledger = await Ledger.follow(api);
  const stage = new Stage({ api, chain, ledger }, everybody(), narrator());
  try {
    const sheet = await play(stage);
    console.log(`\n${sheet}\n\nthe story is told: ${stage.entries.length} steps, each read back from the chain`);
  } finally {
    if (report !== undefined) {
      writeFileSync(report, `${JSON.stringify(storyReport.parse(stage.entries), null, 2)}\n`);
    }
    await api.disconnect();
  }
}

if (import.meta.main) {
  quietPolkadot();
  endWithParent();
  try {
    await tell(flagsOf(process.argv.slice(2)));
    process.exit(0);
  } catch (error) {
    console.error(failureText(error));
    process.exit(error instanceof TacitError && error.code === 'story/bad-flag' ? 2 : 1);
  }
}
