import { blake2b256 } from '../../../primitives/crypto/hash.ts';
import { type Table, table } from './types.ts';

/** The table's identity: blake2b-256 of its one encoding. */
export const tableHash = (of: Table): Uint8Array => blake2b256(table.codec.enc(of));
