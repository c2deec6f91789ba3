import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { concatBytes } from '../../../primitives/crypto/bytes.ts';
import {
  decodePoint,
  encodeScalar,
  G,
  hashToScalar,
  invertScalar,
  J0,
  modOrder,
  randomScalar,
  times,
} from '../../../primitives/crypto/ristretto.ts';
import { proveSchnorr, verifySchnorr } from '../../../primitives/crypto/schnorr.ts';

const random = (n: number): Uint8Array => new Uint8Array(randomBytes(n));
const message = new Uint8Array(32).fill(3);

describe('primitives/crypto/schnorr', () => {
  it('proves the key to its base, and to no other base, key or message', () => {
    const secret = randomScalar(random);
    for (const [base, other] of [
      [G, J0],
      [J0, G],
    ] as const) {
      const key = times(base, secret).toBytes();
      const proof = proveSchnorr(secret, message, random(32), base);
      expect(verifySchnorr(key, message, proof, base)).to.equal(true);
      expect(verifySchnorr(key, message, proof, other)).to.equal(false);
      expect(
        verifySchnorr(
          key,
          message.map((byte) => byte ^ 1),
          proof,
          base,
        ),
      ).to.equal(false);
      expect(verifySchnorr(times(base, secret + 1n).toBytes(), message, proof, base)).to.equal(false);
    }
  });

  it('a key that nobody knows the secret of cannot be made to fit a proof [a challenge without the key]', () => {
    for (const base of [G, J0]) {
      const commitment = times(base, randomScalar(random)).toBytes();
      const response = randomScalar(random);
      const proof = concatBytes(commitment, encodeScalar(response));
      // c does not depend on the key: P = (s*B - R)/c passes the equation.
      for (const covered of [
        [base.toBytes(), commitment, message],
        [commitment, message],
      ]) {
        const c = hashToScalar('tacit/schnorr/1', ...covered);
        const key = times(times(base, response).subtract(decodePoint(commitment)), invertScalar(c)).toBytes();
        expect(verifySchnorr(key, message, proof, base)).to.equal(false);
      }
    }
  });

  it('a challenge that leaves out base or key is not the one that is checked', () => {
    const secret = randomScalar(random);
    for (const base of [G, J0]) {
      const key = times(base, secret).toBytes();
      const nonce = randomScalar(random);
      const commitment = times(base, nonce).toBytes();
      const prove = (...covered: Uint8Array[]): Uint8Array => {
        const c = hashToScalar('tacit/schnorr/1', ...covered);
        return concatBytes(commitment, encodeScalar(modOrder(nonce + c * secret)));
      };
      const all = prove(base.toBytes(), key, commitment, message);
      expect(verifySchnorr(key, message, all, base)).to.equal(true);
      expect(verifySchnorr(key, message, prove(key, commitment, message), base)).to.equal(false);
      expect(verifySchnorr(key, message, prove(base.toBytes(), commitment, message), base)).to.equal(false);
      expect(verifySchnorr(key, message, prove(base.toBytes(), key, message), base)).to.equal(false);
      expect(verifySchnorr(key, message, prove(base.toBytes(), key, commitment), base)).to.equal(false);
    }
  });
});
