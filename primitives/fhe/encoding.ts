/** What the encoder of plaintexts knows of a parameter set: `round(Q v / t) = (h - ((Q v + h) mod t)) / t` with `h = (t - 1) / 2`. */
import { invertMod, type Modulus, modulusOf, montgomery } from './modulus.ts';
import type { FheParams } from './params.ts';

export interface Encoding {
  /** t as a modulus. */
  readonly plain: Modulus;
  readonly half: bigint;
  /** Q mod t in Montgomery form modulo t. */
  readonly qPlainM: bigint;
  /** The data primes, and t^-1 in Montgomery form modulo each. */
  readonly limbs: readonly (Modulus & { readonly plainInverseM: bigint })[];
}

const made = new Map<string, Encoding>();

export function encodingOf({ id, t, q, dataPrimes }: FheParams): Encoding {
  let encoding = made.get(id);
  if (encoding === undefined) {
    const plain = modulusOf(t);
    const limbs = dataPrimes.map((prime) => {
      const modulus = modulusOf(prime);
      return { ...modulus, plainInverseM: montgomery(modulus, invertMod(t, prime)) };
    });
    encoding = { plain, half: (t - 1n) / 2n, qPlainM: montgomery(plain, q), limbs };
    made.set(id, encoding);
  }
  return encoding;
}
