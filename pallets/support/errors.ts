import type { DispatchError } from './types.ts';

/** An error that a pallet declares: part of the chain's interface, by pallet and number. */
export interface PalletError {
  readonly pallet: string;
  readonly name: string;
  readonly docs: string;
  readonly value: DispatchError;
}

/** Ends a call: its changes are undone, the extrinsic stays in the block and pays. Thrown by {@link ensure} and {@link fail}, caught by dispatch. */
export class DispatchFailure extends Error {
  readonly value: DispatchError;

  constructor(value: DispatchError, name: string) {
    super(name);
    this.name = 'DispatchFailure';
    this.value = value;
  }
}

/** The errors that need no pallet, as `sp_runtime::DispatchError` has them. */
export const badOrigin: DispatchError = { tag: 'BadOrigin' };
export const cannotLookup: DispatchError = { tag: 'CannotLookup' };
export const overflow: DispatchError = { tag: 'Arithmetic', value: { tag: 'Overflow' } };

export function fail(error: PalletError | DispatchError): never {
  if ('pallet' in error) throw new DispatchFailure(error.value, `${error.pallet}.${error.name}`);
  throw new DispatchFailure(error, error.tag);
}

/** Goes on only if `condition` holds; otherwise the call fails with `error` and leaves nothing behind. */
export function ensure(condition: unknown, error: PalletError | DispatchError): asserts condition {
  if (!condition) fail(error);
}
