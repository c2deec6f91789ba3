import { join } from 'node:path';
import type { Logger } from 'pino';
import { grandpa as grandpaPallet } from '../../pallets/grandpa/index.ts';
import type { EquivocationProof } from '../../pallets/grandpa/types.ts';
import { ed25519Sign } from '../../primitives/crypto/signature.ts';
import { encodeBare, runtime } from '../../runtime/index.ts';
import type { TransactionPool } from '../chain/index.ts';
import { GrandpaService } from '../consensus/grandpa/index.ts';
import { openLastVote } from '../consensus/grandpa/set.ts';
import { loadPeerKey, NetworkService } from '../network/index.ts';
import { Sync } from '../sync/index.ts';
import type { Foundation } from './types.ts';

/** Starts the network, and finality, which speaks through it. */
export async function joinNetwork(
  foundation: Foundation,
): Promise<{ readonly network: NetworkService; readonly grandpa: GrandpaService }> {
  const { config, stops, api, verifier } = foundation;
  const { spec, directory, log } = config;
  const network = await NetworkService.create({
    chain: api,
    sync: (wire) =>
      new Sync({
        chain: api,
        verifier,
        log: log.child({ part: 'sync' }),
        now: () => performance.now(),
        network: wire,
      }),
    key: await loadPeerKey(join(directory, 'peer.key')),
    log: log.child({ part: 'network' }),
    listen: config.listen,
    bootnodes: [...spec.bootNodes, ...config.bootnodes],
    addressBook: join(directory, 'peers.json'),
  });
  const grandpa = await voterOf(foundation, network);
  await network.start();
  stops.add(() => network.stop());
  grandpa.start();
  stops.add(() => grandpa.stop());
  return { network, grandpa };
}

async function voterOf(
  { config, signing, api, store, verifier, pool }: Foundation,
  network: NetworkService,
): Promise<GrandpaService> {
  const { directory, log } = config;
  const keys = signing?.keys;
  return new GrandpaService({
    chain: api,
    wire: network.grandpa,
    store: store.meta,
    verifier,
    log: log.child({ part: 'grandpa' }),
    onEquivocation: (proof) => void reportEquivocation(pool, proof, log),
    ...(keys && {
      key: {
        publicKey: keys.grandpa.publicKey,
        sign: (payload: Uint8Array) => ed25519Sign(keys.grandpa, payload),
      },
      lastVote: await openLastVote(join(directory, 'last-vote'), api.genesisHash, store.meta),
    }),
  });
}

/** Names a voter that voted twice on the chain. All honest nodes see it and report it; the pool keeps one report of them. */
async function reportEquivocation(pool: TransactionPool, proof: EquivocationProof, log: Logger): Promise<void> {
  const call = grandpaPallet.call.reportEquivocation({ proof });
  const { kind, hash, ...rest } = await pool.submit(encodeBare(runtime.callTy, call), 'local');
  log.warn({ hash, outcome: kind, ...rest }, 'equivocation reported');
}
