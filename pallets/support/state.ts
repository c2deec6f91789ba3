import { struct, type ToldFields, type Ty, unit, type ValuesOf } from '../../primitives/scale/index.ts';
import type { Context } from './context.ts';
import type { PalletError } from './errors.ts';
import { snakeCase } from './names.ts';
import { type AnyStorageDecl, StorageItem, type StorageDecl, Stored } from './storage.ts';

export interface Constant<T> {
  readonly ty: Ty<T>;
  readonly value: T;
  readonly docs: string;
}
export function constant<T>(ty: Ty<T>, value: T, docs: string): Constant<T> {
  return { ty, value, docs };
}

export type StorageDecls = Record<string, AnyStorageDecl>;
/** An event holds named fields, or nothing. */
export interface EventDecl<F extends ToldFields | null> {
  readonly docs: string;
  readonly fields: F;
}
/** Every field tells what it holds: by `field(ty, docs)`, or by a type that was `named` with docs. */
export function event(docs: string): EventDecl<null>;
export function event<F extends ToldFields>(docs: string, fields: F): EventDecl<F>;
export function event(docs: string, fields: ToldFields | null = null): EventDecl<ToldFields | null> {
  return { docs, fields };
}
export type EventDecls = Record<string, EventDecl<ToldFields | null>>;
export type ErrorDecls = Record<string, string>;
export type Constants = Record<string, Constant<unknown>>;

export type Store<S> = {
  readonly [K in keyof S]: S[K] extends StorageDecl<infer Keys, infer V, infer G> ? Stored<Keys, V, G> : never;
};
export type Emitters<E> = {
  readonly [K in keyof E]: E[K] extends EventDecl<infer F extends ToldFields>
    ? (data: ValuesOf<F>) => void
    : () => void;
};
export type Errors<R> = { readonly [K in keyof R]: PalletError };

/** A pallet at work on one state: `use(ctx)` gives it. */
export interface Bound<S, E, R> {
  readonly ctx: Context;
  readonly store: Store<S>;
  readonly events: Emitters<E>;
  readonly errors: Errors<R>;
}

export interface StateDecl<S, E, R, K> {
  name: string;
  index: number;
  /** The Rust crate clients would expect the types under; `pallet_<name>` if left out. */
  crate?: string;
  docs: string;
  storage?: S;
  events?: E;
  errors?: R;
  constants?: K;
}
export interface State<S, E, R, K> {
  readonly name: string;
  readonly index: number;
  readonly crate: string;
  readonly docs: string;
  readonly storage: S;
  readonly events: E;
  readonly errors: R;
  readonly constants: K;
  /** The pallet's storage, events and errors on the state of `ctx`. */
  use(ctx: Context): Bound<S, E, R>;
}

/**
 * Storage, events, errors and constants of a pallet whose code is too large for one value:
 * `const state = defineState({...}); export const tally = definePallet({ ...state, calls })`, and other files of the pallet use `state.use(ctx)`.
 */
export function defineState<
  S extends StorageDecls = Record<never, never>,
  E extends EventDecls = Record<never, never>,
  R extends ErrorDecls = Record<never, never>,
  K extends Constants = Record<never, never>,
>(decl: StateDecl<S, E, R, K>): State<S, E, R, K> {
  const { name, index, crate = `pallet_${snakeCase(name)}`, docs } = decl;
  const storage = decl.storage ?? ({} as S);
  const events = decl.events ?? ({} as E);
  const errors = decl.errors ?? ({} as R);
  const items = Object.entries(storage).map(([item, it]) => [item, new StorageItem(name, item, it)] as const);
  const shapes = Object.entries(events).map(([event, { fields }], position) => {
    return { name: event, index: position, ty: fields === null ? unit : struct('', fields) };
  });
  const palletErrors = errorsOf(name, index, errors) as Errors<R>;
  const use = (ctx: Context): Bound<S, E, R> =>
    ctx.bound(index, () => {
      const emit = (shape: (typeof shapes)[number]) => (data: unknown) => ctx.emit({ name, index }, shape, data);
      const bound: unknown = {
        ctx,
        store: Object.fromEntries(items.map(([key, item]) => [key, new Stored(item, ctx.storage)])),
        events: Object.fromEntries(shapes.map((shape) => [shape.name, emit(shape)])),
        errors: palletErrors,
      };
      return bound as Bound<S, E, R>;
    });
  return { name, index, crate, docs, storage, events, errors, constants: decl.constants ?? ({} as K), use };
}

/** The errors that a pallet declares, by name; their numbers follow the order of declaration. */
export function errorsOf(pallet: string, index: number, errors: ErrorDecls): Record<string, PalletError> {
  return Object.fromEntries(
    Object.entries(errors).map(([name, docs], position) => {
      const error = new Uint8Array([position, 0, 0, 0]);
      return [name, { pallet, name, docs, value: { tag: 'Module', value: { index, error } } }];
    }),
  );
}
