import { join } from 'node:path';
import { runtime } from '../../runtime/index.ts';
import { Chain, chainApi, TransactionPool } from '../chain/index.ts';
import { BlockStore, openLevel } from '../db/index.ts';
import { errorFields } from '../telemetry/index.ts';
import { VerifyPool } from '../workers/index.ts';
import { genesisOf } from './genesis.ts';
import { signingOf } from './keys.ts';
import type { Damage, Stops } from './lifetime.ts';
import type { Foundation, NodeConfig } from './types.ts';

/** Finalized blocks whose large extrinsics a node keeps if it is no archive: a day. */
const AUDIT_WINDOW = 43_200;

/** Opens database and chain, and makes the pool: what the other parts stand on. */
export async function layFoundation(config: NodeConfig, stops: Stops, damage: Damage): Promise<Foundation> {
  const { spec, directory, log } = config;
  // Once the database is known to be damaged the node stops; what fails on the way there is no news.
  const onError = (error: unknown): void => {
    if (!damage.first) log.error(errorFields(error), 'internal error');
  };
  stops.add(() => config.claims.release());
  const verifier = new VerifyPool({ onFault: onError });
  stops.add(() => verifier.close());
  const level = await openLevel(join(directory, 'chain'));
  stops.add(() => level.close());
  const store = new BlockStore(level, damage.note);
  const chain = await Chain.open({
    store,
    runtime,
    verifier,
    genesis: genesisOf(spec),
    now: () => Date.now(),
    bodiesKept: config.archive ? undefined : AUDIT_WINDOW,
    onError,
  });
  stops.add(() => chain.close());
  const pool = new TransactionPool({ chain, runtime, verifier, now: () => performance.now(), onError });
  return {
    config,
    signing: await signingOf(config, chain, onError),
    stops,
    onError,
    verifier,
    store,
    chain,
    pool,
    api: chainApi(chain, pool),
  };
}
