import { expect } from 'chai';
import * as fc from 'fast-check';
import { publicKeyOf } from '../../../primitives/crypto/box.ts';
import { hash32Of } from '../../../primitives/crypto/hash.ts';
import { hashToScalar } from '../../../primitives/crypto/ristretto.ts';
import {
  type BoxOpening,
  dealBytes,
  dealSubsetKey,
  type DealStatements,
  faultsOfDeal,
  keyOfDeal,
  openDeal,
  openedBox,
  openingOf,
  type StandingDeal,
  subsetKeyDigest,
} from '../../../primitives/fhe/deal.ts';
import { fheParams } from '../../../primitives/fhe/params.ts';
import { codeOf } from './support.ts';

const term = { genesis: hash32Of('tacit/test/1', 'genesis'), term: 3, attempt: 0 };

for (const id of ['tacit-test-256-n4', 'tacit-test-256-n10']) {
  describe(`dealing of a subset key (${id})`, () => {
    const params = fheParams(id);
    const subset = 1;
    const members = params.subsets[subset] ?? [];
    const [dealer = 0, victim = 0, another = 0] = members;
    const secretOf = (member: number) => hashToScalar('tacit/test/1', 'encryption', member);
    const encryptionKeys = new Map(members.map((member) => [member, publicKeyOf(secretOf(member))]));
    const ephemeral = hashToScalar('tacit/test/1', 'ephemeral');
    const key = hash32Of('tacit/test/1', 'subset key');
    const deal = dealSubsetKey(params, term, subset, dealer, key, ephemeral, encryptionKeys);
    const digest = (held: Uint8Array) => subsetKeyDigest(params, term, subset, held);
    const allDigests = () => new Map(members.map((member) => [member, digest(key)]));
    const standing = (sealed: Uint8Array): StandingDeal => ({ term, subset, dealer, sealed, encryptionKeys });
    const open = (sealed: Uint8Array, member: number, secret = secretOf(member)): BoxOpening =>
      openingOf(params, standing(sealed), member, secret, hash32Of('tacit/test/1', 'hedge'));
    const faults = (sealed: Uint8Array, statements: DealStatements) =>
      faultsOfDeal(params, standing(sealed), statements);
    const none = new Map<number, BoxOpening>();
    const nobody = { badDeal: false, badDigests: [] };
    const theDealer = { badDeal: true, badDigests: [] };
    const lie = digest(hash32Of('tacit/test/1', 'lie'));
    /** Another key in the box of `victim`, a broken box in that of `another`. */
    const unequal = deal.slice();
    const two = hash32Of('tacit/test/1', 'two');
    unequal.set(dealSubsetKey(params, term, subset, dealer, two, ephemeral, encryptionKeys).subarray(32, 80), 32);
    const broken = deal.slice();
    broken[90] = (broken[90] ?? 0) ^ 1;

    it('reaches every other member of the subset, and nobody else', () => {
      expect(deal).to.have.length(dealBytes(params));
      for (const member of members.filter((j) => j !== dealer)) {
        expect(openDeal(params, term, subset, dealer, deal, member, secretOf(member))).to.deep.equal(key);
        expect(openDeal(params, term, subset, dealer, deal, member, secretOf(99))).to.equal(undefined);
      }
      const outsider = Array.from({ length: params.n }, (_, j) => j).find((j) => !members.includes(j)) ?? -1;
      expect(codeOf(() => openDeal(params, term, subset, dealer, deal, outsider, 1n))).to.equal('fhe/receiver');
      expect(codeOf(() => dealSubsetKey(params, term, subset, outsider, key, ephemeral, encryptionKeys))).to.equal(
        'fhe/dealer',
      );
    });

    it('cannot be replayed in another term, attempt, subset or chain, nor passed on to another receiver', () => {
      const contexts = [
        { ...term, term: 4 },
        { ...term, attempt: 1 },
        { ...term, genesis: hash32Of('tacit/test/1', 'other') },
      ];
      for (const other of contexts) {
        expect(openDeal(params, other, subset, dealer, deal, victim, secretOf(victim))).to.equal(undefined);
        expect(subsetKeyDigest(params, other, subset, key)).to.not.deep.equal(digest(key));
      }
      expect(openDeal(params, term, 0, dealer, deal, victim, secretOf(victim))).to.equal(undefined);
      const swapped = deal.slice();
      swapped.set(deal.subarray(32, 80), 80);
      expect(openDeal(params, term, subset, dealer, swapped, another, secretOf(another))).to.equal(undefined);
      expect(openDeal(params, term, subset, dealer, deal.subarray(1), victim, secretOf(victim))).to.equal(undefined);
    });

    it('blames a member whose digest is of another key, if the dealer or the member shows what was dealt', () => {
      const digests = allDigests().set(victim, lie);
      const liar = { badDeal: false, badDigests: [victim] };
      expect(faults(deal, { digests, revealed: ephemeral, openings: none })).to.deep.equal(liar);
      expect(faults(deal, { digests, openings: new Map([[victim, open(deal, victim)]]) })).to.deep.equal(liar);
      const silent = allDigests();
      silent.delete(victim);
      expect(faults(deal, { digests: silent, revealed: ephemeral, openings: none })).to.deep.equal(nobody);
      const own = allDigests().set(dealer, lie);
      expect(faults(deal, { digests: own, revealed: ephemeral, openings: none })).to.deep.equal({
        badDeal: false,
        badDigests: [dealer],
      });
    });

    it('blames a dealer that gave members different keys or a box without one, whether it reveals or they open', () => {
      const told = allDigests().set(victim, digest(two));
      expect(faults(unequal, { digests: told, revealed: ephemeral, openings: none })).to.deep.equal(theDealer);
      // Its own digest, which it signed, against one opened box; or two opened boxes; or a box that holds no key.
      expect(faults(unequal, { digests: told, openings: new Map([[victim, open(unequal, victim)]]) })).to.deep.equal(
        theDealer,
      );
      const silent = new Map(told);
      silent.delete(dealer);
      const both = new Map([victim, another].map((member) => [member, open(unequal, member)]));
      expect(faults(unequal, { digests: silent, openings: both })).to.deep.equal(theDealer);
      expect(
        faults(broken, { digests: new Map(), openings: new Map([[another, open(broken, another)]]) }),
      ).to.deep.equal(theDealer);
      expect(faults(broken, { digests: allDigests(), revealed: ephemeral, openings: none })).to.deep.equal(theDealer);
      expect(keyOfDeal(params, term, subset, dealer, deal, ephemeral, encryptionKeys)).to.deep.equal(key);
    });

    it('blames nobody for silence, nor for what was shown of something else', () => {
      const digests = allDigests().set(victim, lie);
      expect(faults(deal, { digests, openings: none })).to.deep.equal(nobody);
      // A secret that is not the deal's shows nothing.
      expect(faults(deal, { digests, revealed: ephemeral + 1n, openings: none })).to.deep.equal(nobody);
      // The others open: the liar's box stays shut.
      const others = new Map([[another, open(deal, another)]]);
      expect(faults(deal, { digests, openings: others })).to.deep.equal(nobody);
    });

    it('cannot be opened falsely: a false complaint has no proof', () => {
      const opening = open(deal, victim);
      expect(openedBox(params, standing(deal), victim, opening)).to.deep.equal({ key });
      expect(openedBox(params, standing(broken), another, open(broken, another))).to.deep.equal({ key: undefined });
      const forged: [string, number, BoxOpening][] = [
        ['under another secret', victim, open(deal, victim, secretOf(99))],
        ['of another member', another, opening],
        ['of the dealer', dealer, open(deal, victim)],
        ['of nobody', 99, opening],
        ['with another shared value', victim, { ...opening, shared: open(deal, another).shared }],
        ['with the identity', victim, { ...opening, shared: new Uint8Array(32) }],
        [
          'with a flipped proof',
          victim,
          { ...opening, proof: opening.proof.map((byte, i) => (i === 3 ? byte ^ 1 : byte)) },
        ],
        ['with a short proof', victim, { ...opening, proof: opening.proof.subarray(1) }],
      ];
      for (const [what, member, made] of forged) {
        expect(openedBox(params, standing(deal), member, made), what).to.equal(undefined);
      }
      const elsewhere = { ...standing(deal), term: { ...term, attempt: 1 } };
      expect(openedBox(params, elsewhere, victim, opening)).to.equal(undefined);
    });

    it('never blames the honest: whatever part of the truth is shown', () => {
      const subsetOf = fc.subarray([...members]);
      fc.assert(
        fc.property(subsetOf, subsetOf, subsetOf, fc.boolean(), (posting, lying, opening, reveals) => {
          const digests = new Map(posting.map((member) => [member, lying.includes(member) ? lie : digest(key)]));
          const openings = new Map(
            opening.filter((member) => member !== dealer).map((member) => [member, open(deal, member)]),
          );
          const { badDeal, badDigests } = faults(deal, {
            digests,
            openings,
            revealed: reveals ? ephemeral : undefined,
          });
          // The dealer dealt one key to all; it is shown to be false only by its own false digest.
          expect(badDeal && !lying.includes(dealer)).to.equal(false);
          expect(badDigests.filter((member) => !lying.includes(member))).to.deep.equal([]);
          if (reveals) expect(badDigests).to.deep.equal(posting.filter((member) => lying.includes(member)));
        }),
        { numRuns: 20 },
      );
    });
  });
}
