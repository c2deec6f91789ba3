/** What a user signs for the uses of a channel so far. */
import { concatBytes, littleEndian, utf8 } from './crypto/bytes.ts';

export interface VoucherText {
  /** Hash of the chain's first block: a voucher counts on one chain. */
  readonly genesis: Uint8Array;
  readonly channel: bigint;
  /** All uses since the channel was opened. */
  readonly uses: bigint;
  /** The most that all of them may cost, in units of 10^-6 TAC. */
  readonly amount: bigint;
}

const HEAD = utf8('<Bytes>tacit/voucher/1');
const TAIL = utf8('</Bytes>');

/**
 * The bytes that are signed: head, genesis (32), channel (u64), uses (u64), amount (u128), tail; little-endian. They are wrapped as wallets wrap raw bytes, so that a
 * browser's wallet signs the same, and no extrinsic looks like them.
 */
export function voucherBytes({ genesis, channel, uses, amount }: VoucherText): Uint8Array {
  return concatBytes(HEAD, genesis, littleEndian(channel, 8), littleEndian(uses, 8), littleEndian(amount, 16), TAIL);
}
