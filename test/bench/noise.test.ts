/** The room of openings, as `npm run noise` prints it. */
import { expect } from 'chai';
import { bitsOf, noiseTable } from '../../bench/noise/table.ts';
import { CONFIDENTIAL_PARAMS, fheParams, SECURE_PARAMS } from '../../primitives/fhe/params.ts';

describe('bench/noise', () => {
  it('leaves room and hides enough for every kind of opening of every parameter set', () => {
    const rows = noiseTable();
    expect(rows.length).to.equal(5 * SECURE_PARAMS.length + 3 * CONFIDENTIAL_PARAMS.length);
    for (const { paramsId, kind, noise, flood, together, limit, hidden } of rows) {
      expect(together >= noise + flood && together < limit, `${kind} under ${paramsId} decodes`).to.equal(true);
      expect(hidden, `${kind} under ${paramsId}`).to.be.at.least(fheParams(paramsId).lambda);
    }
  });

  it('counts in bits, to a tenth', () => {
    expect([1n, 2n, 3n, 1n << 126n, 3n << 125n].map(bitsOf)).to.deep.equal(['0.0', '1.0', '1.6', '126.0', '126.6']);
  });
});
