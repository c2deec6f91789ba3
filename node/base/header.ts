import { type Header, header as headerTy } from '../../pallets/support/types.ts';
import { toHex } from '../../primitives/crypto/hex.ts';
import { decodeAll } from '../../primitives/scale/index.ts';
import { headerHash as hashOfHeader } from '../../runtime/types.ts';
import type { BlockRef, HexHash } from './types.ts';

export const encodeHeader = (header: Header): Uint8Array => headerTy.codec.enc(header);

/** Refuses trailing bytes (`scale/...` errors). */
export const decodeHeader = (bytes: Uint8Array): Header => decodeAll(headerTy, bytes);

export const headerHash = (header: Header): HexHash => toHex(hashOfHeader(header));

export const refOf = (header: Header): BlockRef => ({ hash: headerHash(header), number: header.number });
