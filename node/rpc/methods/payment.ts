import { concatBytes, littleEndian } from '../../../primitives/crypto/bytes.ts';
import { decodeAll } from '../../../primitives/scale/index.ts';
import { feeDetails, runtimeDispatchInfo } from '../../../runtime/types.ts';
import { type Backend, blockAt } from '../backend.ts';
import { hexNumber } from '../format.ts';
import type { Methods } from '../jsonrpc.ts';
import { bytesParam } from '../params.ts';

export function paymentMethods(backend: Backend): Methods {
  /** Runtime APIs take the extrinsic and its length. */
  const ask = (method: string, [extrinsic, at]: readonly unknown[]): Uint8Array => {
    const bytes = bytesParam(extrinsic, 'the extrinsic', 2 << 20);
    const input = concatBytes(bytes, littleEndian(BigInt(bytes.length), 4));
    return backend.chain.call(blockAt(backend, at).hash, `TransactionPaymentApi_${method}`, input);
  };
  return {
    payment_queryInfo: (params) => {
      const { weight, class: of, partialFee } = decodeAll(runtimeDispatchInfo, ask('query_info', params));
      return {
        weight: { ref_time: Number(weight.refTime), proof_size: Number(weight.proofSize) },
        class: of.tag.toLowerCase(),
        partialFee: partialFee.toString(),
      };
    },
    payment_queryFeeDetails: (params) => {
      const { inclusionFee, tip } = decodeAll(feeDetails, ask('query_fee_details', params));
      return {
        inclusionFee: inclusionFee
          ? {
              baseFee: hexNumber(inclusionFee.baseFee),
              lenFee: hexNumber(inclusionFee.lenFee),
              adjustedWeightFee: hexNumber(inclusionFee.adjustedWeightFee),
            }
          : null,
        tip: hexNumber(tip),
      };
    },
  };
}
