import { isTacitError } from '../../primitives/errors.ts';
import type { Ty } from '../../primitives/scale/index.ts';

/** Decodes what came from outside: undefined instead of an error, as the sender and not the caller is at fault. */
export function decodeUntrusted<T>(ty: Ty<T>, bytes: Uint8Array): T | undefined {
  try {
    return ty.codec.dec(bytes);
  } catch (error) {
    if (isTacitError(error)) return undefined;
    throw error;
  }
}
