import type { HexHash } from '../../base/types.ts';
import { toHex } from '../../../primitives/crypto/hex.ts';
import type { Valid } from './door.ts';
import { type PoolTransaction, tagOf } from './queue.ts';

/** A transaction that was judged on the best block, of height `best`. */
export function pooled(
  hash: HexHash,
  bytes: Uint8Array,
  { valid, payer }: Valid,
  best: number,
  sequence: number,
): PoolTransaction {
  return {
    hash,
    bytes,
    priority: valid.priority,
    requires: valid.requires.map(tagOf),
    provides: valid.provides.map(tagOf),
    validTill: best + Number(valid.longevity),
    propagate: valid.propagate,
    sequence,
    payer: payer && { ...payer, account: toHex(payer.account) },
  };
}
