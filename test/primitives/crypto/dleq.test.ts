import { expect } from 'chai';
import { concatBytes } from '../../../primitives/crypto/bytes.ts';
import { proveShared, verifyShared } from '../../../primitives/crypto/dleq.ts';
import {
  encodeScalar,
  G,
  hashToPoint,
  hashToScalar,
  invertScalar,
  modOrder,
  type Scalar,
  times,
} from '../../../primitives/crypto/ristretto.ts';

const secret = hashToScalar('test/dleq/1', 'secret');
const publicKey = times(G, secret).toBytes();
const point = times(G, hashToScalar('test/dleq/1', 'base'));
const base = point.toBytes();
const message = new Uint8Array(32).fill(7);

/**
 * A value of the forger's choice under a challenge that does not cover the statement: commitments first, then the value that fits.
 * @param challengeOf what the forger takes the challenge for
 */
function forge(challengeOf: (onG: Uint8Array, onBase: Uint8Array) => Scalar): {
  shared: Uint8Array;
  proof: Uint8Array;
} {
  const nonce = hashToScalar('test/dleq/1', 'nonce');
  const [onG, onBase] = [times(G, nonce), hashToPoint('test/dleq/1', 'anything')];
  const c = challengeOf(onG.toBytes(), onBase.toBytes());
  const response = modOrder(nonce + c * secret);
  const shared = times(times(point, response).subtract(onBase), invertScalar(c)).toBytes();
  return { shared, proof: concatBytes(encodeScalar(c), encodeScalar(response)) };
}

describe('proof that a Diffie-Hellman value belongs to a key', () => {
  const { shared, proof } = proveShared(secret, base, message, new Uint8Array(32).fill(1));

  it('holds for the value, and for this statement and message only', () => {
    expect(verifyShared({ publicKey, base, shared }, message, proof)).to.equal(true);
    const other = times(G, hashToScalar('test/dleq/1', 'other')).toBytes();
    expect(verifyShared({ publicKey: other, base, shared }, message, proof)).to.equal(false);
    expect(verifyShared({ publicKey, base: other, shared }, message, proof)).to.equal(false);
    expect(verifyShared({ publicKey, base, shared: other }, message, proof)).to.equal(false);
    expect(verifyShared({ publicKey, base, shared }, new Uint8Array(32), proof)).to.equal(false);
    expect(verifyShared({ publicKey, base, shared }, message, proof.with(63, 1 ^ (proof[63] as number)))).to.equal(
      false,
    );
    expect(verifyShared({ publicKey, base, shared }, message, proof.subarray(1))).to.equal(false);
  });

  it('cannot be made for another value [a challenge without the statement: whoever holds the key shows any value, and names an honest dealer]', () => {
    const forged = forge((onG, onBase) => hashToScalar('tacit/dleq/1', onG, onBase, message));
    expect(forged.shared).to.not.deep.equal(shared);
    expect(verifyShared({ publicKey, base, shared: forged.shared }, message, forged.proof)).to.equal(false);
    const guessed = forge((onG, onBase) => hashToScalar('tacit/dleq/1', publicKey, base, shared, onG, onBase, message));
    expect(verifyShared({ publicKey, base, shared: guessed.shared }, message, guessed.proof)).to.equal(false);
  });
});
