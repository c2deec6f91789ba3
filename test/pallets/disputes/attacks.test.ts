/** What dishonest reporters, owners, jurors and bystanders try. */
import { expect } from 'chai';
import { balances, freeOf, reservedOf } from '../../../pallets/balances/index.ts';
import { commitmentOf, MAX_OPEN, MAX_REPORTS } from '../../../pallets/disputes/index.ts';
import { type Asset, createAsset, ownership, standingOf, titleOf } from '../../../pallets/ownership/index.ts';
import { acceptShare, acceptTitle } from '../../support/ownership.ts';
import {
  ANYONE,
  by,
  call,
  commitOf,
  court,
  type Court,
  DEPOSIT,
  digest,
  draw,
  errors,
  HEIR,
  judge,
  MODEL,
  ORIGINAL,
  OWNER,
  panelOf,
  report,
  REPORTER,
  revealOf,
  saltOf,
  SEAT,
  START,
  UNIT,
  VICTIM,
  wealth,
  who,
  WINDOW,
} from './support.ts';

const to = (n: number) => ({ tag: 'Id' as const, value: who(n) });
/** A dispute whose panel sits. */
function sitting(): { it: Court; first: number; second: number; third: number } {
  const it = court();
  it.ok(REPORTER, report());
  draw(it);
  const [first, second, third] = panelOf(it) as [number, number, number];
  return { it, first, second, third };
}

describe('pallets/disputes: attacks by reporters and owners', () => {
  it('refuses reports about nothing, about one’s own, without evidence, and of a wrong kind', () => {
    const it = court();
    const about = (subject: unknown, kind: string, digests = [digest(1)], against: Asset | undefined = undefined) =>
      call.report({ subject, kind: { tag: kind }, digests, against } as never);
    const model = { tag: 'Asset', value: MODEL };
    const unknown: Asset = { tag: 'Data', value: 99n };
    it.chain.expectNoop(by(REPORTER), about({ tag: 'Asset', value: unknown }, 'Copy'), errors.UnknownAsset);
    it.chain.expectNoop(by(REPORTER), about(model, 'Copy', [digest(1)], unknown), errors.UnknownAsset);
    it.chain.expectNoop(by(REPORTER), about(model, 'Copy', [digest(1)], MODEL), errors.SameAsset);
    it.chain.expectNoop(by(REPORTER), about(model, 'Copy', []), errors.NoEvidence);
    it.chain.expectNoop(by(REPORTER), about(model, 'Misuse'), errors.WrongKind);
    it.chain.expectNoop(by(OWNER), report(), errors.OwnSubject);
    it.ok(OWNER, ownership.call.giveShare({ asset: MODEL, to: to(HEIR), bps: 1 }));
    it.ok(HEIR, acceptShare(MODEL, who(OWNER), 1));
    it.chain.expectNoop(by(HEIR), report(), errors.OwnSubject);
  });

  it('takes each case once: not again by another, nor with its documents in another order', () => {
    const it = court();
    const two = (a: number, b: number) =>
      call.report({
        subject: { tag: 'Asset', value: MODEL },
        kind: { tag: 'Copy' },
        digests: [digest(a), digest(b)],
        against: undefined,
      });
    it.ok(REPORTER, two(1, 2));
    it.chain.expectNoop(by(VICTIM), two(1, 2), errors.AlreadyTried);
    it.chain.expectNoop(by(VICTIM), two(2, 1), errors.AlreadyTried);
    it.ok(VICTIM, report({ kind: 'Harmful', evidence: 1 }));
  });

  it('makes a flood of reports dearer with each, and ends it', () => {
    const it = court();
    const before = reservedOf(it.chain.ctx, who(REPORTER));
    for (let n = 0; n < MAX_OPEN; n++) it.ok(REPORTER, report({ evidence: n }));
    expect(reservedOf(it.chain.ctx, who(REPORTER)) - before).to.equal(3n * SEAT * (2n ** BigInt(MAX_OPEN) - 1n));
    it.chain.expectNoop(by(VICTIM), report({ evidence: 100 }), errors.TooManyOpen);
    it.chain.expectNoop(
      by(REPORTER),
      report({ evidence: 100, asset: ORIGINAL, against: MODEL }),
      errors.TooManyReports,
    );
    expect(MAX_REPORTS).to.equal(MAX_OPEN);
    expect(standingOf(it.chain.ctx, MODEL).frozenUntil, 'reports freeze nothing').to.equal(undefined);
  });

  it('lets only the respondent of the report answer: a buyer of the asset is bound by what was before', () => {
    const it = court();
    it.ok(REPORTER, report());
    it.ok(OWNER, ownership.call.transfer({ asset: MODEL, to: to(HEIR) }));
    it.ok(HEIR, acceptTitle(MODEL, who(OWNER)));
    it.chain.expectNoop(by(HEIR), call.answer({ id: 0n, digests: [] }), errors.NotRespondent);
    it.ok(OWNER, call.answer({ id: 0n, digests: [] }));
    judge(it, () => 'Upheld');
    expect(standingOf(it.chain.ctx, MODEL).frozenUntil).to.not.equal(undefined);
    it.chain.expectNoop(by(HEIR), call.appeal({ id: 0n, digests: [digest(2)] }), errors.NotLoser);
    it.pass(WINDOW);
    it.ok(ANYONE, call.conclude({ id: 0n }));
    expect(titleOf(it.chain.ctx, MODEL)?.owner).to.deep.equal(who(HEIR));
    expect(standingOf(it.chain.ctx, MODEL).revoked).to.equal(true);
    expect(wealth(it, HEIR), 'the buyer has the asset’s deposit, and loses nothing').to.equal(START + DEPOSIT);
  });

  it('an appeal in the last block counts; one block later the ruling is final', () => {
    for (const late of [false, true]) {
      const it = court();
      it.ok(REPORTER, report());
      judge(it, () => 'Upheld');
      it.pass(WINDOW - 1);
      it.chain.expectNoop(by(ANYONE), call.conclude({ id: 0n }), errors.TooEarly);
      const appeal = call.appeal({ id: 0n, digests: [digest(2)] });
      it.chain.expectNoop(by(REPORTER), appeal, errors.NotLoser);
      it.chain.expectNoop(by(OWNER), call.appeal({ id: 0n, digests: [] }), errors.NoEvidence);
      if (late) {
        it.pass(1);
        it.chain.expectNoop(by(OWNER), appeal, errors.TooLate);
        it.ok(ANYONE, call.conclude({ id: 0n }));
      } else {
        it.ok(OWNER, appeal);
        it.pass(1);
        it.chain.expectNoop(by(ANYONE), call.conclude({ id: 0n }), errors.WrongPhase);
      }
    }
  });

  it('nothing is done twice: no second answer, appeal, end, or payment', () => {
    const it = court();
    it.ok(REPORTER, report());
    it.ok(OWNER, call.answer({ id: 0n, digests: [] }));
    it.chain.expectNoop(by(OWNER), call.answer({ id: 0n, digests: [] }), errors.WrongPhase);
    it.chain.expectNoop(by(ANYONE), call.ruleSilence({ id: 0n }), errors.WrongPhase);
    it.chain.expectNoop(by(ANYONE), call.conclude({ id: 0n }), errors.WrongPhase);
    judge(it, () => 'Upheld');
    it.chain.expectNoop(by(ANYONE), call.count({ id: 0n }), errors.WrongPhase);
    it.chain.expectNoop(by(ANYONE), call.draw({ id: 0n }), errors.WrongPhase);
    it.pass(WINDOW);
    it.ok(ANYONE, call.conclude({ id: 0n }));
    for (const again of [call.conclude({ id: 0n }), call.lapse({ id: 0n }), call.count({ id: 0n })]) {
      it.chain.expectNoop(by(ANYONE), again, errors.UnknownDispute);
    }
    it.chain.expectNoop(by(ANYONE), call.conclude({ id: 77n }), errors.UnknownDispute);
    it.chain.expectNoop(by(ANYONE), call.prune({ id: 77n }), errors.UnknownDispute);
  });

  it('who cannot pay the bond neither reports nor answers', () => {
    const it = court();
    const poor = (n: number) =>
      it.ok(n, balances.call.transferKeepAlive({ dest: to(ANYONE), value: freeOf(it.chain.ctx, who(n)) - 2_000_000n }));
    poor(REPORTER);
    it.chain.expectNoop(by(REPORTER), report(), balances.errors.InsufficientBalance);
    it.ok(VICTIM, report());
    poor(OWNER);
    it.chain.expectNoop(by(OWNER), call.answer({ id: 0n, digests: [] }), balances.errors.InsufficientBalance);
  });
});

describe('pallets/disputes: attacks by jurors', () => {
  it('a vote is committed once, opened once, in its time, by its juror, with its salt', () => {
    const { it, first, second } = sitting();
    it.chain.expectNoop(by(ANYONE), commitOf(it, ANYONE, 'Upheld'), errors.NotDrawn);
    it.ok(first, commitOf(it, first, 'Upheld'));
    it.chain.expectNoop(by(first), commitOf(it, first, 'Dismissed'), errors.AlreadyCommitted);
    it.chain.expectNoop(by(first), revealOf(it, first, 'Upheld'), errors.TooEarly);
    it.pass(WINDOW);
    it.chain.expectNoop(by(second), commitOf(it, second, 'Upheld'), errors.TooLate);
    it.chain.expectNoop(by(second), revealOf(it, second, 'Upheld'), errors.NotCommitted);
    it.chain.expectNoop(by(first), revealOf(it, first, 'Dismissed'), errors.WrongVote);
    it.chain.expectNoop(by(ANYONE), revealOf(it, first, 'Upheld'), errors.NotDrawn);
    it.ok(first, revealOf(it, first, 'Upheld'));
    it.chain.expectNoop(by(first), revealOf(it, first, 'Upheld'), errors.NotCommitted);
    it.chain.expectNoop(by(ANYONE), call.count({ id: 0n }), errors.TooEarly);
    it.pass(WINDOW);
    it.ok(ANYONE, call.count({ id: 0n }));
    expect(it.dispute().ruling?.basis.tag).to.equal('NoMajority');
  });

  it('a copied commitment cannot be opened, not even with the salt of whom it was copied from', () => {
    const { it, first, second } = sitting();
    const copied = commitmentOf(it.chain.ctx, {
      id: 0n,
      level: 0,
      juror: who(first),
      verdict: 'Upheld',
      salt: saltOf(who(first), 0),
    });
    it.ok(first, call.commit({ id: 0n, commitment: copied }));
    it.ok(second, call.commit({ id: 0n, commitment: copied }));
    it.pass(WINDOW);
    it.ok(first, revealOf(it, first, 'Upheld'));
    const theirs = call.reveal({ id: 0n, verdict: { tag: 'Upheld' }, salt: saltOf(who(first), 0) });
    it.chain.expectNoop(by(second), theirs, errors.WrongVote);
  });

  it('nobody opens a vote after the time, however late the count is', () => {
    const { it, first } = sitting();
    it.ok(first, commitOf(it, first, 'Upheld'));
    it.pass(2 * WINDOW);
    it.chain.expectNoop(by(first), revealOf(it, first, 'Upheld'), errors.TooLate);
  });

  it('a vote shown to a buyer is lost to it, and denouncing oneself is dearer than silence', () => {
    const { it, first, second } = sitting();
    it.ok(first, commitOf(it, first, 'Upheld'));
    const shown = { id: 0n, juror: who(first), verdict: { tag: 'Upheld' as const }, salt: saltOf(who(first), 0) };
    it.chain.expectNoop(by(first), call.denounce(shown), errors.OwnVote);
    it.chain.expectNoop(by(ANYONE), call.denounce({ ...shown, verdict: { tag: 'Dismissed' } }), errors.WrongVote);
    it.chain.expectNoop(by(ANYONE), call.denounce({ ...shown, juror: who(second) }), errors.NotCommitted);
    it.ok(ANYONE, call.denounce(shown));
    expect(wealth(it, ANYONE)).to.equal(START + UNIT / 5n);
    expect(wealth(it, first)).to.equal(START - (2n * UNIT) / 5n);
    it.chain.expectNoop(by(ANYONE), call.denounce(shown), errors.NotCommitted);
    it.chain.expectNoop(by(first), commitOf(it, first, 'Upheld'), errors.AlreadyCommitted);
    it.ok(second, commitOf(it, second, 'Upheld'));
    it.pass(WINDOW);
    const late = { ...shown, juror: who(second), salt: saltOf(who(second), 0) };
    it.chain.expectNoop(by(ANYONE), call.denounce(late), errors.TooLate);
    it.chain.expectNoop(by(first), revealOf(it, first, 'Upheld'), errors.NotCommitted);
  });

  it('bribed silence costs the silent, and does not make the minority win', () => {
    const { it, first, second, third } = sitting();
    // Two of three hold the report for right; both are paid to say nothing.
    for (const n of [first, second, third]) it.ok(n, commitOf(it, n, n === third ? 'Dismissed' : 'Upheld'));
    it.pass(WINDOW);
    it.ok(third, revealOf(it, third, 'Dismissed'));
    it.pass(WINDOW);
    it.ok(ANYONE, call.count({ id: 0n }));
    expect(it.dispute().ruling?.basis.tag).to.equal('NoMajority');
    it.ok(REPORTER, call.appeal({ id: 0n, digests: [digest(2)] }));
    judge(it, () => 'Upheld');
    it.pass(WINDOW);
    it.ok(ANYONE, call.conclude({ id: 0n }));
    expect(standingOf(it.chain.ctx, MODEL).revoked).to.equal(true);
    for (const n of [first, second]) expect(wealth(it, n)).to.equal(START - UNIT / 5n);
  });

  it('a juror cannot take its bond from under a case', () => {
    const { it, first } = sitting();
    it.ok(first, call.leaveJurors({}));
    it.chain.expectNoop(by(first), call.leaveJurors({}), errors.AlreadyLeaving);
    it.pass(2 * WINDOW);
    it.chain.expectNoop(by(first), call.releaseJuror({ juror: who(first) }), errors.StillBound);
    it.ok(ANYONE, call.count({ id: 0n }));
    it.pass(WINDOW);
    it.ok(ANYONE, call.conclude({ id: 0n }));
    it.ok(ANYONE, call.releaseJuror({ juror: who(first) }));
    expect(reservedOf(it.chain.ctx, who(first))).to.equal(0n);
    expect(freeOf(it.chain.ctx, who(first))).to.equal(START - UNIT / 5n);
    it.chain.expectNoop(by(ANYONE), call.releaseJuror({ juror: who(first) }), errors.NotJuror);
  });

  it('an owner with many works, and everyone who holds a part, judges none of them', () => {
    const it = court([...Array(12)].map((_, i) => 20 + i));
    const barred = [20, 21, 22, 23];
    createAsset(it.chain.ctx, { tag: 'Data', value: 1n }, who(20), DEPOSIT);
    it.ok(OWNER, ownership.call.giveShare({ asset: MODEL, to: to(21), bps: 100 }));
    it.ok(21, acceptShare(MODEL, who(OWNER), 100));
    it.ok(VICTIM, ownership.call.giveShare({ asset: ORIGINAL, to: to(22), bps: 1 }));
    it.ok(22, acceptShare(ORIGINAL, who(VICTIM), 1));
    it.ok(23, report());
    it.ok(20, ownership.call.transfer({ asset: { tag: 'Data', value: 1n }, to: to(HEIR) }));
    it.ok(HEIR, acceptTitle({ tag: 'Data', value: 1n }, who(20)));
    it.ok(OWNER, ownership.call.transfer({ asset: MODEL, to: to(20) }));
    it.ok(20, acceptTitle(MODEL, who(OWNER)));
    judge(it, () => 'Upheld');
    const sat = panelOf(it);
    it.ok(OWNER, call.appeal({ id: 0n, digests: [digest(2)] }));
    // Five are left besides the first panel and the four that are barred: too few for seven seats.
    it.reveal(digest(2));
    it.chain.expectNoop(by(ANYONE), call.draw({ id: 0n }), errors.TooFewJurors);
    expect(sat.filter((n) => barred.includes(n))).to.deep.equal([]);
  });

  it('a part or a title offered at any time, or taken after the panel was called for, bars nobody from judging', () => {
    const it = court([20, 21, 22, 23]);
    it.ok(OWNER, ownership.call.giveShare({ asset: MODEL, to: to(22), bps: 1 }));
    it.ok(OWNER, ownership.call.transfer({ asset: MODEL, to: to(23) }));
    it.ok(REPORTER, report());
    it.ok(OWNER, call.answer({ id: 0n, digests: [] }));
    for (const n of [20, 21]) {
      it.ok(OWNER, ownership.call.giveShare({ asset: MODEL, to: to(n), bps: 1 }));
      it.ok(n, acceptShare(MODEL, who(OWNER), 1));
    }
    draw(it);
    expect(panelOf(it)).to.have.length(3);
  });
});
