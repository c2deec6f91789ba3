/** `tacit audit`: exit code 0 if all is right, 1 if something is wrong, 2 if there is nothing to audit. */
import { builtinSpec, type ChainSpec } from '../../chain-spec/index.ts';
import { TacitError } from '../../primitives/errors.ts';
import { runtime } from '../../runtime/index.ts';
import { headerHash } from '../base/header.ts';
import { readSpec } from '../process/spec.ts';
import { type AuditReport, audit } from './audit.ts';
import { findChains, openFolder } from './folder.ts';
import { genesisBlock } from './replay.ts';
import { openRpc } from './rpc.ts';
import { describeProblem, progressLine, reportTable } from './table.ts';
import type { BlockSource } from './types.ts';

export interface AuditFlags {
  readonly data?: string;
  readonly rpc?: string;
  /** `dev`, `local` or a file. */
  readonly chain?: string;
  readonly genesis?: string;
  readonly json?: boolean;
}

const BUILTIN = ['dev', 'local'];

/** Runs an audit as the flags say and prints its report. Never throws: gives the exit code. */
export async function auditCommand(flags: AuditFlags): Promise<0 | 1 | 2> {
  const started = performance.now();
  let opened: Opened | undefined;
  try {
    opened = await open(flags);
    const { source, spec } = opened;
    const progress = progressLine(process.stderr);
    let report: AuditReport;
    try {
      report = await audit(source, {
        spec,
        onProgress: progress.update,
        ...(flags.genesis !== undefined && { genesis: flags.genesis.toLowerCase() }),
      });
    } finally {
      progress.end();
    }
    const seconds = (performance.now() - started) / 1000;
    console.log(flags.json ? JSON.stringify(report, null, 2) : reportTable(report, seconds, Date.now()));
    return report.ok ? 0 : 1;
  } catch (error) {
    console.error(describeProblem(error));
    return 2;
  } finally {
    await opened?.source.close();
  }
}

interface Opened {
  readonly source: BlockSource;
  readonly spec: ChainSpec;
}

async function open({ data, rpc, chain }: AuditFlags): Promise<Opened> {
  if ((data === undefined) === (rpc === undefined)) {
    throw new TacitError('audit/usage', 'give either --data DIR or --rpc URL');
  }
  if (rpc !== undefined) {
    const source = openRpc(rpc);
    return { source, spec: chain === undefined ? await specOf(source) : readSpec(chain) };
  }
  const { chain: found, source } = await openFolder(findChains(data!));
  try {
    const named = chain ?? found.specFile ?? BUILTIN.find((name) => builtinSpec(name)?.id === found.id);
    if (named === undefined) {
      throw new TacitError('audit/no-spec', 'the data folder holds no chain.json: give --chain FILE');
    }
    return { source, spec: readSpec(named) };
  } catch (error) {
    await source.close();
    throw error;
  }
}

/** A running node's chain, if it is one of those that come with the project: known by the hash that the specification itself gives. */
async function specOf(source: BlockSource): Promise<ChainSpec> {
  const { hash } = await source.block(0);
  const known = BUILTIN.map((name) => builtinSpec(name)!);
  const spec = known.find((each) => headerHash(genesisBlock(runtime, each).header) === hash);
  if (spec) return spec;
  throw new TacitError('audit/no-spec', `the node's genesis ${hash} is of no chain known here: give --chain FILE`);
}
