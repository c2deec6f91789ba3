import { expect } from 'chai';
import { Observer } from '../../../node/committee/observer.ts';
import type { RoundInfo } from '../../../node/evaluation/payloads.ts';
import { SealedStore } from '../../../node/evaluation/sealed-store.ts';
import { genesisHash } from '../../../pallets/system/index.ts';
import { openedPart, type PartInfo } from '../../../pallets/tally/index.ts';
import { fheParams } from '../../../primitives/fhe/params.ts';
import {
  beginRound,
  contribute,
  kernelEvaluator,
  phaseOf,
  publish,
  report,
  roundInfoOf,
  TestCommittee,
  testChain,
} from '../../support/committee.ts';
import { scratchFolder } from '../../support/scratch.ts';

const NAMES = ['anna', 'bo', 'cleo'];

describe('node/committee: a node outside the committee', () => {
  let info: RoundInfo;
  let genesis: Uint8Array;
  let partOf: (round: number, part: number) => PartInfo | undefined;
  const store = new SealedStore(scratchFolder('observer'), 0);

  before(() => {
    const test = testChain({ accounts: NAMES, seed: 'observer' });
    const members = new TestCommittee(test);
    const add = members.addSealed.bind(members);
    members.addSealed = (sealed) => {
      store.add(sealed);
      add(sealed);
    };
    members.runToActive();
    const begun = beginRound(test);
    const { id } = begun;
    members.runUntil(() => phaseOf(test, id) === 'Open');
    for (const name of NAMES) contribute(members, id, name);
    report(members, id, [20, 5, 25]);
    members.runUntil(() => phaseOf(test, id) === 'Direction');
    publish(members, begun);
    members.runUntil(() => phaseOf(test, id) === 'Settled');
    info = roundInfoOf(test.chain.ctx, id);
    genesis = genesisHash(test.chain.ctx);
    partOf = (round, part) => openedPart(test.chain.ctx, round, part);
  });

  /** What an observer says of a round: nothing, whether it agrees, or what it could not do. */
  function told(rounds: readonly RoundInfo[], source = store.source): unknown[] {
    const heard: unknown[] = [];
    const observer = new Observer({
      genesis,
      evaluator: (id) => kernelEvaluator(fheParams(id)),
      sealed: source,
      onEvaluated: (round, agrees) => heard.push([round, agrees]),
      onError: (error) => heard.push((error as { code?: string }).code),
    });
    observer.look(rounds, partOf);
    observer.look(rounds, partOf);
    return heard;
  }

  it('evaluates the scores to what the committee agreed on, once', () => {
    expect(told([info])).to.deep.equal([[info.round.round, true]]);
  });

  it('says nothing before the committee has agreed', () => {
    expect(told([{ ...info, payout: undefined }])).to.deep.equal([]);
  });

  it('disagrees with another score, a score too few', () => {
    const payout = info.payout;
    if (payout === undefined) throw new Error('the round has no payout');
    const other = new Uint8Array(32);
    for (const wrong of [
      { ...payout, scores: [other, ...payout.scores.slice(1)] },
      { ...payout, scores: payout.scores.slice(1) },
    ]) {
      expect(told([{ ...info, payout: wrong }])).to.deep.equal([[info.round.round, false]]);
    }
  });

  it('says which body it lacks rather than that it agrees', () => {
    expect(told([info], { has: () => false, read: () => undefined })).to.deep.equal(['tally/missing-body']);
  });
});
