/** What attesters try when what they claimed is disputed. */
import { expect } from 'chai';
import { reservedOf } from '../../../pallets/balances/index.ts';
import { curation } from '../../../pallets/curation/index.ts';
import { disputes, type Subject } from '../../../pallets/disputes/index.ts';
import { registry } from '../../../pallets/registry/index.ts';
import {
  ANYONE,
  by,
  call,
  digest,
  draw,
  errors,
  judge,
  panelOf,
  REPORTER,
  VICTIM,
  who,
  WINDOW,
  type Court,
} from './support.ts';
import {
  about,
  ATTESTER,
  ATTESTER_BOND,
  attesterBond,
  AUTHOR,
  claim,
  CLAIM,
  EVALUATION,
  hall,
  holds,
  RATER,
  root,
  set,
} from './words-support.ts';

const to = (n: number) => ({ tag: 'Id' as const, value: who(n) });
const outcome = ({ chain }: Court, id = 0n) => disputes.use(chain.ctx).store.records.get(id)?.outcome.tag;
function close(it: Court, id = 0n): void {
  it.pass(WINDOW);
  it.ok(ANYONE, call.conclude({ id }));
}
describe('pallets/disputes: attesters that want to get away', () => {
  const { call: calls, errors: refusals } = registry;

  it('leaving does not free the bond while a claim is disputed, however long that takes', () => {
    const it = hall();
    it.ok(REPORTER, about(CLAIM));
    it.ok(ATTESTER, calls.leaveAttesters({}));
    judge(it, () => 'Upheld');
    it.ok(ATTESTER, call.appeal({ id: 0n, digests: [digest(2)] }));
    it.pass(30);
    it.chain.expectNoop(by(ATTESTER), calls.withdrawBond({}), refusals.StillDisputed);
    it.ok(ANYONE, call.lapse({ id: 0n }));
    it.ok(ANYONE, call.conclude({ id: 0n }));
    expect(attesterBond(it)).to.equal((ATTESTER_BOND * 3n) / 4n);
    it.pass(40);
    it.ok(ATTESTER, calls.withdrawBond({}));
    expect(reservedOf(it.chain.ctx, who(ATTESTER))).to.equal(0n);
  });

  it('a claim that was taken back, or is over, can be reported for as long as a bond of who leaves stays', () => {
    for (const isRevoked of [true, false]) {
      const it = hall();
      const id = claim(it, it.chain.ctx.block + 5);
      const subject: Subject = { tag: 'Claim', value: id };
      if (isRevoked) it.ok(ATTESTER, calls.revokeClaim({ id }));
      else it.pass(5);
      it.pass(39);
      it.ok(REPORTER, about(subject));
      it.pass(1);
      it.chain.expectNoop(by(VICTIM), about(subject, 'False', 2), errors.ClaimTooOld);
      judge(it, () => 'Upheld');
      close(it);
      expect(attesterBond(it)).to.equal((ATTESTER_BOND * 3n) / 4n);
    }
  });

  it('who left and has its bond back has nothing at stake any more, and its claims hold no longer', () => {
    const it = hall();
    it.ok(ATTESTER, calls.leaveAttesters({}));
    it.pass(40);
    it.ok(ATTESTER, calls.withdrawBond({}));
    expect(holds(it)).to.equal(false);
    it.chain.expectNoop(by(REPORTER), about(CLAIM), errors.ClaimTooOld);
  });

  it('each false claim is slashed by what was at stake when it was reported, at most by what is left', () => {
    const it = hall();
    const ids = [0n, claim(it), claim(it), claim(it), claim(it)];
    set(it, 'ClaimSlash', 5_000n);
    for (const id of ids) it.ok(REPORTER, about({ tag: 'Claim', value: id }, 'False', Number(id)));
    it.pass(2 * WINDOW);
    for (const id of ids) it.ok(ANYONE, call.ruleSilence({ id }));
    it.pass(WINDOW);
    for (const id of ids) it.ok(ANYONE, call.conclude({ id }));
    expect(attesterBond(it)).to.equal(0n);
    expect(ids.some((id) => holds(it, id))).to.equal(false);
    it.chain.expectNoop(
      by(ATTESTER),
      calls.makeClaim({
        asset: { tag: 'Model', value: 0n },
        kind: { tag: 'SafetyAudit' },
        digest: digest(1),
        until: 1_000,
      }),
      refusals.BondTooSmall,
    );
  });

  it('what governance has taken of the bond before is not taken twice, and dismissal does not end the case', () => {
    const it = hall();
    it.ok(REPORTER, about(CLAIM));
    root(it, calls.slashAttester({ who: to(ATTESTER), amount: ATTESTER_BOND - 1n }));
    root(it, calls.dismissAttester({ who: to(ATTESTER) }));
    judge(it, () => 'Upheld');
    close(it);
    expect([outcome(it), attesterBond(it)]).to.deep.equal(['Upheld', 0n]);
  });

  it('a rater is no party: whoever rated an evaluation may judge it', () => {
    const it = hall([20, 21]);
    it.ok(RATER, call.joinJurors({ units: 1 }));
    it.pass(1);
    it.ok(REPORTER, about(EVALUATION));
    it.ok(AUTHOR, call.answer({ id: 0n, digests: [] }));
    draw(it);
    expect(panelOf(it)).to.include(RATER);
    expect(curation.use(it.chain.ctx).store.evaluations.get(0n, 0)?.account).to.deep.equal(who(AUTHOR));
  });
});
