/** Blocks, their states and the transactions that wait for them. */
export { chainApi } from './api.ts';
export { Chain } from './chain.ts';
export type { ChainParts, Genesis } from './parts.ts';
export { decodeHeader, encodeHeader, headerHash, refOf } from '../base/header.ts';
export { TransactionPool } from './pool/pool.ts';
export type * from '../base/types.ts';
