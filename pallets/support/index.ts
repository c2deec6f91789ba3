/** The framework of the pallets; see pallets/README.md. */
export { lookup, palletAccount, TREASURY } from './accounts.ts';
export { CHECK_WEIGHT } from './checks.ts';
export { compose, type Composition } from './compose.ts';
export {
  type BlockStart,
  type CallInfo,
  Context,
  type EventRecord,
  type HeldCall,
  type Validity,
} from './context.ts';
export * from './errors.ts';
export { type Host, signatureKind, type VerifyTask, verifySignature } from './host.ts';
export { MemoryState } from './memory-state.ts';
export { type MockOptions, mockRuntime, type MockRuntime } from './mock.ts';
export { pascalCase, snakeCase } from './names.ts';
export { type CallFilter, Origin } from './origin.ts';
export { type Changes, fromLatin1, isOfThisMachine, latin1, Overlay, StateFault, type StateReader } from './overlay.ts';
export {
  type AnyCall,
  type AnyPallet,
  type Api,
  type ApiMethod,
  type CallContext,
  definePallet,
  type Held,
  invalid,
  method,
  type Pallet,
  type PalletCall,
  type UnsignedValidity,
} from './pallet.ts';
export { type Bound, type Constant, constant, defineState, event, type EventDecl } from './state.ts';
export { innerCall } from './inner-call.ts';
export { checkPallets, type Holdings, mustHold } from './invariants.ts';
export { Journal, JournalOverlay, remembered } from './journal.ts';
export { contain } from './contain.ts';
export { map, type StorageDecl, storagePrefix, value } from './storage.ts';
export * from './types.ts';
export { MEASURED } from './measured.ts';
export {
  type Cost,
  DB_READ,
  DB_WRITE,
  MAX_BLOCK_WEIGHT,
  MAX_HOOKS_WEIGHT,
  measuredWeight,
  type WeightHelpers,
  weightHelpers,
  weightOfMicros,
} from './weights.ts';
