/** Valid encodings of any described type, straight from its description. */
import { concatBytes, utf8 } from '../../primitives/crypto/bytes.ts';
import { type Def, type Ty, unit, Writer } from '../../primitives/scale/index.ts';
import type { Random } from '../runtime/hostile/random.ts';

/** Deeper types get no more elements: recursive ones end. */
const MAX_DEPTH = 6;
const WIDTH = { u8: 1, u16: 2, u32: 4, u64: 8, u128: 16, i32: 4 } as const;

function compact(value: bigint): Uint8Array {
  const writer = new Writer(20);
  writer.compact(value);
  return writer.finish();
}

function bitsOf(ty: Ty<unknown>): number {
  const def = ty.def();
  if (def.tag === 'alias') return bitsOf(def.of);
  return def.tag === 'primitive' ? 8 * WIDTH[def.name as keyof typeof WIDTH] : 0;
}

function primitive({ name }: Def & { tag: 'primitive' }, most: number, random: Random): Uint8Array {
  if (name === 'bool') return Uint8Array.of(random.below(2));
  if (name !== 'str') return random.once(2) ? random.bytes(WIDTH[name]) : new Uint8Array(WIDTH[name]).fill(1, 0, 1);
  const text = utf8(random.pick(['', 'a', 'MIT', 'añ€', 'x'.repeat(20)])).subarray(0, most);
  return concatBytes(compact(BigInt(text.length)), text);
}

/** An encoding of a value that is drawn. */
export function encodingOf(ty: Ty<unknown>, random: Random, depth = 0): Uint8Array {
  const def = ty.def();
  const most = ty.maxLength ?? 1 << 16;
  const all = (types: readonly Ty<unknown>[]): Uint8Array =>
    concatBytes(...types.map((one) => encodingOf(one, random, depth + 1)));
  switch (def.tag) {
    case 'alias':
      return encodingOf(def.of, random, depth + 1);
    case 'primitive':
      return primitive(def, most, random);
    case 'compact':
      return def.of === unit ? new Uint8Array() : compact(random.wide(bitsOf(def.of)));
    case 'tuple':
      return all(def.of);
    case 'array':
      return all(Array.from({ length: def.length }, () => def.of));
    case 'sequence': {
      const count = Math.min(most, depth > MAX_DEPTH ? 0 : random.below(4));
      return concatBytes(compact(BigInt(count)), all(Array.from({ length: count }, () => def.of)));
    }
    case 'composite':
      return all(def.fields.map(({ type }) => type));
    case 'variant': {
      if (def.variants.length === 0) return new Uint8Array();
      // The first is the simplest of most types, and ends a recursion.
      const { index, fields } = depth > MAX_DEPTH ? def.variants[0]! : random.pick(def.variants);
      return concatBytes(Uint8Array.of(index), all(fields.map(({ type }) => type)));
    }
  }
}
