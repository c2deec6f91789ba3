import type { Backend } from '../backend.ts';
import type { Methods } from '../jsonrpc.ts';

/** https://paritytech.github.io/json-rpc-interface-spec/api/chainSpec.html */
export function chainSpecMethods({ chain, info }: Backend): Methods {
  return {
    chainSpec_v1_chainName: () => info.name,
    chainSpec_v1_genesisHash: () => chain.genesisHash,
    chainSpec_v1_properties: () => info.properties,
  };
}
