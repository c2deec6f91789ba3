import { expect } from 'chai';
import { needsOf } from '../../../node/local/needs.ts';

describe('node/local: what a start asks of a machine', () => {
  it('says nothing where four validators have two cores and the memory', () => {
    const { told, patience } = needsOf(4, { cores: 2, freeMb: 8000 });
    expect(told).to.deep.equal([]);
    expect(patience).to.be.at.least(1);
  });

  it('says how long seven validators take, and waits longer the fewer the cores are', () => {
    const two = needsOf(7, { cores: 2, freeMb: 8000 });
    const eight = needsOf(7, { cores: 8, freeMb: 8000 });
    expect(two.told.join('\n')).to.match(/7 validators on 2 cores: .* about 4 minutes/);
    expect(two.patience).to.be.greaterThan(eight.patience);
    expect(two.minutes).to.be.greaterThan(eight.minutes);
  });

  it('says what memory is missing', () => {
    expect(needsOf(7, { cores: 8, freeMb: 1024 }).told.join('\n')).to.match(
      /3\.4 GB of memory, 1\.0 GB are free: --validators 4/,
    );
  });
});
