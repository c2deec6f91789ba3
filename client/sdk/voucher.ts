/** Vouchers: a user signs what it has used of a channel so far; its gateway checks and keeps the last one, and settles it. Nothing of it needs a connection. */
import type { KeyringPair } from '@polkadot/keyring/types';
import { ecdsaVerify, ed25519Verify, sr25519Verify } from '../../primitives/crypto/signature.ts';
import { isTacitError, TacitError } from '../../primitives/errors.ts';
import { voucherBytes, type VoucherText } from '../../primitives/vouchers.ts';

export { voucherBytes, type VoucherText };

const TAGS = { sr25519: 'Sr25519', ed25519: 'Ed25519', ecdsa: 'Ecdsa' } as const;
const VERIFY = { Sr25519: sr25519Verify, Ed25519: ed25519Verify, Ecdsa: ecdsaVerify };

/** What `calls.vouchers.settle` takes. */
export interface Voucher {
  readonly channel: bigint;
  /** All uses since the channel was opened. */
  readonly uses: bigint;
  /** The most that all of them may cost, in units of 10^-6 TAC. */
  readonly amount: bigint;
  readonly signature: { readonly tag: keyof typeof VERIFY; readonly value: Uint8Array };
}

/**
 * Signs a voucher. Each one says all uses since the channel was opened, and takes the place of those before it: `amount` is the most that all of them may cost.
 * @throws `sdk/unknown-key` if keys of this kind sign nothing on the chain
 */
export function signVoucher(pair: Pick<KeyringPair, 'type' | 'sign'>, text: VoucherText): Voucher {
  const { channel, uses, amount } = text;
  if (!Object.hasOwn(TAGS, pair.type))
    throw new TacitError('sdk/unknown-key', `keys of type ${pair.type} sign no vouchers`);
  const tag = TAGS[pair.type as keyof typeof TAGS];
  return { channel, uses, amount, signature: { tag, value: pair.sign(voucherBytes(text)) } };
}

/** The bytes of a voucher that says only what one can say. */
function textOf(genesis: Uint8Array, { channel, uses, amount }: Voucher): Uint8Array | undefined {
  if (![channel, uses, amount].every((number) => typeof number === 'bigint')) return undefined;
  try {
    return voucherBytes({ genesis, channel, uses, amount });
  } catch (error) {
    if (isTacitError(error, 'crypto/integer-range')) return undefined;
    throw error;
  }
}

/**
 * Whether a voucher is signed by `signer`, the account that the channel names, on the chain with this genesis. The voucher is a stranger's, whatever its type says:
 * false for anything that is none, and what it has besides counts for nothing [a genesis hash of its own would make one of another chain pass here].
 */
export function isVoucherOf(signer: Uint8Array, genesis: Uint8Array, voucher: Voucher): boolean {
  const { tag, value } = voucher.signature ?? {};
  if (!Object.hasOwn(VERIFY, tag) || !(value instanceof Uint8Array)) return false;
  const text = textOf(genesis, voucher);
  return text !== undefined && VERIFY[tag](value, text, signer);
}
