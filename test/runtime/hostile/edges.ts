/** Values at the edges of a type: zero, the largest, empty, twice the same, as many as there may be, what is in the state and what lies just beyond. */
import { type Def, type Ty, u8, unit } from '../../../primitives/scale/index.ts';
import type { Known } from './known.ts';
import { bare, isCall, joined, variantValue } from './types.ts';

/** Of values in the state so many are tried. */
const FROM_STATE = 5;
/** Values of one type, deeper ones fewer. */
const MOST = 40;
/** Longer sequences are tried at their bound only (loose.ts). */
const LONG = 4096;
const MAX_DEPTH = 6;

type Name = (Def & { tag: 'primitive' })['name'];
const MAXIMA: Readonly<Partial<Record<Name, number | bigint>>> = {
  u8: 0xff,
  u16: 0xffff,
  u32: 0xffffffff,
  u64: (1n << 64n) - 1n,
  u128: (1n << 128n) - 1n,
};

/** The least value of a type. */
export function least(ty: Ty<unknown>): unknown {
  const def = ty.def();
  switch (def.tag) {
    case 'alias':
      return least(def.of);
    case 'compact':
      return def.of === unit ? undefined : least(def.of);
    case 'primitive':
      return leastOf(def.name);
    case 'array':
      return new Uint8Array(def.length);
    case 'sequence':
      return def.of === u8 ? new Uint8Array() : [];
    case 'tuple':
      return def.of.length === 0 ? undefined : def.of.map(least);
    case 'composite':
      return joined(
        def.fields,
        def.fields.map(({ type }) => least(type)),
      );
    case 'variant': {
      const [first] = def.variants;
      if (first === undefined) throw new Error('a variant without variants has no value');
      return variantValue(
        ty,
        first,
        first.fields.map(({ type }) => least(type)),
      );
    }
  }
}

function leastOf(name: Name): unknown {
  if (name === 'bool') return false;
  if (name === 'str') return '';
  return name === 'u64' || name === 'u128' ? 0n : 0;
}

/** Each part by its first value, and then one after the other by all of its others. */
function oneByOne(lists: readonly (readonly unknown[])[]): unknown[][] {
  const base = lists.map((list) => list[0]);
  return [base, ...lists.flatMap((list, at) => list.slice(1).map((value) => base.with(at, value)))];
}

/** The edges of a type. The first stands in the state, if anything of the type does. */
export function edgesOf(ty: Ty<unknown>, known: Known, depth = 0): unknown[] {
  if (isCall(ty)) return [...known.calls];
  const found = known.of(ty).slice(0, FROM_STATE);
  const edges = depth > MAX_DEPTH ? [least(ty)] : own(ty, known, depth);
  return [...found, ...beyond(ty, found), ...edges].slice(0, Math.max(4, MOST >> depth));
}

/** An id that nothing has yet. */
function beyond(ty: Ty<unknown>, found: readonly unknown[]): unknown[] {
  const { tag } = bare(ty).def();
  if (tag !== 'primitive' || found.length === 0) return [];
  if (found.every((value) => typeof value === 'bigint')) return [found.reduce((a, b) => (a > b ? a : b)) + 1n];
  if (found.every((value) => typeof value === 'number')) return [Math.max(...found) + 1];
  return [];
}

function own(ty: Ty<unknown>, known: Known, depth: number): unknown[] {
  const def = ty.def();
  switch (def.tag) {
    case 'alias':
      return edgesOf(def.of, known, depth);
    case 'compact':
      return def.of === unit ? [undefined] : edgesOf(def.of, known, depth);
    case 'primitive':
      return primitive(ty, def.name);
    case 'array':
      return [new Uint8Array(def.length), new Uint8Array(def.length).fill(0xff)];
    case 'sequence':
      return sequence(ty, def.of, known, depth);
    case 'tuple':
      if (def.of.length === 0) return [undefined];
      return oneByOne(def.of.map((each) => edgesOf(each, known, depth + 1)));
    case 'composite':
      return oneByOne(def.fields.map(({ type }) => edgesOf(type, known, depth + 1))).map((parts) =>
        joined(def.fields, parts),
      );
    case 'variant':
      return def.variants.flatMap((variant) =>
        oneByOne(variant.fields.map(({ type }) => edgesOf(type, known, depth + 1))).map((parts) =>
          variantValue(ty, variant, parts),
        ),
      );
  }
}

function primitive({ maxLength }: Ty<unknown>, name: Name): unknown[] {
  if (name === 'bool') return [false, true];
  if (name === 'str') return ['', 'x', 'ä\u0000', 'x'.repeat(Math.min(maxLength ?? LONG, LONG))];
  if (name === 'i32') return [0, 2 ** 31 - 1, -(2 ** 31)];
  const isWide = name === 'u64' || name === 'u128';
  return [leastOf(name), isWide ? 1n : 1, isWide ? 1_000_000n : 2, MAXIMA[name]];
}

function sequence({ maxLength }: Ty<unknown>, of: Ty<unknown>, known: Known, depth: number): unknown[] {
  const longest = Math.min(maxLength ?? LONG, LONG);
  if (of === u8)
    return [new Uint8Array(), Uint8Array.of(0), new Uint8Array(Math.min(longest, 32)), new Uint8Array(longest)];
  const elements = edgesOf(of, known, depth + 1);
  const [first] = elements;
  const few = elements.slice(0, Math.min(3, longest));
  const long = Array.from({ length: Math.min(longest, 64) }, () => first);
  return [[], [first], [first, first], few, few.toReversed(), long].filter(({ length }) => length <= longest);
}
