import { compareBytes, concatBytes, utf8 } from '../../primitives/crypto/bytes.ts';
import { blake2b256 } from '../../primitives/crypto/hash.ts';
import { u16, vec } from '../../primitives/scale/index.ts';
import { accountId, ensure } from '../support/index.ts';
import type { Multisig } from './state.ts';
import { MAX_SIGNATORIES } from './types.ts';

const PREFIX = utf8('modlpy/utilisuba');

/** The account of which `threshold` of the signatories dispose, as every Substrate client computes it. `signatories` must be sorted. */
export function multiAccount(signatories: Uint8Array[], threshold: number): Uint8Array {
  return blake2b256(concatBytes(PREFIX, vec(accountId).codec.enc(signatories), u16.codec.enc(threshold)));
}

/** The account of the caller and the other signatories. Fails unless these are sorted, without repetition, without the caller, and enough for the threshold. */
export function accountOf(
  { errors }: Pick<Multisig, 'errors'>,
  who: Uint8Array,
  others: readonly Uint8Array[],
  threshold: number,
): Uint8Array {
  ensure(others.length > 0, errors.TooFewSignatories);
  ensure(others.length < MAX_SIGNATORIES, errors.TooManySignatories);
  ensure(others.length + 1 >= threshold, errors.TooFewSignatories);
  let before = 0;
  for (const [i, other] of others.entries()) {
    ensure(i === 0 || compareBytes(others[i - 1]!, other) < 0, errors.SignatoriesOutOfOrder);
    const order = compareBytes(other, who);
    ensure(order !== 0, errors.SenderInSignatories);
    if (order < 0) before++;
  }
  return multiAccount(others.toSpliced(before, 0, who), threshold);
}
