import type { Of, Ty } from '../../primitives/scale/index.ts';
import {
  bool,
  bytes,
  compact,
  enumeration,
  fixed,
  named,
  newtype,
  option,
  result,
  str,
  struct,
  tuple,
  u8,
  u32,
  u64,
  u128,
  unit,
  vec,
} from '../../primitives/scale/index.ts';

export {
  blockNumber,
  type DigestItem,
  digest,
  digestItem,
  engineId,
  type Header,
  h256,
  header,
} from '../../primitives/block/header.ts';

/** A decoded call: the pallet, its call, the arguments by name. */
export type RuntimeCall = { tag: string; value: { tag: string; value: unknown } };

/**
 * The types every Substrate client knows, under the paths it knows them by.
 * Source: polkadot-sdk `sp_runtime`, `sp_weights`, `frame_support`, `frame_system`.
 */
export const accountId = named('AccountId', newtype('sp_core::crypto::AccountId32', fixed(32)));
/** Money, in units of 10^-6 TAC. Wallets show a field as money if this is its type. */
export const balance = named('Balance', u128);

export const multiAddress = enumeration(
  'sp_runtime::multiaddress::MultiAddress',
  { Id: accountId, Index: compact(unit), Raw: bytes, Address32: fixed(32), Address20: fixed(20) },
  {
    params: [
      { name: 'AccountId', type: accountId },
      { name: 'AccountIndex', type: unit },
    ],
  },
);
export type MultiAddress = Of<typeof multiAddress>;

export const multiSignature = enumeration('sp_runtime::MultiSignature', {
  Ed25519: fixed(64),
  Sr25519: fixed(64),
  Ecdsa: fixed(65),
});
export type MultiSignature = Of<typeof multiSignature>;

/** `refTime` in picoseconds; `proofSize` is of no meaning on a chain without a relay and stays 0. */
export const weightV2 = struct('sp_weights::weight_v2::Weight', { refTime: compact(u64), proofSize: compact(u64) });
export const dispatchClass = enumeration('frame_support::dispatch::DispatchClass', {
  Normal: null,
  Operational: null,
  Mandatory: null,
});
export type DispatchClass = Of<typeof dispatchClass>['tag'];
export const pays = enumeration('frame_support::dispatch::Pays', { Yes: null, No: null });
export const dispatchEventInfo = struct('frame_system::DispatchEventInfo', {
  weight: weightV2,
  class: dispatchClass,
  paysFee: pays,
});

export const moduleError = struct('sp_runtime::ModuleError', { index: u8, error: fixed(4) });
export const tokenError = enumeration('sp_runtime::TokenError', {
  FundsUnavailable: null,
  OnlyProvider: null,
  BelowMinimum: null,
  CannotCreate: null,
  UnknownAsset: null,
  Frozen: null,
  Unsupported: null,
  CannotCreateHold: null,
  NotExpendable: null,
  Blocked: null,
});
export const arithmeticError = enumeration('sp_arithmetic::ArithmeticError', {
  Underflow: null,
  Overflow: null,
  DivisionByZero: null,
});
export const transactionalError = enumeration('sp_runtime::TransactionalError', { LimitReached: null, NoLayer: null });
export const dispatchError = enumeration('sp_runtime::DispatchError', {
  Other: null,
  CannotLookup: null,
  BadOrigin: null,
  Module: moduleError,
  ConsumerRemaining: null,
  NoProviders: null,
  TooManyConsumers: null,
  Token: tokenError,
  Arithmetic: arithmeticError,
  Transactional: transactionalError,
  Exhausted: null,
  Corruption: null,
  Unavailable: null,
  RootNotAllowed: null,
});
export type DispatchError = Of<typeof dispatchError>;
/** How a call ended, as events tell it. */
export const dispatchResult = result(unit, dispatchError);

export const invalidTransaction = enumeration('sp_runtime::transaction_validity::InvalidTransaction', {
  Call: null,
  Payment: null,
  Future: null,
  Stale: null,
  BadProof: null,
  AncientBirthBlock: null,
  ExhaustsResources: null,
  Custom: u8,
  BadMandatory: null,
  MandatoryValidation: null,
  BadSigner: null,
});
export type InvalidTransaction = Of<typeof invalidTransaction>;
export const unknownTransaction = enumeration('sp_runtime::transaction_validity::UnknownTransaction', {
  CannotLookup: null,
  NoUnsignedValidator: null,
  Custom: u8,
});
export type UnknownTransaction = Of<typeof unknownTransaction>;
export const transactionValidityError = enumeration('sp_runtime::transaction_validity::TransactionValidityError', {
  Invalid: invalidTransaction,
  Unknown: unknownTransaction,
});
export type TransactionValidityError = Of<typeof transactionValidityError>;
export const validTransaction = struct('sp_runtime::transaction_validity::ValidTransaction', {
  priority: u64,
  requires: vec(bytes),
  provides: vec(bytes),
  longevity: u64,
  propagate: bool,
});
/** What the pool needs to know of a valid transaction; tags order it among others, longevity counts blocks. */
export type ValidTransaction = Of<typeof validTransaction>;
export const transactionSource = enumeration('sp_runtime::transaction_validity::TransactionSource', {
  InBlock: null,
  Local: null,
  External: null,
});
/** Where a transaction came from: out of a block, from this node, or from outside. */
export type TransactionSource = 'inBlock' | 'local' | 'external';

export const phase = enumeration('frame_system::Phase', {
  ApplyExtrinsic: u32,
  Finalization: null,
  Initialization: null,
});
export type Phase = Of<typeof phase>;

export const runtimeVersion = struct('sp_version::RuntimeVersion', {
  specName: str,
  implName: str,
  authoringVersion: u32,
  specVersion: u32,
  implVersion: u32,
  apis: vec(tuple(fixed(8), u32)),
  transactionVersion: u32,
  systemVersion: u8,
});
export type RuntimeVersion = Of<typeof runtimeVersion>;

const perDispatchClass = <T>(of: Ty<T>) =>
  struct(
    'frame_support::dispatch::PerDispatchClass',
    { normal: of, operational: of, mandatory: of },
    { params: [{ name: 'T', type: of }] },
  );
const weightsPerClass = struct('frame_system::limits::WeightsPerClass', {
  baseExtrinsic: weightV2,
  maxExtrinsic: option(weightV2),
  maxTotal: option(weightV2),
  reserved: option(weightV2),
});
export const blockWeights = struct('frame_system::limits::BlockWeights', {
  baseBlock: weightV2,
  maxBlock: weightV2,
  perClass: perDispatchClass(weightsPerClass),
});
export const blockLength = struct('frame_system::limits::BlockLength', { max: perDispatchClass(u32) });
export const consumedWeight = perDispatchClass(weightV2);
export const runtimeDbWeight = struct('sp_weights::RuntimeDbWeight', { read: u64, write: u64 });
