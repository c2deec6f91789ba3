import { merkleizeMetadata } from '@polkadot-api/merkleize-metadata';
import { expect } from 'chai';
import { toHex } from '../../primitives/crypto/hex.ts';
import { metadataHashOf } from '../../runtime/metadata-hash.ts';
import { runtime } from '../../runtime/index.ts';

const about = { specName: 'tacit', specVersion: 1, base58Prefix: 42, decimals: 6, tokenSymbol: 'TAC' };

describe('runtime: the digest of the metadata (RFC 78)', () => {
  for (const version of [15, 16] as const) {
    it(`is what wallets compute from version ${version}`, () => {
      const wallet = merkleizeMetadata(runtime.metadata(version), about);
      expect(toHex(wallet.digest())).to.equal(toHex(runtime.metadataHash()));
    });
  }

  it('says of a chain how its money is written', () => {
    const metadata = runtime.metadata(15);
    const other = { ...about, decimals: 12, tokenSymbol: 'UNIT', specVersion: 1 };
    const wallet = merkleizeMetadata(metadata, other);
    expect(toHex(metadataHashOf(metadata, other))).to.equal(toHex(wallet.digest()));
    expect(toHex(metadataHashOf(metadata, other))).not.to.equal(toHex(runtime.metadataHash()));
    expect(() => metadataHashOf(runtime.metadata(14), about)).to.throw('v15 is wanted');
  });
});
