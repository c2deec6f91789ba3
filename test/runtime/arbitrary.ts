import * as fc from 'fast-check';
import { type Def, type Field, type Ty, u8, unit } from '../../primitives/scale/index.ts';

/** Deeper types get no more elements: recursive ones end. */
const MAX_DEPTH = 3;

/** Arbitrary values of a described type. Bounds of lengths are not known here: encoding may refuse a value. */
export function arbitraryOf(ty: Ty<unknown>, depth = 0): fc.Arbitrary<unknown> {
  const def = ty.def();
  switch (def.tag) {
    case 'alias':
      return fc.constant(undefined).chain(() => arbitraryOf(def.of, depth + 1));
    case 'primitive':
      return primitive(def.name);
    case 'compact':
      return def.of === unit ? fc.constant(undefined) : arbitraryOf(def.of, depth);
    case 'tuple':
      return def.of.length === 0 ? fc.constant(undefined) : fc.tuple(...def.of.map((each) => arbitraryOf(each, depth)));
    case 'array':
      return fc.uint8Array({ minLength: def.length, maxLength: def.length });
    case 'sequence':
      if (def.of === u8) return fc.oneof(fc.uint8Array({ maxLength: 8 }), fc.uint8Array({ maxLength: 300 }));
      return depth > MAX_DEPTH ? fc.constant([]) : fc.array(arbitraryOf(def.of, depth + 1), { maxLength: 4 });
    case 'composite':
      return fields(def.fields, depth);
    case 'variant':
      return variant(ty, def, depth);
  }
}

function wide(bits: bigint): fc.Arbitrary<bigint> {
  return fc.oneof(
    fc.bigInt({ min: 0n, max: 4n }),
    fc.bigInt({ min: 0n, max: (1n << 40n) - 1n }),
    fc.bigInt({ min: 0n, max: (1n << bits) - 1n }),
  );
}

function primitive(name: (Def & { tag: 'primitive' })['name']): fc.Arbitrary<unknown> {
  switch (name) {
    case 'bool':
      return fc.boolean();
    case 'str':
      return fc.string({ maxLength: 40 });
    case 'u64':
      return wide(64n);
    case 'u128':
      return wide(128n);
    case 'i32':
      return fc.integer();
    default: {
      const max = { u8: 0xff, u16: 0xffff, u32: 0xffffffff }[name];
      return fc.oneof(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max }));
    }
  }
}

function fields(list: readonly Field[], depth: number): fc.Arbitrary<unknown> {
  const [only] = list;
  if (only && only.name === undefined) {
    return list.length === 1
      ? arbitraryOf(only.type, depth)
      : fc.tuple(...list.map(({ type }) => arbitraryOf(type, depth)));
  }
  return fc.record(Object.fromEntries(list.map(({ name, type }) => [name ?? '', arbitraryOf(type, depth)])));
}

function variant(ty: Ty<unknown>, def: Def & { tag: 'variant' }, depth: number): fc.Arbitrary<unknown> {
  const isOption = ty.path[0] === 'Option';
  // A variant without fields is described alike whether it holds nothing or a struct of nothing, such as a call without arguments: its codec knows.
  const empty = (index: number): unknown => (ty.codec.dec(Uint8Array.of(index)) as { value: unknown }).value;
  const values = def.variants.map(({ name, index, fields: list }) => ({
    name,
    value: list.length > 0 ? fields(list, depth) : fc.constant(isOption ? undefined : empty(index)),
  }));
  if (isOption) return fc.oneof(...values.map(({ value }) => value));
  return fc.oneof(...values.map(({ name, value }) => value.map((held) => ({ tag: name, value: held }))));
}
