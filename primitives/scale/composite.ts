import { TacitError } from '../errors.ts';
import { type Field, type Fields, makeTy, memo, type Of, type Ty, type TypeParam, unit, type ValuesOf } from './ty.ts';

type About = { params?: readonly TypeParam[]; docs?: readonly string[] };

const sum = (types: readonly Ty<unknown>[]): number => types.reduce((total, ty) => total + ty.minSize, 0);

export function tuple<A extends Ty<unknown>[]>(...types: A): Ty<{ [K in keyof A]: Of<A[K]> }> {
  type Value = { [K in keyof A]: Of<A[K]> };
  return makeTy<Value>({
    minSize: sum(types),
    read: (reader) => types.map((ty) => ty.read(reader)) as Value,
    write(writer, values) {
      for (let i = 0; i < types.length; i++) types[i]!.write(writer, values[i]);
    },
    def: () => ({ tag: 'tuple', of: types }),
  });
}

export function struct<F extends Fields>(path: string, fields: F, about: About = {}): Ty<ValuesOf<F>> {
  const entries = Object.entries(fields);
  return makeTy<ValuesOf<F>>({
    ...about,
    path,
    minSize: sum(Object.values(fields)),
    read(reader) {
      const value: Record<string, unknown> = {};
      for (const [name, ty] of entries) value[name] = ty.read(reader);
      return value as ValuesOf<F>;
    },
    write(writer, value) {
      for (const [name, ty] of entries) ty.write(writer, value[name]);
    },
    def: () => ({ tag: 'composite', fields: entries.map(([name, type]) => ({ name, type })) }),
  });
}

/** A named wrapper of one type (in Rust, `struct Path(T)`). */
export function newtype<T>(path: string, of: Ty<T>, about: About = {}): Ty<T> {
  const { minSize, read, write } = of;
  return makeTy<T>({ ...about, path, minSize, read, write, def: () => ({ tag: 'composite', fields: [{ type: of }] }) });
}

/** A variant holds nothing, one unnamed value, several unnamed values, or named fields. */
export type Variants = Record<string, null | Ty<unknown> | readonly Ty<unknown>[] | Fields>;
type VariantValue<V> =
  V extends Ty<infer T>
    ? { value: T }
    : V extends readonly Ty<unknown>[]
      ? { value: { -readonly [K in keyof V]: Of<V[K]> } }
      : V extends Fields
        ? { value: ValuesOf<V> }
        : { value?: undefined };
/** `{ tag, value }`; the value may be left out where the variant holds nothing. */
export type EnumOf<V> = { [K in keyof V & string]: { tag: K } & VariantValue<V[K]> }[keyof V & string];

function isTy(candidate: object): candidate is Ty<unknown> {
  return typeof (candidate as Partial<Ty<unknown>>).def === 'function';
}

function variantBody(variant: Variants[string]): { ty: Ty<unknown>; fields: Field[] } {
  if (variant === null) return { ty: unit, fields: [] };
  if (Array.isArray(variant)) return { ty: tuple(...variant), fields: variant.map((type) => ({ type })) };
  if (isTy(variant)) return { ty: variant, fields: [{ type: variant }] };
  const fields = variant as Fields;
  return { ty: struct('', fields), fields: Object.entries(fields).map(([name, type]) => ({ name, type })) };
}

type EnumAbout<V> = About & {
  indexes?: Partial<Record<keyof V, number>>;
  variantDocs?: Partial<Record<keyof V, readonly string[]>>;
};

/** A tagged union; indexes count from 0 in order of declaration unless given. */
export function enumeration<const V extends Variants>(
  path: string,
  variants: V,
  about: EnumAbout<V> = {},
): Ty<EnumOf<V>> {
  const { indexes, variantDocs, ...rest } = about;
  const byName = new Map<string, { index: number; ty: Ty<unknown>; fields: Field[] }>();
  const byIndex: ({ name: string; ty: Ty<unknown> } | undefined)[] = [];
  for (const [position, [name, variant]] of Object.entries(variants).entries()) {
    const index = indexes?.[name] ?? position;
    if (byIndex[index]) throw new TacitError('scale/duplicate-index', `${path}: index ${index} is used twice`);
    const body = variantBody(variant);
    byName.set(name, { index, ...body });
    byIndex[index] = { name, ty: body.ty };
  }
  const known = [...byName.values()];
  return makeTy<EnumOf<V>>({
    ...rest,
    path,
    minSize: 1 + (known.length === 0 ? 0 : Math.min(...known.map(({ ty }) => ty.minSize))),
    read(reader) {
      const index = reader.u8();
      const found = byIndex[index];
      if (!found) throw new TacitError('scale/no-such-variant', `${path || 'enumeration'} has no variant ${index}`);
      const value: unknown = { tag: found.name, value: found.ty.read(reader) };
      return value as EnumOf<V>;
    },
    write(writer, value) {
      const found = byName.get(value.tag);
      if (!found) throw new TacitError('scale/no-such-variant', `${path || 'enumeration'} has no variant ${value.tag}`);
      writer.u8(found.index);
      found.ty.write(writer, value.value);
    },
    def: () => ({
      tag: 'variant',
      variants: [...byName].map(([name, { index, fields }]) => ({
        name,
        index,
        fields,
        docs: variantDocs?.[name] ?? [],
      })),
    }),
  });
}

const optionOf = memo(
  (of: Ty<unknown>): Ty<unknown> =>
    makeTy<unknown>({
      path: 'Option',
      params: [{ name: 'T', type: of }],
      minSize: 1,
      read(reader) {
        const flag = reader.u8();
        if (flag > 1) throw new TacitError('scale/not-canonical', `${flag} is no option flag`);
        return flag === 1 ? of.read(reader) : undefined;
      },
      write(writer, value) {
        writer.u8(value === undefined ? 0 : 1);
        if (value !== undefined) of.write(writer, value);
      },
      def: () => ({
        tag: 'variant',
        variants: [
          { name: 'None', index: 0, fields: [], docs: [] },
          { name: 'Some', index: 1, fields: [{ type: of }], docs: [] },
        ],
      }),
    }),
);
export const option = optionOf as <T>(of: Ty<T>) => Ty<T | undefined>;

export type Result<T, E> = EnumOf<{ Ok: Ty<T>; Err: Ty<E> }>;
/** Rust's `Result`, as `{ tag: 'Ok' | 'Err', value }`. */
export function result<T, E>(ok: Ty<T>, err: Ty<E>): Ty<Result<T, E>> {
  const params = [
    { name: 'T', type: ok },
    { name: 'E', type: err },
  ];
  return enumeration('Result', { Ok: ok, Err: err }, { params }) as Ty<Result<T, E>>;
}

/** A type that is known only later: ties recursive types, whose nesting is then limited while decoding. */
export function lazy<T>(later: () => Ty<T>, minSize = 1): Ty<T> {
  return makeTy<T>({
    minSize,
    read: (reader) => reader.nested(() => later().read(reader)),
    write: (writer, value) => later().write(writer, value),
    def: () => ({ tag: 'alias', of: later() }),
  });
}
