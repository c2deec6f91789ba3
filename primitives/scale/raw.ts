import type { Ty } from './ty.ts';

const read = new WeakMap<object, Uint8Array>();

/**
 * The same type, whose values remember the bytes that they were read from: what is signed as it stands in a message is checked without being put together again. A value has one encoding,
 * so these are the bytes that it is written as. They are a copy, as its fields are: whoever reads into one buffer again and again
 * changes nothing of what was read.
 */
export function signable<T extends object>(ty: Ty<T>): Ty<T> {
  return {
    ...ty,
    read(reader) {
      const start = reader.offset;
      const value = ty.read(reader);
      read.set(value, reader.bytes.slice(start, reader.offset));
      return value;
    },
  };
}

/** The bytes of a value: those that it was read from, if it was. */
export function rawBytes<T extends object>(ty: Ty<T>, value: T): Uint8Array {
  return read.get(value) ?? ty.codec.enc(value);
}
