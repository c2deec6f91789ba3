import { expect } from 'chai';
import { testsOf } from '../../tools/changed.mjs';

describe('tools: the tests of what has changed', () => {
  it('are the test itself, the namesake, or those of the folder that mirrors the source', () => {
    expect(testsOf(['test/node/process/lock.test.ts'])).to.deep.equal(['test/node/process/lock.test.ts']);
    expect(testsOf(['node/process/lock.ts'])).to.deep.equal(['test/node/process/lock.test.ts']);
    expect(testsOf(['node/process/signals.ts'])).to.include('test/node/process/lock.test.ts');
    expect(testsOf(['tools/changed.mjs', 'test/tools/changed.test.ts'])).to.deep.equal(['test/tools/changed.test.ts']);
  });

  it('are those of the nearest folder above, where the own one has none: a finality without tests would be checked by nothing', () => {
    expect(testsOf(['bench/weights/scenarios/ground.ts'])).to.include('test/bench/weights.test.ts');
    expect(testsOf(['node/rpc/methods/archive.ts'])).to.include('test/node/rpc/archive.test.ts');
    expect(testsOf(['pallets/tally/steps/accepted.ts'])).to.include('test/pallets/tally/faults.test.ts');
    expect(testsOf(['node/consensus/grandpa/intake.ts'])).to.include('test/node/consensus/grandpa/service.test.ts');
    expect(testsOf(['test/client/support/quick-chain.ts'])).to.include('test/client/flow.test.ts');
  });

  it('are none for documents, for what is gone and for what only the whole suite tests', () => {
    const files = ['README.md', 'nowhere/at-all.ts', 'test/node/process/gone.test.ts', 'test/e2e/signals.test.ts'];
    expect(testsOf(files)).to.deep.equal([]);
  });
});
