import { blake2b256 } from '../../primitives/crypto/hash.ts';
import { utf8 } from '../../primitives/crypto/bytes.ts';
import { toHex } from '../../primitives/crypto/hex.ts';
import { TacitError } from '../../primitives/errors.ts';
import { u32 } from '../../primitives/scale/index.ts';
import { compose, type Composition } from './compose.ts';
import { type BlockStart, Context, type EventRecord, type Validity } from './context.ts';
import type { PalletError } from './errors.ts';
import { type Host, verifySignature } from './host.ts';
import { Journal, JournalOverlay } from './journal.ts';
import type { Origin } from './origin.ts';
import { type Changes, fromLatin1, latin1, type StateReader } from './overlay.ts';
import type { AnyPallet } from './pallet.ts';
import type { DigestItem, DispatchError, TransactionSource, RuntimeCall } from './types.ts';

/** A state in memory that blocks are committed to. */
export class MemoryState implements StateReader {
  readonly #values = new Map<string, Uint8Array>();
  /** All keys in byte order; made anew when one came or went. */
  #keys: string[] | undefined;

  get(key: Uint8Array): Uint8Array | undefined {
    return this.#values.get(latin1(key));
  }

  entries(prefix: Uint8Array, startAfter?: Uint8Array): [Uint8Array, Uint8Array][] {
    const [from, after] = [latin1(prefix), startAfter && latin1(startAfter)];
    const keys = (this.#keys ??= [...this.#values.keys()].sort());
    const found: [Uint8Array, Uint8Array][] = [];
    for (let i = firstNotBelow(keys, from); i < keys.length && keys[i]!.startsWith(from); i++) {
      const key = keys[i]!;
      if (after === undefined || key > after) found.push([fromLatin1(key), this.#values.get(key)!]);
    }
    return found;
  }

  apply(changes: Changes): void {
    for (const [key, value] of changes) {
      if ((value !== null) !== this.#values.has(key)) this.#keys = undefined;
      if (value === null) this.#values.delete(key);
      else this.#values.set(key, value);
    }
  }
}

/** The place of the first key that is not below `from`. */
function firstNotBelow(keys: readonly string[], from: string): number {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (keys[middle]! < from) low = middle + 1;
    else high = middle;
  }
  return low;
}

export interface MockOptions {
  host?: Host;
  /** Checked after every call and every block; throw to fail the test (conservation of money, for example). Those that are `remembered` cost little. */
  invariants?: readonly ((ctx: Context) => void)[];
  /** The digest of a block, for pallets that look for their slot or author. */
  digest?: (block: number) => DigestItem[];
  /** Whether a block had no room for one more extrinsic of the largest size. Without it all have. */
  isFull?: (block: number) => boolean;
}

/** Pallets on a state in memory, at block 1 to begin with: calls are dispatched without signatures, fees or weights. */
export interface MockRuntime {
  readonly composition: Composition;
  readonly ctx: Context;
  /** Events since the block began (or the mock was made). */
  readonly events: readonly EventRecord[];
  /** `ok`, or the name of the error. An unsigned call passes `validateUnsigned` first, as in a block. */
  dispatch(origin: Origin, call: RuntimeCall): string;
  /** The call must fail with `error`, and change nothing. */
  expectNoop(origin: Origin, call: RuntimeCall, error: PalletError | string): void;
  validate(call: RuntimeCall, source?: TransactionSource): Validity;
  /** Ends blocks and begins new ones until block `number` stands open; `each` is called in every block begun. */
  runToBlock(number: number, each?: (block: number) => void): void;
  errorName(error: DispatchError): string;
}

const defaultHost: Host = { verify: verifySignature };

export function mockRuntime(
  pallets: readonly AnyPallet[],
  genesis: Readonly<Record<string, unknown>> = {},
  options: MockOptions = {},
): MockRuntime {
  const { host = defaultHost, invariants = [], digest = () => [], isFull = () => false } = options;
  const composition = compose(pallets, 'mock');
  const state = new MemoryState();
  const journal = new Journal();
  const start = (number: number): BlockStart => {
    const parentHash = blake2b256(u32.codec.enc(Math.max(number - 1, 0)));
    return { number, parentHash, digest: number === 0 ? [] : digest(number) };
  };
  const open = (number: number): Context =>
    new Context(composition, new JournalOverlay(state, journal), start(number), host);
  const check = (): void => {
    for (const invariant of invariants) invariant(ctx);
  };

  const first = open(0);
  composition.seed(first, genesis);
  state.apply(first.changes());
  let ctx = open(1);
  composition.initialize(ctx);
  let extrinsics = 0;
  check();

  const dispatch = (origin: Origin, call: RuntimeCall): string => {
    // Through its bytes, as on a real chain: what cannot be encoded cannot be called.
    const decoded = composition.callTy.codec.dec(composition.callTy.codec.enc(call));
    ctx.phase = { tag: 'ApplyExtrinsic', value: extrinsics++ };
    if (origin.isNone && composition.infoOf(decoded).class !== 'Mandatory') {
      const judged = composition.validateUnsigned(ctx, decoded, 'inBlock');
      if ('invalid' in judged)
        return `invalid.${judged.invalid.tag}${judged.invalid.tag === 'Custom' ? judged.invalid.value : ''}`;
      if ('unknown' in judged) return `unknown.${judged.unknown.tag}`;
    }
    const error = composition.dispatch(ctx, origin, decoded);
    check();
    return error === undefined ? 'ok' : composition.errorName(error);
  };
  const fingerprint = (): string => {
    const entries = ctx.storage.entries('').map(([key, value]) => `${toHex(fromLatin1(key))}=${toHex(value)}`);
    return toHex(blake2b256(utf8(`${entries.join('\n')}|${ctx.events.length}`)));
  };

  return {
    composition,
    get ctx() {
      return ctx;
    },
    get events() {
      return ctx.events;
    },
    dispatch,
    expectNoop(origin, call, error) {
      const expected = typeof error === 'string' ? error : `${error.pallet}.${error.name}`;
      const before = fingerprint();
      const outcome = dispatch(origin, call);
      if (outcome !== expected) throw new TacitError('mock/unexpected', `${expected} expected, got ${outcome}`);
      if (fingerprint() !== before)
        throw new TacitError('mock/changed', `${expected}, but the state or the events have changed`);
    },
    validate(call, source = 'external') {
      return composition.validateUnsigned(ctx, call, source);
    },
    runToBlock(number, each) {
      while (ctx.block < number) {
        ctx.phase = { tag: 'Finalization' };
        ctx.hasRoom = !isFull(ctx.block);
        composition.finalize(ctx);
        check();
        state.apply(ctx.changes());
        ctx = open(ctx.block + 1);
        extrinsics = 0;
        composition.initialize(ctx);
        check();
        each?.(ctx.block);
      }
    },
    errorName: composition.errorName,
  };
}
