import { concatBytes, littleEndian } from '../../../primitives/crypto/bytes.ts';
import { decodeAll, u32 } from '../../../primitives/scale/index.ts';
import { tagOf } from '../../chain/pool/queue.ts';
import { type Backend, blockAt } from '../backend.ts';
import { DECODE_ERROR, RpcError } from '../errors.ts';
import type { Method, Methods } from '../jsonrpc.ts';
import { accountParam, bytesParam, hexOf, isExtrinsic } from '../params.ts';
import { callRuntime } from '../runtime-call.ts';

export function systemMethods(backend: Backend): Methods {
  const { chain, pool, info, network } = backend;
  const startingBlock = chain.best().number;
  const nextIndex = ([account]: readonly unknown[]): number => {
    const id = accountParam(account);
    let nonce = decodeAll(u32, chain.call(chain.best().hash, 'AccountNonceApi_account_nonce', id));
    while (pool.provides(tagOf(concatBytes(id, littleEndian(BigInt(nonce), 4))))) nonce++;
    return nonce;
  };
  /** What would become of an extrinsic, as SCALE `ApplyExtrinsicResult`; nothing is kept of the trial. */
  const dryRun: Method = async ([extrinsic, at], { connection }) => {
    const bytes = bytesParam(extrinsic, 'the extrinsic', 2 << 20);
    if (!isExtrinsic(bytes))
      throw new RpcError(DECODE_ERROR, 'Unable to dry run extrinsic', 'it is to begin with the length of what follows');
    const { hash } = blockAt(backend, at);
    const client = connection.giver;
    return hexOf(await callRuntime({ chain, client }, hash, 'BlockBuilder_apply_extrinsic', bytes));
  };
  return {
    system_dryRun: dryRun,
    system_dryRunAt: dryRun,
    system_chain: () => info.name,
    system_chainType: () => info.type,
    system_name: () => backend.nodeName,
    system_version: () => backend.nodeVersion,
    system_properties: () => info.properties,
    system_health: () => ({
      peers: network.peers().length,
      isSyncing: network.isSyncing(),
      shouldHavePeers: info.type !== 'Development',
    }),
    system_nodeRoles: () => [backend.isAuthority ? 'Authority' : 'Full'],
    system_localPeerId: () => network.peerId,
    system_localListenAddresses: () => network.addresses(),
    system_peers: () =>
      network.peers().map(({ id, best }) => ({
        peerId: id,
        roles: 'FULL',
        bestHash: best?.hash ?? chain.genesisHash,
        bestNumber: best?.number ?? 0,
      })),
    system_syncState: () => {
      const currentBlock = chain.best().number;
      const highestBlock = Math.max(currentBlock, ...network.peers().map(({ best }) => best?.number ?? 0));
      return { startingBlock, currentBlock, highestBlock };
    },
    system_accountNextIndex: nextIndex,
    account_nextIndex: nextIndex,
  };
}
