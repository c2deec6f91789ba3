/** How proposals end without their calls: rejected, ignored, vetoed, withdrawn, cancelled; and what becomes of the deposit. */
import { expect } from 'chai';
import { TREASURY } from '../../../pallets/support/index.ts';
import {
  alice,
  aye,
  bob,
  by,
  call,
  carol,
  CLOSES,
  dave,
  encoded,
  ENACT_FROM,
  errors,
  governance,
  MONEY,
  nay,
  openScene,
  PERIODS,
  propose,
  type Scene,
  setBurn,
  TAC,
  utility,
} from './scene.ts';

const DEPOSIT = 100n * TAC;
const BYTES = (length: number): bigint => 100n * BigInt(length);
const depositOf = (made: ReturnType<typeof setBurn>): bigint => DEPOSIT + BYTES(encoded(made).length);

/** A proposal that Alice has made in block 1, and for which enough have voted. */
function passed(made = setBurn(500n)): Scene {
  const chain = openScene();
  chain.ok(alice, propose(made));
  chain.ok(bob, aye(0n, 30_000n * TAC));
  return chain;
}

describe('pallets/governance: ends of proposals', () => {
  it('is taken back by its proposer before anybody has voted, for a part of the deposit', () => {
    for (const [waited, part] of [
      [0, 0n],
      [4, 4n],
      [9, 9n],
    ] as const) {
      const chain = openScene();
      chain.ok(alice, propose(setBurn(500n)));
      chain.runToBlock(1 + waited);
      chain.expectNoop(by(bob), call.withdraw({ id: 0n }), errors.NotProposer);
      chain.ok(alice, call.withdraw({ id: 0n }));
      const lost = (depositOf(setBurn(500n)) * part) / 10n;
      expect(chain.closed()).to.deep.equal(['Withdrawn', lost]);
      expect([chain.free(alice), chain.free(TREASURY)]).to.deep.equal([MONEY - lost, lost]);
    }
  });

  it('is not taken back once somebody has voted, nor when the voting is over', () => {
    const chain = passed();
    chain.expectNoop(by(alice), call.withdraw({ id: 0n }), errors.HasVotes);
    chain.ok(bob, call.removeVote({ id: 0n }));
    chain.runToBlock(CLOSES);
    chain.expectNoop(by(alice), call.withdraw({ id: 0n }), errors.VotingOver);
  });

  it('is cancelled by another proposal, which says what becomes of the deposit, and by nothing else', () => {
    for (const depositLost of [false, true]) {
      const chain = passed();
      const cancel = call.cancel({ id: 0n, depositLost });
      for (const account of [alice, bob]) chain.expectNoop(by(account), cancel, 'BadOrigin');
      chain.ok(carol, propose(cancel));
      chain.ok(bob, aye(1n, 30_000n * TAC));
      chain.runToBlock(PERIODS.timeLockBlocks);
      chain.expectNoop(by(dave), call.enact({ id: 1n, call: cancel }), errors.NotEnactable);
      chain.runToBlock(1 + PERIODS.timeLockBlocks);
      chain.ok(dave, call.enact({ id: 1n, call: cancel }));
      const lost = depositLost ? depositOf(setBurn(500n)) : 0n;
      expect([chain.enacted(), chain.closed()]).to.deep.equal(['ok', ['Cancelled', lost]]);
      chain.expectNoop(by(dave), call.enact({ id: 0n, call: setBurn(500n) }), errors.UnknownProposal);
      expect([chain.free(alice), chain.free(TREASURY)]).to.deep.equal([MONEY - lost, lost]);
    }
  });

  it('what only stops something is in time, if it is proposed before the voting is over', () => {
    const chain = passed();
    chain.runToBlock(CLOSES - 1);
    const cancel = call.cancel({ id: 0n, depositLost: false });
    chain.ok(carol, propose(cancel));
    chain.ok(dave, aye(1n, 30_000n * TAC));
    chain.runToBlock(ENACT_FROM - 1);
    chain.ok(dave, call.enact({ id: 1n, call: cancel }));
    expect(chain.enacted()).to.equal('ok');
    chain.runToBlock(ENACT_FROM);
    chain.expectNoop(by(bob), call.enact({ id: 0n, call: setBurn(500n) }), errors.UnknownProposal);
  });

  it('what stops something and does more has the times of everything else', () => {
    const chain = openScene();
    const cancel = call.cancel({ id: 9n, depositLost: true });
    const stopping = [cancel, call.overrule({ model: 1n }), call.cancelUpgrade({})];
    for (const made of [...stopping, utility.call.batchAll({ calls: [cancel, setBurn(1n)] })])
      chain.ok(alice, propose(made));
    const times = [...governance.use(chain.ctx).store.proposals.entries()].map(([, { closes, enactFrom }]) => [
      closes,
      enactFrom,
    ]);
    const short = [1 + PERIODS.timeLockBlocks, 1 + PERIODS.timeLockBlocks];
    expect(times).to.have.deep.members([short, short, short, [CLOSES, ENACT_FROM]]);
  });

  it('loses its deposit if it is ignored or vetoed, and not if it is only rejected', () => {
    // 1,000,000 TAC are there: a thousandth of them is the least support of a proposal that is not ignored.
    for (const [ayes, nays, outcome] of [
      [0n, 0n, 'Ignored'],
      [1_000n * TAC - 1n, 0n, 'Ignored'],
      [1_000n * TAC, 0n, 'Rejected'],
      [30_000n * TAC, 30_000n * TAC, 'Rejected'],
      [30_000n * TAC, 90_000n * TAC - 1n, 'Rejected'],
      [30_000n * TAC, 90_000n * TAC, 'Vetoed'],
    ] as const) {
      const chain = openScene();
      chain.ok(alice, propose(setBurn(500n)));
      if (ayes > 0n) chain.ok(bob, aye(0n, ayes));
      if (nays > 0n) chain.ok(carol, nay(0n, nays));
      chain.runToBlock(CLOSES);
      chain.expectNoop(by(dave), call.enact({ id: 0n, call: setBurn(500n) }), errors.NotEnactable);
      chain.ok(dave, call.close({ id: 0n }));
      const lost = outcome === 'Rejected' ? 0n : depositOf(setBurn(500n));
      expect(chain.closed(), `${ayes} to ${nays}`).to.deep.equal([outcome, lost]);
      expect(chain.free(TREASURY)).to.equal(lost);
    }
  });
});
