/** Keys of a base-16 trie are read nibble by nibble, the high one first. One nibble per byte of the array. */
export type Nibbles = Uint8Array;

export function toNibbles(key: Uint8Array): Nibbles {
  const nibbles = new Uint8Array(key.length * 2);
  for (let i = 0; i < key.length; i++) {
    const byte = key[i]!;
    nibbles[2 * i] = byte >> 4;
    nibbles[2 * i + 1] = byte & 15;
  }
  return nibbles;
}

/** The bytes of an even number of nibbles. */
export function fromNibbles(nibbles: Nibbles): Uint8Array {
  const key = new Uint8Array(nibbles.length >> 1);
  for (let i = 0; i < key.length; i++) key[i] = (nibbles[2 * i]! << 4) | nibbles[2 * i + 1]!;
  return key;
}

/** How many nibbles of `path` agree with `key` from `offset` on. */
export function commonLength(path: Nibbles, key: Nibbles, offset: number): number {
  const limit = Math.min(path.length, key.length - offset);
  let length = 0;
  while (length < limit && path[length] === key[offset + length]) length++;
  return length;
}

/** `head ++ nibble ++ tail`. */
export function joinNibbles(head: Nibbles, nibble: number, tail: Nibbles): Nibbles {
  const joined = new Uint8Array(head.length + 1 + tail.length);
  joined.set(head);
  joined[head.length] = nibble;
  joined.set(tail, head.length + 1);
  return joined;
}
