import { expect } from 'chai';
import { hash32Of } from '../../../primitives/crypto/hash.ts';
import { toHex } from '../../../primitives/crypto/hex.ts';
import { keyTest } from '../../../primitives/fhe/key-check.ts';
import { boxPublicKey, publicKeyHash, ratchet } from '../../../primitives/fhe/keys.ts';
import { openingShare, requestHash } from '../../../primitives/fhe/open.ts';
import { ciphertextHash, encodeResidues } from '../../../primitives/fhe/wire.ts';
import { TestCommittee } from './committee.ts';

/** Values every version must give: another one forks the chain and orphans the ciphertexts of open rounds. */
const VECTORS = {
  'tacit-8192-n4': {
    publicKey: '0x330ad16151bfd170b05ff0cfb79765d34cb6ea514b67499daffbeac1ecc8b27a',
    box: '0xe488519177e4c00e009b1d233706e769cfcdd4f33cee19c9d95777790141e431',
    ciphertext: '0x3275d7c35adf7f86e6144a6ff5ca035e46e0c70888470b4ab479fdbba5a8a3e5',
    request: '0x583a7bd5aaaf25fd9c2963656eca683f4f8faded6f381c5fdb4aa4e0c88b1c87',
    share: '0x2ee52f6e77332e7f9f4015e9ba2da139bbadac24b0f7edeb0856d5b540e6a530',
  },
  'tacit-8192-n10': {
    publicKey: '0x7e3611b2599bc71497f0a05a5d3437f3bfbaffa904d55e021db52594a495fe28',
    box: '0x205213d15557cb9921678c4a3a7fd7a6083e04f38dd3549b24f15210f2f4725f',
    ciphertext: '0x0cbbbc45095bed00bd4957ae1cf7d94f744c929aadfae48483962961e4710a81',
    request: '0xcc2fec9883d0f1dd5e624908ede0dcf6e3e899af4ee506a81950ee0504f9ef93',
    share: '0xfaf5059a06427d3e25f441246eb7e8d646731384353cdcf52482930059697e61',
  },
};

describe('derivations of a round', () => {
  for (const [id, vectors] of Object.entries(VECTORS)) {
    it(`do not change (${id})`, () => {
      const committee = new TestCommittee(id);
      const { params, context } = committee;
      const key = committee.publicKey();
      const { request, ciphertext } = keyTest(params, context, key);
      const share = openingShare(params, request, 2, committee.keysOf(2), [ciphertext]);
      expect({
        publicKey: toHex(publicKeyHash(params, context, key)),
        box: toHex(boxPublicKey(context, 'seal', 1, committee.keys.get(1) ?? new Uint8Array())),
        ciphertext: toHex(ciphertextHash(params, ciphertext)),
        request: toHex(requestHash(request)),
        share: toHex(hash32Of('tacit/test/1', encodeResidues(params.dataPrimes, share))),
      }).to.deep.equal(vectors);
    });
  }

  it('of the key chain do not change', () => {
    expect(toHex(ratchet(new Uint8Array(32), 7).roundKey)).to.equal(
      '0x11ef00c099cac3759867d03195e7d63afcda86da3bf6c3752e9d3282e0b1d9ee',
    );
  });
});
