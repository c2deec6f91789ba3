/** Valid inputs to begin with: from the test vectors, and drawn from descriptions of types. */
import { readFileSync } from 'node:fs';
import { fromHex } from '../../primitives/crypto/hex.ts';
import type { Ty } from '../../primitives/scale/index.ts';
import { Random } from '../runtime/hostile/random.ts';
import type { BytesDecoder } from './attack.ts';
import { encodingOf } from './encodings.ts';

/** A case of the test vectors as it stands in its file. */
export interface Given {
  readonly about: string;
  readonly given: Record<string, unknown>;
  readonly gives?: unknown;
  readonly refused?: string;
}

/** Cases of a function in a file of test vectors that nothing refuses. */
export function vectors(file: string, about: string): Given[] {
  const path = new URL(`../vectors/${file}.json`, import.meta.url);
  const { cases } = JSON.parse(readFileSync(path, 'utf8')) as { cases: Given[] };
  return cases.filter((one) => one.about === about && one.refused === undefined && one.gives !== false);
}

/** The bytes that these cases are given under a name, or as a whole. */
export function givenBytes(file: string, about: string, name?: string): Uint8Array[] {
  return vectors(file, about).map(({ given }) => fromHex(String(name === undefined ? given : given[name])));
}

const DRAWN = 40;

/** Encodings of a type. Those that it does not take, because a bound or an order stands beside its description, are left out. */
export function drawn<T>(ty: Ty<T>, seed = 1): Uint8Array[] {
  const random = new Random(seed);
  const all = Array.from({ length: DRAWN }, () => encodingOf(ty, random));
  return all.filter((bytes) => {
    try {
      return ty.codec.dec(bytes) !== null;
    } catch {
      return false;
    }
  });
}

/** The decoder of a described type. */
export function ofType<T>(name: string, ty: Ty<T>, ...covers: readonly string[]): BytesDecoder {
  return { name, covers, seeds: () => drawn(ty), read: (bytes) => ty.codec.enc(ty.codec.dec(bytes)) };
}
