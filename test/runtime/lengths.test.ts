import { expect } from 'chai';
import { tally } from '../../pallets/tally/index.ts';
import { MAX_EXTRINSIC_LENGTH } from '../../pallets/system/limits.ts';
import { fheParams, SECURE_PARAMS } from '../../primitives/fhe/params.ts';
import { sealedBytes } from '../../primitives/proofs/sealed.ts';
import { checkLane } from '../../primitives/proofs/lane.ts';
import { laneSpecOf, lanesOf } from '../../primitives/round/lanes.ts';
import { MAX_ITEMS, MAX_SEALED_BYTES } from '../../primitives/round/limits.ts';
import { dev, TestChain } from './chain.ts';

describe('runtime: how long things may be', () => {
  it('the longest submission that the tally takes fits into an extrinsic [it took more than any extrinsic holds]', () => {
    const sealed = new Uint8Array(MAX_SEALED_BYTES);
    const call = tally.call.submit({ round: 2 ** 32 - 1, lane: 1, part: 7, sealed });
    const extrinsic = new TestChain().signed(dev('Eve'), call, 2 ** 32 - 1, { tip: (1n << 128n) - 1n });
    expect(extrinsic.length).to.be.within(MAX_SEALED_BYTES, MAX_EXTRINSIC_LENGTH);
  });

  it('every lane of every parameter set is a submission that the tally takes', () => {
    for (const id of SECURE_PARAMS) {
      const params = fheParams(id);
      // of a thousand values with one digit more the sum could wrap
      const reporter = { account: new Uint8Array(32), total: 16n ** 10n - 1n };
      const rule = { parts: [params.degree], normSq: 1n, reporters: [reporter], maxItems: MAX_ITEMS };
      for (const record of lanesOf(rule as unknown as Parameters<typeof lanesOf>[0])) {
        const spec = laneSpecOf(record);
        checkLane(spec, params.degree);
        expect(sealedBytes(params, spec), `${id}, lane ${record.lane}`).to.be.at.most(MAX_SEALED_BYTES);
      }
    }
  });
});
