import { fromHex } from '../../../primitives/crypto/hex.ts';
import { bytes, fixed, struct, vec } from '../../../primitives/scale/index.ts';
import { header as headerTy } from '../../../pallets/support/types.ts';
import type { Backend } from '../backend.ts';
import { CLIENT_ERROR, RpcError } from '../errors.ts';
import type { Methods } from '../jsonrpc.ts';
import { hexOf, numberParam } from '../params.ts';

const finalityProof = struct('sc_consensus_grandpa::FinalityProof', {
  block: fixed(32),
  justification: bytes,
  unknownHeaders: vec(headerTy),
});
/** Headers that a proof may have to lead over from the block asked for to the next justified one. */
const MAX_UNKNOWN_HEADERS = 1024;

export function grandpaMethods({ chain, roundState }: Backend): Methods {
  return {
    grandpa_roundState: () => roundState(),
    grandpa_subscribeJustifications: (_params, call) =>
      call.connection.subscribe(call, 'justifications', 'grandpa_justifications', (own) =>
        chain.on('finalized', ({ justification }) => own.notify(hexOf(justification))),
      ),
    grandpa_unsubscribeJustifications: ([id], { connection }) => connection.unsubscribe('justifications', id),
    /** SCALE `FinalityProof`; null where the block is not final yet. */
    grandpa_proveFinality: ([value]) => {
      const number = numberParam(value, 'the block number');
      const last = Math.min(chain.finalized().number, number + MAX_UNKNOWN_HEADERS);
      const unknownHeaders = [];
      for (let height = number; height <= last; height++) {
        const hash = chain.hashByNumber(height)!;
        if (height > number) unknownHeaders.push(chain.header(hash)!);
        const justification = chain.justification(hash);
        if (!justification) continue;
        return hexOf(finalityProof.codec.enc({ block: fromHex(hash), justification, unknownHeaders }));
      }
      if (number > chain.finalized().number || number === 0) return null;
      throw new RpcError(CLIENT_ERROR, 'Client error: no justification stands near this block');
    },
  };
}
