import { expect } from 'chai';
import { fromLittleEndian, littleEndian } from '../../../primitives/crypto/bytes.ts';
import { decodePoints } from '../../../primitives/crypto/points.ts';
import {
  G,
  hashToScalar,
  modOrder,
  ORDER,
  type Point,
  randomScalar,
  type Scalar,
  times,
  ZERO,
} from '../../../primitives/crypto/ristretto.ts';
import {
  checkRing,
  decodePlaceProof,
  encodePlaceProof,
  messageList,
  openPlaceProof,
  type PlaceMessages,
  type PlaceProof,
  placeProofBytes,
} from '../../../primitives/proofs/one-of-many.ts';
import { roundNote, sceneOf, witnessOf } from './support/hidden.ts';
import { random } from './support/notes.ts';
import { forgePlace, placeHolds } from './support/place-forger.ts';

const nextScalar = (): Scalar => randomScalar(random);
const unit = (i: number): bigint[] => [0, 1, 2, 3].map((k) => (k === i ? 1n : 0n));
/** A challenge that covers the messages `covered` selects, and nothing else. */
const challengeOver =
  (covered: (messages: Uint8Array[]) => Uint8Array[]) =>
  (messages: PlaceMessages): Scalar =>
    hashToScalar('test/challenge', ...covered(messageList(messages)));
const everything = challengeOver((messages) => messages);

describe('primitives/proofs/one-of-many', function () {
  const scene = sceneOf([roundNote(5_000_000n, false), roundNote(3_000_000n, false)]);
  const { ring } = scene.open;
  const [first, second] = [witnessOf(scene, 0), witnessOf(scene, 1)];
  const valueOf = (amount: bigint): Point => times(G, amount);
  const prove = (place: number, key: Scalar, blinding: Scalar): PlaceProof => {
    const opened = openPlaceProof(ring, { place, key, blinding }, nextScalar);
    return { messages: opened.messages, responses: opened.respond(everything(opened.messages)) };
  };
  const holds = (proof: PlaceProof, D: Point): boolean => placeHolds(ring, D, proof, everything(proof.messages));

  it('holds for the note and its value, and for no other value, key, blinding or place', () => {
    const { amount, blinding } = first.opening;
    expect(holds(prove(0, first.key, blinding), valueOf(amount))).to.equal(true);
    expect(holds(prove(0, first.key, blinding), valueOf(amount + 1n))).to.equal(false);
    expect(holds(prove(0, first.key + 1n, blinding), valueOf(amount))).to.equal(false);
    expect(holds(prove(0, first.key, blinding + 1n), valueOf(amount))).to.equal(false);
    expect(holds(prove(1, first.key, blinding), valueOf(amount))).to.equal(false);
  });

  it('an independent prover that keeps to the protocol is accepted', () => {
    const { amount, blinding } = second.opening;
    const honest = { sigma: [unit(1), unit(0), unit(0)], key: second.key, blinding };
    for (const late of ['none', 'digits'] as const) {
      // With unit vectors the late choice gives the very commitment that an honest prover sends.
      const proof = forgePlace(ring, valueOf(amount), { ...honest, late }, late === 'none' ? everything : noDigits);
      const x = (late === 'none' ? everything : noDigits)(proof.messages);
      expect(placeHolds(ring, valueOf(amount), proof, x), late).to.equal(true);
    }
  });

  const noDigits = challengeOver((messages) => messages.filter((_, i) => i !== 2));
  const noFirstValueMask = challengeOver((messages) => messages.filter((_, i) => i !== 9));

  it('digits that are no unit vectors mint money where their commitment is left out of the hash, and nowhere else', () => {
    // Two own notes of 5 and 3 TAC: 2 * first - second is "a note" of 7 TAC, and every other combination another one.
    const D = valueOf(2n * first.opening.amount - second.opening.amount);
    const forgery = {
      sigma: [[2n, -1n, 0n, 0n], unit(0), unit(0)],
      key: modOrder(2n * first.key - second.key),
      blinding: modOrder(2n * first.opening.blinding - second.opening.blinding),
    };
    const late = forgePlace(ring, D, { ...forgery, late: 'digits' }, noDigits);
    expect(placeHolds(ring, D, late, noDigits(late.messages)), 'guard removed').to.equal(true);
    expect(holds(late, D)).to.equal(false);
    expect(holds(forgePlace(ring, D, { ...forgery, late: 'none' }, everything), D)).to.equal(false);
  });

  it('any value can be shown where a mask of the values is left out of the hash, and nowhere else', () => {
    const D = valueOf(1n << 46n);
    const forgery = { sigma: [unit(0), unit(0), unit(0)], key: first.key, blinding: 0n, late: 'valueMask' } as const;
    const late = forgePlace(ring, D, forgery, noFirstValueMask);
    expect(placeHolds(ring, D, late, noFirstValueMask(late.messages)), 'guard removed').to.equal(true);
    expect(holds(late, D)).to.equal(false);
  });

  it('decoding is strict, and encoding its inverse', () => {
    const proof = encodePlaceProof(prove(0, first.key, first.opening.blinding));
    expect(proof).to.have.length(placeProofBytes(3));
    expect([3, 5, 6].map(placeProofBytes)).to.deep.equal([768, 1152, 1344]);
    expect(encodePlaceProof(decodePlaceProof(3, proof))).to.deep.equal(proof);
    for (let at = 12; at < 24; at++) {
      const bad = proof.slice();
      bad.set(littleEndian(fromLittleEndian(proof.subarray(32 * at, 32 * at + 32)) + ORDER, 32), 32 * at);
      expect(() => decodePlaceProof(3, bad))
        .to.throw()
        .with.property('code', 'crypto/bad-scalar');
    }
    for (const bad of [proof.slice(1), new Uint8Array([...proof, 0])]) {
      expect(() => decodePlaceProof(3, bad))
        .to.throw()
        .with.property('code', 'place/proof-length');
    }
    expect(() => decodePlaceProof(5, proof))
      .to.throw()
      .with.property('code', 'place/proof-length');
    expect(() => decodePlaceProof(3, proof.slice().fill(0, 0, 32)))
      .to.throw()
      .with.property('code', 'crypto/identity');
  });

  it('a ring has one note at least and no more than places, as many keys as commitments', () => {
    const points = (n: number): ReturnType<typeof decodePoints> =>
      decodePoints(Array.from({ length: n }, () => ZERO.toBytes()));
    for (const [keys, commitments] of [
      [0, 0],
      [65, 65],
      [3, 2],
    ] as const) {
      expect(() => checkRing({ keys: points(keys), commitments: points(commitments), digits: 3 }))
        .to.throw()
        .with.property('code', 'place/ring');
    }
    checkRing({ keys: points(64), commitments: points(64), digits: 3 });
    for (const place of [-1, 64, 0.5]) {
      expect(() => openPlaceProof(ring, { place, key: 1n, blinding: 1n }, nextScalar))
        .to.throw()
        .with.property('code', 'place/no-such-note');
    }
  });
});
