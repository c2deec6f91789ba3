import { badOrigin, fail } from './errors.ts';
import type { DispatchError, RuntimeCall } from './types.ts';

type Who = { kind: 'root' } | { kind: 'none' } | { kind: 'signed'; account: Uint8Array };

/** What may be called for somebody. Dispatch asks it about every call, those inside other calls included. */
export interface CallFilter {
  allows(call: RuntimeCall): boolean;
  /** The error of a call that it does not allow. */
  readonly refusal: DispatchError;
}

/**
 * Who asks for a call: an account, the chain itself, or nobody (unsigned extrinsics and inherents). It carries the filters that were laid on it: a pallet that
 * dispatches calls passes its origin on, or another account's by {@link Origin.as}, and none of them is lost.
 */
export class Origin {
  readonly #who: Who;
  readonly #filters: readonly CallFilter[];

  private constructor(who: Who, filters: readonly CallFilter[] = []) {
    this.#who = who;
    this.#filters = filters;
  }

  static readonly root = new Origin({ kind: 'root' });
  static readonly none = new Origin({ kind: 'none' });
  static signed(account: Uint8Array): Origin {
    return new Origin({ kind: 'signed', account });
  }

  /** The account that signed, or the call fails with BadOrigin. */
  signed(): Uint8Array {
    return this.#who.kind === 'signed' ? this.#who.account : fail(badOrigin);
  }

  root(): void {
    if (this.#who.kind !== 'root') fail(badOrigin);
  }

  none(): void {
    if (this.#who.kind !== 'none') fail(badOrigin);
  }

  /** An account or the chain itself, or the call fails with BadOrigin. */
  signedOrRoot(): void {
    if (this.isNone) fail(badOrigin);
  }

  get isNone(): boolean {
    return this.#who.kind === 'none';
  }

  /** Another account that this one may speak for. What was filtered before is filtered still. */
  as(account: Uint8Array): Origin {
    return new Origin({ kind: 'signed', account }, this.#filters);
  }

  /** The same, with one filter more. */
  filtered(filter: CallFilter): Origin {
    return new Origin(this.#who, [...this.#filters, filter]);
  }

  /** Why a call may not be made from here; undefined if it may. */
  refusal(call: RuntimeCall): DispatchError | undefined {
    return this.#filters.find((filter) => !filter.allows(call))?.refusal;
  }
}
