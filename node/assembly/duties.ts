import { join } from 'node:path';
import { fromHex } from '../../primitives/crypto/hex.ts';
import { isSettling } from '../../pallets/tally/index.ts';
import { runtime } from '../../runtime/index.ts';
import { AuraAuthor } from '../authoring/author.ts';
import { chainApi } from '../chain/index.ts';
import { CommitteeService } from '../committee/service.ts';
import type { NetworkService } from '../network/index.ts';
import type { Metrics } from '../telemetry/index.ts';
import type { Foundation } from './types.ts';

/** Starts what a validator does beside voting: blocks in its slots, and its part in the tally. Without keys only the tally is watched. */
export async function takeUpDuties(foundation: Foundation, network: NetworkService, metrics: Metrics): Promise<void> {
  const { config, signing, stops } = foundation;
  if (signing) startAuthor(foundation, network, metrics);
  if (config.spec.genesis.committee) stops.add(await startCommittee(foundation));
}

function startAuthor(
  { config, signing, stops, chain, pool, verifier, onError }: Foundation,
  network: NetworkService,
  metrics: Metrics,
): void {
  const { log } = config;
  if (!signing) return;
  const author = new AuraAuthor({
    chain,
    pool,
    runtime,
    host: verifier,
    keys: [signing.keys.aura],
    now: () => Date.now(),
    paused: () => network.isSyncing(),
    awaits: ({ ctx }) => isSettling(ctx),
    onBlock: ({ ref, extrinsics, ms }) => {
      metrics.authored(ms);
      log.info({ ...ref, extrinsics, ms: Math.round(ms) }, 'authored a block');
    },
    onError,
  });
  author.start();
  stops.add(() => author.stop());
}

/** The validator's part in the tally. Returns how to stop it. */
async function startCommittee({ config, signing, chain, pool }: Foundation): Promise<() => Promise<void>> {
  const { tamper, log } = config;
  const api = chainApi(chain, pool);
  const service = new CommitteeService(
    {
      best: () => chain.best(),
      finalized: () => chain.finalized(),
      hashByNumber: (number) => chain.hashByNumber(number),
      body: (hash) => chain.body(hash),
      call: (hash, method, input) => chain.call(hash, method, input),
      callsIn: (extrinsic) => runtime.callsIn(extrinsic),
      foresee: (hash) => chain.foresee(hash),
      submit: (extrinsic) => pool.submit(extrinsic, 'local'),
      on: (event, listener) => api.on(event, listener),
    },
    {
      genesis: fromHex(chain.genesisHash),
      folder: join(config.directory, 'submissions'),
      validator: signing && {
        committee: signing.keys.committee,
        vaultPath: signing.vaultPath,
        takesUnnamed: signing.hadBlocks,
        tamper,
      },
    },
    log.child({ part: 'committee' }),
  );
  await service.start();
  return () => service.stop();
}
