/** Notes whose secrets the test knows. */
import { randomBytes } from 'node:crypto';
import { commit, J0, randomScalar, type Scalar, times } from '../../../../primitives/crypto/ristretto.ts';
import { mintNote, type Note } from '../../../../primitives/proofs/notes.ts';

export const random = (n: number): Uint8Array => new Uint8Array(randomBytes(n));

/** The plaintext modulus of the real parameter sets. */
export const T = (1n << 50n) - 27n;

export interface OwnNote {
  readonly key: Scalar;
  readonly amount: bigint;
  readonly m: bigint;
  readonly r: Scalar;
  readonly z: bigint;
}

/** A note of `amount` under the mask `m`, any integer. */
export function ownNote(amount: bigint, m: bigint): OwnNote {
  const z = (((amount + m) % T) + T) % T;
  return { key: randomScalar(random), amount, m, r: randomScalar(random), z };
}

/** The owners' notes as they stand on the chain. */
export const notesOf = (owners: readonly OwnNote[]): Note[] =>
  owners.map(({ z, m, r, key }) => mintNote(z, commit(m, r).toBytes(), times(J0, key).toBytes()));
