import { type Ty, Writer } from '../../primitives/scale/index.ts';
import type { Host } from './host.ts';
import type { Origin } from './origin.ts';
import type { Changes, Overlay, StateReader } from './overlay.ts';
import {
  type DispatchClass,
  type DispatchError,
  type DigestItem,
  type Phase,
  phase,
  type RuntimeCall,
  type TransactionSource,
  type ValidTransaction,
} from './types.ts';
import type { InvalidTransaction, UnknownTransaction } from './types.ts';
import type { VerifyTask } from './host.ts';
import { MAX_HOOKS_WEIGHT } from './weights.ts';

/** A call within a call, and the account in whose name it is made; none if nobody signed. */
export interface HeldCall {
  readonly signer: Uint8Array | undefined;
  readonly call: RuntimeCall;
}

/** What a call costs before it is tried: weight in picoseconds of execution. */
export interface CallInfo {
  weight: bigint;
  class: DispatchClass;
  paysFee: boolean;
}

export type Validity = { valid: ValidTransaction } | { invalid: InvalidTransaction } | { unknown: UnknownTransaction };

/** The pallets put together: what a pallet may need of the others without knowing them. */
export interface Dispatcher {
  infoOf(call: RuntimeCall): CallInfo;
  dispatch(ctx: Context, origin: Origin, call: RuntimeCall): DispatchError | undefined;
  validateUnsigned(ctx: Context, call: RuntimeCall, source: TransactionSource): Validity;
  tasks(ctx: Context, origin: Origin, call: RuntimeCall): VerifyTask[];
}

/** The part of a header that stands before the block is executed. */
export interface BlockStart {
  parentHash: Uint8Array;
  number: number;
  digest: readonly DigestItem[];
}

export interface EventRecord {
  phase: Phase;
  pallet: string;
  name: string;
  data: unknown;
}

/** All that a block's execution works on; pallets get it as `ctx`. */
export class Context {
  readonly storage: Overlay;
  readonly host: Host;
  readonly header: BlockStart;
  readonly dispatcher: Dispatcher;
  phase: Phase = { tag: 'Initialization' };
  /** Whether one more extrinsic of the largest size would have found room in this block; known when its hooks end it. */
  hasRoom = true;
  /** Picoseconds that hooks have taken of the end of this block. */
  #taken = 0n;
  readonly #events: EventRecord[] = [];
  readonly #encodedEvents = new Writer();
  readonly #logs: DigestItem[] = [];
  readonly #bound = new Map<number, unknown>();

  constructor(dispatcher: Dispatcher, storage: Overlay, header: BlockStart, host: Host) {
    this.dispatcher = dispatcher;
    this.storage = storage;
    this.header = header;
    this.host = host;
  }

  /** The number of the block being executed. */
  get block(): number {
    return this.header.number;
  }

  get events(): readonly EventRecord[] {
    return this.#events;
  }

  /** The events as `Vec<EventRecord>`, the value of `System.Events`. They were encoded as they came. */
  encodedEvents(): Uint8Array {
    const whole = new Writer(this.#encodedEvents.length + 5);
    whole.compact(this.#events.length);
    whole.raw(this.#encodedEvents.finish());
    return whole.finish();
  }

  /** Digest items that pallets added to this block (authority changes). */
  get logs(): readonly DigestItem[] {
    return this.#logs;
  }

  log(item: DigestItem): void {
    this.#logs.push(item);
  }

  emit(
    pallet: { name: string; index: number },
    event: { name: string; index: number; ty: Ty<unknown> },
    data: unknown,
  ): void {
    const mark = this.#encodedEvents.length;
    try {
      phase.write(this.#encodedEvents, this.phase);
      this.#encodedEvents.u8(pallet.index);
      this.#encodedEvents.u8(event.index);
      event.ty.write(this.#encodedEvents, data);
      this.#encodedEvents.compact(0);
    } catch (error) {
      this.#encodedEvents.truncate(mark);
      throw error;
    }
    this.#events.push({ phase: this.phase, pallet: pallet.name, name: event.name, data });
  }

  /** The block's end begins: nothing is taken of it. */
  beginEnd(): void {
    this.#taken = 0n;
  }

  /**
   * Takes of what hooks may use at the end of a block, if so much is left: what finds no room waits for a later block, so that together they never pass their limit. The first always
   * finds room. @returns whether it did
   */
  takeAtEnd(weight: bigint): boolean {
    if (this.#taken > 0n && this.#taken + weight > MAX_HOOKS_WEIGHT) return false;
    this.#taken += weight;
    return true;
  }

  /** What is taken of the end of this block so far. */
  get takenAtEnd(): bigint {
    return this.#taken;
  }

  /** Runs `body`; if it throws, neither its writes nor its events nor its digest items remain. */
  transactional<T>(body: () => T): T {
    const events = this.#events.length;
    const encoded = this.#encodedEvents.length;
    const logs = this.#logs.length;
    this.storage.begin();
    try {
      const outcome = body();
      this.storage.commit();
      return outcome;
    } catch (error) {
      this.storage.rollback();
      this.#events.length = events;
      this.#encodedEvents.truncate(encoded);
      this.#logs.length = logs;
      throw error;
    }
  }

  /** What a pallet made of this context once (its bound storage and events). */
  bound<T>(index: number, make: () => T): T {
    let found = this.#bound.get(index) as T | undefined;
    if (found === undefined) {
      found = make();
      this.#bound.set(index, found);
    }
    return found;
  }

  /** The state below this block's own changes. */
  get reader(): StateReader {
    return this.storage.parent;
  }

  changes(): Changes {
    return this.storage.changes();
  }
}
