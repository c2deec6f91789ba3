import { expect } from 'chai';
import { invertScalar, times, U0 } from '../../../primitives/crypto/ristretto.ts';
import { changeFor, type ChangeSource, findChange, SPLIT_PARTS } from '../../../primitives/proofs/change-secrets.ts';
import { openHiddenBin } from '../../../primitives/proofs/hidden-bin.ts';
import { tagOfHiddenClaim, verifyHiddenClaim } from '../../../primitives/proofs/hidden-check.ts';
import { proveHiddenClaim } from '../../../primitives/proofs/hidden-claim.ts';
import { FEE, GRAINS, roundNote, sceneOf, strangers, witnessOf } from './support/hidden.ts';
import { random } from './support/notes.ts';

describe('primitives/proofs/change-secrets', function () {
  const owners = [roundNote(1_234_567n, true)];
  const scene = sceneOf(owners);
  const witness = witnessOf(scene, 0);
  const terms = { amount: 200_000n, fee: FEE, destination: new Uint8Array(32).fill(9) };
  const source: ChangeSource = {
    noteSeed: new Uint8Array(32).fill(4),
    genesis: scene.bin.genesis,
    tag: times(U0, invertScalar(witness.key)).toBytes(),
    terms,
    left: witness.opening.amount - terms.amount * GRAINS,
  };

  it('a wallet that knows its seed and the note that was spent finds its change on the chain, and spends it', () => {
    for (const first of [0, 1, 40, SPLIT_PARTS - 1]) {
      const made = proveHiddenClaim(scene.open, terms, witness, changeFor(source, first), random);
      const claim = { bin: scene.open, ...made };
      expect(verifyHiddenClaim(claim)).to.equal(true);
      expect(tagOfHiddenClaim(claim)).to.deep.equal(source.tag);
      const found = findChange(source, made.terms.outputs);
      expect(found.map(({ index }) => index)).to.deep.equal(first === 0 ? [0] : [0, 1]);
      expect(found.reduce((sum, { opening }) => sum + opening.amount, 0n)).to.equal(source.left);
      const notes = [...strangers(10), ...made.terms.outputs];
      const bin = openHiddenBin({ ...scene.bin, index: 1, notes });
      const { index, secret, opening } = found.at(-1)!;
      if (opening.amount < 20_000n * GRAINS) continue;
      const next = { place: 10 + index, key: secret, opening };
      const rest = changeFor({
        ...source,
        tag: times(U0, invertScalar(secret)).toBytes(),
        left: opening.amount - 20_000n * GRAINS,
      });
      const later = proveHiddenClaim(bin, { ...terms, amount: 20_000n }, next, rest, random);
      expect(verifyHiddenClaim({ bin, ...later })).to.equal(true);
    }
  });

  it('claims on one set of terms leave the same change whatever their fee, so that a wallet needs not know it', () => {
    const made = [0n, FEE, 190_000n].map((fee) => {
      const under = { ...terms, fee };
      return proveHiddenClaim(scene.open, under, witness, changeFor({ ...source, terms: under }, 7), random);
    });
    for (const claim of made) {
      expect(verifyHiddenClaim({ bin: scene.open, ...claim })).to.equal(true);
      expect(findChange(source, claim.terms.outputs)).to.have.length(2);
    }
    // and neither is a claim of the other fee
    expect(verifyHiddenClaim({ bin: scene.open, terms: made[1]!.terms, proof: made[0]!.proof })).to.equal(false);
  });

  it('nothing is found with another seed, note, amount, destination, chain or rest', () => {
    const { terms: sent } = proveHiddenClaim(scene.open, terms, witness, changeFor(source, 7), random);
    const others: ChangeSource[] = [
      { ...source, noteSeed: random(32) },
      { ...source, genesis: random(32) },
      { ...source, tag: random(32) },
      { ...source, left: source.left + 1n },
      { ...source, terms: { ...terms, amount: 500_000n } },
      { ...source, terms: { ...terms, destination: random(32) } },
    ];
    expect(findChange(source, sent.outputs)).to.have.length(2);
    for (const other of others.slice(0, 3)) expect(findChange(other, sent.outputs)).to.deep.equal([]);
    for (const other of others) expect(findChange(other, sent.outputs.slice(0, 1))).to.deep.equal([]);
    expect(findChange(source, sent.outputs.toReversed())).to.deep.equal([]);
    expect(findChange(source, strangers(1))).to.deep.equal([]);
  });

  it('two claims of one note share no key and no blinding, whatever little differs: their commitments would show the difference', () => {
    const variants = [
      changeFor(source),
      ...Array.from({ length: SPLIT_PARTS - 1 }, (_, i) => changeFor(source, i + 1)),
      changeFor({ ...source, terms: { ...terms, destination: random(32) } }),
      changeFor({ ...source, terms: { ...terms, amount: 100_000n }, left: source.left + 100_000n * GRAINS }),
    ].flat();
    expect(new Set(variants.map(({ blinding }) => blinding)).size).to.equal(variants.length);
    expect(new Set(variants.map(({ secret }) => secret)).size).to.equal(variants.length);
    // The same claim made again, after a restart, is the same claim.
    expect(changeFor(source, 3)).to.deep.equal(changeFor(source, 3));
  });

  it('parts out of range are refused', () => {
    for (const first of [-1, SPLIT_PARTS, 1.5]) {
      expect(() => changeFor(source, first))
        .to.throw()
        .with.property('code', 'change/split');
    }
    expect(() => changeFor({ ...source, left: -1n }))
      .to.throw()
      .with.property('code', 'change/split');
  });
});
