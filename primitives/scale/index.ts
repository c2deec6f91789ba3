/**
 * SCALE codecs that describe themselves: from one value come the TypeScript type, the codec and the metadata entry.
 *
 * ```ts
 * const point = struct('geometry::Point', { x: u32, y: u32 });
 * const encoded = point.codec.enc({ x: 1, y: 2 });
 * decodeAll(point, encoded); // { x: 1, y: 2 }
 * ```
 */
export { Reader, Writer } from './buffer.ts';
export { rawBytes, signable } from './raw.ts';
export {
  type EnumOf,
  enumeration,
  lazy,
  newtype,
  option,
  type Result,
  result,
  struct,
  tuple,
  type Variants,
} from './composite.ts';
export {
  bool,
  bounded,
  bytes,
  compact,
  type Def,
  decodeAll,
  described,
  field,
  type Field,
  type Fields,
  fixed,
  i32,
  makeTy,
  named,
  type Of,
  type SizedTy,
  str,
  type ToldFields,
  type ToldTy,
  type Ty,
  type TypeParam,
  u8,
  u16,
  u32,
  u64,
  u128,
  unit,
  type ValuesOf,
  type Variant,
  vec,
} from './ty.ts';
export { typeNameOf } from './type-name.ts';
