import { expect } from 'chai';
import * as fc from 'fast-check';
import { fromLittleEndian, littleEndian } from '../../../primitives/crypto/bytes.ts';
import { hash32Of, hashOf } from '../../../primitives/crypto/hash.ts';
import { toHex } from '../../../primitives/crypto/hex.ts';
import { commit, hashToScalar, J0, ORDER, type Scalar, times } from '../../../primitives/crypto/ristretto.ts';
import { openHiddenBin } from '../../../primitives/proofs/hidden-bin.ts';
import { type HiddenClaim, tagOfHiddenClaim, verifyHiddenClaim } from '../../../primitives/proofs/hidden-check.ts';
import {
  checkHiddenTerms,
  claimChallenge,
  claimContext,
  type HiddenTerms,
  proveHiddenClaim,
} from '../../../primitives/proofs/hidden-claim.ts';
import { CLAIM_LIMIT } from '../../../primitives/proofs/notes.ts';
import { decodePlaceProof, messageList, placeProofBytes } from '../../../primitives/proofs/one-of-many.ts';
import { claimOf, FEE, GRAINS, roundNote, sceneOf } from './support/hidden.ts';
import { random, T } from './support/notes.ts';

const code = (body: () => unknown, wanted: string): void => {
  expect(body).to.throw().with.property('code', wanted);
};

describe('primitives/proofs/hidden-claim: what a proof is bound to', function () {
  const scene = sceneOf([roundNote(1_234_567n, false)]);
  const claim = claimOf(scene, 0, 200_000n);

  it('is the same for ever: a claim made of fixed secrets and a fixed random source', () => {
    const fixed = (purpose: string, i: number): Scalar => hashToScalar('test/hidden-claim', purpose, i);
    const notes = Array.from({ length: 5 }, (_, i) => ({
      key: times(J0, fixed('key', i)).toBytes(),
      commitment: commit(1_000_000n * GRAINS - (i === 2 ? T : 0n), fixed('blinding', i)).toBytes(),
    }));
    const bin = openHiddenBin({
      genesis: new Uint8Array(32).fill(1),
      modulus: T,
      grains: GRAINS,
      index: 9,
      digits: 3,
      notes,
    });
    const opening = { amount: 1_000_000n * GRAINS, twin: 1, blinding: fixed('blinding', 2) } as const;
    const made = proveHiddenClaim(
      bin,
      { amount: 500_000n, fee: FEE, destination: new Uint8Array(32).fill(2) },
      { place: 2, key: fixed('key', 2), opening },
      [{ key: notes[0]!.key, amount: 500_000n * GRAINS, blinding: fixed('change', 0) }],
      (n) => new Uint8Array(n).fill(3),
    );
    expect(verifyHiddenClaim({ bin, ...made })).to.equal(true);
    expect(toHex(bin.root)).to.equal('0x64bac9d05571933bcbfa6e80c78af3f5397b4a638b1ecf9696fb1a96fd75a094');
    expect(toHex(made.proof.slice(0, 32))).to.equal(
      '0x2ed2671be0d2fe6757ae16b51f4f6f3c6c79157431385709540a251ed832233f',
    );
    expect(toHex(hash32Of('test/hidden-claim', made.proof))).to.equal(
      '0x017987f0ab38a27e673108e02aa07658d9c957f4e7599f9432c279dbca9fe00c',
    );
  });

  it('a seen claim cannot be changed: amount, fee, destination, change, bin, genesis, modulus, grains', () => {
    const { terms } = claim;
    const [output] = terms.outputs;
    const [other] = claimOf(scene, 0, 200_000n).terms.outputs;
    const bins = [
      { ...scene.bin, genesis: random(32) },
      { ...scene.bin, index: 1 },
      { ...scene.bin, modulus: scene.bin.modulus - 1n },
      { ...scene.bin, grains: 16n },
      { ...scene.bin, notes: scene.bin.notes.toReversed() },
      { ...scene.bin, notes: scene.bin.notes.slice(0, 60) },
    ].map(openHiddenBin);
    const changed: HiddenClaim[] = [
      { ...claim, terms: { ...terms, amount: 500_000n } },
      { ...claim, terms: { ...terms, amount: 100_000n } },
      { ...claim, terms: { ...terms, fee: 0n } },
      { ...claim, terms: { ...terms, destination: random(32) } },
      { ...claim, terms: { ...terms, outputs: [other!] } },
      { ...claim, terms: { ...terms, outputs: [{ ...output!, key: other!.key }] } },
      { ...claim, terms: { ...terms, outputs: [{ ...output!, commitment: other!.commitment }] } },
      { ...claim, terms: { ...terms, outputs: [output!, output!] } },
      { ...claim, terms: { ...terms, outputs: [] } },
      ...bins.map((bin) => ({ ...claim, bin })),
    ];
    expect(verifyHiddenClaim(claim)).to.equal(true);
    changed.forEach((one, i) => expect(verifyHiddenClaim(one), `variant ${i}`).to.equal(false));
  });

  it('the range proof of one claim does not serve another, and each answer is bound to all of it', () => {
    const [a, b] = [claimOf(scene, 0, 200_000n), claimOf(scene, 0, 200_000n)];
    const at = placeProofBytes(3) + 32;
    const mixed = a.proof.slice();
    mixed.set(b.proof.subarray(at), at);
    expect(verifyHiddenClaim({ ...a, proof: mixed })).to.equal(false);
    const places = a.proof.slice();
    places.set(b.proof.subarray(0, at - 32));
    expect(verifyHiddenClaim({ ...a, proof: places })).to.equal(false);
  });

  it('the context covers genesis, bin root, terms, change, wrap and every message; the challenge also the range proof', () => {
    const place = decodePlaceProof(3, claim.proof.slice(0, placeProofBytes(3)));
    const wrap = claim.proof.slice(placeProofBytes(3), placeProofBytes(3) + 32);
    const { tag, masks, digits, keyMasks, tagMasks, valueMasks } = place.messages;
    const { amount, fee, destination, outputs } = claim.terms;
    const context = hashOf(
      'tacit/hidden-claim/1',
      scene.bin.genesis,
      scene.open.root,
      amount,
      fee,
      destination,
      1,
      outputs[0]!.key,
      outputs[0]!.commitment,
      wrap,
      tag,
      masks,
      digits,
      ...keyMasks,
      ...tagMasks,
      ...valueMasks,
    );
    expect(claimContext(scene.open, claim.terms, wrap, place.messages)).to.deep.equal(context);
    expect(messageList(place.messages)).to.have.length(12);
    const range = claim.proof.slice(placeProofBytes(3) + 32);
    const x = fromLittleEndian(hashOf('tacit/hidden-claim-challenge/1', context, range)) % ORDER;
    expect(claimChallenge(context, range)).to.equal(x);
  });

  it('every flipped bit is refused', () => {
    fc.assert(
      fc.property(fc.nat(claim.proof.length * 8 - 1), (bit) => {
        const proof = claim.proof.slice();
        proof[bit >> 3]! ^= 1 << (bit & 7);
        expect(verifyHiddenClaim({ ...claim, proof })).to.equal(false);
      }),
      { numRuns: 80 },
    );
  });

  it('every part has one encoding: non-canonical points and scalars, a zero tag and other lengths are refused', () => {
    const parts = claim.proof.length / 32;
    const isScalar = (at: number): boolean => (at >= 12 && at < 24) || at >= parts - 3;
    for (let at = 0; at < parts; at++) {
      const proof = claim.proof.slice();
      const value = fromLittleEndian(proof.subarray(32 * at, 32 * at + 32));
      proof.set(isScalar(at) ? littleEndian(value + ORDER, 32) : new Uint8Array(32).fill(255), 32 * at);
      expect(verifyHiddenClaim({ ...claim, proof }), `part ${at}`).to.equal(false);
    }
    const zeroTag = claim.proof.slice().fill(0, 0, 32);
    code(() => tagOfHiddenClaim({ ...claim, proof: zeroTag }), 'crypto/identity');
    const badTag = claim.proof.slice().fill(255, 0, 32);
    code(() => tagOfHiddenClaim({ ...claim, proof: badTag }), 'crypto/bad-point');
    for (const proof of [claim.proof.slice(1), new Uint8Array([...claim.proof, 0]), new Uint8Array(0)]) {
      code(() => tagOfHiddenClaim({ ...claim, proof }), 'hidden/proof-length');
      expect(verifyHiddenClaim({ ...claim, proof })).to.equal(false);
    }
    expect(verifyHiddenClaim({ ...claim, proof: new Uint8Array(claim.proof.length) })).to.equal(false);
  });

  it('terms out of bounds are refused with their codes, before any proof is read', () => {
    const { terms } = claim;
    const [output] = terms.outputs;
    const cases: [Partial<HiddenTerms>, string][] = [
      [{ amount: 0n }, 'hidden/amount'],
      [{ amount: -100n }, 'hidden/amount'],
      [{ amount: 300_000n }, 'hidden/amount'],
      [{ amount: 10n ** 13n }, 'hidden/amount'],
      [{ fee: terms.amount }, 'hidden/fee'],
      [{ fee: -1n }, 'hidden/fee'],
      [{ destination: new Uint8Array(31) }, 'hidden/destination'],
      [{ outputs: [] }, 'hidden/outputs'],
      [{ outputs: [output!, output!, output!] }, 'hidden/outputs'],
      [{ outputs: [{ ...output!, key: new Uint8Array(32) }] }, 'crypto/identity'],
      [{ outputs: [{ ...output!, key: new Uint8Array(32).fill(255) }] }, 'crypto/bad-point'],
      [{ outputs: [{ ...output!, key: new Uint8Array(31) }] }, 'crypto/bad-point'],
    ];
    for (const [change, wanted] of cases) {
      code(() => checkHiddenTerms(scene.bin, { ...terms, ...change }), wanted);
      expect(verifyHiddenClaim({ ...claim, terms: { ...terms, ...change } })).to.equal(false);
    }
    const largest = 5n * 10n ** 12n;
    expect(largest * GRAINS < CLAIM_LIMIT).to.equal(true);
    checkHiddenTerms(scene.bin, { ...terms, amount: largest });
  });
});
