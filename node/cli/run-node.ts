import { copyFileSync, renameSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { builtinSpec } from '../../chain-spec/index.ts';
import { validatorKeys } from '../keys.ts';
import { listenAddress } from '../network/index.ts';
import { type RunningNode, startNode } from '../assembly/index.ts';
import { createLog, type LogFormat, type LogLevel } from '../telemetry/index.ts';
import { KeyClaims } from '../process/key-claims.ts';
import type { RpcFlags } from '../process/options.ts';
import { readSpec } from '../process/spec.ts';
import { DEFAULT_ORIGINS } from '../rpc/origins.ts';
import type { NodeReady } from '../process/ready.ts';
import { untilStopped } from '../process/signals.ts';
import { claimFolder } from './claims.ts';
import { watchNode } from './watch.ts';

interface NodeFlags extends RpcFlags {
  readonly chain: string;
  readonly data: string;
  readonly rpcPort: number;
  readonly p2pPort: number;
  readonly p2pHost: string;
  readonly metricsPort?: number;
  readonly validator?: string;
  readonly devKey?: string;
  readonly bootnode?: readonly string[];
  readonly archive?: boolean;
  readonly log: LogLevel;
  readonly logFormat?: LogFormat;
}

/** What `tacit node` does: one node, until it is told to stop. Whatever can be refused is refused before anything is written. */
export async function runNode(flags: NodeFlags): Promise<void> {
  const spec = readSpec(flags.chain);
  const listen = listenAddress(flags.p2pHost, flags.p2pPort);
  const keys = await validatorKeys(
    { ...(flags.validator && { file: flags.validator }), ...(flags.devKey && { dev: flags.devKey }) },
    process.env,
  );
  const directory = join(resolve(flags.data), spec.id);
  await claimFolder(directory);
  const claims = new KeyClaims(directory);
  if (keys && flags.validator !== undefined) await claims.take(keys);
  else if (keys) claims.share(keys);
  const stopped = untilStopped();
  const { log, status } = createLog({ level: flags.log, format: flags.logFormat, name: 'tacit' });
  const node = await startNode({
    spec,
    directory,
    keys,
    claims,
    rpc: {
      host: flags.rpcHost,
      port: flags.rpcPort,
      origins: flags.rpcOrigins ?? (flags.chain === 'dev' ? 'all' : DEFAULT_ORIGINS),
    },
    metricsPort: flags.metricsPort,
    listen: [listen],
    bootnodes: flags.bootnode ?? [],
    archive: flags.archive ?? false,
    // Fault tests make development validators lie; one with keys of its own cannot be made to.
    tamper: flags.devKey === undefined ? undefined : process.env.TACIT_FAULT_TAMPER,
    log,
  });
  // Only now: a specification that the folder's chain refuses must not replace the one that the audit finds there.
  if (!builtinSpec(flags.chain)) keepSpec(flags.chain, join(directory, 'chain.json'));
  tellReady(node);
  const watch = watchNode({ node, spec, keys, bootnodes: flags.bootnode ?? [], log, status });
  const why = await Promise.race([stopped, node.damaged]);
  watch.stop();
  if (typeof why === 'string') log.info({ why }, 'stopping');
  else log.fatal({ ...why.details, code: why.code }, why.message);
  await node.stop();
  if (typeof why !== 'string') throw why;
}

/** Copies the specification whole or not at all. */
function keepSpec(from: string, to: string): void {
  if (resolve(from) === to) return;
  const draft = `${to}.${process.pid}`;
  copyFileSync(from, draft);
  renameSync(draft, to);
}

function tellReady(node: RunningNode): void {
  const ready: NodeReady = {
    kind: 'ready',
    rpcPort: node.rpcPort,
    addresses: node.network
      .addresses()
      .sort((a, b) => Number(b.includes('/127.0.0.1/')) - Number(a.includes('/127.0.0.1/'))),
    ...(node.metricsPort !== undefined && { metricsPort: node.metricsPort }),
  };
  process.send?.(ready);
}
