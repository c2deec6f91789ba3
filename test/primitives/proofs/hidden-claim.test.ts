import { expect } from 'chai';
import * as fc from 'fast-check';
import { commit, invertScalar, J0, randomScalar, times, U0 } from '../../../primitives/crypto/ristretto.ts';
import { openHiddenBin } from '../../../primitives/proofs/hidden-bin.ts';
import {
  tagOfHiddenClaim,
  verifyHiddenClaim,
  verifyHiddenClaims,
  wrongHiddenClaims,
} from '../../../primitives/proofs/hidden-check.ts';
import { hiddenProofBytes, proveHiddenClaim } from '../../../primitives/proofs/hidden-claim.ts';
import { changeOf, claimOf, FEE, GRAINS, roundNote, sceneOf, witnessOf } from './support/hidden.ts';
import { random } from './support/notes.ts';

const code = (body: () => unknown, wanted: string): void => {
  expect(body).to.throw().with.property('code', wanted);
};

describe('primitives/proofs/hidden-claim', function () {
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
