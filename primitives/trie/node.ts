/**
 * Nodes of the trie and their bytes: the Polkadot specification's state trie, state version 1 (values above 32 bytes
 * stand in their node by hash only).
 */
import { blake2b256 } from '../crypto/hash.ts';
import { TacitError } from '../errors.ts';
import type { Nibbles } from './nibbles.ts';

/** A child is in memory, or known by the hash of its encoding. */
export type Child = TrieNode | Uint8Array | undefined;

/**
 * Everything but the two lazily filled caches is immutable, so that tries of different blocks share nodes. Slots of
 * `children` may be filled in by the loaded node of the same hash.
 */
export interface TrieNode {
  readonly path: Nibbles;
  /** The value, if there is one and it is in memory. */
  value: Uint8Array | undefined;
  /** Hash of a value above 32 bytes; undefined while it was never computed. */
  valueHash: Uint8Array | undefined;
  readonly children: Child[] | undefined;
  /** Encoding below 32 bytes, else its hash; undefined while it was never computed. */
  merkle: Uint8Array | undefined;
}

/** Values above this length (bytes) are stored beside their node. */
export const INLINE_VALUE_LIMIT = 32;
export const HASH_LENGTH = 32;
const EMPTY_ENCODING = new Uint8Array([0]);
/** Root hash of a trie without entries. */
export const EMPTY_ROOT = blake2b256(EMPTY_ENCODING);

/** Headers of the node kinds: leading bits and how many bits of the first byte count path nibbles. */
const LEAF = { prefix: 0b01 << 6, bits: 6 };
const BRANCH = { prefix: 0b10 << 6, bits: 6 };
const BRANCH_WITH_VALUE = { prefix: 0b11 << 6, bits: 6 };
const LEAF_HASHED = { prefix: 0b001 << 5, bits: 5 };
const BRANCH_HASHED = { prefix: 0b0001 << 4, bits: 4 };

export const hasValue = (node: TrieNode): boolean => node.value !== undefined || node.valueHash !== undefined;

export const isHash = (child: TrieNode | Uint8Array): child is Uint8Array => child instanceof Uint8Array;

/** Receives what must be stored when a node is hashed for the first time. */
export type Sink = (hash: Uint8Array, bytes: Uint8Array) => void;
const ignore: Sink = () => undefined;

let scratch = new Uint8Array(1 << 12);

function headerOf(node: TrieNode, hashedValue: boolean): { prefix: number; bits: number } {
  if (!node.children) return hashedValue ? LEAF_HASHED : LEAF;
  if (!hasValue(node)) return BRANCH;
  return hashedValue ? BRANCH_HASHED : BRANCH_WITH_VALUE;
}

/** Canonical bytes of a node. Nodes and values hashed on the way go to `sink`. */
export function encodeNode(node: TrieNode, sink: Sink = ignore): Uint8Array {
  // The children first: their encoding uses the same scratch buffer.
  const merkles = node.children?.map((child) => child && (isHash(child) ? child : merkleValue(child, sink)));
  const hashedValue = node.value ? node.value.length > INLINE_VALUE_LIMIT : node.valueHash !== undefined;
  if (hashedValue && !node.valueHash) {
    node.valueHash = blake2b256(node.value!);
    sink(node.valueHash, node.value!);
  }
  const bound = 4 + 2 * node.path.length + 16 * (HASH_LENGTH + 1) + 2 * HASH_LENGTH;
  if (bound > scratch.length) scratch = new Uint8Array(2 * bound);
  const out = scratch;
  let at = 0;

  const { prefix, bits } = headerOf(node, hashedValue);
  const inFirstByte = (1 << bits) - 1;
  let left = node.path.length;
  if (left < inFirstByte) {
    out[at++] = prefix | left;
  } else {
    out[at++] = prefix | inFirstByte;
    left -= inFirstByte;
    for (; left >= 255; left -= 255) out[at++] = 255;
    out[at++] = left;
  }
  let nibble = 0;
  if (node.path.length & 1) out[at++] = node.path[nibble++]!;
  for (; nibble < node.path.length; nibble += 2) out[at++] = (node.path[nibble]! << 4) | node.path[nibble + 1]!;

  if (merkles) {
    let bitmap = 0;
    for (let i = 0; i < 16; i++) if (merkles[i]) bitmap |= 1 << i;
    out[at++] = bitmap & 255;
    out[at++] = bitmap >> 8;
  }
  if (hashedValue) {
    out.set(node.valueHash!, at);
    at += HASH_LENGTH;
  } else if (node.value) {
    out[at++] = node.value.length << 2;
    out.set(node.value, at);
    at += node.value.length;
  }
  for (const merkle of merkles ?? []) {
    if (!merkle) continue;
    out[at++] = merkle.length << 2;
    out.set(merkle, at);
    at += merkle.length;
  }
  return out.slice(0, at);
}

/** How a parent names this node: its encoding if below 32 bytes, else the hash of it. */
export function merkleValue(node: TrieNode, sink: Sink = ignore): Uint8Array {
  if (node.merkle) return node.merkle;
  const encoded = encodeNode(node, sink);
  if (encoded.length < HASH_LENGTH) {
    node.merkle = encoded;
  } else {
    node.merkle = blake2b256(encoded);
    sink(node.merkle, encoded);
  }
  return node.merkle;
}

const malformed = (why: string): TacitError => new TacitError('trie/bad-node', `trie node: ${why}`);

/** The node of canonical bytes. `trie/bad-node` if they are not. */
export function decodeNode(bytes: Uint8Array): TrieNode {
  let at = 0;
  const take = (length: number): Uint8Array => {
    if (at + length > bytes.length) throw malformed('cut short');
    at += length;
    return bytes.subarray(at - length, at);
  };
  const byte = (): number => take(1)[0]!;
  // Only values and merkle values up to 32 bytes stand inline, so their compact length is always one byte.
  const short = (): Uint8Array => {
    const prefix = byte();
    if (prefix & 3 || prefix >> 2 > HASH_LENGTH) throw malformed('inline part too long');
    return take(prefix >> 2).slice();
  };

  const first = byte();
  const kind = [LEAF, BRANCH, BRANCH_WITH_VALUE, LEAF_HASHED, BRANCH_HASHED].find(
    ({ prefix, bits }) => first >> bits === prefix >> bits,
  );
  if (!kind) throw malformed('unknown header');
  let length = first & ((1 << kind.bits) - 1);
  if (length === (1 << kind.bits) - 1) {
    let more = byte();
    for (; more === 255; more = byte()) length += 255;
    length += more;
  }
  const packed = take((length + 1) >> 1);
  const path = new Uint8Array(length);
  const pad = length & 1;
  if (pad && packed[0]! > 15) throw malformed('padding not zero');
  for (let i = 0; i < length; i++) {
    const from = i + pad;
    path[i] = from & 1 ? packed[from >> 1]! & 15 : packed[from >> 1]! >> 4;
  }

  const branch = kind !== LEAF && kind !== LEAF_HASHED;
  const bitmap = branch ? byte() | (byte() << 8) : 0;
  if (branch && bitmap === 0) throw malformed('branch without children');
  const hashed = kind === LEAF_HASHED || kind === BRANCH_HASHED;
  const valueHash = hashed ? take(HASH_LENGTH).slice() : undefined;
  const value = hashed || kind === BRANCH ? undefined : short();
  let children: Child[] | undefined;
  if (branch) {
    children = Array.from({ length: 16 });
    for (let i = 0; i < 16; i++) {
      if (!(bitmap & (1 << i))) continue;
      const merkle = short();
      children[i] = merkle.length === HASH_LENGTH ? merkle : decodeInline(merkle);
    }
  }
  if (at !== bytes.length) throw malformed('trailing bytes');
  return { path, value, valueHash, children, merkle: undefined };
}

function decodeInline(encoding: Uint8Array): TrieNode {
  const node = decodeNode(encoding);
  node.merkle = encoding;
  return node;
}
