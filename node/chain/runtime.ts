/** The runtime as the chain uses it: synchronous and pure, a block in, a new state out. */
import type { Host, VerifyTask } from '../../pallets/support/host.ts';
import type { StateReader } from '../../pallets/support/overlay.ts';
import type { DigestItem, TransactionSource, ValidTransaction } from '../../pallets/support/types.ts';

export type { DigestItem, Host, StateReader, TransactionSource, ValidTransaction, VerifyTask };

/** How one extrinsic of a block went: `invalid` and `exhausted` leave nothing behind. */
export type ApplyOutcome = 'ok' | 'exhausted' | { readonly invalid: string };

export interface BlockRun {
  apply(extrinsic: Uint8Array): ApplyOutcome;
  /** The extrinsics that the author itself puts first; `now` in milliseconds since 1970. */
  inherents(now: bigint): Uint8Array[];
  /** `digestLogs`: what stands in the header's digest after the logs that {@link ChainRuntime.begin} was given. */
  finish(): { changes: ReadonlyMap<string, Uint8Array | null>; digestLogs: readonly DigestItem[] };
}

export type Validation = { valid: ValidTransaction } | { invalid: string } | { unknown: string };

export interface BlockStart {
  readonly parentHash: Uint8Array;
  readonly number: number;
  readonly digest: { logs: DigestItem[] };
}

export interface ChainRuntime {
  begin(parent: StateReader, header: BlockStart, host: Host): BlockRun;
  validate(state: StateReader, source: TransactionSource, extrinsic: Uint8Array, host: Host): Validation;
  /** A runtime API by its full name, as `state_call` names it. */
  call(state: StateReader, method: string, input: Uint8Array): Uint8Array;
  /** The costly checks that validating or applying the extrinsic will ask of the host, as far as they can be told now. */
  tasks(state: StateReader, extrinsic: Uint8Array): VerifyTask[];
}
