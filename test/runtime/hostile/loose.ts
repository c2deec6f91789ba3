/** Values whose sequences are as long as they may be, or longer; and their bytes, which no codec of ours would write. */
import { type Ty, u8, Writer } from '../../../primitives/scale/index.ts';
import { least } from './edges.ts';
import { isCall, joined, partsOf, variantOf, variantValue } from './types.ts';

/** What would take more bytes is not tried. */
const MOST_BYTES = 1 << 20;
const MAX_DEPTH = 12;

/** All values that are least but for one bounded sequence, which has `over` elements more than it may. */
export function* atBound(ty: Ty<unknown>, over: number, depth = 0): Generator<unknown> {
  if (isCall(ty) || depth > MAX_DEPTH) return;
  const def = ty.def();
  switch (def.tag) {
    case 'alias':
      yield* own(ty, def.of, over, depth);
      return;
    case 'sequence': {
      if (ty.maxLength !== undefined) yield* filled(ty.maxLength + over, def.of);
      if (def.of !== u8) for (const value of atBound(def.of, over, depth + 1)) yield [value];
      return;
    }
    case 'primitive':
      if (def.name === 'str' && ty.maxLength !== undefined) yield 'x'.repeat(ty.maxLength + over);
      return;
    case 'tuple': {
      const base = def.of.map(least);
      for (const [at, each] of def.of.entries())
        for (const value of atBound(each, over, depth + 1)) yield base.with(at, value);
      return;
    }
    case 'composite':
      for (const parts of inFields(def.fields, over, depth)) yield joined(def.fields, parts);
      return;
    case 'variant':
      for (const variant of def.variants)
        for (const parts of inFields(variant.fields, over, depth)) yield variantValue(ty, variant, parts);
      return;
    case 'array':
    case 'compact':
  }
}

/** A bound may lie on a name rather than on what it names. */
function* own(ty: Ty<unknown>, of: Ty<unknown>, over: number, depth: number): Generator<unknown> {
  yield* atBound(
    of.maxLength === ty.maxLength ? of : ({ ...of, maxLength: ty.maxLength } as Ty<unknown>),
    over,
    depth + 1,
  );
}

function* filled(length: number, of: Ty<unknown>): Generator<unknown> {
  if (length * Math.max(1, of.minSize) > MOST_BYTES) return;
  if (of === u8) {
    yield new Uint8Array(length);
    return;
  }
  const element = least(of);
  yield Array.from({ length }, () => element);
}

function* inFields(fields: readonly { type: Ty<unknown> }[], over: number, depth: number): Generator<unknown[]> {
  const base = fields.map(({ type }) => least(type));
  for (const [at, { type }] of fields.entries())
    for (const value of atBound(type, over, depth + 1)) yield base.with(at, value);
}

/** Writes a value by what its type says of itself, without looking at bounds. */
export function writeLoose(writer: Writer, ty: Ty<unknown>, value: unknown): void {
  const def = ty.def();
  switch (def.tag) {
    case 'alias':
      return writeLoose(writer, def.of, value);
    case 'sequence':
      writer.compact((value as ArrayLike<unknown>).length);
      if (value instanceof Uint8Array) writer.raw(value);
      else for (const each of value as unknown[]) writeLoose(writer, def.of, each);
      return;
    case 'tuple':
      return def.of.forEach((type, i) => writeLoose(writer, type, (value as unknown[])[i]));
    case 'composite':
      for (const [type, part] of partsOf(def.fields, value)) writeLoose(writer, type, part);
      return;
    case 'variant': {
      const { variant, parts } = variantOf(ty, value);
      writer.u8(variant.index);
      for (const [type, part] of parts) writeLoose(writer, type, part);
      return;
    }
    case 'primitive': {
      if (def.name !== 'str') return ty.write(writer, value);
      const text = new TextEncoder().encode(value as string);
      writer.compact(text.length);
      writer.raw(text);
      return;
    }
    case 'array':
    case 'compact':
      return ty.write(writer, value);
  }
}
