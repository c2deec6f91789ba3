/** The ethics panel: elected by stake for a term, suspends a model by its majority, for a bounded time, and is overruled by a proposal. */
import { expect } from 'chai';
import { balances, totalIssuance } from '../../../pallets/balances/index.ts';
import { parameters } from '../../../pallets/parameters/index.ts';
import { ensureLive, ownership, standingOf } from '../../../pallets/ownership/index.ts';
import { Origin, TREASURY } from '../../../pallets/support/index.ts';
import {
  accounts,
  alice,
  aye,
  bob,
  by,
  call,
  carol,
  dave,
  errors,
  eve,
  governance,
  makeModel,
  MONEY,
  openScene,
  PERIODS,
  propose,
  type Scene,
  setBurn,
  TAC,
  to,
  utility,
  who,
} from './scene.ts';

const K = 1_000n * TAC;
const BOND = 1_000n * TAC;
const FEE = 1n * TAC;
const TERM = PERIODS.termBlocks;
const WHY = who(0x55);
const asset = { tag: 'Model', value: 7n } as const;
const suspend = (model = 7n, reason = WHY) => call.panelSuspend({ model, reason });
const lift = call.panelLift({ model: 7n });
const approve = (candidates: number[], amount: bigint) => call.approve({ candidates, amount });
const storeOf = (chain: Scene) => governance.use(chain.ctx).store;
const membersOf = (chain: Scene) =>
  storeOf(chain)
    .panel.get()
    .map(({ account }) => account);
const isLive = (chain: Scene): boolean => {
  try {
    ensureLive(chain.ctx, asset);
    return true;
  } catch {
    return false;
  }
};

/** Alice, Bob, Carol, Dave and Eve are the panel, so many of them; Model 7 stands. */
function seated(members = 5): Scene {
  const chain = openScene();
  makeModel(chain, 7n, who(9));
  makeModel(chain, 8n, who(9));
  for (const account of accounts.slice(0, members)) chain.ok(account, call.stand({}));
  const ids = accounts.slice(0, members).map((_, i) => i);
  chain.ok(who(10), approve(ids, 50n * K));
  chain.runToBlock(TERM);
  chain.ok(who(10), call.holdElection({}));
  return chain;
}

describe('pallets/governance: the election of the panel', () => {
  it('seats those with most backing, of equal ones who came first; bonds of the others go back or are lost', () => {
    const chain = openScene();
    for (const account of accounts.slice(0, 8)) chain.ok(account, call.stand({}));
    chain.ok(who(9), approve([1, 2, 3, 4, 5], 10n * K));
    chain.ok(who(10), approve([0, 5, 6], 20n * K));
    chain.expectNoop(by(alice), call.holdElection({}), errors.ElectionOpen);
    chain.runToBlock(TERM);
    chain.ok(alice, call.holdElection({}));
    // 5 has 30, 0 and 6 have 20, 1 to 4 have 10 each, 7 has none.
    expect(membersOf(chain)).to.deep.equal([who(6), who(1), who(7), who(2), who(3)]);
    expect(chain.reserved(who(4)), 'enough approved of the fourth').to.equal(0n);
    expect(chain.free(who(4))).to.equal(MONEY);
    expect(chain.free(who(8)), 'of the eighth nobody did').to.equal(MONEY - 2n * BOND);
    expect(chain.free(TREASURY)).to.equal(2n * BOND);
    expect(storeOf(chain).election.get()).to.deep.equal({ number: 2, closes: 2 * TERM });
    chain.runToBlock(2 * TERM);
    chain.ok(alice, call.holdElection({}));
    expect(membersOf(chain)).to.deep.equal([]);
    for (const n of [1, 2, 3, 6, 7]) expect(chain.free(who(n)), `bond of ${n}`).to.equal(MONEY);
  });

  it('a bond is lost below a thousandth of all units, and not at it', () => {
    for (const [less, lost] of [
      [0n, 0n],
      [1n, 1n],
    ] as const) {
      const chain = openScene();
      for (const account of accounts.slice(0, 6)) chain.ok(account, call.stand({}));
      const least = totalIssuance(chain.ctx) / 1_000n;
      chain.ok(who(9), approve([0, 1, 2, 3, 4], least + 1n));
      chain.ok(who(10), approve([5], least - less));
      chain.runToBlock(TERM);
      chain.ok(alice, call.holdElection({}));
      // The second four places cost twice as much.
      expect(chain.free(TREASURY)).to.equal(2n * BOND * lost);
    }
  });

  it('takes candidates once each, dearer and dearer, and none after it has closed', () => {
    const chain = openScene();
    chain.ok(alice, call.stand({}));
    chain.expectNoop(by(alice), call.stand({}), errors.AlreadyStanding);
    for (let n = 2; n <= 4; n++) chain.ok(who(n), call.stand({}));
    chain.ok(who(5), call.stand({}));
    expect([chain.reserved(who(4)), chain.reserved(who(5))]).to.deep.equal([BOND, 2n * BOND]);
    chain.runToBlock(TERM);
    chain.expectNoop(by(who(6)), call.stand({}), errors.ElectionOver);
  });

  it('is not theirs who take all 32 places first: one more displaces who has the least backing', () => {
    const chain = openScene();
    expect(chain.root(parameters.call.setParameter({ name: { tag: 'PanelBond' }, value: TAC }))).to.equal('ok');
    const gang = Array.from({ length: 32 }, (_, i) => who(100 + i));
    for (const each of gang) {
      chain.ok(alice, balances.call.transferKeepAlive({ dest: to(each), value: 200n * TAC }));
      chain.ok(each, call.stand({}));
    }
    for (const first of [0, 8, 16, 24]) {
      const ids = Array.from({ length: 8 }, (_, i) => first + i);
      chain.ok(who(100 + first), approve(first === 24 ? ids.slice(0, 7) : ids, TAC));
    }
    const last = gang[31] as Uint8Array;
    for (const [n, each] of [bob, carol, dave].entries()) {
      chain.ok(each, utility.call.batchAll({ calls: [call.stand({}), approve([32 + n], 2n * TAC)] }));
      expect(chain.reserved(each), 'the price of the last place').to.equal(130n * TAC);
    }
    expect(chain.free(last), 'has its bond back').to.equal(200n * TAC);
    expect(chain.reserved(last)).to.equal(0n);
    // More of them displace only each other.
    for (let n = 0; n < 3; n++) {
      const late = who(140 + n);
      chain.ok(alice, balances.call.transferKeepAlive({ dest: to(late), value: 200n * TAC }));
      chain.ok(late, call.stand({}));
    }
    expect(storeOf(chain).candidates.get()).to.have.length(32);
    chain.runToBlock(TERM);
    chain.ok(alice, call.holdElection({}));
    expect(membersOf(chain).slice(0, 3)).to.deep.equal([bob, carol, dave]);
  });

  it('counts an account once for each candidate, as it approved last', () => {
    const chain = openScene();
    for (const account of accounts.slice(0, 4)) chain.ok(account, call.stand({}));
    chain.ok(eve, approve([0, 1], 30n * K));
    chain.ok(eve, approve([1, 3], 20n * K));
    const backing = () =>
      storeOf(chain)
        .candidates.get()
        .map((each) => each.backing);
    expect(backing()).to.deep.equal([0n, 20n * K, 0n, 20n * K]);
    chain.ok(eve, call.removeApproval({}));
    expect(backing()).to.deep.equal([0n, 0n, 0n, 0n]);
    expect(chain.free(eve)).to.equal(MONEY);
    chain.expectNoop(by(eve), call.removeApproval({}), errors.NoVote);
  });

  it('refuses lists that are empty, unordered, repeated, unknown or too long, and votes of nothing', () => {
    const chain = openScene();
    for (const account of accounts.slice(0, 4)) chain.ok(account, call.stand({}));
    for (const ids of [[], [1, 0], [1, 1], [4], [0, 1, 2, 9]]) {
      chain.expectNoop(by(eve), approve(ids, K), errors.BadCandidates);
    }
    expect(() => chain.dispatch(by(eve), approve([0, 1, 2, 3, 4, 5, 6, 7, 8], K))).to.throw('9');
    chain.expectNoop(by(eve), approve([0], TAC - 1n), errors.TooLittle);
    chain.runToBlock(TERM);
    chain.expectNoop(by(eve), approve([0], K), errors.ElectionOver);
    chain.expectNoop(by(eve), call.removeApproval({}), errors.ElectionOver);
  });

  it('keeps what elected a panel reserved for its term, and lets it vote on proposals and in the next election meanwhile', () => {
    const chain = seated();
    chain.expectNoop(by(alice), call.unlock({ who: to(who(10)) }), errors.NothingToUnlock);
    chain.ok(alice, propose(setBurn(5n)));
    chain.ok(who(10), aye(0n, 50n * K));
    chain.ok(who(6), call.stand({}));
    chain.ok(who(10), approve([5], 40n * K));
    expect(chain.reserved(who(10))).to.equal(50n * K);
    chain.runToBlock(2 * TERM - 1);
    chain.ok(alice, call.unlock({ who: to(who(10)) }));
    expect(chain.reserved(who(10)), 'the vote is over, the term is not').to.equal(50n * K);
    chain.runToBlock(2 * TERM);
    chain.ok(alice, call.unlock({ who: to(who(10)) }));
    expect(chain.reserved(who(10))).to.equal(40n * K);
  });
});

describe('pallets/governance: the panel', () => {
  it('suspends a model by its majority, for a bounded time, and says so', () => {
    const chain = seated();
    chain.ok(alice, suspend());
    chain.ok(bob, suspend());
    expect(isLive(chain), 'two of five are no majority').to.equal(true);
    expect(chain.reserved(alice)).to.equal(BOND + FEE);
    chain.ok(carol, suspend());
    const until = TERM + PERIODS.suspensionBlocks;
    const { suspendedUntil, tags } = standingOf(chain.ctx, asset);
    expect([suspendedUntil, tags.map(({ tag }) => tag)]).to.deep.equal([until, ['UnderReview']]);
    expect(chain.events.at(-1)).to.deep.include({ name: 'Suspended', data: { model: 7n, reason: WHY, until } });
    expect([chain.reserved(alice), chain.free(alice)]).to.deep.equal([BOND, MONEY - BOND - FEE]);
    chain.expectNoop(by(dave), suspend(), errors.AlreadySuspended);
    chain.runToBlock(until - 1);
    expect(isLive(chain)).to.equal(false);
    chain.expectNoop(by(who(10)), call.endReview({ model: 7n }), errors.UnderReview);
    chain.runToBlock(until);
    expect(isLive(chain)).to.equal(true);
    chain.ok(who(10), call.endReview({ model: 7n }));
    expect(ownership.use(chain.ctx).store.standings.has(asset)).to.equal(false);
    chain.expectNoop(by(who(10)), call.endReview({ model: 7n }), errors.NotSuspended);
  });

  it('suspends a model once in a term, and once ever for one reason', () => {
    const chain = seated();
    for (const account of [alice, bob, carol]) chain.ok(account, suspend());
    for (const account of [alice, bob, carol]) chain.ok(account, lift);
    expect(isLive(chain)).to.equal(true);
    chain.expectNoop(by(alice), suspend(7n, who(1)), errors.Spared);
    chain.expectNoop(by(alice), suspend(), errors.AlreadySuspended);
    for (const account of accounts.slice(0, 3)) chain.ok(account, call.stand({}));
    chain.ok(who(10), approve([5, 6, 7], 50n * K));
    chain.runToBlock(2 * TERM);
    chain.ok(alice, call.holdElection({}));
    chain.expectNoop(by(alice), suspend(), errors.AlreadySuspended);
    for (const account of [alice, bob]) chain.ok(account, suspend(7n, who(1)));
    expect(isLive(chain)).to.equal(false);
  });

  it('lets nobody else, and no member twice', () => {
    const chain = seated();
    for (const made of [suspend(), lift]) {
      chain.expectNoop(by(who(10)), made, errors.NotMember);
      chain.expectNoop(Origin.root, made, 'BadOrigin');
    }
    chain.expectNoop(by(alice), suspend(99n), errors.UnknownModel);
    chain.expectNoop(by(alice), lift, errors.NotSuspended);
    chain.ok(alice, suspend());
    chain.expectNoop(by(alice), suspend(), errors.AlreadyApproved);
    chain.ok(alice, suspend(8n));
    chain.expectNoop(by(alice), suspend(7n, who(1)), errors.TooManyMotions);
    expect(isLive(chain)).to.equal(true);
  });

  it('approvals for one reason do not count for another, and a motion is void after its time', () => {
    const chain = seated();
    chain.ok(alice, suspend());
    chain.ok(bob, suspend(7n, who(1)));
    chain.ok(carol, suspend());
    chain.ok(dave, suspend(7n, who(1)));
    expect(isLive(chain)).to.equal(true);
    chain.runToBlock(TERM + PERIODS.motionBlocks);
    chain.ok(eve, suspend());
    expect(isLive(chain), 'it begins anew').to.equal(true);
    expect([alice, bob, eve].map((each) => chain.reserved(each))).to.deep.equal([BOND, BOND, 2n * BOND + FEE]);
    chain.ok(alice, suspend());
    chain.ok(bob, suspend());
    expect(isLive(chain)).to.equal(false);
  });

  it('of fewer than three does nothing, and none acts after its term', () => {
    const few = seated(2);
    few.expectNoop(by(alice), suspend(), errors.NoPanel);
    const late = seated();
    late.ok(alice, suspend());
    late.runToBlock(2 * TERM);
    late.expectNoop(by(bob), suspend(), errors.NoPanel);
    late.ok(who(10), call.holdElection({}));
    expect(late.free(alice), 'the motion’s deposit and the bond are back').to.equal(MONEY);
    late.expectNoop(by(bob), suspend(), errors.NoPanel);
  });

  it('ends a suspension by its majority', () => {
    const chain = seated();
    for (const account of [alice, bob, carol]) chain.ok(account, suspend());
    for (const account of [eve, dave]) chain.ok(account, lift);
    expect(isLive(chain)).to.equal(false);
    chain.ok(carol, lift);
    expect(isLive(chain)).to.equal(true);
    expect(standingOf(chain.ctx, asset).tags).to.deep.equal([]);
    expect(chain.free(eve)).to.equal(MONEY - 2n * BOND);
  });

  it('is overruled by a proposal: the model is free, motions are void, and this panel does not come back to it', () => {
    const chain = seated();
    const overrule = call.overrule({ model: 7n });
    chain.expectNoop(by(alice), overrule, 'BadOrigin');
    for (const account of [alice, bob, carol]) chain.ok(account, suspend());
    chain.ok(dave, lift);
    expect(chain.root(overrule)).to.equal('ok');
    expect(isLive(chain)).to.equal(true);
    expect(chain.free(dave)).to.equal(MONEY - BOND);
    chain.expectNoop(by(eve), suspend(7n, who(1)), errors.Spared);
    chain.ok(alice, suspend(8n));
    expect(chain.root(call.overrule({ model: 8n }))).to.equal('ok');
    chain.expectNoop(by(bob), suspend(8n), errors.Spared);
    expect(chain.root(call.overrule({ model: 99n }))).to.equal('Governance.UnknownModel');
  });
});
