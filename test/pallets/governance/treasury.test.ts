/** The treasury, and the record of another runtime. */
import { expect } from 'chai';
import { balances } from '../../../pallets/balances/index.ts';
import { parameters } from '../../../pallets/parameters/index.ts';
import { Origin, TREASURY } from '../../../pallets/support/index.ts';
import { system } from '../../../pallets/system/index.ts';
import {
  alice,
  aye,
  bob,
  by,
  call,
  carol,
  ENACT_FROM,
  errors,
  governance,
  MONEY,
  openScene,
  PERIODS,
  propose,
  type Scene,
  TAC,
  to,
  who,
} from './scene.ts';

const spend = (amount: bigint, account = bob) => call.spend({ beneficiary: to(account), amount });
const LIMIT = 100n * TAC;

/** The treasury has 1,000 TAC and may spend 100 in a period of 50 blocks. */
function funded(): Scene {
  const chain = openScene();
  chain.ok(alice, balances.call.transferKeepAlive({ dest: to(TREASURY), value: 1_000n * TAC }));
  chain.root(parameters.call.setParameter({ name: { tag: 'TreasuryLimit' }, value: LIMIT }));
  return chain;
}
const leftOf = (chain: Scene) =>
  (governance.apis['GovernanceApi']!.methods['treasury']!.run(chain.ctx, {}) as { left: bigint }).left;

describe('pallets/governance: the treasury', () => {
  it('pays what a proposal says, and nobody else can make it', () => {
    const chain = funded();
    for (const account of [alice, TREASURY]) chain.expectNoop(by(account), spend(1n), 'BadOrigin');
    chain.ok(alice, propose(spend(60n * TAC)));
    chain.ok(carol, aye(0n, 50_000n * TAC));
    chain.runToBlock(ENACT_FROM);
    chain.ok(alice, call.enact({ id: 0n, call: spend(60n * TAC) }));
    expect(chain.enacted()).to.equal('ok');
    expect([chain.free(bob), chain.free(TREASURY)]).to.deep.equal([MONEY + 60n * TAC, 940n * TAC]);
  });

  it('spends in a period what it may, to the last unit, and as much again in the next', () => {
    const chain = funded();
    chain.runToBlock(60);
    expect(chain.root(spend(LIMIT - 1n))).to.equal('ok');
    chain.expectNoop(Origin.root, spend(2n), errors.SpendLimit);
    expect(chain.root(spend(1n))).to.equal('ok');
    expect(leftOf(chain)).to.equal(0n);
    chain.runToBlock(60 + PERIODS.treasuryBlocks - 1);
    chain.expectNoop(Origin.root, spend(1n), errors.SpendLimit);
    chain.runToBlock(60 + PERIODS.treasuryBlocks);
    expect(leftOf(chain)).to.equal(LIMIT);
    expect(chain.root(spend(LIMIT))).to.equal('ok');
    expect(chain.free(bob)).to.equal(MONEY + 2n * LIMIT);
  });

  it('spends nothing that it does not have, and is there whatever it has', () => {
    const chain = openScene();
    expect(system.use(chain.ctx).store.account.get(TREASURY).providers).to.equal(1);
    chain.expectNoop(Origin.root, spend(1n), balances.errors.InsufficientBalance);
    chain.ok(alice, balances.call.transferKeepAlive({ dest: to(TREASURY), value: 5n * TAC }));
    chain.expectNoop(Origin.root, spend(1n, who(77)), balances.errors.ExistentialDeposit);
    expect(chain.root(spend(5n * TAC))).to.equal('ok');
    expect([chain.free(TREASURY), chain.free(bob)]).to.deep.equal([0n, MONEY + 5n * TAC]);
    chain.ok(alice, balances.call.transferKeepAlive({ dest: to(TREASURY), value: 1n }));
    expect(chain.free(TREASURY), 'a single unit stays').to.equal(1n);
  });
});

describe('pallets/governance: another runtime', () => {
  const schedule = (height: number) => call.scheduleUpgrade({ height, code: who(0xc0) });
  const known = (chain: Scene) => governance.use(chain.ctx).store.upgrade.get();

  it('is put down with its notice, replaced, and struck', () => {
    const chain = openScene();
    chain.expectNoop(by(alice), schedule(1_000), 'BadOrigin');
    chain.expectNoop(Origin.root, schedule(PERIODS.noticeBlocks), errors.TooSoon);
    expect(chain.root(schedule(1 + PERIODS.noticeBlocks))).to.equal('ok');
    expect(known(chain)).to.deep.equal({ height: 1 + PERIODS.noticeBlocks, code: who(0xc0), decided: 1 });
    expect(chain.root(schedule(900))).to.equal('ok');
    expect(known(chain)?.height).to.equal(900);
    chain.expectNoop(by(alice), call.cancelUpgrade({}), 'BadOrigin');
    expect(chain.root(call.cancelUpgrade({}))).to.equal('ok');
    expect(known(chain)).to.equal(undefined);
    chain.expectNoop(Origin.root, call.cancelUpgrade({}), errors.NoUpgrade);
  });
});
