/** Votes: what they count, what they reserve and until when, and what nobody gains by moving them about. */
import { expect } from 'chai';
import { balances, mint } from '../../../pallets/balances/index.ts';
import { governance as pallet } from './scene.ts';
import { Origin } from '../../../pallets/support/index.ts';
import {
  abstain,
  alice,
  aye,
  bob,
  by,
  call,
  carol,
  CLOSES,
  dave,
  ENACT_FROM,
  errors,
  MONEY,
  nay,
  openScene,
  PERIODS,
  propose,
  type Scene,
  setBurn,
  TAC,
  type Times,
  to,
  who,
} from './scene.ts';

const K = 1_000n * TAC;

function opened(proposals = 1): Scene {
  const chain = openScene();
  for (let i = 0; i < proposals; i++) chain.ok(i < 4 ? dave : who(9), propose(setBurn(BigInt(i))));
  return chain;
}
const tallyOf = (chain: Scene, id = 0n) => pallet.use(chain.ctx).store.proposals.get(id)!.tally;
const isEnactable = (chain: Scene): boolean => {
  chain.runToBlock(ENACT_FROM);
  return chain.dispatch(by(carol), call.enact({ id: 0n, call: setBurn(0n) })) === 'ok';
};
const pay = (account: Uint8Array, value: bigint) => balances.call.transferKeepAlive({ dest: to(account), value });

describe('pallets/governance: votes', () => {
  it('count as often as their conviction says, in exact integers', () => {
    const chain = opened();
    for (const [n, times, choose] of [
      [1, 'X1', aye],
      [2, 'X2', aye],
      [3, 'X3', nay],
      [5, 'X4', nay],
    ] as const)
      chain.ok(who(n), choose(0n, 10n * K + 1n, times));
    chain.ok(who(6), abstain(0n, 5n * K));
    const stake = 20n * K + 2n;
    expect(tallyOf(chain)).to.deep.equal({
      ayes: 3n * (10n * K + 1n),
      nays: 7n * (10n * K + 1n),
      ayeStake: stake,
      nayStake: stake,
      abstainStake: 5n * K,
      voters: 5,
    });
  });

  it('pass with more than half of ayes and nays, and not with half', () => {
    for (const [ayes, nays, passes] of [
      [30n * K, 30n * K, false],
      [30n * K + 1n, 30n * K, true],
      [30n * K, 30n * K + 1n, false],
    ] as const) {
      const chain = opened();
      chain.ok(alice, aye(0n, ayes));
      chain.ok(bob, nay(0n, nays));
      expect(isEnactable(chain), `${ayes} to ${nays}`).to.equal(passes);
    }
  });

  it('need support of two hundredths of all units, to which abstentions add and nays do not, nor does conviction', () => {
    const quorum = 20n * K;
    for (const [name, votes, passes] of [
      ['exactly enough', [aye(0n, quorum)], true],
      ['a unit less', [aye(0n, quorum - 1n)], false],
      ['with abstentions', [aye(0n, 5n * K), abstain(0n, 15n * K)], true],
      ['with nays', [aye(0n, 15n * K), nay(0n, 10n * K)], false],
      ['with conviction', [aye(0n, 15n * K, 'X4')], false],
    ] as const) {
      const chain = opened();
      for (const [i, made] of votes.entries()) chain.ok(who(i + 1), made);
      expect(isEnactable(chain), name).to.equal(passes);
    }
  });

  it('units that come later neither lower nor raise what is needed', () => {
    const chain = opened();
    chain.ok(alice, aye(0n, 20n * K));
    mint(chain.ctx, who(20), 10n * MONEY);
    expect(isEnactable(chain)).to.equal(true);
  });

  it('reserve their amount until the lock of their conviction is over', () => {
    for (const [times, periods] of [
      ['X1', 0],
      ['X2', 1],
      ['X3', 2],
      ['X4', 4],
    ] as const) {
      const chain = opened();
      chain.ok(alice, nay(0n, 40n * K, times));
      const until = CLOSES + periods * PERIODS.lockBlocks;
      expect(chain.reserved(alice)).to.equal(40n * K);
      chain.expectNoop(by(alice), pay(bob, MONEY - 40n * K), balances.errors.Expendability);
      chain.runToBlock(until - 1);
      chain.expectNoop(by(bob), call.unlock({ who: to(alice) }), errors.NothingToUnlock);
      chain.runToBlock(until);
      chain.ok(bob, call.unlock({ who: to(alice) }));
      expect(chain.free(alice), times).to.equal(MONEY);
      expect(pallet.use(chain.ctx).store.commitments.has(alice)).to.equal(false);
    }
  });

  it('an abstention is free when the voting is over', () => {
    const chain = opened();
    chain.ok(alice, abstain(0n, 40n * K));
    chain.runToBlock(CLOSES);
    chain.ok(alice, call.unlock({ who: to(alice) }));
    expect(chain.free(alice)).to.equal(MONEY);
  });

  it('on several proposals reserve the largest amount, not the sum', () => {
    const chain = opened(3);
    chain.ok(alice, aye(0n, 60n * K));
    chain.ok(alice, nay(1n, 80n * K, 'X2'));
    chain.ok(alice, aye(2n, 10n * K, 'X4'));
    expect(chain.reserved(alice)).to.equal(80n * K);
    expect([tallyOf(chain, 0n).ayes, tallyOf(chain, 1n).nays, tallyOf(chain, 2n).ayes]).to.deep.equal([
      60n * K,
      160n * K,
      40n * K,
    ]);
    chain.ok(alice, call.removeVote({ id: 1n }));
    expect(chain.reserved(alice)).to.equal(60n * K);
    chain.runToBlock(CLOSES);
    chain.ok(bob, call.unlock({ who: to(alice) }));
    expect(chain.reserved(alice)).to.equal(10n * K);
    chain.runToBlock(CLOSES + 4 * PERIODS.lockBlocks);
    chain.ok(bob, call.unlock({ who: to(alice) }));
    expect(chain.reserved(alice)).to.equal(0n);
  });

  it('can be changed and taken back while the voting is open, and not in the block in which it closes', () => {
    const chain = opened();
    chain.ok(alice, aye(0n, 50n * K, 'X4'));
    chain.ok(alice, nay(0n, 20n * K, 'X2'));
    expect(tallyOf(chain)).to.deep.include({ ayes: 0n, ayeStake: 0n, nays: 40n * K, nayStake: 20n * K, voters: 1 });
    expect(chain.reserved(alice)).to.equal(20n * K);
    chain.runToBlock(CLOSES - 1);
    chain.ok(alice, call.removeVote({ id: 0n }));
    expect(tallyOf(chain)).to.deep.include({ nays: 0n, voters: 0 });
    expect(chain.free(alice)).to.equal(MONEY);
    chain.expectNoop(by(alice), call.removeVote({ id: 0n }), errors.NoVote);
    chain.ok(alice, aye(0n, 20n * K, 'X2'));
    chain.runToBlock(CLOSES);
    chain.expectNoop(by(alice), aye(0n, 30n * K), errors.VotingOver);
    chain.expectNoop(by(bob), nay(0n, 30n * K), errors.VotingOver);
    chain.expectNoop(by(alice), call.removeVote({ id: 0n }), errors.VotingOver);
    expect(chain.reserved(alice)).to.equal(20n * K);
  });

  it('a unit that has voted cannot go to another account and vote again', () => {
    const chain = opened();
    chain.ok(alice, aye(0n, 90n * K));
    chain.expectNoop(by(alice), pay(bob, 20n * K), balances.errors.InsufficientBalance);
    chain.ok(alice, pay(bob, 9n * K));
    chain.expectNoop(by(alice), aye(0n, 91n * K + 1n), balances.errors.InsufficientBalance);
    // What was taken back votes elsewhere, and no longer here.
    chain.ok(alice, call.removeVote({ id: 0n }));
    chain.ok(alice, pay(bob, 90n * K));
    chain.ok(bob, aye(0n, 190n * K));
    expect(tallyOf(chain)).to.deep.include({ ayes: 190n * K, voters: 1 });
  });

  it('money that is reserved for something else does not vote', () => {
    const chain = opened();
    chain.ok(alice, propose(setBurn(1n)));
    chain.expectNoop(by(alice), aye(0n, chain.free(alice)), balances.errors.InsufficientBalance);
    chain.ok(alice, aye(0n, chain.free(alice) - TAC));
  });

  it('the least vote is one TAC', () => {
    const chain = opened();
    chain.expectNoop(by(alice), aye(0n, TAC - 1n), errors.TooLittle);
    chain.expectNoop(by(alice), aye(0n, 0n), errors.TooLittle);
    chain.ok(alice, aye(0n, TAC));
    chain.expectNoop(by(alice), aye(1n, TAC), errors.UnknownProposal);
    chain.expectNoop(Origin.root, aye(0n, TAC), 'BadOrigin');
  });

  it('of a proposal that was cancelled meanwhile can be taken back as before, and are free by their lock at the latest', () => {
    const chain = opened();
    chain.ok(alice, aye(0n, 30n * K, 'X4'));
    chain.ok(bob, aye(0n, 30n * K, 'X2'));
    expect(chain.root(call.cancel({ id: 0n, depositLost: false }))).to.equal('ok');
    chain.ok(alice, call.removeVote({ id: 0n }));
    expect(chain.free(alice)).to.equal(MONEY);
    chain.runToBlock(CLOSES);
    chain.expectNoop(by(bob), call.removeVote({ id: 0n }), errors.VotingOver);
    chain.runToBlock(CLOSES + PERIODS.lockBlocks);
    chain.expectNoop(by(bob), call.removeVote({ id: 0n }), errors.NoVote);
    chain.ok(carol, call.unlock({ who: to(bob) }));
    expect(chain.free(bob)).to.equal(MONEY);
  });

  it('locks that are over make room by themselves, and an account has at most 64', () => {
    const chain = openScene();
    const places = (n: number, times: Times) => {
      const first = pallet.use(chain.ctx).store.nextProposal.get();
      for (let i = 0; i < n; i++) {
        const id = first + BigInt(i);
        chain.ok(who(3 + Math.floor(i / 4)), propose(setBurn(1n)));
        chain.ok(alice, nay(id, TAC, times));
        chain.ok(bob, aye(id, 2n * K));
      }
      return first;
    };
    places(32, 'X4');
    chain.runToBlock(CLOSES);
    for (let id = 0n; id < 32n; id++) chain.ok(bob, call.close({ id }));
    places(32, 'X4');
    chain.runToBlock(CLOSES + PERIODS.votingBlocks);
    for (let id = 32n; id < 64n; id++) chain.ok(bob, call.close({ id }));
    chain.ok(carol, propose(setBurn(1n)));
    chain.expectNoop(by(alice), nay(64n, TAC), errors.TooManyVotes);
    chain.ok(bob, nay(64n, TAC));
    chain.runToBlock(CLOSES + 4 * PERIODS.lockBlocks);
    const last = places(1, 'X1');
    expect(last).to.equal(65n);
  });

  it('the API says what is reserved and when how much of it is free', () => {
    const chain = opened(3);
    chain.ok(alice, aye(0n, 60n * K));
    chain.ok(alice, nay(1n, 50n * K, 'X4'));
    chain.ok(alice, nay(2n, 40n * K, 'X2'));
    const votes = pallet.apis['GovernanceApi']!.methods['votes']!.run(chain.ctx, { who: alice }) as {
      held: bigint;
      unlocks: unknown;
    };
    expect(votes.held).to.equal(60n * K);
    const steps = [
      { block: CLOSES, amount: 10n * K },
      { block: CLOSES + 4 * PERIODS.lockBlocks, amount: 50n * K },
    ];
    expect(votes.unlocks).to.deep.equal(steps);
    for (const { block, amount } of steps) {
      const before = chain.free(alice);
      chain.runToBlock(block);
      chain.ok(bob, call.unlock({ who: to(alice) }));
      expect(chain.free(alice) - before).to.equal(amount);
    }
  });
});
