/** How disputes go: silence, panels, appeals, and what becomes of the asset and the money. */
import { expect } from 'chai';
import { reservedOf } from '../../../pallets/balances/index.ts';
import { disputes } from '../../../pallets/disputes/index.ts';
import { standingOf } from '../../../pallets/ownership/index.ts';
import {
  ANYONE,
  by,
  call,
  court,
  type Court,
  digest,
  errors,
  FEE,
  judge,
  MODEL,
  OWNER,
  panelOf,
  report,
  REPORTER,
  SEAT,
  START,
  UNIT,
  VICTIM,
  wealth,
  who,
  WINDOW,
} from './support.ts';

const standing = ({ chain }: Court) => {
  const { tags, frozenUntil, revoked } = standingOf(chain.ctx, MODEL);
  return { tags: tags.map(({ tag }) => tag), isFrozen: frozenUntil !== undefined, revoked };
};
const CLEAR = { tags: [], isFrozen: false, revoked: false };
const appeal = (it: Court, n: number, id = 0n): void => it.ok(n, call.appeal({ id, digests: [digest(50)] }));
const conclude = (it: Court, id = 0n): void => {
  it.pass(WINDOW);
  it.ok(ANYONE, call.conclude({ id }));
};
const recordOf = ({ chain }: Court, id = 0n) => disputes.use(chain.ctx).store.records.get(id);

describe('pallets/disputes: cases', () => {
  it('a report tags the asset and freezes nothing', () => {
    const it = court();
    it.ok(REPORTER, report());
    expect(standing(it)).to.deep.equal({ ...CLEAR, tags: ['Disputed'] });
    expect(reservedOf(it.chain.ctx, who(REPORTER))).to.equal(3n * SEAT);
    expect(wealth(it, REPORTER)).to.equal(START - FEE);
  });

  it('silence loses, after the grace and not before', () => {
    const it = court();
    it.ok(REPORTER, report());
    it.pass(2 * WINDOW - 1);
    it.chain.expectNoop(by(ANYONE), call.ruleSilence({ id: 0n }), errors.TooEarly);
    it.pass(1);
    it.chain.expectNoop(by(OWNER), call.answer({ id: 0n, digests: [] }), errors.TooLate);
    it.ok(ANYONE, call.ruleSilence({ id: 0n }));
    expect(standing(it)).to.deep.equal({ tags: ['Disputed', 'Copy'], isFrozen: true, revoked: false });
    conclude(it);
    expect(standing(it)).to.deep.equal({ tags: ['Copy'], isFrozen: false, revoked: true });
    expect(wealth(it, REPORTER)).to.equal(START - FEE);
    expect(reservedOf(it.chain.ctx, who(REPORTER))).to.equal(0n);
    expect(recordOf(it)?.outcome.tag).to.equal('Upheld');
  });

  it('an answer after the ordinary time costs twice the bond', () => {
    const it = court();
    it.ok(REPORTER, report());
    it.pass(WINDOW - 1);
    const before = reservedOf(it.chain.ctx, who(OWNER));
    it.pass(1);
    it.ok(OWNER, call.answer({ id: 0n, digests: [] }));
    expect(reservedOf(it.chain.ctx, who(OWNER)) - before).to.equal(6n * SEAT);
  });

  it('a panel dismisses: the reporter’s bond goes to the jurors who said so, in proportion to their seats', () => {
    const it = court();
    it.ok(REPORTER, report());
    judge(it, (place) => (place === 0 ? 'Upheld' : 'Dismissed'));
    expect(standing(it)).to.deep.equal({ ...CLEAR, tags: ['Disputed'] });
    const [wrong, ...right] = panelOf(it) as [number, number, number];
    conclude(it);
    expect(standing(it)).to.deep.equal(CLEAR);
    const lost = UNIT / 20n;
    expect(wealth(it, wrong)).to.equal(START - lost);
    expect(right.map((n) => wealth(it, n))).to.deep.equal(right.map(() => START + (3n * SEAT + lost) / 2n));
    expect(wealth(it, REPORTER)).to.equal(START - FEE - 3n * SEAT);
    expect(wealth(it, OWNER)).to.equal(START);
  });

  it('a silent juror loses more than one who was wrong', () => {
    const it = court();
    it.ok(REPORTER, report());
    judge(it, (place) => (place === 0 ? undefined : 'Upheld'));
    const [silent] = panelOf(it) as [number];
    conclude(it);
    expect(wealth(it, silent)).to.equal(START - UNIT / 5n);
    expect(wealth(it, OWNER)).to.equal(START - 3n * SEAT);
  });

  it('loses, appeals, loses, appeals, loses: the asset is frozen, then revoked, and it stays so', () => {
    const it = court();
    it.ok(REPORTER, report());
    judge(it, () => 'Upheld');
    expect(standing(it)).to.deep.equal({ tags: ['Disputed', 'Copy'], isFrozen: true, revoked: false });
    appeal(it, OWNER);
    expect(standing(it).isFrozen, 'an appeal alone changes nothing').to.equal(true);
    judge(it, () => 'Upheld');
    expect(panelOf(it)).to.have.length(7);
    expect(standing(it)).to.deep.equal({ tags: ['Disputed', 'Copy'], isFrozen: true, revoked: true });
    appeal(it, OWNER);
    judge(it, () => 'Upheld');
    expect(panelOf(it)).to.have.length(15);
    it.chain.expectNoop(by(OWNER), call.appeal({ id: 0n, digests: [digest(1)] }), errors.LastInstance);
    conclude(it);
    expect(standing(it)).to.deep.equal({ tags: ['Copy'], isFrozen: false, revoked: true });
    expect(wealth(it, OWNER)).to.equal(START - 25n * SEAT);
    expect(wealth(it, REPORTER)).to.equal(START - FEE);
  });

  it('the last appeal restores the asset exactly as it was, and turns the money', () => {
    const it = court();
    it.ok(REPORTER, report());
    judge(it, () => 'Upheld');
    appeal(it, OWNER);
    judge(it, () => 'Upheld');
    expect(standing(it).revoked).to.equal(true);
    appeal(it, OWNER);
    judge(it, () => 'Dismissed');
    expect(standing(it)).to.deep.equal({ ...CLEAR, tags: ['Disputed'] });
    conclude(it);
    expect(standing(it)).to.deep.equal(CLEAR);
    expect(wealth(it, OWNER)).to.equal(START);
    expect(wealth(it, REPORTER)).to.equal(START - FEE - 3n * SEAT);
    expect(disputes.use(it.chain.ctx).store.holds.has(MODEL)).to.equal(false);
  });

  it('without a majority the report is dismissed, and both sides have their bonds back', () => {
    const it = court();
    it.ok(REPORTER, report());
    judge(it, (place) => [undefined, 'Upheld', 'Dismissed'][place] as 'Upheld' | undefined);
    const [silent, ...others] = panelOf(it) as [number, number, number];
    conclude(it);
    expect(recordOf(it)?.outcome.tag).to.equal('Dismissed');
    expect([wealth(it, REPORTER), wealth(it, OWNER)]).to.deep.equal([START - FEE, START]);
    expect(wealth(it, silent)).to.equal(START - UNIT / 5n);
    expect(others.map((n) => wealth(it, n))).to.deep.equal(others.map(() => START + UNIT / 10n));
  });

  it('half of the seats silent is no majority, however the others vote', () => {
    const it = court();
    it.ok(REPORTER, report());
    judge(it, (place) => (place === 0 ? 'Upheld' : undefined));
    expect(it.dispute().ruling).to.deep.include({ verdict: { tag: 'Dismissed', value: undefined } });
    expect(it.dispute().ruling?.basis.tag).to.equal('NoMajority');
  });

  it('without a majority on appeal the ruling stays, and the bond for that panel goes back', () => {
    const it = court();
    it.ok(REPORTER, report());
    judge(it, () => 'Upheld');
    appeal(it, OWNER);
    judge(it, () => undefined);
    expect(standing(it)).to.deep.equal({ tags: ['Disputed', 'Copy'], isFrozen: true, revoked: false });
    conclude(it);
    expect(standing(it).revoked).to.equal(true);
    expect(wealth(it, OWNER)).to.equal(START - 3n * SEAT);
  });

  it('a wrong description is frozen for a time and never revoked', () => {
    const it = court();
    it.ok(REPORTER, report({ kind: 'Misleading', against: undefined }));
    judge(it, () => 'Upheld');
    conclude(it);
    const { frozenUntil } = standingOf(it.chain.ctx, MODEL);
    expect(frozenUntil).to.equal(it.chain.ctx.block + 50);
    expect(standing(it)).to.deep.equal({ tags: ['Misleading'], isFrozen: true, revoked: false });
  });

  it('two disputes of an asset do not undo each other’s work', () => {
    const it = court();
    it.ok(REPORTER, report());
    it.ok(VICTIM, report({ kind: 'Harmful', evidence: 2 }));
    it.ok(OWNER, call.answer({ id: 0n, digests: [] }));
    judge(it, () => 'Upheld', 1n);
    judge(it, () => 'Upheld', 0n);
    appeal(it, OWNER);
    judge(it, () => 'Dismissed', 0n);
    expect(standing(it)).to.deep.equal({ tags: ['Disputed', 'Harmful'], isFrozen: true, revoked: false });
    conclude(it, 0n);
    it.ok(ANYONE, call.conclude({ id: 1n }));
    expect(standing(it)).to.deep.equal({ tags: ['Harmful'], isFrozen: false, revoked: true });
  });

  it('a panel that cannot be drawn in time decides nothing', () => {
    const it = court([]);
    it.ok(REPORTER, report());
    it.ok(OWNER, call.answer({ id: 0n, digests: [] }));
    it.pass(29);
    it.chain.expectNoop(by(ANYONE), call.lapse({ id: 0n }), errors.TooEarly);
    it.pass(1);
    it.ok(ANYONE, call.lapse({ id: 0n }));
    it.ok(ANYONE, call.conclude({ id: 0n }));
    expect(recordOf(it)?.outcome.tag).to.equal('Undecided');
    expect(standing(it)).to.deep.equal(CLEAR);
    expect([wealth(it, REPORTER), wealth(it, OWNER)]).to.deep.equal([START - FEE, START]);
  });

  it('an appeal whose panel cannot be drawn leaves the ruling, and cannot be repeated', () => {
    const it = court([]);
    it.ok(REPORTER, report());
    it.pass(2 * WINDOW);
    it.ok(ANYONE, call.ruleSilence({ id: 0n }));
    appeal(it, OWNER);
    it.pass(30);
    it.ok(ANYONE, call.lapse({ id: 0n }));
    it.chain.expectNoop(by(OWNER), call.appeal({ id: 0n, digests: [digest(8)] }), errors.TooLate);
    it.ok(ANYONE, call.conclude({ id: 0n }));
    expect(standing(it).revoked).to.equal(true);
    expect(wealth(it, OWNER)).to.equal(START);
  });

  it('drops the papers after a window, and keeps the record', () => {
    const it = court();
    it.ok(REPORTER, report());
    judge(it, () => 'Upheld');
    it.chain.expectNoop(by(ANYONE), call.prune({ id: 0n }), errors.WrongPhase);
    conclude(it);
    it.chain.expectNoop(by(ANYONE), call.prune({ id: 0n }), errors.TooEarly);
    const kept = recordOf(it);
    it.pass(WINDOW);
    it.ok(ANYONE, call.prune({ id: 0n }));
    const { store } = disputes.use(it.chain.ctx);
    for (const item of [store.disputes, store.entries, store.parties, store.panels, store.seats]) {
      expect([...item.entries()]).to.deep.equal([]);
    }
    expect(recordOf(it)).to.deep.equal(kept);
    it.chain.expectNoop(by(VICTIM), report(), errors.AlreadyTried);
    it.chain.expectNoop(by(REPORTER), report({ evidence: 3 }), errors.AlreadyFound);
  });
});
