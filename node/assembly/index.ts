/** Puts a node together: what stands on what, and how it ends. */
import type { Logger } from 'pino';
import type { Chain } from '../chain/index.ts';
import { openDoors } from './doors.ts';
import { takeUpDuties } from './duties.ts';
import { joinNetwork } from './finality.ts';
import { layFoundation } from './foundation.ts';
import { Damage, Stops } from './lifetime.ts';
import type { NodeConfig, RunningNode } from './types.ts';

export type { NodeConfig, RunningNode } from './types.ts';
export { NODE_VERSION } from './version.ts';

/** Starts database, chain, network, finality, RPC and, in a validator, authoring. */
export async function startNode(config: NodeConfig): Promise<RunningNode> {
  const stops = new Stops(config.log);
  const damage = new Damage();
  try {
    return await assemble(config, stops, damage);
  } catch (error) {
    await stops.run();
    throw damage.first ?? error;
  }
}

async function assemble(config: NodeConfig, stops: Stops, damage: Damage): Promise<RunningNode> {
  const foundation = await layFoundation(config, stops, damage);
  const { chain, store, pool, verifier, api } = foundation;
  const wired = await joinNetwork(foundation);
  const { server, metrics, metricsPort } = await openDoors(foundation, wired, damage);
  await takeUpDuties(foundation, wired.network, metrics);
  logEvents(chain, config.log);
  const { id } = config.spec;
  config.log.info({ chain: id, genesis: chain.genesisHash, rpc: server.port, best: chain.best() }, 'node up');
  return {
    chain: api,
    states: chain,
    store,
    pool,
    network: wired.network,
    verifier,
    rpcPort: server.port,
    metricsPort,
    damaged: damage.known,
    stop: stops.run,
  };
}

function logEvents(chain: Chain, log: Logger): void {
  chain.on('best', ({ ref, retracted }) => {
    if (retracted.length > 0) log.info({ ...ref, retracted: retracted.length }, 'reorganised');
  });
  chain.on('imported', ({ ref, origin }) => {
    if (origin !== 'own') log.debug({ ...ref, origin }, 'imported a block');
  });
  chain.on('finalized', ({ ref }) => log.info({ ...ref }, 'finalized'));
}
