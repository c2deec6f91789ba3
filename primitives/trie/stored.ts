import { sameBytes } from '../crypto/bytes.ts';
import { blake2b256 } from '../crypto/hash.ts';
import { toHex } from '../crypto/hex.ts';
import { TacitError } from '../errors.ts';
import { decodeNode, EMPTY_ROOT, isHash } from './node.ts';
import type { NodeStore } from './trie.ts';

/** What {@link checkStored} has read. */
export interface Checked {
  /** Nodes and large values. */
  readonly parts: number;
  readonly bytes: number;
  /** Whether that was all there is, and not where `limits` ended it. */
  readonly complete: boolean;
}

/**
 * Reads every node and large value that `roots` lead to, each once, and compares it with its hash.
 * Errors: `trie/missing-node` for what is not there, `trie/bad-node` for what is something else.
 */
export function checkStored(
  store: NodeStore,
  roots: Iterable<Uint8Array>,
  limits: { readonly parts: number; readonly bytes: number },
): Checked {
  const seen = new Set<string>();
  const pending: { hash: Uint8Array; isNode: boolean }[] = [];
  const meet = (hash: Uint8Array, isNode: boolean): void => {
    // What is a value in one place may, byte by byte, be a node in another.
    const name = (isNode ? 'n' : 'v') + String.fromCharCode(...hash);
    if (seen.has(name)) return;
    seen.add(name);
    pending.push({ hash, isNode });
  };
  for (const root of roots) if (!sameBytes(root, EMPTY_ROOT)) meet(root, true);
  let parts = 0;
  let size = 0;
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (parts >= limits.parts || size >= limits.bytes) return { parts, bytes: size, complete: false };
    const bytes = store.get(next.hash);
    const details = { hash: toHex(next.hash) };
    if (!bytes) throw new TacitError('trie/missing-node', 'a trie node is not in the store', details);
    if (!sameBytes(blake2b256(bytes), next.hash)) {
      throw new TacitError('trie/bad-node', 'trie node: not what its hash says', details);
    }
    parts++;
    size += bytes.length;
    if (!next.isNode) continue;
    const node = decodeNode(bytes);
    if (node.valueHash) meet(node.valueHash, false);
    // Children that stand inline are too short to name others.
    for (const child of node.children ?? []) if (child && isHash(child)) meet(child, true);
  }
  return { parts, bytes: size, complete: true };
}
