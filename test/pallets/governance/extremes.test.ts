/** Whatever every parameter is set to in the middle of it: reserves are explained after each call, and in the end nobody's money is left behind. */
import { expect } from 'chai';
import * as fc from 'fast-check';
import { balances, totalIssuance } from '../../../pallets/balances/index.ts';
import { parameters, PARAMETERS, type ParameterName } from '../../../pallets/parameters/index.ts';
import { type RuntimeCall, TREASURY } from '../../../pallets/support/index.ts';
import {
  abstain,
  accounts,
  aye,
  by,
  call,
  ENACT_FROM,
  governance,
  makeModel,
  MONEY,
  nay,
  openScene,
  propose,
  type Scene,
  setBurn,
  TAC,
  to,
} from './scene.ts';

/** Of windows the shortest, so that all of them end here. */
const AMOUNTS: readonly ParameterName[] = [
  'GovernanceApproval',
  'GovernanceSupport',
  'GovernanceIgnored',
  'GovernanceDeposit',
  'TreasuryLimit',
  'PanelSeats',
  'PanelBond',
];
const WINDOWS: readonly ParameterName[] = [
  'GovernanceVoting',
  'GovernanceTimeLock',
  'GovernanceWindow',
  'GovernanceLock',
  'TreasuryPeriod',
  'UpgradeNotice',
  'PanelTerm',
  'PanelMotion',
  'PanelSuspension',
];
const change = fc.oneof(
  fc.record({ name: fc.constantFrom(...AMOUNTS), bound: fc.constantFrom('least' as const, 'most' as const) }),
  fc.record({ name: fc.constantFrom(...WINDOWS), bound: fc.constant('least' as const) }),
);
const step = fc.record({
  what: fc.constantFrom(
    ...(['propose', 'aye', 'aye', 'nay', 'abstain', 'removeVote', 'enact', 'close', 'unlock'] as const),
    ...(['stand', 'stand', 'approve', 'holdElection', 'suspend', 'suspend', 'lift', 'cancel', 'wait'] as const),
  ),
  who: fc.nat({ max: accounts.length - 1 }),
  back: fc.nat({ max: 3 }),
  times: fc.constantFrom('X1' as const, 'X2' as const, 'X3' as const, 'X4' as const),
  amount: fc.bigInt({ min: TAC, max: MONEY }),
  blocks: fc.integer({ min: 1, max: 9 }),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

function callOf(chain: Scene, { what, who, back, times, amount }: Exclude<Step, { what: 'wait' }>): RuntimeCall {
  const { store } = governance.use(chain.ctx);
  const latest = store.nextProposal.get() - 1n - BigInt(back);
  const id = latest < 0n ? 0n : latest;
  const model = BigInt(back);
  switch (what) {
    case 'propose':
      return propose(setBurn(5n));
    case 'aye':
      return aye(id, amount, times);
    case 'nay':
      return nay(id, amount, times);
    case 'abstain':
      return abstain(id, amount);
    case 'enact':
      return call.enact({ id, call: setBurn(5n) });
    case 'removeVote':
    case 'close':
      return call[what]({ id });
    case 'cancel':
      return propose(call.cancel({ id, depositLost: true }));
    case 'unlock':
      return call.unlock({ who: to(accounts[who]!) });
    case 'approve': {
      const ids = store.candidates.get().map((each) => each.id);
      return call.approve({ candidates: ids.slice(0, 8), amount });
    }
    case 'suspend':
      return call.panelSuspend({ model, reason: new Uint8Array(32).fill(back) });
    case 'lift':
      return call.panelLift({ model });
    default:
      return call[what as 'stand' | 'holdElection']({});
  }
}

/** Everybody goes home. */
function end(chain: Scene): void {
  const { store } = governance.use(chain.ctx);
  chain.runToBlock(chain.ctx.block + 120);
  for (const { id } of store.open.get()) chain.ok(accounts[0]!, call.close({ id }));
  for (let term = 0; term < 2; term++) {
    chain.ok(accounts[0]!, call.holdElection({}));
    chain.runToBlock(chain.ctx.block + 60);
  }
  for (const each of accounts) {
    if (store.commitments.has(each)) chain.ok(each, call.unlock({ who: to(each) }));
    expect(chain.reserved(each)).to.equal(0n);
  }
  const held = [...accounts, TREASURY].reduce((sum, each) => sum + chain.free(each), 0n);
  expect(held).to.equal(totalIssuance(chain.ctx));
  const suspended = [...store.suspensions.entries()].length;
  expect(held).to.equal(10n * MONEY - BigInt(suspended) * TAC);
}

function play(steps: readonly (Step | Change)[]): void {
  const chain = openScene();
  for (const model of [0n, 1n, 2n, 3n]) makeModel(chain, model, accounts[9]!);
  for (const each of steps) {
    if ('bound' in each) {
      const name = { tag: each.name } as { tag: 'LicenceBurn' };
      expect(chain.root(parameters.call.setParameter({ name, value: PARAMETERS[each.name][each.bound] }))).to.equal(
        'ok',
      );
    } else if (each.what === 'wait') chain.runToBlock(chain.ctx.block + each.blocks);
    else chain.dispatch(by(accounts[each.who]!), callOf(chain, each));
  }
  end(chain);
}

describe('pallets/governance: parameters at their bounds', function () {
  it('never lock governance for good: a quarter of all units agree to set them back, where the rest cannot vote', () => {
    const chain = openScene();
    for (const name of ['GovernanceApproval', 'GovernanceSupport', 'GovernanceIgnored'] as const) {
      const made = parameters.call.setParameter({ name: { tag: name }, value: PARAMETERS[name].most });
      expect(chain.root(made)).to.equal('ok');
    }
    const dest = to(TREASURY);
    for (const each of accounts.slice(3)) chain.ok(each, balances.call.transferAll({ dest, keepAlive: true }));
    const back = parameters.call.setParameter({ name: { tag: 'GovernanceSupport' }, value: 200n });
    chain.ok(accounts[0]!, propose(back));
    for (const each of accounts.slice(0, 3)) chain.ok(each, aye(0n, (MONEY * 6n) / 7n));
    chain.runToBlock(ENACT_FROM);
    chain.ok(accounts[9]!, call.enact({ id: 0n, call: back }));
    expect(chain.enacted()).to.equal('ok');
  });

  it('leave every reserve explained, and nobody’s money behind', () => {
    const mixed = fc.oneof({ weight: 6, arbitrary: step }, { weight: 1, arbitrary: change });
    fc.assert(fc.property(fc.array(mixed, { minLength: 60, maxLength: 120, size: 'max' }), play), { numRuns: 15 });
  });
});
