import { expect } from 'chai';
import { randomBytes } from 'node:crypto';
import { openOnce } from '../../../primitives/crypto/aead.ts';
import { openAllWith, openAsSealer, openWith, publicKeyOf, sealTo } from '../../../primitives/crypto/box.ts';
import { fromLittleEndian, utf8 } from '../../../primitives/crypto/bytes.ts';
import { hash32Of } from '../../../primitives/crypto/hash.ts';
import { fromHex, toHex } from '../../../primitives/crypto/hex.ts';
import { encodeScalar, G, J0, ORDER, randomScalar, times } from '../../../primitives/crypto/ristretto.ts';
import { proveSchnorr, schnorrTask, verifySchnorr, verifySchnorrTask } from '../../../primitives/crypto/schnorr.ts';
import {
  ed25519FromSeed,
  ed25519Sign,
  ed25519Verify,
  sr25519FromSeed,
  sr25519Sign,
  sr25519Verify,
} from '../../../primitives/crypto/signature.ts';
import { fromAddress, toAddress } from '../../../primitives/crypto/ss58.ts';

const random = (n: number): Uint8Array => new Uint8Array(randomBytes(n));
const flipped = (bytes: Uint8Array, at: number): Uint8Array => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));

describe('primitives/crypto/schnorr', () => {
  const message = utf8('everything that is bound');

  it('a proof holds for its key, base and message only', () => {
    const secret = randomScalar(random);
    const proof = proveSchnorr(secret, message, random(32));
    const key = times(G, secret).toBytes();
    expect(verifySchnorr(key, message, proof)).to.equal(true);
    expect(verifySchnorr(key, utf8('something else'), proof)).to.equal(false);
    expect(verifySchnorr(times(G, secret + 1n).toBytes(), message, proof)).to.equal(false);
    expect(verifySchnorr(times(J0, secret).toBytes(), message, proof, J0)).to.equal(false);
    for (const at of [0, 31, 32, 63]) expect(verifySchnorr(key, message, flipped(proof, at))).to.equal(false);
  });

  it('refuses malformed input without throwing: unreduced response, identity key, wrong lengths', () => {
    const secret = 5n;
    const proof = proveSchnorr(secret, message, random(32));
    const key = times(G, secret).toBytes();
    const response = proof.slice(32);
    // s + l is the same scalar in another encoding.
    let value = 0n;
    for (let i = 31; i >= 0; i--) value = (value << 8n) | BigInt(response[i]!);
    const unreduced = proof.slice();
    for (let i = 0, rest = value + ORDER; i < 32; i++, rest >>= 8n) unreduced[32 + i] = Number(rest & 255n);
    expect(verifySchnorr(key, message, unreduced)).to.equal(false);
    expect(verifySchnorr(new Uint8Array(32), message, proof)).to.equal(false);
    expect(verifySchnorr(new Uint8Array(32), message, new Uint8Array(64))).to.equal(false);
    expect(verifySchnorr(key, message, proof.subarray(1))).to.equal(false);
    expect(verifySchnorr(key.subarray(1), message, proof)).to.equal(false);
  });

  it('nonces differ between messages even when randomness repeats', () => {
    const hedge = new Uint8Array(32);
    const one = proveSchnorr(7n, utf8('a'), hedge);
    const two = proveSchnorr(7n, utf8('b'), hedge);
    expect(one.subarray(0, 32)).to.not.deep.equal(two.subarray(0, 32));
    expect(proveSchnorr(7n, utf8('a'), random(32)).subarray(0, 32)).to.not.deep.equal(one.subarray(0, 32));
  });

  it('tasks carry the base', () => {
    const secret = randomScalar(random);
    const overJ = schnorrTask(times(J0, secret).toBytes(), message, proveSchnorr(secret, message, random(32), J0), 1);
    const overG = schnorrTask(times(G, secret).toBytes(), message, proveSchnorr(secret, message, random(32)));
    expect([overJ, overG].map(verifySchnorrTask)).to.deep.equal([true, true]);
    expect(verifySchnorrTask(overJ.slice(0, 3))).to.equal(false);
    expect(verifySchnorrTask([...overG, Uint8Array.of(1)])).to.equal(false);
    // The default base has one form only.
    expect(verifySchnorrTask([...overG, Uint8Array.of(0)])).to.equal(false);
    expect(verifySchnorrTask([...overG, Uint8Array.of(2)])).to.equal(false);
    expect(verifySchnorrTask([...overJ, overJ[0]!])).to.equal(false);
    expect(verifySchnorrTask([])).to.equal(false);
  });
});

describe('primitives/crypto/box', () => {
  const recipient = randomScalar(random);
  const ephemeral = randomScalar(random);
  const message = random(32);
  const box = sealTo(publicKeyOf(recipient), message, utf8('here'), ephemeral);

  it('opens for the recipient and for the sealer', () => {
    expect(openWith(recipient, publicKeyOf(ephemeral), box, utf8('here'))).to.deep.equal(message);
    expect(openAsSealer(ephemeral, publicKeyOf(recipient), box, utf8('here'))).to.deep.equal(message);
  });

  it('the key of a box binds both public keys, the shared secret and the associated data', () => {
    const [E, X] = [publicKeyOf(ephemeral), publicKeyOf(recipient)];
    const key = hash32Of('tacit/box/1', E, X, times(G, ephemeral * recipient).toBytes(), utf8('here'));
    expect(openOnce(key, box, utf8('here'))).to.deep.equal(message);
  });

  it('opens under no other key, ephemeral key or associated data', () => {
    expect(openWith(recipient + 1n, publicKeyOf(ephemeral), box, utf8('here'))).to.equal(undefined);
    expect(openWith(recipient, publicKeyOf(ephemeral + 1n), box, utf8('here'))).to.equal(undefined);
    expect(openWith(recipient, publicKeyOf(ephemeral), box, utf8('there'))).to.equal(undefined);
    expect(openAsSealer(ephemeral, publicKeyOf(recipient + 1n), box, utf8('here'))).to.equal(undefined);
  });

  it('an ephemeral key that is no key opens nothing and does not throw', () => {
    for (const bad of [new Uint8Array(32), new Uint8Array(32).fill(255), new Uint8Array(3)]) {
      expect(openWith(recipient, bad, box, utf8('here'))).to.equal(undefined);
      expect(openAsSealer(ephemeral, bad, box, utf8('here'))).to.equal(undefined);
      expect(() => sealTo(bad, message, utf8('here'), ephemeral))
        .to.throw()
        .with.property('code');
    }
  });

  it('one ephemeral key seals to many recipients under different keys', () => {
    const other = randomScalar(random);
    const second = sealTo(publicKeyOf(other), message, utf8('here'), ephemeral);
    expect(second).to.not.deep.equal(box);
    expect(openWith(other, publicKeyOf(ephemeral), second, utf8('here'))).to.deep.equal(message);
    expect(openWith(other, publicKeyOf(ephemeral), box, utf8('here'))).to.equal(undefined);
  });

  it('many boxes of one ephemeral key open as each alone does, whatever is wrong with some of them', () => {
    const E = publicKeyOf(ephemeral);
    const boxes = Array.from({ length: 9 }, (_, i) => {
      const secret = randomScalar(random);
      const sealed = sealTo(publicKeyOf(secret), random(32), utf8('here'), ephemeral);
      return {
        secret,
        // given, left to be computed, or another one's
        ...(i % 3 === 0 ? {} : { recipient: publicKeyOf(i === 4 ? secret + 1n : secret) }),
        box: i === 5 ? random(sealed.length) : sealed,
        associated: utf8(i === 6 ? 'there' : 'here'),
      };
    });
    const alone = boxes.map(({ secret, box: one, associated }) => openWith(secret, E, one, associated));
    const together = openAllWith(E, boxes);
    expect(together[4]).to.equal(undefined);
    expect(together.with(4, alone[4])).to.deep.equal(alone);
    expect(alone.map((one) => one === undefined)).to.deep.equal(
      [0, 1, 2, 3, 4, 5, 6, 7, 8].map((i) => i === 5 || i === 6),
    );
    expect(openAllWith(new Uint8Array(32), boxes)).to.deep.equal(boxes.map(() => undefined));
  });
});

describe('primitives/crypto/signature', () => {
  it('sr25519: Alice has the key everybody knows, and signs', () => {
    const alice = sr25519FromSeed(fromHex('0xe5be9a5092b81bca64be81d212e7f2f9eba183bb7a90954f7b76361f6edb5c0a'));
    expect(toHex(alice.publicKey)).to.equal('0xd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d');
    const signature = sr25519Sign(alice, utf8('vote'));
    expect(sr25519Verify(signature, utf8('vote'), alice.publicKey)).to.equal(true);
    expect(sr25519Verify(signature, utf8('veto'), alice.publicKey)).to.equal(false);
    expect(sr25519Verify(flipped(signature, 40), utf8('vote'), alice.publicKey)).to.equal(false);
    expect(sr25519Verify(signature.subarray(1), utf8('vote'), alice.publicKey)).to.equal(false);
    expect(sr25519Verify(new Uint8Array(64), utf8('vote'), new Uint8Array(32).fill(255))).to.equal(false);
  });

  it('ed25519: the first vector of RFC 8032, section 7.1', () => {
    const pair = ed25519FromSeed(fromHex('0x9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60'));
    expect(toHex(pair.publicKey)).to.equal('0xd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a');
    const signature = ed25519Sign(pair, new Uint8Array());
    expect(toHex(signature)).to.equal(
      '0xe5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    );
    expect(ed25519Verify(signature, new Uint8Array(), pair.publicKey)).to.equal(true);
    expect(ed25519Verify(flipped(signature, 40), new Uint8Array(), pair.publicKey)).to.equal(false);
    expect(ed25519Verify(new Uint8Array(64).fill(255), new Uint8Array(), pair.publicKey)).to.equal(false);
    expect(ed25519Verify(new Uint8Array(63), new Uint8Array(), pair.publicKey)).to.equal(false);
  });

  it('ed25519 by the equation without the cofactor: what holds only with it is refused, small keys and all', () => {
    // R and A of order eight and s = 0: with the cofactor that holds for every message, without it for about one in eight.
    const small = fromHex('0xc7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a');
    const signature = new Uint8Array(64);
    signature.set(small);
    const answers = Array.from({ length: 8 }, (_, i) => ed25519Verify(signature, Uint8Array.of(i), small));
    expect(answers).to.deep.equal(answers.map(() => false));
  });

  it('ed25519: an s that is not reduced is refused: nobody makes a second signature of another’s', () => {
    const pair = ed25519FromSeed(new Uint8Array(32).fill(7));
    const signature = ed25519Sign(pair, utf8('once'));
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    const s = fromLittleEndian(signature.subarray(32)) + order;
    const second = signature.slice();
    for (let i = 0; i < 32; i++) second[32 + i] = Number((s >> BigInt(8 * i)) & 255n);
    expect([signature, second].map((each) => ed25519Verify(each, utf8('once'), pair.publicKey))).to.deep.equal([
      true,
      false,
    ]);
  });
});

describe('primitives/crypto/ss58', () => {
  it('Alice has the address everybody knows', () => {
    const account = fromHex('0xd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d');
    expect(toAddress(account)).to.equal('5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY');
    expect(fromAddress(toAddress(account))).to.deep.equal(account);
  });

  it('refuses wrong checksums, prefixes, lengths and hexadecimal texts', () => {
    for (const bad of [
      '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQZ',
      '15oF4uVJwmo4TdGW7VfQxNLavjCXviqxT9S1MgbjMNHr6Sp5',
      'F7Hs',
      '',
      `0x${'00'.repeat(32)}`,
    ]) {
      expect(() => fromAddress(bad), bad)
        .to.throw()
        .with.property('code', 'crypto/bad-address');
    }
    expect(() => toAddress(encodeScalar(1n).subarray(1)))
      .to.throw()
      .with.property('code', 'crypto/account-length');
  });
});
