import { expect } from 'chai';
import { Rehearsals } from '../../../node/committee/rehearsal.ts';
import type { RoundInfo } from '../../../node/evaluation/payloads.ts';
import { fheParams } from '../../../primitives/fhe/params.ts';
import { kernelEvaluator } from '../../support/pallet-members.ts';

const PARAMS = 'tacit-test-256-n4';
const LANE = { lane: 0, part: 0, values: 16, digits: 2, offset: 128, normSq: undefined, total: undefined, bounds: [] };
const roundIn = (phase: string): RoundInfo =>
  ({ round: { phase: { tag: phase }, paramsId: PARAMS, lanes: [LANE] } }) as unknown as RoundInfo;

describe('node/committee: rehearsals', () => {
  /** What was computed, in order. */
  function watched(): { readonly rehearsals: Rehearsals; readonly done: string[] } {
    const done: string[] = [];
    const { sum, weightedSum } = kernelEvaluator(fheParams(PARAMS));
    const rehearsals = new Rehearsals(() => ({
      sum: (ciphertexts) => {
        done.push('sum');
        return sum(ciphertexts);
      },
      weightedSum: (terms) => {
        done.push('score');
        return weightedSum(terms);
      },
    }));
    return { rehearsals, done };
  }

  it('a parameter set is rehearsed once, in pieces, while a round of it is open', () => {
    const { rehearsals, done } = watched();
    for (const phase of ['Keying', 'KeyCheck', 'Reveal', 'Check', 'Settled'])
      expect(rehearsals.next([roundIn(phase)]), phase).to.equal(false);
    let pieces = 0;
    while (rehearsals.next([roundIn('Reveal'), roundIn('Open')])) pieces++;
    expect(pieces).to.equal(6);
    expect(done).to.deep.equal(['sum', 'score', 'score', 'score']);
    expect(rehearsals.next([roundIn('Open'), roundIn('Open')])).to.equal(false);
    expect(done).to.have.length(4);
  });
});
