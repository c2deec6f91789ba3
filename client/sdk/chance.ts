/** Numbers of chance out of a source of random bytes. */
import type { RandomBytes } from '../../primitives/crypto/bytes.ts';

/** Bits of {@link wordOf}. */
export const WORD_BITS = 48;

/** A whole number of {@link WORD_BITS} bits. */
export function wordOf(random: RandomBytes): number {
  let word = 0;
  for (const byte of random(WORD_BITS / 8)) word = word * 256 + byte;
  return word;
}

/** A whole number in [0, count); `count` is so much smaller than a word that no bias can be seen. */
export const below = (count: number, random: RandomBytes): number => wordOf(random) % count;
