/** How long a panel takes when nobody is waited for any more. */
import { expect } from 'chai';
import { COMMIT_MARGIN } from '../../../pallets/disputes/index.ts';
import {
  ANYONE,
  by,
  call,
  commitOf,
  court,
  type Court,
  draw,
  errors,
  panelOf,
  report,
  REPORTER,
  revealOf,
} from './support.ts';
import { set } from './words-support.ts';

function phaseOf(it: Court): { commitUntil: number; until: number } {
  const { phase } = it.dispute();
  if (phase.tag !== 'Vote') throw new Error(phase.tag);
  return phase.value;
}

describe('pallets/disputes: votes', () => {
  it('are opened soon after the last commitment, and counted when all are opened, without waiting for the window', () => {
    const it = court();
    for (const tag of ['DisputeCommit', 'DisputeReveal'] as const) set(it, tag, 500n);
    it.ok(REPORTER, report());
    draw(it);
    const jurors = panelOf(it);
    const { until } = phaseOf(it);
    for (const n of jurors) {
      it.chain.expectNoop(by(n), revealOf(it, n, 'Upheld'), errors.TooEarly);
      it.ok(n, commitOf(it, n, 'Upheld'));
    }
    const from = it.chain.ctx.block + COMMIT_MARGIN;
    expect(phaseOf(it), 'the time to open votes ends when it did').to.deep.equal({ commitUntil: from, until });
    it.pass(COMMIT_MARGIN - 1);
    it.chain.expectNoop(by(jurors[0]!), revealOf(it, jurors[0]!, 'Upheld'), errors.TooEarly);
    it.pass(1);
    for (const n of jurors) {
      it.chain.expectNoop(by(ANYONE), call.count({ id: 0n }), errors.TooEarly);
      it.ok(n, revealOf(it, n, 'Upheld'));
    }
    it.ok(ANYONE, call.count({ id: 0n }));
    expect(it.dispute().ruling?.verdict.tag).to.equal('Upheld');
  });

  it('who never commits holds up the others for the ordinary time, and no longer', () => {
    const it = court();
    for (const tag of ['DisputeCommit', 'DisputeReveal'] as const) set(it, tag, 500n);
    it.ok(REPORTER, report());
    draw(it);
    const [first, second] = panelOf(it) as [number, number];
    const { commitUntil } = phaseOf(it);
    for (const n of [first, second]) it.ok(n, commitOf(it, n, 'Upheld'));
    expect(phaseOf(it).commitUntil).to.equal(commitUntil);
  });
});
