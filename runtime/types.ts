import { bytes, newtype, type Of, option, result, struct } from '../primitives/scale/index.ts';
import {
  balance,
  dispatchClass,
  dispatchResult,
  transactionValidityError,
  validTransaction,
  weightV2,
} from '../pallets/support/index.ts';

export { headerHash } from '../primitives/block/header.ts';
export {
  type DigestItem,
  type Header,
  type RuntimeVersion,
} from '../pallets/support/index.ts';
export type {
  BlockStart,
  Host,
  RuntimeCall,
  StateReader,
  TransactionSource,
  Validity,
  ValidTransaction,
  VerifyTask,
} from '../pallets/support/index.ts';

/** Results of runtime APIs, under the paths clients know. */
export const runtimeDispatchInfo = struct('pallet_transaction_payment::types::RuntimeDispatchInfo', {
  weight: weightV2,
  class: dispatchClass,
  partialFee: balance,
});
const inclusionFee = struct('pallet_transaction_payment::types::InclusionFee', {
  baseFee: balance,
  lenFee: balance,
  adjustedWeightFee: balance,
});
export const feeDetails = struct('pallet_transaction_payment::types::FeeDetails', {
  inclusionFee: option(inclusionFee),
  tip: balance,
});
export const opaqueMetadata = newtype('sp_core::OpaqueMetadata', bytes);
export const applyResult = result(dispatchResult, transactionValidityError);
export type ApplyResult = Of<typeof applyResult>;
export const validityResult = result(validTransaction, transactionValidityError);
