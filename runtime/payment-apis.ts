/** Fees, asked of whole extrinsics and of calls alone. */
import { TacitError } from '../primitives/errors.ts';
import { type Of, type Ty, u32 } from '../primitives/scale/index.ts';
import {
  type Api,
  type ApiMethod,
  balance,
  type CallInfo,
  type Composition,
  method,
  type RuntimeCall,
  weightV2,
} from '../pallets/support/index.ts';
import { type Fee, feeOf, lengthToFee, totalFee, weightToFee } from '../pallets/transaction-payment/index.ts';
import { feeDetails, runtimeDispatchInfo } from './types.ts';
import { check, type Checked } from './validity.ts';

const infoAnswer = (info: CallInfo, fee: Fee | undefined): Of<typeof runtimeDispatchInfo> => ({
  weight: { refTime: info.weight, proofSize: 0n },
  class: { tag: info.class },
  partialFee: totalFee(fee),
});

function detailsAnswer(fee: Fee | undefined): Of<typeof feeDetails> {
  const inclusionFee = fee && { baseFee: fee.base, lenFee: fee.length, adjustedWeightFee: fee.weight };
  return { inclusionFee, tip: 0n };
}

/** What weight and bytes cost, whatever they are of. */
function rates(): Record<'queryWeightToFee' | 'queryLengthToFee', ApiMethod> {
  return {
    queryWeightToFee: method({
      docs: 'What executing a weight costs.',
      inputs: { weight: weightV2 },
      output: balance,
      run: (_, { weight }) => weightToFee(weight.refTime),
    }),
    queryLengthToFee: method({
      docs: 'What bytes in a block cost.',
      inputs: { length: u32 },
      output: balance,
      run: (_, { length }) => lengthToFee(length),
    }),
  };
}

function extrinsicApi(composition: Composition, extrinsic: Ty<Uint8Array>): Api {
  const checked = (uxt: Uint8Array): Checked => {
    const found = check(composition, uxt);
    if ('extrinsic' in found) return found;
    throw new TacitError('runtime/bad-input', 'the extrinsic cannot be decoded, or fits into no block');
  };
  const fee = ({ info, extrinsic: { signed } }: Checked, length: number) => signed && feeOf(length, info);
  return {
    version: 4,
    docs: 'Fees of extrinsics.',
    methods: {
      queryInfo: method({
        docs: 'Weight, class and fee of an extrinsic of `len` bytes.',
        inputs: { uxt: extrinsic, len: u32 },
        output: runtimeDispatchInfo,
        run(_, { uxt, len }) {
          const found = checked(uxt);
          return infoAnswer(found.info, fee(found, len));
        },
      }),
      queryFeeDetails: method({
        docs: 'The parts of the fee of an extrinsic of `len` bytes.',
        inputs: { uxt: extrinsic, len: u32 },
        output: feeDetails,
        run: (_, { uxt, len }) => detailsAnswer(fee(checked(uxt), len)),
      }),
      ...rates(),
    },
  };
}

function callApi({ callTy, infoOf }: Composition): Api {
  const inputs = { call: callTy as Ty<RuntimeCall>, len: u32 };
  return {
    version: 3,
    docs: 'Fees of calls, as if they were signed by an ordinary key.',
    methods: {
      queryCallInfo: method({
        docs: 'Weight, class and fee of a call in an extrinsic of `len` bytes.',
        inputs,
        output: runtimeDispatchInfo,
        run: (_, { call, len }) => infoAnswer(infoOf(call), feeOf(len, infoOf(call))),
      }),
      queryCallFeeDetails: method({
        docs: 'The parts of the fee of a call in an extrinsic of `len` bytes.',
        inputs,
        output: feeDetails,
        run: (_, { call, len }) => detailsAnswer(feeOf(len, infoOf(call))),
      }),
      ...rates(),
    },
  };
}

export function paymentApis(composition: Composition, extrinsic: Ty<Uint8Array>): Record<string, Api> {
  return {
    TransactionPaymentApi: extrinsicApi(composition, extrinsic),
    TransactionPaymentCallApi: callApi(composition),
  };
}
