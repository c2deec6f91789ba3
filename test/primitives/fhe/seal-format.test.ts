import { expect } from 'chai';
import * as fc from 'fast-check';
import {
  PLAIN_PARMS_ID,
  readCiphertext,
  readPlaintext,
  writeCiphertext,
  writePlaintext,
} from '../../../primitives/fhe/seal-format.ts';
import { codeOf } from './support.ts';

describe('SEAL format', () => {
  const id = BigUint64Array.of(1n, 2n, 3n, 4n);
  const data = BigUint64Array.from({ length: 2 * 4 * 3 }, (_, i) => BigInt(i) << 40n);
  const bytes = writeCiphertext(id, false, 4, 3, data);

  it('puts a ciphertext where SEAL 4.1 does: 113 bytes, then the words', () => {
    expect(bytes.length).to.equal(113 + 8 * data.length);
    expect([...bytes.subarray(0, 16)]).to.deep.equal([
      0x5e,
      0xa1,
      16,
      4,
      1,
      0,
      0,
      0,
      bytes.length & 255,
      bytes.length >> 8,
      0,
      0,
      0,
      0,
      0,
      0,
    ]);
    expect(readCiphertext(bytes, id, false, 4, 3)).to.deep.equal(data);
    expect(writePlaintext(PLAIN_PARMS_ID, data).length).to.equal(88 + 8 * data.length);
    expect(readPlaintext(writePlaintext(PLAIN_PARMS_ID, data))).to.deep.equal(data);
  });

  it('reads ciphertexts of the expected form only: every byte of the prefix counts', () => {
    fc.assert(
      fc.property(fc.nat(112), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const changed = bytes.slice();
        changed[at] = (changed[at] ?? 0) ^ flip;
        expect(codeOf(() => readCiphertext(changed, id, false, 4, 3))).to.equal('fhe/seal-format');
      }),
    );
    for (const other of [bytes.subarray(1), new Uint8Array([...bytes, 0]), new Uint8Array(0)]) {
      expect(codeOf(() => readCiphertext(other, id, false, 4, 3))).to.equal('fhe/seal-format');
    }
    expect(codeOf(() => readPlaintext(new Uint8Array(87)))).to.equal('fhe/seal-format');
  });
});
