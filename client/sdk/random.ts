import type { RandomBytes } from '../../primitives/crypto/bytes.ts';

/** Most that `getRandomValues` gives at once. */
const AT_ONCE = 65_536;

/** Randomness of the platform: browsers and Node have the same. */
export const random: RandomBytes = (n) => {
  const out = new Uint8Array(n);
  for (let at = 0; at < n; at += AT_ONCE) globalThis.crypto.getRandomValues(out.subarray(at, at + AT_ONCE));
  return out;
};
