/**
 * CIDs of version 1 as bytes: `0x01`, codec, hash function, length of the digest (unsigned varints), the digest. One CID has one form here: the shortest
 * varints, and nothing of version 0, which names what a CID of version 1 names too.
 * Source: github.com/multiformats/cid, github.com/multiformats/multicodec.
 */
import { type Digest, MAX_CID } from './types.ts';

const RAW = 0x55;
const SHA2_256 = 0x12;
const BLAKE2B_256 = 0xb220;
const MAX_VARINT_BYTES = 9;

export interface Cid {
  readonly codec: number;
  readonly hash: number;
  readonly digest: Uint8Array;
}

/** @returns the number and where it ends; undefined if it is cut off, too large, or longer than it has to be */
function varint(bytes: Uint8Array, from: number): readonly [value: number, end: number] | undefined {
  let value = 0;
  for (let place = 0; place < MAX_VARINT_BYTES; place++) {
    const byte = bytes[from + place];
    if (byte === undefined) return undefined;
    value += (byte & 0x7f) * 2 ** (7 * place);
    if (!Number.isSafeInteger(value)) return undefined;
    if (byte < 0x80) return byte === 0 && place > 0 ? undefined : [value, from + place + 1];
  }
  return undefined;
}

export function parseCid(bytes: Uint8Array): Cid | undefined {
  if (bytes.length > MAX_CID) return undefined;
  const numbers: number[] = [];
  let end = 0;
  for (let part = 0; part < 4; part++) {
    const read = varint(bytes, end);
    if (read === undefined) return undefined;
    numbers.push(read[0]);
    end = read[1];
  }
  const [version, codec = 0, hash = 0, length] = numbers;
  const digest = bytes.slice(end);
  return version === 1 && digest.length === length ? { codec, hash, digest } : undefined;
}

/** The kind of canonical digest that a CID shows of the bytes: a CID of raw content is nothing else. */
export function canonicalOf({ codec, hash, digest }: Cid): Digest | undefined {
  if (codec !== RAW || digest.length !== 32) return undefined;
  if (hash === SHA2_256) return { tag: 'Sha256', value: digest };
  return hash === BLAKE2B_256 ? { tag: 'Blake2b256', value: digest } : undefined;
}
