import { TacitError } from '../errors.ts';
import { Reader, Writer } from './buffer.ts';

/** What a type looks like in scale-info (the registry of types in a chain's metadata). */
export type Def =
  | { tag: 'composite'; fields: Field[] }
  | { tag: 'variant'; variants: Variant[] }
  | { tag: 'sequence'; of: Ty<unknown> }
  | { tag: 'array'; length: number; of: Ty<unknown> }
  | { tag: 'tuple'; of: Ty<unknown>[] }
  | { tag: 'primitive'; name: PrimitiveName }
  | { tag: 'compact'; of: Ty<unknown> }
  /** Stands for another type: recursive types are tied through it. */
  | { tag: 'alias'; of: Ty<unknown> };
export type PrimitiveName = 'u8' | 'u16' | 'u32' | 'u64' | 'u128' | 'i32' | 'bool' | 'str';
export type Field = { name?: string; type: Ty<unknown> };
export type Variant = { name: string; index: number; fields: Field[]; docs: readonly string[] };
export type TypeParam = { name: string; type?: Ty<unknown> };

/**
 * A described codec: one value gives the TypeScript type, the SCALE codec and the metadata entry.
 * Names are camelCase here; metadata shows fields in snake_case, as Substrate clients expect.
 */
export interface Ty<T> {
  /** `dec` refuses trailing bytes. */
  readonly codec: { enc(value: T): Uint8Array; dec(bytes: Uint8Array): T };
  /** The smallest encoding in bytes: a sequence's length is checked against what is left before anything is allocated. */
  readonly minSize: number;
  readonly path: readonly string[];
  readonly params: readonly TypeParam[];
  readonly docs: readonly string[];
  /** The name that a Rust source would give a field of the type: wallets show money by it. Without one, `typeNameOf` says what follows from the rest. */
  readonly typeName?: string;
  /** Of a sequence, bytes or text with a bound: the most elements, or bytes. */
  readonly maxLength?: number;
  /** What metadata tells of a field that has the type. */
  readonly fieldDocs?: string;
  write(writer: Writer, value: T): void;
  read(reader: Reader): T;
  def(): Def;
}
/** A type whose length can be bounded. */
export interface SizedTy<T> extends Ty<T> {
  upTo(max: number): Ty<T>;
}
export type Of<X> = X extends Ty<infer T> ? T : never;
export type Fields = Record<string, Ty<unknown>>;
export type ValuesOf<F> = { -readonly [K in keyof F]: Of<F[K]> };

type Described = { path?: string; params?: readonly TypeParam[]; docs?: readonly string[] };
type Parts<T> = Described & {
  minSize: number;
  maxLength?: number;
  write: (writer: Writer, value: T) => void;
  read: (reader: Reader) => T;
  def: () => Def;
};

/** The longest length that is encoded. */
const UNBOUNDED = 0xffffffff;

/** Makes a described codec from its parts; `path` is written as in Rust, `sp_runtime::DispatchError`. */
export function makeTy<T>({ path, params = [], docs = [], minSize, maxLength, write, read, def }: Parts<T>): Ty<T> {
  const codec = {
    enc(value: T): Uint8Array {
      const writer = new Writer();
      write(writer, value);
      return writer.finish();
    },
    dec(bytes: Uint8Array): T {
      const reader = new Reader(bytes);
      const value = read(reader);
      reader.end();
      return value;
    },
  };
  const bound = maxLength === undefined || maxLength === UNBOUNDED ? {} : { maxLength };
  return { codec, minSize, ...bound, path: path === undefined ? [] : path.split('::'), params, docs, write, read, def };
}

/** Decodes all of `bytes` as `ty`; trailing bytes are an error. */
export function decodeAll<T>(ty: Ty<T>, bytes: Uint8Array): T {
  return ty.codec.dec(bytes);
}

/** The same type under another name: what metadata shows changes, the codec does not. */
export function described<T>(ty: Ty<T>, { path, params, docs }: Described): Ty<T> {
  return {
    ...ty,
    path: path === undefined ? ty.path : path.split('::'),
    params: params ?? ty.params,
    docs: docs ?? ty.docs,
  };
}

/** A type that metadata tells of wherever a field has it. */
export type ToldTy<T> = Ty<T> & { readonly fieldDocs: string };
export type ToldFields = Record<string, ToldTy<unknown>>;

/** The same type under the name that fields show (`Balance`): in the registry it stays the one type. With docs, its fields need none of their own. */
export function named<T>(typeName: string, ty: Ty<T>, docs: string): ToldTy<T>;
export function named<T>(typeName: string, ty: Ty<T>): Ty<T>;
export function named<T>(typeName: string, ty: Ty<T>, docs?: string): Ty<T> {
  const told = docs === undefined ? {} : { fieldDocs: docs };
  return { ...ty, path: [], params: [], docs: [], typeName, ...told, def: () => ({ tag: 'alias', of: ty }) };
}

/** A field's type with what metadata tells of the field. */
export function field<T>(ty: Ty<T>, docs: string): ToldTy<T> {
  return { ...ty, fieldDocs: docs, def: () => ({ tag: 'alias', of: ty }) };
}

function primitive<T>(
  name: PrimitiveName,
  minSize: number,
  read: (reader: Reader) => T,
  write: (writer: Writer, value: T) => void,
): Ty<T> {
  return makeTy({ minSize, read, write, def: () => ({ tag: 'primitive', name }) });
}

export const u8 = primitive<number>(
  'u8',
  1,
  (r) => r.u8(),
  (w, v) => w.u8(v),
);
export const u16 = primitive<number>(
  'u16',
  2,
  (r) => r.u16(),
  (w, v) => w.u16(v),
);
export const u32 = primitive<number>(
  'u32',
  4,
  (r) => r.u32(),
  (w, v) => w.u32(v),
);
export const i32 = primitive<number>(
  'i32',
  4,
  (r) => r.i32(),
  (w, v) => w.i32(v),
);
export const u64 = primitive<bigint>(
  'u64',
  8,
  (r) => r.u64(),
  (w, v) => w.u64(v),
);
export const u128 = primitive<bigint>(
  'u128',
  16,
  (r) => r.u128(),
  (w, v) => w.u128(v),
);
export const bool = primitive<boolean>(
  'bool',
  1,
  (reader) => {
    const value = reader.u8();
    if (value > 1) throw new TacitError('scale/not-canonical', `${value} is no bool`);
    return value === 1;
  },
  (writer, value) => writer.u8(value ? 1 : 0),
);
export const unit: Ty<undefined> = makeTy({
  minSize: 0,
  read: () => undefined,
  write: () => undefined,
  def: () => ({ tag: 'tuple', of: [] }),
});

/** Types made from one type are made once, so that metadata lists them once. */
export function memo<T extends object, V>(make: (key: T) => V): (key: T) => V {
  const made = new WeakMap<T, V>();
  return (key) => {
    let value = made.get(key);
    if (value === undefined) {
      value = make(key);
      made.set(key, value);
    }
    return value;
  };
}

const compactWidths = new Map<Ty<unknown>, { bits: bigint; big: boolean }>([
  [u8, { bits: 8n, big: false }],
  [u16, { bits: 16n, big: false }],
  [u32, { bits: 32n, big: false }],
  [u64, { bits: 64n, big: true }],
  [u128, { bits: 128n, big: true }],
]);
/** The type behind the names it was given. */
function unnamed(ty: Ty<unknown>): Ty<unknown> {
  const def = ty.def();
  return def.tag === 'alias' ? unnamed(def.of) : ty;
}
const compactOf = memo((of: Ty<unknown>): Ty<unknown> => {
  const def = (): Def => ({ tag: 'compact', of });
  if (of === unit) return makeTy<undefined>({ minSize: 0, read: () => undefined, write: () => undefined, def });
  const width = compactWidths.get(unnamed(of));
  if (!width) throw new TacitError('scale/no-such-type', 'compact is for unsigned integers and unit');
  const check = (value: bigint): bigint => {
    if (value >> width.bits !== 0n)
      throw new TacitError('scale/out-of-range', `${value} is wider than ${width.bits} bits`);
    return value;
  };
  if (width.big) {
    return makeTy<bigint>({ minSize: 1, read: (r) => check(r.compact()), write: (w, v) => w.compact(check(v)), def });
  }
  return makeTy<number>({
    minSize: 1,
    read: (reader) => Number(check(reader.compact())),
    write: (writer, value) => {
      if (value >= 2 ** Number(width.bits)) throw new TacitError('scale/out-of-range', `${value} is too large`);
      writer.compact(value);
    },
    def,
  });
});
/** Compact form of an unsigned integer type (or of unit, which Substrate uses as an empty account index). */
export const compact = compactOf as <T extends number | bigint | undefined>(of: Ty<T>) => Ty<T>;

function sized<T>(make: (max: number) => Ty<T>): SizedTy<T> {
  return Object.assign(make(UNBOUNDED), { upTo: make });
}

function vecUpTo<T>(of: Ty<T>, max: number, def: () => Def): Ty<T[]> {
  // An element that takes no bytes counts as one: a length can then never exceed the input.
  const least = Math.max(of.minSize, 1);
  return makeTy<T[]>({
    minSize: 1,
    maxLength: max,
    read(reader) {
      const length = reader.compactUpTo(max);
      if (length * least > reader.remaining) {
        throw new TacitError('scale/truncated', `${length} elements announced, ${reader.remaining} bytes left`);
      }
      const values: T[] = [];
      for (let i = 0; i < length; i++) values.push(of.read(reader));
      return values;
    },
    write(writer, values) {
      if (values.length > max)
        throw new TacitError('scale/too-long', `${values.length} elements, at most ${max} allowed`);
      writer.compact(values.length);
      for (const value of values) of.write(writer, value);
    },
    def,
  });
}
const vecOf = memo((of: Ty<unknown>) => sized((max) => vecUpTo(of, max, () => ({ tag: 'sequence', of }))));
export const vec = vecOf as <T>(of: Ty<T>) => SizedTy<T[]>;

export const bytes: SizedTy<Uint8Array> = sized((max) =>
  makeTy<Uint8Array>({
    minSize: 1,
    maxLength: max,
    read: (reader) => reader.take(reader.compactUpTo(max)),
    write(writer, value) {
      if (value.length > max) throw new TacitError('scale/too-long', `${value.length} bytes, at most ${max} allowed`);
      writer.compact(value.length);
      writer.raw(value);
    },
    def: () => ({ tag: 'sequence', of: u8 }),
  }),
);

const utf8 = new TextEncoder();
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** Text; `upTo` counts UTF-8 bytes. */
export const str: SizedTy<string> = sized((max) =>
  makeTy<string>({
    minSize: 1,
    maxLength: max,
    read(reader) {
      const encoded = reader.take(reader.compactUpTo(max));
      try {
        return strictUtf8.decode(encoded);
      } catch {
        throw new TacitError('scale/bad-text', 'not UTF-8');
      }
    },
    write(writer, value) {
      const encoded = utf8.encode(value);
      if (encoded.length > max)
        throw new TacitError('scale/too-long', `${encoded.length} bytes, at most ${max} allowed`);
      writer.compact(encoded.length);
      writer.raw(encoded);
    },
    def: () => ({ tag: 'primitive', name: 'str' }),
  }),
);

/** A sequence, bytes or text of at most `max` elements (bytes of UTF-8 for text); longer input is refused before it is read. */
export function bounded<T>(ty: SizedTy<T>, max: number): Ty<T> {
  return ty.upTo(max);
}

const fixedSizes = new Map<number, Ty<Uint8Array>>();
/** Exactly `length` bytes. */
export function fixed(length: number): Ty<Uint8Array> {
  let ty = fixedSizes.get(length);
  if (!ty) {
    ty = makeTy<Uint8Array>({
      minSize: length,
      read: (reader) => reader.take(length),
      write(writer, value) {
        if (value.length !== length) {
          throw new TacitError('scale/wrong-length', `${value.length} bytes where ${length} are wanted`);
        }
        writer.raw(value);
      },
      def: () => ({ tag: 'array', length, of: u8 }),
    });
    fixedSizes.set(length, ty);
  }
  return ty;
}
