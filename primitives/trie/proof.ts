import { isTacitError, TacitError } from '../errors.ts';
import { proofStore, Trie } from './trie.ts';

/** What a proof may be at most; more is refused before anything of it is hashed. */
export interface ProofLimits {
  readonly nodes: number;
  readonly bytes: number;
}

/** Larger than an answer of ours can be: 16 MiB of nodes. */
export const PROOF_LIMITS: ProofLimits = { nodes: 200_000, bytes: 20 << 20 };

/** What a proof says about a state, absence included; what it leaves out is an error and never an absence. */
export interface ProvenReader {
  /** The value under `key`, undefined if the state has none. Throws `trie/incomplete-proof`. */
  get(key: Uint8Array): Uint8Array | undefined;
  /** Every key of the state that starts with `prefix`, in order. Throws `trie/incomplete-proof` if the proof leaves any of them open. */
  keys(prefix: Uint8Array): Uint8Array[];
}

/**
 * Reads of the state whose root is `root` out of a proof: nodes and large values in any order, those that nothing needs included. Sound whoever made it:
 * only nodes that the root leads to by their hashes are read.
 * @throws `trie/proof-too-large`
 *
 * @example
 * const state = readProof(header.stateRoot, nodes);
 * state.get(key); // bytes, or undefined: proven not to be there
 */
export function readProof(root: Uint8Array, nodes: readonly Uint8Array[], limits = PROOF_LIMITS): ProvenReader {
  const bytes = nodes.reduce((sum, node) => sum + node.length, 0);
  if (nodes.length > limits.nodes || bytes > limits.bytes) {
    const size = `${nodes.length} nodes of ${bytes} bytes`;
    throw new TacitError('trie/proof-too-large', `a proof has ${size}; at most ${limits.nodes} of ${limits.bytes}`, {
      nodes: nodes.length,
      bytes,
    });
  }
  const trie = new Trie(proofStore(nodes), root);
  const complete = <T>(read: () => T): T => {
    try {
      return read();
    } catch (error) {
      if (!isTacitError(error) || error.code !== 'trie/missing-node') throw error;
      const { hash } = error.details;
      throw new TacitError('trie/incomplete-proof', `the proof lacks the node or value ${String(hash)}`, error.details);
    }
  };
  return {
    get: (key) => complete(() => trie.get(key)),
    keys: (prefix) => complete(() => [...trie.keys(prefix)]),
  };
}
