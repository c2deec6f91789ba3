/** Disputes about what was said: whole lives, and what is left of the subject, the money, and the record at each step. */
import { expect } from 'chai';
import { reservedOf, totalIssuance } from '../../../pallets/balances/index.ts';
import { curation } from '../../../pallets/curation/index.ts';
import { disputes } from '../../../pallets/disputes/index.ts';
import { licensing } from '../../../pallets/licensing/index.ts';
import { registry } from '../../../pallets/registry/index.ts';
import {
  ANYONE,
  by,
  call,
  digest,
  draw,
  errors,
  FEE,
  HEIR,
  judge,
  OWNER,
  panelOf,
  REPORTER,
  SEAT,
  START,
  type Court,
  UNIT,
  wealth,
  who,
  WINDOW,
} from './support.ts';
import {
  about,
  ATTESTER,
  ATTESTER_BOND,
  attesterBond,
  AUTHOR,
  buy,
  CLAIM,
  EVALUATION,
  evaluation,
  GRANT,
  hall,
  holds,
  rate,
  RATER,
  score,
  set,
} from './words-support.ts';

const id = 0n;
const appeal = (n = 2) => call.appeal({ id, digests: [digest(n)] });
function close(it: Court): void {
  it.pass(WINDOW);
  it.ok(ANYONE, call.conclude({ id }));
}
const outcome = ({ chain }: Court) => disputes.use(chain.ctx).store.records.get(id)?.outcome.tag;

describe('pallets/disputes: evaluations', () => {
  it('a report alone leaves the score; the first ruling against it takes the evaluation out, the end strikes it', () => {
    const it = hall();
    const before = score(it);
    it.ok(REPORTER, about(EVALUATION));
    expect(score(it), 'a report is no ruling').to.deep.equal(before);
    judge(it, () => 'Upheld');
    expect(score(it)).to.include({ weight: before.weight / 2n, counted: 1 });
    expect(score(it).hundredths).to.be.greaterThan(before.hundredths);
    expect(evaluation(it), 'it is still there: an appeal may bring it back').to.include({ suspended: true });
    it.chain.expectNoop(by(ANYONE), curation.call.reward({ model: 0n, evaluation: 0 }), curation.errors.NothingDue);
    close(it);
    expect([outcome(it), evaluation(it)]).to.deep.equal(['Upheld', undefined]);
    expect(
      reservedOf(it.chain.ctx, who(AUTHOR)),
      'the deposit of the evaluation is back; that of the grant stays',
    ).to.equal(licensing.use(it.chain.ctx).store.grants.get(GRANT)?.deposit);
    it.chain.expectNoop(by(ANYONE), about(EVALUATION, 'Improper', 7), errors.UnknownEvaluation);
  });

  it('an appeal that turns the ruling restores score, sums, ratings and rewards exactly, with what came meanwhile', () => {
    const it = hall();
    it.ok(OWNER, curation.call.fundPot({ model: 0n, amount: 10_000_000n }));
    const untouched = hall();
    untouched.ok(OWNER, curation.call.fundPot({ model: 0n, amount: 10_000_000n }));
    it.ok(REPORTER, about(EVALUATION));
    judge(it, () => 'Upheld');
    for (const one of [it, untouched]) one.ok(RATER, rate(true, 100_000n));
    it.ok(AUTHOR, appeal());
    expect(evaluation(it), 'what stands stands until the appeal is ruled').to.include({ suspended: true });
    judge(it, () => 'Dismissed');
    close(it);
    expect(outcome(it)).to.equal('Dismissed');
    for (const one of [it, untouched]) one.ok(ANYONE, curation.call.reward({ model: 0n, evaluation: 0 }));
    const [left, right] = [it, untouched].map(({ chain }) => {
      const { store } = curation.use(chain.ctx);
      return [store.sums.get(0n), store.evaluations.get(0n, 0), store.pots.get(0n), [...store.ratings.entries()]];
    });
    expect(left, 'as if nothing had happened').to.deep.equal(right);
    expect(score(it)).to.deep.equal(score(untouched));
    expect(wealth(it, AUTHOR)).to.equal(wealth(untouched, AUTHOR));
  });

  it('outvoted while a ruling keeps it out, it is outvoted after the ruling is turned, until it is voted back', () => {
    const it = hall();
    const before = score(it);
    buy(it, HEIR);
    it.ok(REPORTER, about(EVALUATION));
    judge(it, () => 'Upheld');
    const out = score(it);
    for (const n of [RATER, HEIR]) it.ok(n, rate(false, 1_500_000n));
    expect([score(it), evaluation(it)?.state.tag]).to.deep.equal([out, 'Outvoted']);
    it.ok(AUTHOR, appeal());
    judge(it, () => 'Dismissed');
    expect([score(it), evaluation(it)?.suspended]).to.deep.equal([out, false]);
    buy(it, ANYONE);
    it.ok(ANYONE, rate(true, 1_500_000n));
    expect(score(it)).to.deep.equal(before);
  });

  it('counted for the first time while a ruling keeps it out, it is in the score when the ruling is turned', () => {
    const it = hall();
    buy(it, HEIR);
    it.ok(HEIR, curation.call.evaluate({ model: 0n, rating: 0, input: '', output: '' }));
    const before = score(it);
    it.ok(REPORTER, about({ tag: 'Evaluation', value: { model: 0n, evaluation: 2 } }));
    judge(it, () => 'Upheld');
    it.ok(ANYONE, curation.call.count({ model: 0n, evaluation: 2 }));
    expect(score(it)).to.deep.equal(before);
    it.ok(HEIR, appeal());
    judge(it, () => 'Dismissed');
    expect(score(it).counted).to.equal(3);
  });

  it('jurors are paid the same whoever is right, out of the report: half if it is right, and the rest is burned if it is not', () => {
    for (const verdict of ['Upheld', 'Dismissed'] as const) {
      const it = hall();
      const before = totalIssuance(it.chain.ctx);
      it.ok(REPORTER, about(EVALUATION));
      judge(it, () => verdict);
      const jurors = new Set(panelOf(it));
      close(it);
      const paid = [...jurors].reduce((sum, n) => sum + wealth(it, n) - START, 0n);
      const bond = 3n * SEAT;
      expect(paid, verdict).to.equal(bond / 2n);
      expect(wealth(it, REPORTER)).to.equal(START - FEE - (verdict === 'Upheld' ? bond / 2n : bond));
      expect(before - totalIssuance(it.chain.ctx)).to.equal(FEE + (verdict === 'Upheld' ? 0n : bond / 2n));
    }
  });

  it('is judged though its author says nothing, and the author puts up nothing to be heard', () => {
    const it = hall();
    const mine = reservedOf(it.chain.ctx, who(AUTHOR));
    it.ok(REPORTER, about(EVALUATION));
    it.chain.expectNoop(by(ANYONE), call.ruleSilence({ id }), errors.TooEarly);
    it.pass(2 * WINDOW);
    it.ok(ANYONE, call.ruleSilence({ id }));
    expect(it.dispute()).to.deep.include({ ruling: undefined });
    expect(it.dispute().phase.tag).to.equal('Draw');
    judge(it, () => 'Dismissed');
    close(it);
    expect(outcome(it)).to.equal('Dismissed');
    const heard = hall();
    heard.ok(REPORTER, about(EVALUATION));
    heard.ok(AUTHOR, call.answer({ id, digests: [digest(3)] }));
    expect(reservedOf(heard.chain.ctx, who(AUTHOR))).to.equal(mine);
  });

  it('goes through both appeals: the bonds of the loser are burned, the jurors paid by the reporter', () => {
    const it = hall();
    const before = wealth(it, AUTHOR);
    it.ok(REPORTER, about(EVALUATION));
    judge(it, () => 'Upheld');
    it.ok(AUTHOR, appeal(2));
    judge(it, () => 'Dismissed');
    expect(evaluation(it)).to.include({ suspended: false });
    it.ok(REPORTER, appeal(3));
    judge(it, () => 'Upheld');
    expect(evaluation(it)).to.include({ suspended: true });
    it.chain.expectNoop(by(AUTHOR), appeal(4), errors.LastInstance);
    close(it);
    expect(outcome(it)).to.equal('Upheld');
    expect(before - wealth(it, AUTHOR)).to.equal(7n * SEAT);
    expect(START - wealth(it, REPORTER)).to.equal(FEE + (3n * SEAT) / 2n + (15n * SEAT) / 2n);
  });

  it('no majority, or no panel in time, leaves it as it was and all bonds with their owners', () => {
    const it = hall();
    const before = score(it);
    it.ok(REPORTER, about(EVALUATION));
    judge(it, () => undefined);
    close(it);
    expect([outcome(it), wealth(it, REPORTER)]).to.deep.equal(['Dismissed', START - FEE]);
    const undecided = hall();
    undecided.ok(REPORTER, about(EVALUATION));
    undecided.ok(AUTHOR, call.answer({ id, digests: [] }));
    undecided.pass(30);
    undecided.ok(ANYONE, call.lapse({ id }));
    undecided.ok(ANYONE, call.conclude({ id }));
    expect([outcome(undecided), wealth(undecided, REPORTER)]).to.deep.equal(['Undecided', START - FEE]);
    for (const one of [it, undecided]) expect(score(one)).to.deep.equal(before);
  });

  it('who takes it back concedes: no panel is needed, nobody loses a bond', () => {
    const it = hall();
    it.ok(REPORTER, about(EVALUATION));
    it.chain.expectNoop(by(ANYONE), call.ruleByFacts({ id }), errors.NoRule);
    it.ok(AUTHOR, curation.call.withdraw({ model: 0n, evaluation: 0 }));
    it.ok(ANYONE, call.ruleByFacts({ id }));
    close(it);
    expect([outcome(it), wealth(it, REPORTER)]).to.deep.equal(['Upheld', START - FEE]);
  });

  it('taken back before a panel that sits, or under a ruling, it is gone, and the case comes to its end', () => {
    for (const isRuled of [false, true]) {
      const it = hall();
      it.ok(RATER, rate(true, 1_000n));
      it.ok(REPORTER, about(EVALUATION));
      if (isRuled) judge(it, () => 'Upheld');
      else draw(it);
      it.ok(AUTHOR, curation.call.withdraw({ model: 0n, evaluation: 0 }));
      if (isRuled) it.ok(AUTHOR, appeal());
      const { seats } = disputes.use(it.chain.ctx).store.panels.get(id, it.dispute().level) ?? { seats: [] };
      if (isRuled) judge(it, () => 'Dismissed');
      else {
        expect(seats).to.not.have.length(0);
        it.pass(2 * WINDOW);
        it.ok(ANYONE, call.count({ id }));
      }
      close(it);
      expect([outcome(it), evaluation(it), score(it).counted]).to.deep.equal(['Dismissed', undefined, 1]);
      it.ok(ANYONE, curation.call.closeRating({ model: 0n, evaluation: 0, grant: 1n }));
    }
  });
});

describe('pallets/disputes: claims', () => {
  it('a claim holds until the first ruling; when it stands the attester loses a part of its bond, which is burned', () => {
    const it = hall();
    it.ok(REPORTER, about(CLAIM));
    expect(holds(it), 'a report is no ruling').to.equal(true);
    judge(it, () => 'Upheld');
    expect([holds(it), attesterBond(it)], 'nothing is slashed before the end').to.deep.equal([false, ATTESTER_BOND]);
    const before = totalIssuance(it.chain.ctx);
    close(it);
    expect([outcome(it), holds(it), attesterBond(it)]).to.deep.equal(['Upheld', false, (ATTESTER_BOND * 3n) / 4n]);
    expect(before - totalIssuance(it.chain.ctx)).to.equal(ATTESTER_BOND / 4n);
    expect(wealth(it, REPORTER), 'who was right loses nothing but the fee').to.equal(START - FEE);
    it.chain.expectNoop(by(ANYONE), about(CLAIM, 'False', 9), errors.AlreadyFound);
  });

  it('an appeal that turns the ruling restores it, for the blocks between too, and nothing is slashed', () => {
    const it = hall();
    const wealthBefore = wealth(it, ATTESTER);
    it.ok(REPORTER, about(CLAIM));
    judge(it, () => 'Upheld');
    it.ok(ATTESTER, appeal());
    judge(it, () => 'Dismissed');
    expect(holds(it)).to.equal(true);
    close(it);
    expect([outcome(it), holds(it), attesterBond(it)]).to.deep.equal(['Dismissed', true, ATTESTER_BOND]);
    expect(registry.use(it.chain.ctx).store.claims.get(0n)?.struck).to.equal(undefined);
    expect(wealth(it, ATTESTER)).to.equal(wealthBefore);
  });

  it('silence loses: an attester answers for its word', () => {
    const it = hall();
    it.ok(REPORTER, about(CLAIM));
    it.pass(2 * WINDOW);
    it.ok(ANYONE, call.ruleSilence({ id }));
    expect(holds(it)).to.equal(false);
    it.ok(ATTESTER, appeal());
    judge(it, () => 'Upheld');
    it.ok(ATTESTER, appeal(3));
    judge(it, () => 'Upheld');
    close(it);
    expect([outcome(it), holds(it), attesterBond(it)]).to.deep.equal(['Upheld', false, (ATTESTER_BOND * 3n) / 4n]);
  });

  it('what is lost is fixed at the report: neither governance nor a larger bond changes it meanwhile', () => {
    const it = hall();
    it.ok(REPORTER, about(CLAIM));
    set(it, 'ClaimSlash', 5_000n);
    it.ok(ATTESTER, registry.call.raiseBond({ amount: UNIT }));
    judge(it, () => 'Upheld');
    close(it);
    expect(attesterBond(it)).to.equal(ATTESTER_BOND + UNIT - ATTESTER_BOND / 4n);
  });
});
