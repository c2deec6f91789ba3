import { toAddress } from '../../primitives/crypto/ss58.ts';
import { fromHex } from '../../primitives/crypto/hex.ts';
import { runtime } from '../../runtime/index.ts';
import type { GrandpaService } from '../consensus/grandpa/index.ts';
import type { NetworkService } from '../network/index.ts';
import { rpcMethods, RpcServer } from '../rpc/index.ts';
import { errorFields, Metrics } from '../telemetry/index.ts';
import type { Damage } from './lifetime.ts';
import type { Foundation } from './types.ts';
import { NODE_NAME, NODE_VERSION } from './version.ts';

/** Opens what clients and monitors connect to. */
export async function openDoors(
  { config, signing, stops, chain, pool, verifier }: Foundation,
  { network, grandpa }: { readonly network: NetworkService; readonly grandpa: GrandpaService },
  damage: Damage,
): Promise<{ readonly server: RpcServer; readonly metrics: Metrics; readonly metricsPort: number | undefined }> {
  const { spec, log } = config;
  const server = await RpcServer.listen({
    ...config.rpc,
    methods: rpcMethods({
      chain,
      pool,
      runtime,
      network,
      info: { name: spec.name, type: spec.chainType, properties: spec.properties },
      isAuthority: signing !== undefined,
      keyring: signing?.keyring,
      roundState: () => roundStateJson(grandpa),
      nodeName: NODE_NAME,
      nodeVersion: NODE_VERSION,
    }),
    onRefused: (origin, remedy) => log.warn({ origin }, `a web page was refused: ${remedy}`),
    onError: (method, error) => {
      if (!damage.first) log.error({ method, ...errorFields(error) }, 'RPC method failed');
    },
  });
  stops.add(() => server.close());
  const metrics = new Metrics({ chain, pool, network, verifier, rpcConnections: () => server.connections });
  stops.add(() => metrics.close());
  const metricsPort =
    config.metricsPort === undefined ? undefined : await metrics.listen(config.rpc.host, config.metricsPort);
  return { server, metrics, metricsPort };
}

/** Substrate's `grandpa_roundState`. */
function roundStateJson(grandpa: GrandpaService): object {
  const { setId, round, voters, threshold, missing } = grandpa.state();
  // Every voter of this chain weighs 1.
  const phase = (absent: readonly string[]): object => ({
    currentWeight: voters - absent.length,
    missing: absent.map((id) => toAddress(fromHex(id))),
  });
  const best = {
    round: Number(round),
    totalWeight: voters,
    thresholdWeight: Number(threshold),
    prevotes: phase(missing.prevote),
    precommits: phase(missing.precommit),
  };
  return { setId: Number(setId), best, background: [] };
}
