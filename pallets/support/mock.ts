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
import { MemoryState } from './memory-state.ts';
import { fromLatin1 } from './overlay.ts';
import type { AnyPallet } from './pallet.ts';
import type { DigestItem, DispatchError, TransactionSource, RuntimeCall } from './types.ts';

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
  /** The same chain as it stood when this block began, to go its own way: what many tests begin with is made once. */
  copy(): MockRuntime;
  errorName(error: DispatchError): string;
}

const defaultHost: Host = { verify: verifySignature };

export function mockRuntime(
  pallets: readonly AnyPallet[],
  genesis: Readonly<Record<string, unknown>> = {},
  options: MockOptions = {},
): MockRuntime {
  const composition = compose(pallets, 'mock');
  const state = new MemoryState();
  const base = { composition, state, options };
  const first = openBlock(base, 0, new Journal());
  composition.seed(first, genesis);
  state.apply(first.changes());
  const begun = openBlock(base, 1, new Journal());
  composition.initialize(begun);
  return goesOn(base, begun);
}

interface Base {
  readonly composition: Composition;
  readonly state: MemoryState;
  readonly options: MockOptions;
}

function openBlock({ composition, state, options }: Base, number: number, journal: Journal): Context {
  const { host = defaultHost, digest = () => [] } = options;
  const parentHash = blake2b256(u32.codec.enc(Math.max(number - 1, 0)));
  const start: BlockStart = { number, parentHash, digest: number === 0 ? [] : digest(number) };
  return new Context(composition, new JournalOverlay(state, journal), start, host);
}

/** What the state holds, and how many events there are, in one text. */
function fingerprint(ctx: Context): string {
  const entries = ctx.storage.entries('').map(([key, value]) => `${toHex(fromLatin1(key))}=${toHex(value)}`);
  return toHex(blake2b256(utf8(`${entries.join('\n')}|${ctx.events.length}`)));
}

/** A chain that goes on from a block that was begun. */
function goesOn(base: Base, begun: Context): MockRuntime {
  const { composition, state } = base;
  const { invariants = [], isFull = () => false } = base.options;
  const { journal } = begun.storage as JournalOverlay;
  let ctx = begun;
  let extrinsics = 0;
  const check = (): void => {
    for (const invariant of invariants) invariant(ctx);
  };
  check();

  const dispatch = (origin: Origin, call: RuntimeCall): string => {
    // Through its bytes, as on a real chain: what cannot be encoded cannot be called.
    const decoded = composition.callTy.codec.dec(composition.callTy.codec.enc(call));
    ctx.phase = { tag: 'ApplyExtrinsic', value: extrinsics++ };
    const refused = origin.isNone ? refusal(composition, ctx, decoded) : undefined;
    if (refused !== undefined) return refused;
    const error = composition.dispatch(ctx, origin, decoded);
    check();
    return error === undefined ? 'ok' : composition.errorName(error);
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
      const before = fingerprint(ctx);
      const outcome = dispatch(origin, call);
      if (outcome !== expected) throw new TacitError('mock/unexpected', `${expected} expected, got ${outcome}`);
      if (fingerprint(ctx) !== before)
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
        ctx = openBlock(base, ctx.block + 1, journal);
        extrinsics = 0;
        composition.initialize(ctx);
        check();
        each?.(ctx.block);
      }
    },
    copy() {
      if (extrinsics > 0) throw new TacitError('mock/under-way', 'a block with calls in it cannot be copied');
      return copied(base, ctx);
    },
    errorName: composition.errorName,
  };
}

/** Why a call that nobody signed may not stand in a block. */
function refusal(composition: Composition, ctx: Context, call: RuntimeCall): string | undefined {
  if (composition.infoOf(call).class === 'Mandatory') return undefined;
  const judged = composition.validateUnsigned(ctx, call, 'inBlock');
  if ('invalid' in judged)
    return `invalid.${judged.invalid.tag}${judged.invalid.tag === 'Custom' ? judged.invalid.value : ''}`;
  return 'unknown' in judged ? `unknown.${judged.unknown.tag}` : undefined;
}

/** The same block begun once more, on a state of its own. */
function copied({ composition, state, options }: Base, ctx: Context): MockRuntime {
  const own = new MemoryState();
  own.apply(new Map(state.entriesOf('')));
  const base = { composition, state: own, options };
  const begun = openBlock(base, ctx.block, new Journal());
  composition.initialize(begun);
  return goesOn(base, begun);
}
