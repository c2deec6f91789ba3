/** A proposal from its first block to its last: what it costs, when it may be voted on, when its call is made, and how else it ends. */
import { expect } from 'chai';
import { balances, totalIssuance } from '../../../pallets/balances/index.ts';
import { parameters } from '../../../pallets/parameters/index.ts';
import { Origin, TREASURY } from '../../../pallets/support/index.ts';
import { system } from '../../../pallets/system/index.ts';
import {
  accounts,
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
  EXPIRES,
  governance,
  hashOf,
  MONEY,
  openScene,
  propose,
  type Scene,
  setBurn,
  TAC,
  utility,
  who,
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

describe('pallets/governance: proposals', () => {
  it('a call is made by the chain after vote and time lock, once, and the deposit comes back', () => {
    const chain = passed();
    expect(chain.reserved(alice)).to.equal(depositOf(setBurn(500n)));
    const enact = call.enact({ id: 0n, call: setBurn(500n) });
    for (const block of [1, CLOSES - 1, CLOSES, ENACT_FROM - 1]) {
      chain.runToBlock(block);
      chain.expectNoop(by(carol), enact, errors.NotEnactable);
    }
    chain.runToBlock(ENACT_FROM);
    expect(chain.burnOf()).to.equal(100n);
    chain.ok(carol, enact);
    expect([chain.burnOf(), chain.enacted(), ...chain.closed()]).to.deep.equal([500n, 'ok', 'Enacted', 0n]);
    expect([chain.reserved(alice), chain.free(alice)]).to.deep.equal([0n, MONEY]);
    chain.root(setBurn(7n));
    chain.expectNoop(by(carol), enact, errors.UnknownProposal);
    expect(chain.burnOf()).to.equal(7n);
  });

  it('may be enacted in the last block of its window, and not in the next', () => {
    const [early, late] = [passed(), passed()];
    early.runToBlock(EXPIRES - 1);
    early.ok(bob, call.enact({ id: 0n, call: setBurn(500n) }));
    late.runToBlock(EXPIRES - 1);
    late.expectNoop(by(bob), call.close({ id: 0n }), errors.NotOver);
    late.runToBlock(EXPIRES);
    late.expectNoop(by(bob), call.enact({ id: 0n, call: setBurn(500n) }), errors.NotEnactable);
    late.ok(dave, call.close({ id: 0n }));
    expect(late.closed()).to.deep.equal(['Expired', 0n]);
    expect(late.free(alice)).to.equal(MONEY);
  });

  it('only the very call is made', () => {
    const chain = passed();
    chain.runToBlock(ENACT_FROM);
    chain.expectNoop(by(bob), call.enact({ id: 0n, call: setBurn(501n) }), errors.WrongCall);
    chain.expectNoop(by(bob), call.enact({ id: 1n, call: setBurn(500n) }), errors.UnknownProposal);
    chain.expectNoop(Origin.root, call.enact({ id: 0n, call: setBurn(500n) }), 'BadOrigin');
    expect(chain.dispatch(Origin.none, call.enact({ id: 0n, call: setBurn(500n) }))).to.equal(
      'unknown.NoUnsignedValidator',
    );
  });

  it('a call that fails changes nothing, and the proposal is over', () => {
    const doomed = utility.call.batchAll({ calls: [setBurn(500n), setBurn(9_999n)] });
    const chain = passed(doomed);
    chain.runToBlock(ENACT_FROM);
    chain.ok(bob, call.enact({ id: 0n, call: doomed }));
    expect([chain.burnOf(), chain.enacted()]).to.deep.equal([100n, 'Parameters.OutOfBounds']);
    chain.expectNoop(by(bob), call.enact({ id: 0n, call: doomed }), errors.UnknownProposal);
    expect(chain.free(alice)).to.equal(MONEY);
  });

  it('what is enacted inside of a batch that fails has not been enacted', () => {
    const chain = passed();
    chain.runToBlock(ENACT_FROM);
    const enact = call.enact({ id: 0n, call: setBurn(500n) });
    const doomed = utility.call.batchAll({ calls: [enact, setBurn(1n)] });
    chain.expectNoop(by(bob), doomed, 'BadOrigin');
    chain.ok(bob, enact);
    expect(chain.burnOf()).to.equal(500n);
  });

  it('the times and thresholds of a proposal are those of the block in which it was made', () => {
    const chain = passed();
    const { store } = governance.use(chain.ctx);
    const before = store.proposals.get(0n)!;
    expect(before.electorate).to.equal(totalIssuance(chain.ctx));
    for (const [tag, value] of [
      ['GovernanceVoting', 5n],
      ['GovernanceTimeLock', 2n],
      ['GovernanceWindow', 1_000n],
      ['GovernanceSupport', 2_500n],
      ['GovernanceApproval', 9_000n],
    ] as const) {
      expect(chain.root(parameters.call.setParameter({ name: { tag }, value }))).to.equal('ok');
    }
    expect(store.proposals.get(0n)).to.deep.equal(before);
    chain.runToBlock(ENACT_FROM);
    chain.ok(bob, call.enact({ id: 0n, call: setBurn(500n) }));
  });

  it('is refused if its bytes are no call, or not the one way to write it, or too long, or too heavy', () => {
    const chain = openScene();
    const wish = (bytes: Uint8Array) => call.propose({ call: bytes, title: 't', reasons: who(0) });
    const good = encoded(setBurn(500n));
    for (const bytes of [new Uint8Array(0), Uint8Array.of(255, 0), good.slice(0, -1), Uint8Array.of(...good, 0)]) {
      chain.expectNoop(by(alice), wish(bytes), errors.BadCall);
    }
    expect(() => chain.dispatch(by(alice), wish(new Uint8Array(65_537)))).to.throw('65537');
    const long = { call: good, title: 'x'.repeat(129), reasons: who(0) };
    expect(() => chain.dispatch(by(alice), call.propose(long))).to.throw('129');
    // Remarks of nothing, so many that they weigh more than the call of a proposal may.
    const remark = system.call.remark({ remark: new Uint8Array(0) });
    const weight = (made: typeof remark) => chain.composition.infoOf(made).weight;
    const batch = (made: typeof remark) => utility.call.batch({ calls: Array.from({ length: 100 }, () => made) });
    const heavy = batch(call.holdElection({}));
    const nested = utility.call.batch({ calls: [heavy, heavy, heavy, heavy] });
    expect(weight(heavy) <= 500_000_000_000n && weight(nested) > 500_000_000_000n).to.equal(true);
    chain.expectNoop(by(alice), propose(nested), errors.TooHeavy);
    chain.ok(alice, propose(heavy));
    const deep = Array.from({ length: 33 }).reduce<typeof remark>(
      (made) => utility.call.batch({ calls: [made] }),
      remark,
    );
    expect(() => propose(deep)).to.not.throw();
    chain.expectNoop(by(alice), propose(deep), errors.BadCall);
  });

  it('an account has four places, and places become dearer for everybody as they are taken', () => {
    const chain = openScene();
    const bytes = BYTES(encoded(setBurn(1n)).length);
    let taken = 0;
    for (const account of accounts.slice(0, 8)) {
      for (let i = 0; i < 4; i++) {
        const before = chain.reserved(account);
        chain.ok(account, propose(setBurn(1n)));
        expect(chain.reserved(account) - before).to.equal(bytes + DEPOSIT * 2n ** BigInt(Math.floor(taken++ / 4)));
      }
      chain.expectNoop(by(account), propose(setBurn(1n)), errors.TooManyOpen);
    }
    expect(taken).to.equal(32);
    chain.expectNoop(by(accounts[9]!), propose(setBurn(1n)), errors.TooManyOpen);
    // Nobody has voted: all of it is lost when the voting is over, and every place is free again.
    const lost = accounts.reduce((sum, account) => sum + chain.reserved(account), 0n);
    chain.runToBlock(CLOSES);
    for (let id = 0n; id < 32n; id++) chain.ok(accounts[9]!, call.close({ id }));
    expect(chain.free(TREASURY)).to.equal(lost);
    expect(chain.closed()[0]).to.equal('Ignored');
    chain.ok(accounts[9]!, propose(setBurn(1n)));
    expect(chain.reserved(accounts[9]!)).to.equal(DEPOSIT + bytes);
  });

  it('wants the deposit', () => {
    const chain = openScene();
    const rich = chain.free(dave);
    const dest = { tag: 'Id' as const, value: alice };
    chain.ok(dave, balances.call.transferKeepAlive({ dest, value: rich - 100n * TAC }));
    chain.expectNoop(by(dave), propose(setBurn(1n)), balances.errors.InsufficientBalance);
  });

  it('cannot cancel itself, nor enact, propose or vote as the chain', () => {
    const inner = [
      [call.cancel({ id: 0n, depositLost: true }), 'Governance.UnknownProposal'],
      [call.enact({ id: 0n, call: setBurn(1n) }), 'BadOrigin'],
      [propose(setBurn(1n)), 'BadOrigin'],
      [aye(0n, TAC), 'BadOrigin'],
      [call.stand({}), 'BadOrigin'],
      [utility.call.batchAll({ calls: [call.enact({ id: 0n, call: setBurn(1n) })] }), 'BadOrigin'],
    ] as const;
    for (const [made, error] of inner) {
      const chain = passed(made);
      chain.runToBlock(governance.use(chain.ctx).store.proposals.get(0n)!.enactFrom);
      chain.ok(bob, call.enact({ id: 0n, call: made }));
      expect(chain.enacted()).to.equal(error);
      expect(governance.use(chain.ctx).store.open.get()).to.deep.equal([]);
    }
  });

  it('several calls are made together by a batch, all or none', () => {
    const both = utility.call.batchAll({ calls: [setBurn(500n), setBurn(600n)] });
    const chain = passed(both);
    chain.runToBlock(ENACT_FROM);
    chain.ok(bob, call.enact({ id: 0n, call: both }));
    expect([chain.enacted(), chain.burnOf()]).to.deep.equal(['ok', 600n]);
  });

  it('tells who proposed what, and keeps the call for everybody to read', () => {
    const chain = passed();
    const { data } = chain.events.find(({ name }) => name === 'Proposed')!;
    const about = { id: 0n, proposer: alice, title: 'A change', callHash: hashOf(setBurn(500n)), closes: CLOSES };
    expect(data).to.deep.equal(about);
    expect(governance.use(chain.ctx).store.calls.get(0n)).to.deep.equal(encoded(setBurn(500n)));
  });
});
