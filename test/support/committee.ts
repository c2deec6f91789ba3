/**
 * An in-process committee on the real pallets: real keys, real proofs, real shares, no network. Members are the node's own `CommitteeMember`; the test
 * says who is silent or lies. Everything random comes from one seed, so that a failing run can be repeated.
 */
export * from './pallet-chain.ts';
export * from './pallet-members.ts';
export * from './pallet-round.ts';
