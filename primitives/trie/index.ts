/**
 * The state trie: base-16 Patricia Merkle, state version 1, blake2b-256, copy on write over a store of nodes by hash
 * (Polkadot specification, "State storage and the storage trie").
 */
export { orderedRoot } from './ordered.ts';
export { type Checked, checkStored } from './stored.ts';
export { type Applied, type Change, type NodeStore, proofStore, Trie } from './trie.ts';
export { PROOF_LIMITS, type ProofLimits, type ProvenReader, readProof } from './proof.ts';
