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
export * from './ty.ts';
