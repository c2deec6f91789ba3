import { expect } from 'chai';
import * as fc from 'fast-check';
import { fromLittleEndian, littleEndian } from '../../../primitives/crypto/bytes.ts';
import { hashOf } from '../../../primitives/crypto/hash.ts';
import { commit, J0, ORDER, randomScalar, times, U0, invertScalar } from '../../../primitives/crypto/ristretto.ts';
import { openHiddenBin } from '../../../primitives/proofs/hidden-bin.ts';
import {
  type HiddenClaim,
  tagOfHiddenClaim,
  verifyHiddenClaim,
  verifyHiddenClaims,
  wrongHiddenClaims,
} from '../../../primitives/proofs/hidden-check.ts';
import {
  checkHiddenTerms,
  claimChallenge,
  claimContext,
  hiddenProofBytes,
  type HiddenTerms,
  proveHiddenClaim,
} from '../../../primitives/proofs/hidden-claim.ts';
import { CLAIM_LIMIT } from '../../../primitives/proofs/notes.ts';
import { decodePlaceProof, messageList, placeProofBytes } from '../../../primitives/proofs/one-of-many.ts';
import { changeOf, claimOf, FEE, GRAINS, roundNote, sceneOf, witnessOf } from './support/hidden.ts';
import { random } from './support/notes.ts';

const code = (body: () => unknown, wanted: string): void => {
  expect(body).to.throw().with.property('code', wanted);
};

describe('primitives/proofs/hidden-claim', function () {
  this.timeout(240_000);
  const owners = [roundNote(1_234_567n, false), roundNote(1_234_567n, true), roundNote(20_000n, true)];
  const scene = sceneOf(owners);
  const claim = claimOf(scene, 0, 200_000n);

  it('wrapped and unwrapped notes pay, with change, with a split, with nothing left; sizes are exact', () => {
    for (const place of [0, 1]) {
      for (const split of [[], [5_000n]]) {
        const one = claimOf(scene, place, 1_000_000n, split);
        expect(one.proof).to.have.length(hiddenProofBytes(3, split.length + 1));
        expect(verifyHiddenClaim(one)).to.equal(true);
      }
    }
    expect(verifyHiddenClaim(claimOf(scene, 2, 20_000n)), 'nothing left').to.equal(true);
    expect([hiddenProofBytes(3, 1), hiddenProofBytes(5, 1), hiddenProofBytes(6, 1)]).to.deep.equal([1376, 1760, 1952]);
    expect(hiddenProofBytes(5, 2)).to.equal(1824);
  });

  it('any note pays any denomination that it holds, and what is left is what it held less that', () => {
    const amounts = fc.constantFrom(20_000n, 50_000n, 100_000n, 200_000n, 500_000n, 1_000_000n);
    fc.assert(
      fc.property(fc.constantFrom(0, 1), amounts, fc.nat(1000), (place, amount, share) => {
        const left = owners[place]!.amount - amount * GRAINS;
        const first = (left * BigInt(share)) / 1000n;
        const change = changeOf(first, left - first);
        const terms = { amount, fee: FEE, destination: random(32) };
        const made = proveHiddenClaim(scene.open, terms, witnessOf(scene, place), change, random);
        expect(verifyHiddenClaim({ bin: scene.open, ...made })).to.equal(true);
        made.terms.outputs.forEach(({ commitment }, i) => {
          expect(commitment).to.deep.equal(commit(change[i]!.amount, change[i]!.blinding).toBytes());
        });
      }),
      { numRuns: 12 },
    );
  });

  it('change is a note like any other: it is spent from a bin of its own, by its key and blinding, without a wrap', () => {
    const left = owners[1]!.amount - 1_000_000n * GRAINS;
    const key = randomScalar(random);
    const [secrets] = changeOf(left);
    const change = [{ ...secrets!, key: times(J0, key).toBytes() }];
    const terms = { amount: 1_000_000n, fee: FEE, destination: random(32) };
    const first = proveHiddenClaim(scene.open, terms, witnessOf(scene, 1), change, random);
    const bin = { ...scene.bin, index: 1, notes: [...scene.bin.notes.slice(3, 20), ...first.terms.outputs] };
    const open = openHiddenBin(bin);
    const opening = { amount: left, twin: 0, blinding: change[0]!.blinding } as const;
    const next = { amount: 200_000n, fee: FEE, destination: random(32) };
    const witness = { place: 17, key, opening };
    const second = proveHiddenClaim(open, next, witness, changeOf(left - 200_000n * GRAINS), random);
    expect(verifyHiddenClaim({ bin: open, ...second })).to.equal(true);
    expect(tagOfHiddenClaim({ bin: open, ...second })).to.deep.equal(times(U0, invertScalar(key)).toBytes());
  });

  it('a ring of 1,024: first, last and middle places', () => {
    const last = roundNote(3_000_000n, true);
    const large = sceneOf(owners, 5);
    const notes = large.bin.notes.with(1023, sceneOf([last], 3, 1).bin.notes[0]!);
    const bin = { ...large.bin, notes };
    const all = { bin, open: openHiddenBin(bin), owners: Object.assign([...owners], { 1023: last }) };
    for (const place of [0, 1, 1023]) expect(verifyHiddenClaim(claimOf(all, place, 500_000n))).to.equal(true);
  });

  it('a ring of 4,096 places, of which few are taken', () => {
    expect(verifyHiddenClaim(claimOf(sceneOf(owners, 6, 70), 1, 500_000n, [1n]))).to.equal(true);
  });

  it('small rings and rings that are not full repeat their notes: one note, five, sixty-three', () => {
    for (const count of [1, 5, 63]) {
      const small = sceneOf(owners.slice(0, 1), 3, count);
      const one = claimOf(small, 0, 200_000n);
      expect(verifyHiddenClaim(one), `${count} notes`).to.equal(true);
      const stranger = { ...witnessOf(small, 0), place: count - 1 };
      if (count === 1) continue;
      const terms = { amount: 200_000n, fee: FEE, destination: random(32) };
      const change = changeOf(owners[0]!.amount - 200_000n * GRAINS);
      const stolen = proveHiddenClaim(small.open, terms, stranger, change, random);
      expect(verifyHiddenClaim({ bin: small.open, ...stolen })).to.equal(false);
    }
    const small = sceneOf(owners.slice(0, 1), 3, 5);
    const witness = witnessOf(small, 0);
    const terms = { amount: 200_000n, fee: FEE, destination: random(32) };
    const change = changeOf(owners[0]!.amount - 200_000n * GRAINS);
    // Place 5 holds note 0 again, but is not named: a place is that of a note.
    code(() => proveHiddenClaim(small.open, terms, { ...witness, place: 5 }, change, random), 'place/no-such-note');
  });

  it('a note that stands twice in a ring has one tag', () => {
    const [own] = sceneOf(owners).bin.notes;
    const twice = { ...scene.bin, notes: [own!, own!, ...scene.bin.notes.slice(2)] };
    const double = { bin: twice, open: openHiddenBin(twice), owners: [owners[0]!, owners[0]!] };
    const claims = [claimOf(double, 0, 200_000n), claimOf(double, 1, 200_000n)];
    expect(verifyHiddenClaims(claims)).to.equal(true);
    expect(tagOfHiddenClaim(claims[0]!)).to.deep.equal(tagOfHiddenClaim(claims[1]!));
  });

  it('a second claim of a note has the same tag, whatever its terms and change; other notes have other tags', () => {
    const again = claimOf(scene, 0, 500_000n, [77n]);
    expect(tagOfHiddenClaim(again)).to.deep.equal(tagOfHiddenClaim(claim));
    expect(tagOfHiddenClaim(claim)).to.deep.equal(times(U0, invertScalar(owners[0]!.key)).toBytes());
    expect(tagOfHiddenClaim(claimOf(scene, 1, 500_000n))).to.not.deep.equal(tagOfHiddenClaim(claim));
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

  it('an unbalanced claim is not even proved', () => {
    const terms = { amount: 200_000n, fee: FEE, destination: random(32) };
    const left = owners[0]!.amount - 200_000n * GRAINS;
    for (const change of [changeOf(left + 1n), changeOf(left - 1n), changeOf(left, 1n)]) {
      code(() => proveHiddenClaim(scene.open, terms, witnessOf(scene, 0), change, random), 'hidden/unbalanced');
    }
    const large = { ...terms, amount: 2_000_000n };
    const negative = changeOf(owners[0]!.amount - 2_000_000n * GRAINS);
    expect(() => proveHiddenClaim(scene.open, large, witnessOf(scene, 0), negative, random)).to.throw();
  });

  it('proofs of one claim share nothing but the tag; a random source that repeats itself does not repeat nonces', () => {
    const destination = random(32);
    const change = changeOf(owners[0]!.amount - 200_000n * GRAINS);
    const prove = (source: typeof random, amount = 200_000n, rest = change): Uint8Array =>
      proveHiddenClaim(scene.open, { amount, fee: FEE, destination }, witnessOf(scene, 0), rest, source).proof;
    const stuck = (n: number): Uint8Array => new Uint8Array(n).fill(1);
    const other = [{ ...change[0]!, amount: owners[0]!.amount - 500_000n * GRAINS }];
    const pairs = [
      [prove(random), prove(random)],
      [prove(stuck), prove(stuck, 500_000n, other)],
    ] as const;
    for (const [one, two] of pairs) {
      for (let at = 32; at < one.length; at += 32) {
        expect(one.slice(at, at + 32), `part ${at / 32}`).to.not.deep.equal(two.slice(at, at + 32));
      }
      const parts = Array.from({ length: one.length / 32 }, (_, i) => one.slice(32 * i, 32 * i + 32).join());
      expect(new Set(parts).size, 'nothing repeats within a proof').to.equal(parts.length);
    }
  });

  it('claims of many bins are one question, and the wrong ones are found', () => {
    const other = sceneOf([roundNote(900_000n, true)], 5, 200);
    const claims = [claim, claimOf(scene, 1, 500_000n), claimOf(other, 0, 500_000n, [3n]), claimOf(scene, 2, 20_000n)];
    expect(verifyHiddenClaims(claims)).to.equal(true);
    expect(wrongHiddenClaims(claims)).to.deep.equal([]);
    const bad = { ...claims[2]!, terms: { ...claims[2]!.terms, destination: random(32) } };
    expect(verifyHiddenClaims(claims.with(2, bad))).to.equal(false);
    expect(wrongHiddenClaims(claims.with(2, bad).with(0, { ...claim, proof: new Uint8Array(5) }))).to.deep.equal([
      0, 2,
    ]);
    expect(verifyHiddenClaims([])).to.equal(true);
  });
});
