/** Runtime APIs for clients: what they verify is verified by the workers first, so that nobody makes the node verify on its event loop. */
import { Reader } from '../../primitives/scale/index.ts';
import type { Chain } from '../chain/chain.ts';
import { type Giver, Shares } from '../base/givers.ts';
import type { HexHash } from '../base/types.ts';
import { CLIENT_ERROR, RpcError } from './errors.ts';

/** Extrinsics whose signatures and proofs are being verified for a trial: half of them one client's at most. */
const trials = new Shares({ most: 128, least: 1 });

/** Where in the arguments of an API that judges or tries an extrinsic the extrinsic begins. */
const EXTRINSIC_AT: ReadonlyMap<string, number> = new Map([
  ['TaggedTransactionQueue_validate_transaction', 1],
  ['BlockBuilder_apply_extrinsic', 0],
]);

/** The extrinsic with its length prefix, if there is one in bounds; its form is for the runtime to judge. */
function extrinsicIn(method: string, input: Uint8Array): Uint8Array | undefined {
  const at = EXTRINSIC_AT.get(method);
  if (at === undefined || input.length <= at) return undefined;
  try {
    const reader = new Reader(input.subarray(at));
    reader.advance(reader.compactUpTo(input.length));
    return reader.bytes.subarray(0, reader.offset);
  } catch {
    return undefined;
  }
}

/** What `client` asks. Errors: `chain/unknown-block` and what the runtime throws. */
export async function callRuntime(
  { chain, client }: { readonly chain: Chain; readonly client: Giver },
  hash: HexHash,
  method: string,
  input: Uint8Array,
): Promise<Uint8Array> {
  const extrinsic = extrinsicIn(method, input);
  if (extrinsic !== undefined) {
    const leave = trials.take(client, 1);
    if (leave === undefined) {
      const remedy = 'wait for answers before you ask for more';
      throw new RpcError(CLIENT_ERROR, `Client error: as many of your extrinsics are being tried as may be; ${remedy}`);
    }
    try {
      await chain.verifyAhead(hash, extrinsic, client);
    } finally {
      leave();
    }
  }
  return chain.call(hash, method, input);
}
