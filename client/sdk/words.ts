/** A wallet's seed as 24 words (BIP-39, English), for paper. */
import { mnemonicToEntropy } from '@polkadot/util-crypto';
import { entropyToMnemonic } from '@polkadot/util-crypto/mnemonic/bip39';
import { TacitError } from '../../primitives/errors.ts';

const WORDS = 24;

export function wordsOf(seed: Uint8Array): string {
  if (seed.length !== 32) throw new TacitError('sdk/wallet-seed', `a wallet seed has 32 bytes, not ${seed.length}`);
  return entropyToMnemonic(seed);
}

/** The seed of 24 words. Throws `sdk/bad-words`; what the words were is in no error. */
export function seedOfWords(text: string): Uint8Array {
  const words = text.trim().toLowerCase().split(/\s+/);
  if (words.length !== WORDS)
    throw new TacitError(
      'sdk/bad-words',
      `a wallet is ${WORDS} words; these are ${words[0] === '' ? 0 : words.length}`,
    );
  try {
    return Uint8Array.from(mnemonicToEntropy(words.join(' ')));
  } catch {
    throw new TacitError(
      'sdk/bad-words',
      'the words are not those of a wallet: one is misspelt, or the order is wrong',
    );
  }
}
