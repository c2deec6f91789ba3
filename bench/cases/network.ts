/** Finality in a network of four processes, and the demo's round from beginning to end. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FinalityWatch } from '../../client/demo/finality.ts';
import { quantile, roundReport, type RoundReport } from '../../client/demo/report.ts';
import { connect } from '../../client/sdk/connect.ts';
import type { BenchCase, Sample } from '../harness.ts';
import { freePort, holding, repository, stopProcess, withFolder, withNetwork } from '../support/process.ts';

/** Blocks that finality is measured over: a minute. */
const BLOCKS = 30;
const BLOCKS_MS = 180_000;
/** The first blocks come while the nodes still find one another. */
const WARM_UP = 3;

const DEMO_MS = 600_000;

/** From the time stamp in each block to the news of its finality at one of four validators, in milliseconds. */
function measureFinality(): Promise<number[]> {
  return withNetwork(async (network) => {
    await using chain = await connect(network.validator(0).rpc, {
      chain: readFileSync(network.specFile, 'utf8'),
    });
    await using watch = await FinalityWatch.start(chain);
    const until = performance.now() + BLOCKS_MS;
    let stop: (() => void) | undefined;
    await new Promise<void>((resolve, reject) => {
      chain.api.rpc.chain
        .subscribeFinalizedHeads(() => {
          if (watch.latencies.length >= WARM_UP + BLOCKS) resolve();
          else if (performance.now() > until) reject(new Error(`only ${watch.latencies.length} blocks became final`));
        })
        .then((unsubscribe) => {
          stop = unsubscribe;
        }, reject);
      setTimeout(() => reject(new Error('the network finalizes nothing')), BLOCKS_MS).unref();
    });
    stop?.();
    return watch.latencies.slice(WARM_UP, WARM_UP + BLOCKS);
  });
}

/** `npm start -- --once --report FILE` in a folder of its own. */
function runDemo(): Promise<RoundReport> {
  return withFolder(async (folder) => {
    const report = join(folder, 'report.json');
    const port = String(await freePort());
    const args = ['start', '--once', '--report', report, '--data', join(folder, 'data'), '--base-port', port];
    const log = join(folder, 'demo.log');
    const output = openSync(log, 'w');
    const child = spawn(process.execPath, [join(repository, 'bin/tacit.mjs'), ...args], {
      stdio: ['ignore', output, output],
      timeout: DEMO_MS,
    });
    const gone = once(child, 'exit') as Promise<[number | null]>;
    const [code] = await holding(
      () => stopProcess(child),
      () => gone,
    );
    closeSync(output);
    if (code !== 0) {
      console.error(readFileSync(log, 'utf8'));
      throw new Error(`npm start -- --once ended with ${code ?? 'a signal'}`);
    }
    return roundReport.parse(JSON.parse(readFileSync(report, 'utf8')));
  });
}

let finality: Promise<number[]> | undefined;
let demo: Promise<RoundReport> | undefined;

const MS = { unit: 'ms', pace: 'slots' } as const;

/** One of the demo's times; all come from one run of it. */
function ofDemo(name: string, title: string, pick: (report: RoundReport) => number, aim?: number): BenchCase {
  return {
    name,
    title,
    ...MS,
    ...(aim !== undefined && { aim }),
    async run(): Promise<Sample[]> {
      demo ??= runDemo();
      return [{ value: pick(await demo) }];
    },
  };
}

export const networkCases: readonly BenchCase[] = [
  {
    name: 'finality-p50',
    title: 'four validators, a process each: from the time stamp in a block to the news of its finality, median',
    ...MS,
    aim: 1000,
    async run() {
      finality ??= measureFinality();
      return (await finality).map((value) => ({ value }));
    },
  },
  {
    name: 'finality-p99',
    title: `the same, 99th percentile of ${BLOCKS} blocks`,
    ...MS,
    async run() {
      finality ??= measureFinality();
      return [{ value: quantile(await finality, 0.99) }];
    },
  },
  ofDemo(
    'close-to-payout',
    'demo round, eight parties: from the news that the closing block is final to the news that the block with the payout vector is',
    ({ timingsMs }) => timingsMs.closeToPayout,
    3_000,
  ),
  ofDemo(
    'demo-round-key',
    "demo round: from the round's creation in a finalized block to its checked key",
    ({ timingsMs }) => timingsMs.roundKey,
  ),
  ofDemo(
    'demo-encrypt-and-prove',
    'demo round: encrypt and prove one party, processor time of its thread (by the clock eight wait for the same cores), median over the parties',
    ({ timingsMs }) => timingsMs.encryptAndProve,
  ),
  ofDemo('demo-total', 'demo round: everything, training and claims included', ({ timingsMs }) => timingsMs.total),
];
