import { enumeration, type Fields, type Ty, type ValuesOf } from '../../primitives/scale/index.ts';
import type { Context, HeldCall, Validity } from './context.ts';
import type { VerifyTask } from './host.ts';
import type { Origin } from './origin.ts';
import {
  type Bound,
  type Constants,
  defineState,
  type ErrorDecls,
  type Errors,
  errorsOf,
  type EventDecls,
  type StateDecl,
  type StorageDecls,
} from './state.ts';
import { checkTold } from './told.ts';
import type {
  DispatchClass,
  TransactionSource,
  UnknownTransaction,
  InvalidTransaction,
  ValidTransaction,
  RuntimeCall,
} from './types.ts';
import type { WeightHelpers } from './weights.ts';

export type CallContext<S, E, R> = Bound<S, E, R> & { readonly origin: Origin };

export interface CallDecl<A extends Fields, S, E, R> {
  /** The call's number in the encoding: never reused for another call. */
  index: number;
  docs: string;
  args: A;
  weight(helpers: WeightHelpers, args: ValuesOf<A>): bigint;
  class?: DispatchClass;
  paysFee?: boolean;
  /** Costly checks `run` will ask of the host, for nodes to make beforehand in their workers. */
  tasks?(pallet: CallContext<S, E, R>, args: ValuesOf<A>): VerifyTask[];
  /**
   * The calls that this one may dispatch, each with the account that then makes it; wanted of every call that dispatches others. Nodes and the audit look there
   * for what extrinsics bring.
   */
  holds?(args: ValuesOf<A>, signer: Uint8Array | undefined): readonly HeldCall[];
  /** Checks, writes, emits. Typed to return undefined so that an asynchronous body does not compile. */
  run(pallet: CallContext<S, E, R>, args: ValuesOf<A>): undefined;
}
export type PalletCall<C> = { [K in keyof C & string]: { tag: K; value: ValuesOf<C[K]> } }[keyof C & string];
type CallBuilders<C> = { readonly [K in keyof C]: (args: ValuesOf<C[K]>) => RuntimeCall };

/** What `validateUnsigned` says: the pool's view of a valid transaction, or why it is none. */
export type UnsignedValidity = ValidTransaction | { invalid: InvalidTransaction } | { unknown: UnknownTransaction };
/** An unsigned transaction that is refused; a number is a pallet's own reason (`Custom`). */
export function invalid(reason: Exclude<InvalidTransaction['tag'], 'Custom'> | number): {
  invalid: InvalidTransaction;
} {
  return { invalid: typeof reason === 'number' ? { tag: 'Custom', value: reason } : { tag: reason } };
}

/** A function that clients call on a state (`state_call`), as metadata shows it. */
export interface ApiMethod {
  readonly docs: string;
  readonly inputs: Fields;
  readonly output: Ty<unknown>;
  run(ctx: Context, inputs: Record<string, unknown>): unknown;
}
export function method<I extends Fields, O>(decl: {
  docs: string;
  inputs: I;
  output: Ty<O>;
  run(ctx: Context, inputs: ValuesOf<I>): NoInfer<O>;
}): ApiMethod {
  const { docs, inputs, output } = decl;
  return { docs, inputs, output, run: (ctx, given) => decl.run(ctx, given as ValuesOf<I>) };
}
export interface Api {
  readonly version: number;
  readonly docs: string;
  readonly methods: Record<string, ApiMethod>;
}

export interface PalletDecl<S, E, R, K, C extends Record<string, Fields>, G> extends StateDecl<S, E, R, K> {
  calls?: { [N in keyof C]: CallDecl<C[N], S, E, R> };
  /** Called for every block before its extrinsics. Gives what it weighed, in picoseconds, if that is more than a few reads and writes. */
  onInitialize?(pallet: Bound<S, E, R>): bigint | undefined;
  /** Called for every block after its extrinsics. */
  onFinalize?(pallet: Bound<S, E, R>): undefined;
  /**
   * What `onFinalize` of this block weighs at most, in picoseconds, if that is more than a few reads and writes. Asked after every `onInitialize` and before
   * the extrinsics, which get what it leaves: whatever they make due in this block must be counted in.
   */
  finalizeWeight?(pallet: Bound<S, E, R>, helpers: WeightHelpers): bigint;
  /** Judges a transaction without a signer, in the pool and again when it is applied. */
  validateUnsigned?(pallet: Bound<S, E, R>, call: PalletCall<C>, source: TransactionSource): UnsignedValidity;
  /** Puts the first state; not called if it takes a config and the chain has none for the pallet. */
  genesis?(pallet: Bound<S, E, R>, config: G): undefined;
  /**
   * What the pallet holds reserved, and of whom: over all pallets it is exactly what is reserved of each account. What an entry of a map adds follows from the
   * entry alone, else from what is read by its key: so it can be followed along a chain by what blocks change.
   */
  deposits?(pallet: Bound<S, E, R>): Iterable<Held>;
  /** What accounts of the pallet (escrows) hold for others: each holds at least that, and what it holds beyond, by gifts, never gets less. */
  owes?(pallet: Bound<S, E, R>): Iterable<Held>;
  /** Throws a TacitError if something that must always hold does not. It walks the state: for tests and the audit, never for a block. */
  tryState?(pallet: Bound<S, E, R>): undefined;
  apis?: Record<string, Api>;
  /** The unsigned call that the author puts at the head of every block, and the block is invalid without. */
  inherent?: { create(pallet: Bound<S, E, R>, now: bigint): PalletCall<C> | undefined };
}

/** An amount that belongs to an account. */
export type Held = readonly [account: Uint8Array, amount: bigint];

/** A call as dispatch and metadata see it. */
export interface AnyCall {
  readonly name: string;
  readonly index: number;
  readonly docs: string;
  readonly args: Fields;
  readonly class: DispatchClass;
  readonly paysFee: boolean;
  weight(helpers: WeightHelpers, args: unknown): bigint;
  tasks(ctx: Context, origin: Origin, args: unknown): VerifyTask[];
  /** Undefined of a call that dispatches no others. */
  readonly holds: ((args: unknown, signer: Uint8Array | undefined) => readonly HeldCall[]) | undefined;
  run(ctx: Context, origin: Origin, args: unknown): void;
}
/** A pallet of whatever types: what the runtime puts together. */
export interface AnyPallet {
  readonly name: string;
  readonly index: number;
  readonly crate: string;
  readonly docs: string;
  readonly storage: StorageDecls;
  readonly constants: Constants;
  readonly apis: Record<string, Api>;
  readonly calls: ReadonlyMap<string, AnyCall>;
  readonly callTy: Ty<{ tag: string; value: unknown }> | undefined;
  readonly eventTy: Ty<unknown> | undefined;
  readonly errorTy: Ty<unknown> | undefined;
  /** Gives what it weighed. */
  initialize(ctx: Context): bigint;
  finalizeWeight(ctx: Context, helpers: WeightHelpers): bigint;
  finalize(ctx: Context): void;
  seed(ctx: Context, config: unknown): void;
  judge(ctx: Context, call: { tag: string; value: unknown }, source: TransactionSource): Validity;
  inherentCall(ctx: Context, now: bigint): RuntimeCall | undefined;
  deposits(ctx: Context): Iterable<Held>;
  owes(ctx: Context): Iterable<Held>;
  tryState(ctx: Context): void;
}
export interface Pallet<S, E, R, K, C, G> extends AnyPallet {
  readonly constants: K & Constants;
  /** Errors by name, to compare with and to fail with. */
  readonly errors: Errors<R>;
  /** Calls by name, ready to be dispatched or encoded. */
  readonly call: CallBuilders<C>;
  /** Its storage, events and errors on the state of `ctx`. */
  use(ctx: Context): Bound<S, E, R>;
  readonly genesisConfig?: G;
}

/** One value from which dispatch, codecs, storage keys, metadata and the test harness follow. See pallets/README.md. */
export function definePallet<
  S extends StorageDecls = Record<never, never>,
  E extends EventDecls = Record<never, never>,
  R extends ErrorDecls = Record<never, never>,
  K extends Constants = Record<never, never>,
  C extends Record<string, Fields> = Record<never, never>,
  G = undefined,
>(decl: PalletDecl<S, E, R, K, C, G>): Pallet<S, E, R, K, C, G> {
  const state = defineState<S, E, R, K>(decl);
  const { name, index, crate, docs, use } = state;
  const calls = new Map<string, AnyCall>();
  for (const [callName, call] of Object.entries(decl.calls ?? {}) as [string, CallDecl<Fields, S, E, R>][]) {
    calls.set(callName, eraseCall(callName, call, use));
  }
  const judge = (ctx: Context, call: { tag: string; value: unknown }, source: TransactionSource): Validity => {
    if (!decl.validateUnsigned) return { unknown: { tag: 'NoUnsignedValidator' } };
    const judged = decl.validateUnsigned(use(ctx), call as PalletCall<C>, source);
    return 'priority' in judged ? { valid: judged } : judged;
  };
  const build = (call: string) => (value: unknown) => ({ tag: name, value: { tag: call, value } });
  const pallet: Pallet<S, E, R, K, C, G> = {
    name,
    index,
    crate,
    docs,
    use,
    storage: state.storage,
    constants: state.constants,
    errors: errorsOf(name, index, state.errors) as Errors<R>,
    apis: decl.apis ?? {},
    calls,
    call: Object.fromEntries([...calls.keys()].map((call) => [call, build(call)])) as CallBuilders<C>,
    callTy: callTy(crate, calls),
    eventTy: eventTy(crate, state.events),
    errorTy: errorTy(crate, state.errors),
    initialize: (ctx) => decl.onInitialize?.(use(ctx)) ?? 0n,
    finalizeWeight: (ctx, helpers) => decl.finalizeWeight?.(use(ctx), helpers) ?? 0n,
    finalize: (ctx) => decl.onFinalize?.(use(ctx)),
    seed(ctx, config) {
      // A chain may leave out a pallet's section; a genesis that takes none always runs.
      if (config === undefined && (decl.genesis?.length ?? 0) > 1) return;
      decl.genesis?.(use(ctx), config as G);
    },
    judge,
    inherentCall(ctx, now) {
      const call = decl.inherent?.create(use(ctx), now);
      return call && { tag: name, value: call };
    },
    deposits: (ctx) => decl.deposits?.(use(ctx)) ?? [],
    owes: (ctx) => decl.owes?.(use(ctx)) ?? [],
    tryState: (ctx) => decl.tryState?.(use(ctx)),
  };
  checkTold(pallet, state);
  return pallet;
}

function eraseCall<S, E, R>(
  name: string,
  call: CallDecl<Fields, S, E, R>,
  use: (ctx: Context) => Bound<S, E, R>,
): AnyCall {
  return {
    name,
    index: call.index,
    docs: call.docs,
    args: call.args,
    class: call.class ?? 'Normal',
    paysFee: call.paysFee ?? true,
    weight: (helpers, args) => call.weight(helpers, args as ValuesOf<Fields>),
    tasks: (ctx, origin, args) => call.tasks?.({ ...use(ctx), origin }, args as ValuesOf<Fields>) ?? [],
    holds: call.holds && ((args, signer) => call.holds?.(args as ValuesOf<Fields>, signer) ?? []),
    run: (ctx, origin, args) => call.run({ ...use(ctx), origin }, args as ValuesOf<Fields>),
  };
}

function callTy(crate: string, calls: ReadonlyMap<string, AnyCall>): Ty<{ tag: string; value: unknown }> | undefined {
  if (calls.size === 0) return undefined;
  const all = [...calls.values()];
  return enumeration(`${crate}::pallet::Call`, Object.fromEntries(all.map((call) => [call.name, call.args])), {
    indexes: Object.fromEntries(all.map((call) => [call.name, call.index])),
    variantDocs: Object.fromEntries(all.map((call) => [call.name, [call.docs]])),
  }) as Ty<{ tag: string; value: unknown }>;
}

function eventTy(crate: string, events: EventDecls): Ty<unknown> | undefined {
  const all = Object.entries(events);
  if (all.length === 0) return undefined;
  return enumeration(`${crate}::pallet::Event`, Object.fromEntries(all.map(([name, { fields }]) => [name, fields])), {
    variantDocs: Object.fromEntries(all.map(([name, { docs }]) => [name, [docs]])),
  });
}

function errorTy(crate: string, errors: ErrorDecls): Ty<unknown> | undefined {
  const names = Object.keys(errors);
  if (names.length === 0) return undefined;
  return enumeration(`${crate}::pallet::Error`, Object.fromEntries(names.map((error) => [error, null])), {
    variantDocs: Object.fromEntries(Object.entries(errors).map(([error, docs]) => [error, [docs]])),
  });
}
