/** The verifier's questions in a proof of several moves: each covers the statement and all that the prover has sent so far. */
import { hashOf } from '../crypto/hash.ts';
import { reduce64, type Scalar } from '../crypto/ristretto.ts';
import { TacitError } from '../errors.ts';

export class Challenges {
  #state: Uint8Array;

  /** @param statement hash of everything that is claimed, under a label of its own */
  constructor(statement: Uint8Array) {
    this.#state = statement;
  }

  /** Takes the prover's messages and gives the next question, never 0. Throws `proofs/zero-challenge`. */
  next(...messages: readonly Uint8Array[]): Scalar {
    this.#state = hashOf('tacit/challenge-chain/1', this.#state, ...messages);
    const challenge = reduce64(this.#state);
    if (challenge === 0n) throw new TacitError('proofs/zero-challenge', 'a challenge is zero');
    return challenge;
  }
}
