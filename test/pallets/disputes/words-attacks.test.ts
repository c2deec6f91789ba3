/** What dishonest reporters, authors, owners of models and attesters try with disputes about what was said. */
import { expect } from 'chai';
import { reservedOf, totalIssuance } from '../../../pallets/balances/index.ts';
import { disputes, MAX_OPEN, type Subject } from '../../../pallets/disputes/index.ts';
import { licensing } from '../../../pallets/licensing/index.ts';
import { ownership } from '../../../pallets/ownership/index.ts';
import { acceptShare } from '../../support/ownership.ts';
import {
  ANYONE,
  by,
  call,
  commitOf,
  digest,
  draw,
  errors,
  FEE,
  HEIR,
  judge,
  JURORS,
  OWNER,
  panelOf,
  REPORTER,
  revealOf,
  SEAT,
  START,
  VICTIM,
  wealth,
  who,
  WINDOW,
  type Court,
} from './support.ts';
import {
  about,
  ATTESTER,
  attesterBond,
  AUTHOR,
  buy,
  CLAIM,
  EVALUATION,
  evaluated,
  evaluation,
  GRANT,
  hall,
  holds,
  score,
  TALKED,
} from './words-support.ts';

const BOND = 3n * SEAT;
const to = (n: number) => ({ tag: 'Id' as const, value: who(n) });
const outcome = ({ chain }: Court, id = 0n) => disputes.use(chain.ctx).store.records.get(id)?.outcome.tag;
function close(it: Court, id = 0n): void {
  it.pass(WINDOW);
  it.ok(ANYONE, call.conclude({ id }));
}
const place = (n: number): Subject => ({ tag: 'Evaluation', value: { model: 0n, evaluation: n } });

describe('pallets/disputes: attacks on what was said', () => {
  it('reports about nothing, about one’s own, and of a wrong kind are refused', () => {
    const it = hall();
    it.chain.expectNoop(by(AUTHOR), about(EVALUATION), errors.OwnSubject);
    it.chain.expectNoop(by(ATTESTER), about(CLAIM), errors.OwnSubject);
    it.chain.expectNoop(by(REPORTER), about(place(9)), errors.UnknownEvaluation);
    it.chain.expectNoop(by(REPORTER), about({ tag: 'Claim', value: 9n }), errors.UnknownClaim);
    for (const kind of ['Copy', 'Misuse', 'Expired', 'Harmful'] as const) {
      it.chain.expectNoop(by(REPORTER), about(EVALUATION, kind), errors.WrongKind);
      it.chain.expectNoop(by(REPORTER), about(CLAIM, kind), errors.WrongKind);
    }
    it.chain.expectNoop(by(REPORTER), about(CLAIM, 'Bought'), errors.WrongKind);
    it.chain.expectNoop(by(REPORTER), about({ tag: 'Grant', value: GRANT }, 'False'), errors.WrongKind);
    it.chain.expectNoop(by(REPORTER), about(EVALUATION, 'Unfounded'), errors.NotSo);
  });

  it('an owner that reports every bad review of its model silences none by waiting, and loses a bond and a fee for each', () => {
    const it = hall();
    for (const n of [HEIR, VICTIM]) {
      buy(it, n);
      evaluated(it, n, 5);
    }
    const before = score(it);
    const wealthBefore = wealth(it, OWNER);
    for (const [n, each] of [0, 2, 3].entries()) it.ok(OWNER, about(place(each), 'False', n));
    // The authors are asleep.
    it.pass(2 * WINDOW);
    for (const id of [0n, 1n, 2n]) it.ok(ANYONE, call.ruleSilence({ id }));
    expect(score(it)).to.deep.equal(before);
    for (const id of [0n, 1n, 2n]) {
      judge(it, () => 'Dismissed', id);
      close(it, id);
    }
    expect(score(it)).to.deep.equal(before);
    expect(wealthBefore - wealth(it, OWNER)).to.equal(3n * (BOND + FEE));
  });

  it('more reports about the same evaluation, or claim, double in price, and end', () => {
    const crowd = JURORS.slice(0, MAX_OPEN);
    for (const subject of [EVALUATION, CLAIM]) {
      const it = hall([]);
      const bonds = crowd.map((n) => {
        it.ok(n, about(subject, 'False', n));
        return reservedOf(it.chain.ctx, who(n));
      });
      expect(bonds).to.deep.equal(crowd.map((_, n) => BOND * 2n ** BigInt(n)));
      it.chain.expectNoop(by(REPORTER), about(subject, 'False', 99), errors.TooManyOpen);
      expect([score(it).counted, holds(it)]).to.deep.equal([2, true]);
    }
  });

  it('an author that reports itself by another account gets nothing of what it loses, and can be reported again', () => {
    const it = hall();
    const both = (): bigint => wealth(it, AUTHOR) + wealth(it, REPORTER);
    const [wealthBefore, issued] = [both(), totalIssuance(it.chain.ctx)];
    it.ok(REPORTER, about(EVALUATION));
    judge(it, () => 'Dismissed');
    close(it);
    expect(wealthBefore - both()).to.equal(BOND + FEE);
    expect(issued - totalIssuance(it.chain.ctx)).to.equal(BOND / 2n + FEE);
    it.ok(VICTIM, about(EVALUATION, 'False', 2));
    judge(it, () => 'Upheld', 1n);
    expect(evaluation(it)).to.include({ suspended: true });
  });

  it('the author, the owner, co-owners, the attester and the reporter never judge', () => {
    const people = [AUTHOR, ATTESTER, OWNER, 21];
    for (const subject of [EVALUATION, CLAIM]) {
      const it = hall([20, 21, 22, 23, 24]);
      for (const n of people.slice(0, 3)) it.ok(n, call.joinJurors({ units: 8 }));
      it.pass(1);
      it.ok(21, about(subject));
      it.ok(it.dispute().respondent[0]!, call.answer({ id: 0n, digests: [] }));
      draw(it);
      const barred = [OWNER, 21, subject === EVALUATION ? AUTHOR : ATTESTER];
      expect(panelOf(it).filter((n) => barred.includes(n))).to.deep.equal([]);
    }
  });

  it('two disputes about one evaluation do not undo each other: it counts when both are for it, and is struck by one', () => {
    for (const second of ['Dismissed', 'Upheld'] as const) {
      const it = hall();
      const before = score(it);
      it.ok(REPORTER, about(EVALUATION));
      it.ok(VICTIM, about(EVALUATION, 'Bought', 2));
      for (const id of [0n, 1n]) it.ok(AUTHOR, call.answer({ id, digests: [] }));
      for (const id of [0n, 1n]) {
        judge(it, () => 'Upheld', id);
        it.ok(AUTHOR, call.appeal({ id, digests: [digest(5)] }));
      }
      judge(it, () => 'Dismissed', 0n);
      close(it, 0n);
      expect(evaluation(it), 'the other ruling stands').to.include({ suspended: true });
      judge(it, () => second, 1n);
      close(it, 1n);
      if (second === 'Dismissed') expect(score(it)).to.deep.equal(before);
      else expect([evaluation(it), score(it).counted]).to.deep.equal([undefined, 1]);
    }
  });

  it('who brings a second case about what was struck meanwhile is right by rule, and has its bond back', () => {
    for (const subject of [EVALUATION, CLAIM]) {
      const it = hall();
      it.ok(REPORTER, about(subject));
      it.ok(VICTIM, about(subject, 'False', 2));
      const respondent = it.dispute().respondent[0]!;
      it.ok(respondent, call.answer({ id: 1n, digests: [] }));
      judge(it, () => 'Upheld', 0n);
      close(it, 0n);
      const bond = attesterBond(it);
      it.ok(ANYONE, call.ruleByFacts({ id: 1n }));
      close(it, 1n);
      expect([outcome(it, 1n), wealth(it, VICTIM) >= START - FEE]).to.deep.equal(['Upheld', true]);
      expect(attesterBond(it), 'one lie is slashed once').to.equal(bond);
    }
  });

  it('a grant passed on meanwhile leaves the author the respondent; the buyer answers for nothing', () => {
    const it = hall();
    it.ok(REPORTER, about(EVALUATION));
    it.ok(AUTHOR, licensing.call.transfer({ grant: GRANT, to: to(HEIR) }));
    it.chain.expectNoop(by(HEIR), call.answer({ id: 0n, digests: [] }), errors.NotRespondent);
    it.ok(AUTHOR, call.answer({ id: 0n, digests: [] }));
    judge(it, () => 'Upheld');
    expect(evaluation(it)).to.include({ suspended: true });
    it.chain.expectNoop(by(HEIR), call.appeal({ id: 0n, digests: [digest(4)] }), errors.NotLoser);
    close(it);
    expect(evaluation(it)).to.equal(undefined);
  });

  it('a grant taken for misuse takes the word that was said by it along, by rule; one that is only over does not', () => {
    const it = hall();
    it.ok(REPORTER, about({ tag: 'Grant', value: GRANT }, 'Misuse'));
    judge(it, () => 'Upheld');
    it.chain.expectNoop(by(VICTIM), about(EVALUATION, 'Unfounded', 2), errors.NotSo);
    close(it);
    it.ok(VICTIM, about(EVALUATION, 'Unfounded', 2));
    it.ok(ANYONE, call.ruleByFacts({ id: 1n }));
    expect(evaluation(it)).to.include({ suspended: true });
    close(it, 1n);
    expect([evaluation(it), outcome(it, 1n)]).to.deep.equal([undefined, 'Upheld']);
    expect(wealth(it, VICTIM)).to.equal(START - FEE);
  });

  it('an author that has a part of the model is bought, by rule; one that a part was pushed on is not', () => {
    const it = hall();
    it.ok(OWNER, ownership.call.giveShare({ asset: TALKED, to: to(AUTHOR), bps: 1 }));
    it.ok(REPORTER, about(EVALUATION, 'Bought'));
    it.chain.expectNoop(by(ANYONE), call.ruleByFacts({ id: 0n }), errors.NoRule);
    it.ok(AUTHOR, acceptShare(TALKED, who(OWNER), 1));
    it.ok(ANYONE, call.ruleByFacts({ id: 0n }));
    expect(evaluation(it)).to.include({ suspended: true });
  });

  it('bribed silence does not bring a word down', () => {
    const it = hall();
    const before = score(it);
    it.ok(REPORTER, about(EVALUATION));
    draw(it);
    const [first, second, third] = panelOf(it) as [number, number, number];
    for (const n of [first, second, third]) it.ok(n, commitOf(it, n, n === third ? 'Upheld' : 'Dismissed'));
    it.pass(WINDOW);
    it.ok(third, revealOf(it, third, 'Upheld'));
    it.pass(WINDOW);
    it.ok(ANYONE, call.count({ id: 0n }));
    const { basis, verdict } = it.dispute().ruling!;
    expect([basis.tag, verdict.tag]).to.deep.equal(['NoMajority', 'Dismissed']);
    expect(score(it)).to.deep.equal(before);
  });
});
