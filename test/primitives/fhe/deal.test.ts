import { expect } from 'chai';
import { publicKeyOf } from '../../../primitives/crypto/box.ts';
import { hash32Of } from '../../../primitives/crypto/hash.ts';
import { hashToScalar } from '../../../primitives/crypto/ristretto.ts';
import {
  dealBytes,
  dealSubsetKey,
  faultsOfDeal,
  keyOfDeal,
  openDeal,
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
    const digest = (held: Uint8Array | undefined) => subsetKeyDigest(params, term, subset, held);
    const allDigests = () => new Map(members.map((member) => [member, digest(key)]));

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

    it('blames a member whose digest is of another key', () => {
      const digests = allDigests().set(victim, digest(hash32Of('tacit/test/1', 'lie')));
      expect(faultsOfDeal(params, term, subset, dealer, deal, ephemeral, encryptionKeys, digests)).to.deep.equal([
        victim,
      ]);
      const silent = allDigests();
      silent.delete(victim);
      expect(faultsOfDeal(params, term, subset, dealer, deal, ephemeral, encryptionKeys, silent)).to.deep.equal([]);
    });

    it('blames a dealer that gave two members different keys, a bad box, or does not reveal', () => {
      const other = dealSubsetKey(
        params,
        term,
        subset,
        dealer,
        hash32Of('tacit/test/1', 'two'),
        ephemeral,
        encryptionKeys,
      );
      const unequal = deal.slice();
      unequal.set(other.subarray(32, 80), 32);
      const broken = deal.slice();
      broken[40] = (broken[40] ?? 0) ^ 1;
      const digests = allDigests().set(victim, digest(hash32Of('tacit/test/1', 'two')));
      const faults = (bytes: Uint8Array, secret: bigint | undefined) =>
        faultsOfDeal(params, term, subset, dealer, bytes, secret, encryptionKeys, digests);
      expect(faults(unequal, ephemeral)).to.deep.equal([dealer]);
      expect(faults(broken, ephemeral)).to.deep.equal([dealer]);
      // Boxes under another ephemeral key than the one posted: nobody could open them, and revealing the real one does not help.
      const masked = deal.slice();
      masked.set(publicKeyOf(ephemeral + 1n), 0);
      expect(openDeal(params, term, subset, dealer, masked, victim, secretOf(victim))).to.equal(undefined);
      expect(faults(masked, ephemeral)).to.deep.equal([dealer]);
      expect(faults(deal, undefined)).to.deep.equal([dealer]);
      expect(faults(deal, ephemeral + 1n)).to.deep.equal([dealer]);
      expect(faults(deal.subarray(1), ephemeral)).to.deep.equal([dealer]);
      expect(keyOfDeal(params, term, subset, dealer, deal, ephemeral, encryptionKeys)).to.deep.equal(key);
    });

    it('blames a member that complains of a good box, and a dealer that posts a digest of its own', () => {
      const complaint = allDigests().set(victim, digest(undefined));
      expect(faultsOfDeal(params, term, subset, dealer, deal, ephemeral, encryptionKeys, complaint)).to.deep.equal([
        victim,
      ]);
      const own = allDigests().set(dealer, digest(hash32Of('tacit/test/1', 'own')));
      expect(faultsOfDeal(params, term, subset, dealer, deal, ephemeral, encryptionKeys, own)).to.deep.equal([dealer]);
    });
  });
}
