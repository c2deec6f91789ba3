import { expect } from 'chai';
import { balances } from '../../../pallets/balances/index.ts';
import { parameters, PARAMETERS } from '../../../pallets/parameters/index.ts';
import { ATTESTS, CLAIM_FEE, isValidAt, registry, slashAttester } from '../../../pallets/registry/index.ts';
import { type MockRuntime, Origin } from '../../../pallets/support/index.ts';
import { asset, named, newModel } from '../../support/registry.ts';
import { ALICE, as, BOB, burnedBy, CAROL, free, fresh, MONEY, ok, POOR, reserved, root, to, who } from './support.ts';

const { call, errors } = registry;
const BOND = PARAMETERS.AttesterBond.default;
const AUDITS = ATTESTS.SafetyAudit | ATTESTS.Benchmark;
const register = (kinds: number = AUDITS) => call.registerAttester({ name: 'Auditors', kinds });
const admit = (until: number, kinds: number = AUDITS, n = BOB) => call.admitAttester({ who: to(n), kinds, until });
const claim = (kind: keyof typeof ATTESTS = 'SafetyAudit', until = 1000, model = 0n) =>
  call.makeClaim({ asset: asset('Model', model), kind: { tag: kind }, digest: named('report'), until });
const dismiss = call.dismissAttester({ who: to(BOB) });
const leave = call.leaveAttesters({});
const withdraw = call.withdrawBond({});

/** A chain with model 0 and Bob, who is registered; admitted until block 100 if said so. */
function withAttester(isAdmitted = true): MockRuntime {
  const chain = fresh();
  root(chain, parameters.call.setParameter({ name: { tag: 'AttesterUnbonding' }, value: 10n }));
  ok(chain, ALICE, newModel(named('0')));
  ok(chain, BOB, register());
  if (isAdmitted) root(chain, admit(100));
  return chain;
}
const valid = (chain: MockRuntime, block: number, id = 0n): boolean => {
  const found = registry.use(chain.ctx).store.claims.get(id);
  return found !== undefined && isValidAt(chain.ctx, found, block);
};

describe('pallets/registry: attesters', () => {
  it('are listed for a bond, and speak once the chain itself has admitted them, of what it admitted them for', () => {
    const chain = withAttester(false);
    expect([free(chain, BOB), reserved(chain, BOB)]).to.deep.equal([MONEY - BOND, BOND]);
    chain.expectNoop(as(BOB), register(), errors.AlreadyAttester);
    chain.expectNoop(as(POOR), register(), balances.errors.InsufficientBalance);
    for (const kinds of [0, 32, 255]) chain.expectNoop(as(CAROL), register(kinds), errors.BadKinds);
    chain.expectNoop(as(BOB), claim(), errors.NotAdmitted);
    chain.expectNoop(as(CAROL), claim(), errors.NotAttester);
    for (const origin of [as(BOB), Origin.none]) {
      chain.expectNoop(origin, admit(100), origin.isNone ? 'unknown.NoUnsignedValidator' : 'BadOrigin');
      chain.expectNoop(origin, dismiss, origin.isNone ? 'unknown.NoUnsignedValidator' : 'BadOrigin');
    }
    chain.expectNoop(Origin.root, admit(100, ATTESTS.Identity), errors.BadKinds);
    chain.expectNoop(Origin.root, admit(100, 0), errors.BadKinds);
    chain.expectNoop(Origin.root, admit(chain.ctx.block), errors.BadTime);
    chain.expectNoop(Origin.root, admit(100, AUDITS, CAROL), errors.NotAttester);
    chain.expectNoop(Origin.root, dismiss, errors.NotAdmitted);
    root(chain, admit(100, ATTESTS.SafetyAudit));
    expect(burnedBy(chain, () => ok(chain, BOB, claim()))).to.equal(CLAIM_FEE);
    chain.expectNoop(as(BOB), claim('Benchmark'), errors.NotAdmitted);
    chain.expectNoop(as(BOB), claim('SafetyAudit', 1000, 7n), errors.UnknownAsset);
    chain.expectNoop(as(BOB), claim('SafetyAudit', chain.ctx.block), errors.BadTime);
  });

  it('an admission ends by time; while it lasts it is only made longer', () => {
    const chain = withAttester();
    for (const longer of [admit(100), admit(50), admit(200, ATTESTS.SafetyAudit)])
      chain.expectNoop(Origin.root, longer, errors.AlreadyAdmitted);
    root(chain, admit(120));
    ok(chain, BOB, claim());
    chain.runToBlock(119);
    ok(chain, BOB, claim());
    chain.runToBlock(120);
    chain.expectNoop(as(BOB), claim(), errors.NotAdmitted);
    expect([119, 120].map((block) => valid(chain, block))).to.deep.equal([true, false]);
    root(chain, admit(130));
    expect(
      [119, 120, 125].map((block) => valid(chain, block)),
      'a new admission revives nothing',
    ).to.deep.equal([true, false, false]);
  });

  it('one sees of every block what held in it: expiry, revocation, dismissal', () => {
    const chain = withAttester();
    chain.runToBlock(10);
    ok(chain, BOB, claim('SafetyAudit', 15));
    ok(chain, BOB, claim('Benchmark'));
    ok(chain, BOB, claim());
    chain.runToBlock(20);
    chain.expectNoop(as(CAROL), call.revokeClaim({ id: 1n }), errors.NotYours);
    chain.expectNoop(as(BOB), call.revokeClaim({ id: 9n }), errors.UnknownClaim);
    ok(chain, BOB, call.revokeClaim({ id: 1n }));
    chain.expectNoop(as(BOB), call.revokeClaim({ id: 1n }), errors.AlreadyRevoked);
    chain.runToBlock(30);
    root(chain, dismiss);
    chain.expectNoop(as(BOB), claim(), errors.NotAdmitted);
    const shown = [9, 10, 14, 15, 19, 20, 29, 30].map((block) => [0n, 1n, 2n].filter((id) => valid(chain, block, id)));
    expect(shown).to.deep.equal([[], [0n, 1n, 2n], [0n, 1n, 2n], [1n, 2n], [1n, 2n], [2n], [2n], []]);
  });

  it('who leaves speaks no more at once, and has its bond at stake for a while', () => {
    const chain = withAttester();
    chain.runToBlock(10);
    ok(chain, BOB, claim());
    chain.runToBlock(11);
    chain.expectNoop(as(BOB), withdraw, errors.NotLeft);
    chain.expectNoop(as(CAROL), leave, errors.NotAttester);
    ok(chain, BOB, leave);
    expect([10, 11].map((block) => valid(chain, block))).to.deep.equal([true, false]);
    for (const what of [leave, call.raiseBond({ amount: 1n })]) chain.expectNoop(as(BOB), what, errors.HasLeft);
    chain.expectNoop(as(BOB), claim(), errors.NotAdmitted);
    chain.expectNoop(Origin.root, admit(100), errors.HasLeft);
    chain.runToBlock(20);
    chain.expectNoop(as(BOB), withdraw, errors.TooEarly);
    expect(slashAttester(chain.ctx, who(BOB), 7n)).to.equal(7n);
    chain.runToBlock(21);
    ok(chain, BOB, withdraw);
    expect([free(chain, BOB), reserved(chain, BOB)]).to.deep.equal([MONEY - CLAIM_FEE - 7n, 0n]);
    chain.expectNoop(as(BOB), withdraw, errors.NotAttester);
    // What it said can still be taken back, and a second time begins behind the first.
    ok(chain, BOB, call.revokeClaim({ id: 0n }));
    ok(chain, BOB, register());
    root(chain, admit(200));
    ok(chain, BOB, claim());
    expect([10, 21].map((block) => [valid(chain, block, 0n), valid(chain, block, 1n)])).to.deep.equal([
      [true, false],
      [false, true],
    ]);
  });

  it('a slash takes at most the bond; who has less than the bond speaks no more until it is up again', () => {
    const chain = withAttester();
    const before = free(chain, BOB);
    expect(burnedBy(chain, () => slashAttester(chain.ctx, who(BOB), 1n))).to.equal(1n);
    chain.expectNoop(as(BOB), claim(), errors.BondTooSmall);
    chain.expectNoop(Origin.root, admit(200), errors.BondTooSmall);
    ok(chain, BOB, call.raiseBond({ amount: 1n }));
    ok(chain, BOB, claim());
    expect(burnedBy(chain, () => expect(slashAttester(chain.ctx, who(BOB), 10n * BOND)).to.equal(BOND))).to.equal(BOND);
    expect([slashAttester(chain.ctx, who(BOB), 5n), slashAttester(chain.ctx, who(CAROL), 5n)]).to.deep.equal([0n, 0n]);
    expect(free(chain, BOB)).to.equal(before - 1n - CLAIM_FEE);
    expect(valid(chain, chain.ctx.block), 'a ruling decides about claims, not the money').to.equal(true);
  });

  it('the chain itself slashes whoever has lied, nobody else does', () => {
    const chain = withAttester();
    const slash = (n: number) => call.slashAttester({ who: to(n), amount: 7n });
    chain.expectNoop(as(CAROL), slash(BOB), 'BadOrigin');
    chain.expectNoop(Origin.root, slash(CAROL), errors.NoBond);
    expect(burnedBy(chain, () => root(chain, slash(BOB)))).to.equal(7n);
    expect(reserved(chain, BOB)).to.equal(BOND - 7n);
  });
});
