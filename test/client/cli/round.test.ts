import { expect } from 'chai';
import { littleEndian } from '../../../client/cli/actions/round.ts';
import { evidenceOf } from '../../../client/cli/actions/contribute.ts';

describe('client/cli: the aggregate of a round', () => {
  it('is written as an update is read: little-endian float64', () => {
    const bytes = littleEndian(Float64Array.of(-1, 2 ** 31, 0));
    const view = new DataView(bytes.buffer);
    expect([0, 8, 16].map((at) => view.getFloat64(at, true))).to.deep.equal([-1, 2 ** 31, 0]);
    expect(bytes.slice(0, 8)).to.deep.equal(Uint8Array.of(0, 0, 0, 0, 0, 0, 0xf0, 0xbf));
  });
});

describe('client/cli: what a contributor shows', () => {
  it('is data and claims by number, or nothing', () => {
    expect(evidenceOf({})).to.equal(undefined);
    expect(evidenceOf({ data: '4', claims: '7,12' })).to.deep.equal({ data: [4], claims: [7, 12] });
    expect(evidenceOf({ data: '0' })).to.deep.equal({ data: [0], claims: [] });
    for (const bad of ['a', '1,', '1 2', '-1', '1.5'])
      expect(() => evidenceOf({ data: bad }), bad)
        .to.throw()
        .with.property('code', 'cli/bad-flag');
  });
});
