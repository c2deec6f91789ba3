import { concatBytes, littleEndian } from '../../../primitives/crypto/bytes.ts';
import { isTacitError } from '../../../primitives/errors.ts';
import { decodeAll } from '../../../primitives/scale/index.ts';
import { feeDetails, runtimeDispatchInfo } from '../../../runtime/types.ts';
import { type Backend, blockAt } from '../backend.ts';
import { DECODE_ERROR, RpcError, RUNTIME_ERROR } from '../errors.ts';
import { hexNumber } from '../format.ts';
import type { Methods } from '../jsonrpc.ts';
import { bytesParam, isExtrinsic } from '../params.ts';

export function paymentMethods(backend: Backend): Methods {
  /** Runtime APIs take the extrinsic and its length. */
  const ask = (method: string, what: string, [extrinsic, at]: readonly unknown[]): Uint8Array => {
    const bytes = bytesParam(extrinsic, 'the extrinsic', 2 << 20);
    const unable = (code: number, why: string): RpcError => new RpcError(code, `Unable to query ${what}.`, why);
    if (!isExtrinsic(bytes)) throw unable(DECODE_ERROR, 'an extrinsic begins with the length of what follows');
    const input = concatBytes(bytes, littleEndian(BigInt(bytes.length), 4));
    try {
      return backend.chain.call(blockAt(backend, at).hash, `TransactionPaymentApi_${method}`, input);
    } catch (error) {
      throw isTacitError(error) ? unable(RUNTIME_ERROR, error.message) : error;
    }
  };
  return {
    payment_queryInfo: (params) => {
      const {
        weight,
        class: of,
        partialFee,
      } = decodeAll(runtimeDispatchInfo, ask('query_info', 'dispatch info', params));
      return {
        weight: { ref_time: Number(weight.refTime), proof_size: Number(weight.proofSize) },
        class: of.tag.toLowerCase(),
        partialFee: partialFee.toString(),
      };
    },
    payment_queryFeeDetails: (params) => {
      const { inclusionFee, tip } = decodeAll(feeDetails, ask('query_fee_details', 'fee details', params));
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
