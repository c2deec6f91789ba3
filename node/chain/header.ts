import { type Header, header as headerTy } from '../../pallets/support/types.ts';
import { blake2b256 } from '../../primitives/crypto/hash.ts';
import { toHex } from '../../primitives/crypto/hex.ts';
import { decodeAll } from '../../primitives/scale/index.ts';
import type { BlockRef, HexHash } from './types.ts';

export const encodeHeader = (header: Header): Uint8Array => headerTy.codec.enc(header);

/** Refuses trailing bytes (`scale/...` errors). */
export const decodeHeader = (bytes: Uint8Array): Header => decodeAll(headerTy, bytes);

export const headerHash = (header: Header): HexHash => toHex(blake2b256(encodeHeader(header)));

export const refOf = (header: Header): BlockRef => ({ hash: headerHash(header), number: header.number });
