import { expect } from 'chai';
import { isUnderWay, patiently } from '../../../client/cli/actions/patience.ts';
import { connect } from '../../../client/sdk/connect.ts';
import { TacitError } from '../../../primitives/errors.ts';
import { codeOf } from '../support/paper-chain.ts';

const coded = (code: string): TacitError => new TacitError(code, 'no');
/** The node is away, has just come back, or another command is at the store: nothing but time mends it. */
const PASSING: readonly Error[] = [
  ...['sdk/unreachable', 'sdk/disconnected', 'sdk/book-ahead', 'sdk/locked'].map(coded),
  ...['light/behind', 'light/stale', 'light/nothing-final'].map(coded),
  new Error('disconnected from ws://127.0.0.1:1: 1006:: Abnormal Closure'),
];
const LASTING: readonly Error[] = [
  ...['light/not-final', 'light/incomplete-proof', 'light/other-runtime', 'sdk/bad-store', 'sdk/other-chain'].map(
    coded,
  ),
  new TypeError('a fault of ours'),
];

/** Work that throws an error so often, then gives 7. */
function failing(error: Error, times: number): { work: () => Promise<number>; tries: () => number } {
  let tries = 0;
  const work = async (): Promise<number> => {
    if (tries++ < times) throw error;
    return 7;
  };
  return { work, tries: () => tries };
}

describe('client/cli: patience', function () {
  this.timeout(120_000);

  it('goes on where a node was away or a store was locked, and not a moment before', async () => {
    await Promise.all(
      PASSING.map(async (error) => {
        const { work, tries } = failing(error, 1);
        expect(await patiently(work, 'more'), String(error)).to.equal(7);
        expect(tries()).to.equal(2);
      }),
    );
  });

  it('ends at once where waiting mends nothing: a node that lies, a damaged store, a fault of ours', async () => {
    for (const error of LASTING) {
      const { work, tries } = failing(error, 1);
      const thrown = await patiently(work, 'more').catch((caught: unknown) => caught);
      expect([thrown, tries()]).to.deep.equal([error, 1]);
    }
  });

  it('knows after which failures a claim may have arrived: not when the chain, or we, say no', async () => {
    for (const error of [...PASSING, coded('sdk/extrinsic-timeout')])
      expect(isUnderWay(error), String(error)).to.equal(!isLocked(error));
    for (const error of [...LASTING, coded('sdk/extrinsic-refused'), coded('sdk/extrinsic-failed')])
      expect(isUnderWay(error), String(error)).to.equal(false);
    // what the SDK throws where nobody listens is one of these
    const url = 'ws://127.0.0.1:1';
    expect(await codeOf(() => connect(url, { trustNode: true, timeoutMs: 300 }))).to.equal('sdk/unreachable');
  });
});

const isLocked = (error: Error): boolean => (error as TacitError).code === 'sdk/locked';
