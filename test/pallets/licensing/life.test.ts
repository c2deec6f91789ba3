/** The life of a grant: renewals, renewals by others, revocation, amendment, end. */
import { expect } from 'chai';
import { access, grantOf, payForUses, revokeByRuling, spendUses } from '../../../pallets/licensing/index.ts';
import { priceOfUses } from '../../../pallets/licensing/index.ts';
import { freeze, setOptedOut } from '../../../pallets/ownership/index.ts';
import { DispatchFailure } from '../../../pallets/support/index.ts';
import {
  BUNDLE,
  BUYER,
  by,
  call,
  CAROL,
  DATA,
  DAVE,
  entriesOf,
  errors,
  EVE,
  grantIn,
  idOf,
  makeTerms,
  MODEL,
  once,
  OWNER,
  RENTED,
  scene,
  START,
  to,
  told,
  who,
} from './support.ts';

const GRANT = { grant: 0n };
const renew = call.renew({ ...GRANT, most: 10_000n });
const poke = call.pokeRenewal(GRANT);
const fund = (amount: bigint) => call.setRenewalFund({ ...GRANT, fund: amount });
const reason = who(0xbb);

describe('licensing: renewal', () => {
  it('adds one period to the end, one ahead at most, until the grace is over', () => {
    const chain = scene();
    chain.bought(BUYER, RENTED);
    expect(grantIn(chain, 0n).end).to.equal(11);
    chain.refuses(BUYER, call.renew({ ...GRANT, most: 9_999n }), errors.PriceAbove);
    chain.refuses(CAROL, renew, errors.NotHolder);
    chain.ok(BUYER, renew);
    expect(grantIn(chain, 0n)).to.deep.include({ end: 21, paid: 20_000n, lost: 400n });
    chain.refuses(BUYER, renew, errors.TooEarly);
    chain.runToBlock(23);
    chain.ok(BUYER, renew);
    expect(grantIn(chain, 0n).end).to.equal(31);
    chain.runToBlock(34);
    chain.refuses(BUYER, renew, errors.Expired);
    expect(chain.earned()).to.equal(3n * 9_800n);
  });

  it('is a sale: not of an asset that is frozen, nor of training that its owner refuses by now', () => {
    const chain = scene();
    const terms = makeTerms({ price: once(10_000n), duration: 10, grace: 2, renewal: { tag: 'Manual' } });
    chain.bought(BUYER, terms, DATA);
    freeze(chain.ctx, DATA, 3);
    chain.expectNoop(by(BUYER), renew, 'Ownership.Frozen');
    chain.runToBlock(3);
    setOptedOut(chain.ctx, DATA, true);
    chain.refuses(BUYER, renew, errors.OptedOut);
    setOptedOut(chain.ctx, DATA, false);
    chain.ok(BUYER, renew);
    chain.refuses(BUYER, fund(5n), errors.NotRenewable);
  });

  it('adds the uses of a bundle to those that are left', () => {
    const chain = scene();
    chain.bought(BUYER, BUNDLE);
    spendUses(chain.ctx, 0n, 100n);
    expect(access(chain.ctx, MODEL, who(BUYER)).reason?.tag).to.equal('UsesExhausted');
    chain.ok(BUYER, renew);
    expect(access(chain.ctx, MODEL, who(BUYER)).usesLeft).to.equal(100n);
    chain.ok(BUYER, renew);
    expect(access(chain.ctx, MODEL, who(BUYER)).usesLeft).to.equal(200n);
    const most = makeTerms({ ...BUNDLE, price: { tag: 'Bundle', value: { uses: (1n << 64n) - 1n, amount: 10_000n } } });
    const large = chain.bought(CAROL, most);
    chain.refuses(CAROL, call.renew({ grant: large, most: 10_000n }), errors.BadUses);
    const plain = chain.bought(DAVE, makeTerms({ price: once(5n) }));
    chain.refuses(DAVE, call.renew({ grant: plain, most: 5n }), errors.NotRenewable);
  });

  it('out of the fund: by anyone, in the grace, once for each period, and no unit more than the price', () => {
    const chain = scene();
    chain.bought(BUYER, RENTED);
    chain.ok(BUYER, fund(25_000n));
    const reserved = chain.reserved(BUYER);
    chain.runToBlock(10);
    chain.refuses(EVE, poke, errors.TooEarly);
    chain.runToBlock(11);
    const free = chain.free(BUYER);
    chain.ok(EVE, poke);
    for (const n of [EVE, OWNER]) chain.refuses(n, poke, errors.TooEarly);
    expect([chain.free(BUYER), chain.reserved(BUYER)]).to.deep.equal([free, reserved - 10_000n]);
    expect(grantIn(chain, 0n)).to.deep.include({ end: 21, fund: 15_000n, paid: 20_000n });
    chain.runToBlock(23);
    chain.ok(EVE, poke);
    // in the grace the next period began where the last one ended: it is not due again
    chain.refuses(EVE, poke, errors.TooEarly);
    chain.runToBlock(31);
    chain.refuses(EVE, poke, errors.NoFund);
    chain.runToBlock(34);
    chain.ok(BUYER, call.close(GRANT));
    expect(chain.reserved(BUYER)).to.equal(0n);
  });

  it('the fund is the holder’s: it takes it back, and after that nothing is renewed', () => {
    const chain = scene();
    chain.bought(BUYER, RENTED);
    chain.ok(BUYER, fund(20_000n));
    chain.refuses(EVE, fund(0n), errors.NotHolder);
    chain.ok(BUYER, fund(0n));
    chain.runToBlock(12);
    chain.refuses(EVE, poke, errors.NoFund);
    chain.expectNoop(by(BUYER), fund(START), 'Balances.InsufficientBalance');
  });

  it('of a bundle is due when the holder’s uses are spent, not before', () => {
    const chain = scene();
    chain.bought(BUYER, BUNDLE);
    chain.ok(BUYER, fund(10_000n));
    spendUses(chain.ctx, 0n, 99n);
    chain.refuses(EVE, poke, errors.TooEarly);
    spendUses(chain.ctx, 0n, 1n);
    chain.ok(EVE, poke);
    expect(access(chain.ctx, MODEL, who(BUYER)).usesLeft).to.equal(100n);
    expect(grantIn(chain, 0n).fund).to.equal(0n);
  });
});

describe('licensing: revocation of a grant', () => {
  const revoke = call.revoke({ ...GRANT, reason });

  it('takes effect when the holder lets the time pass, for every seat', () => {
    const chain = scene();
    chain.set('LicenceRevokeBlocks', 10n);
    chain.bought(BUYER, makeTerms({ price: once(5_000n), tiers: 4 }));
    chain.ok(BUYER, call.assignSeat({ ...GRANT, account: to(CAROL), uses: undefined }));
    chain.expectNoop(by(EVE), revoke, 'Ownership.NotAllowed');
    chain.ok(OWNER, revoke);
    chain.refuses(OWNER, revoke, errors.BeingRevoked);
    chain.runToBlock(10);
    expect([BUYER, CAROL].map((n) => access(chain.ctx, MODEL, who(n)).until)).to.deep.equal([11, 11]);
    chain.refuses(EVE, call.close(GRANT), errors.NotOver);
    chain.runToBlock(11);
    for (const n of [BUYER, CAROL]) expect(access(chain.ctx, MODEL, who(n)).reason?.tag).to.equal('GrantRevoked');
    chain.refuses(BUYER, call.contest(GRANT), errors.TooLate);
    chain.refuses(OWNER, call.takeBack(GRANT), errors.TooLate);
    expect(() => spendUses(chain.ctx, 0n, 1n)).to.throw(DispatchFailure, 'GrantRevoked');
    chain.ok(EVE, call.close(GRANT));
    expect(chain.reserved(BUYER)).to.equal(0n);
  });

  it('is contested once: the licensor cannot come back to it, a ruling can', () => {
    const chain = scene();
    chain.bought(BUYER, makeTerms({ price: once(5_000n), tiers: 4 }));
    chain.refuses(BUYER, call.contest(GRANT), errors.NotBeingRevoked);
    chain.ok(OWNER, revoke);
    chain.refuses(OWNER, call.contest(GRANT), errors.NotHolder);
    chain.ok(BUYER, call.contest(GRANT));
    expect(access(chain.ctx, MODEL, who(BUYER))).to.deep.include({ tiers: 4, until: undefined });
    chain.refuses(OWNER, revoke, errors.Contested);
    revokeByRuling(chain.ctx, 0n, reason);
    expect(access(chain.ctx, MODEL, who(BUYER)).reason?.tag).to.equal('GrantRevoked');
    chain.refuses(BUYER, call.contest(GRANT), errors.NotBeingRevoked);
    chain.refuses(OWNER, call.takeBack(GRANT), errors.NotBeingRevoked);
    chain.ok(EVE, call.close(GRANT));
  });

  it('is taken back by the licensor, and restores what was', () => {
    const chain = scene();
    chain.bought(BUYER, RENTED);
    chain.ok(OWNER, call.revoke({ ...GRANT, reason }));
    expect(access(chain.ctx, MODEL, who(BUYER)).until).to.equal(14);
    chain.refuses(BUYER, renew, errors.BeingRevoked);
    chain.expectNoop(by(BUYER), call.takeBack(GRANT), 'Ownership.NotAllowed');
    chain.ok(OWNER, call.takeBack(GRANT));
    chain.ok(BUYER, renew);
    chain.ok(OWNER, revoke);
  });

  it('of a sale that is not opened gives the price back, by a ruling; the licensor refunds it instead', () => {
    const chain = scene();
    const before = chain.free(BUYER);
    const offer = chain.offered(RENTED);
    chain.ok(BUYER, call.buy({ asset: MODEL, offer, most: START }));
    chain.refuses(OWNER, revoke, errors.NotOpen);
    revokeByRuling(chain.ctx, 0n, reason);
    expect([chain.free(BUYER), grantOf(chain.ctx, 0n)]).to.deep.equal([before, undefined]);
    expect(() => revokeByRuling(chain.ctx, 0n, reason)).to.throw(DispatchFailure, 'UnknownGrant');
  });
});

describe('licensing: amendment of a grant', () => {
  const WIDER = makeTerms({ price: once(5_000n), tiers: 12, seats: 2 });
  const accept = (terms: Uint8Array) => call.acceptAmendment({ ...GRANT, terms });

  it('needs both sides, whichever proposes, and the terms as the other one has read them', () => {
    for (const [proposer, other] of [
      [OWNER, BUYER],
      [BUYER, OWNER],
    ] as const) {
      const chain = scene();
      chain.bought(BUYER, makeTerms({ price: once(5_000n), tiers: 4, seats: 3 }));
      const terms = chain.stored(WIDER);
      const propose = call.proposeAmendment({ ...GRANT, terms });
      chain.expectNoop(by(EVE), propose, 'Ownership.NotAllowed');
      chain.refuses(other, accept(terms), errors.NoAmendment);
      chain.ok(proposer, propose);
      chain.refuses(other, propose, errors.AmendmentPending);
      // one side alone changes nothing, whoever it is
      chain.refuses(proposer, accept(terms), errors.NotOtherSide);
      chain.refuses(other, accept(idOf(RENTED)), errors.NoAmendment);
      expect(grantIn(chain, 0n).terms).not.to.deep.equal(terms);
      chain.ok(other, accept(terms));
      expect(access(chain.ctx, MODEL, who(BUYER)).tiers).to.equal(12);
      chain.refuses(other, accept(terms), errors.NoAmendment);
    }
  });

  it('a third account accepts for nobody', () => {
    const chain = scene();
    chain.bought(BUYER, RENTED);
    const terms = chain.stored(WIDER);
    chain.ok(BUYER, call.proposeAmendment({ ...GRANT, terms }));
    chain.expectNoop(by(EVE), accept(terms), 'Ownership.NotAllowed');
    chain.expectNoop(by(EVE), call.dropAmendment(GRANT), 'Ownership.NotAllowed');
    chain.ok(OWNER, call.dropAmendment(GRANT));
    chain.refuses(OWNER, call.dropAmendment(GRANT), errors.NoAmendment);
  });

  it('keeps the paid time and the uses that are left, and no more seats than the new terms have', () => {
    const chain = scene();
    chain.bought(BUYER, RENTED);
    for (const n of [CAROL, DAVE]) chain.ok(BUYER, call.assignSeat({ ...GRANT, account: to(n), uses: undefined }));
    const narrower = chain.stored({ ...RENTED, seats: 2, tiers: 7 });
    chain.ok(OWNER, call.proposeAmendment({ ...GRANT, terms: narrower }));
    chain.refuses(BUYER, accept(narrower), errors.TooManySeats);
    const bounded = chain.stored({ ...RENTED, uses: 50n });
    chain.ok(OWNER, call.dropAmendment(GRANT));
    chain.ok(OWNER, call.proposeAmendment({ ...GRANT, terms: bounded }));
    chain.refuses(BUYER, accept(bounded), errors.TooManySeats);
    const cheaper = chain.stored({ ...RENTED, price: { tag: 'Subscription', value: { amount: 5_000n, period: 20 } } });
    chain.ok(BUYER, call.dropAmendment(GRANT));
    chain.ok(OWNER, call.proposeAmendment({ ...GRANT, terms: cheaper }));
    chain.ok(BUYER, accept(cheaper));
    expect(grantIn(chain, 0n).end).to.equal(11);
    chain.ok(BUYER, call.renew({ ...GRANT, most: 5_000n }));
    expect(grantIn(chain, 0n).end).to.equal(31);
  });

  it('bounds uses, or ends their bound, of a grant without seats', () => {
    const chain = scene();
    chain.bought(BUYER, RENTED);
    for (const [terms, left] of [
      [{ ...RENTED, uses: 50n }, 50n],
      [{ ...RENTED, uses: 70n }, 50n],
      [RENTED, undefined],
      [BUNDLE, 100n],
    ] as const) {
      const id = chain.stored(terms);
      chain.ok(OWNER, call.proposeAmendment({ ...GRANT, terms: id }));
      chain.ok(BUYER, accept(id));
      expect(access(chain.ctx, MODEL, who(BUYER)).usesLeft).to.equal(left);
    }
    expect(grantIn(chain, 0n).end).to.equal(undefined);
  });

  it('is no way around those who have to agree to a sale, nor around an opt-out', () => {
    const chain = scene();
    chain.bought(BUYER, RENTED);
    const guarded = chain.stored(makeTerms({ price: once(5n), approvers: [who(CAROL)], approvals: 1 }));
    chain.refuses(OWNER, call.proposeAmendment({ ...GRANT, terms: guarded }), errors.NotAmendable);
    const training = chain.stored(makeTerms());
    chain.ok(OWNER, call.proposeAmendment({ ...GRANT, terms: training }));
    setOptedOut(chain.ctx, MODEL, true);
    chain.refuses(BUYER, accept(training), errors.OptedOut);
  });

  it('a proposal ends with the grant, and its deposit comes back', () => {
    const chain = scene();
    chain.bought(BUYER, RENTED);
    const terms = chain.stored(WIDER);
    const before = chain.reserved(OWNER);
    chain.ok(OWNER, call.proposeAmendment({ ...GRANT, terms }));
    expect(chain.reserved(OWNER)).to.equal(before + 50_000n);
    chain.ok(BUYER, call.close(GRANT));
    expect(chain.reserved(OWNER)).to.equal(before);
    expect(told(chain).slice(-2)).to.deep.equal(['AmendmentDropped', 'Closed']);
  });
});

describe('licensing: the end of a grant', () => {
  it('comes after its grace, for anyone to close, and for its holder whenever it likes', () => {
    const chain = scene();
    chain.bought(BUYER, RENTED);
    chain.runToBlock(13);
    expect(access(chain.ctx, MODEL, who(BUYER)).tiers).to.equal(5);
    chain.refuses(EVE, call.close(GRANT), errors.NotOver);
    chain.runToBlock(14);
    expect(access(chain.ctx, MODEL, who(BUYER)).reason?.tag).to.equal('Expired');
    chain.ok(EVE, call.close(GRANT));
    chain.bought(BUYER, makeTerms({ price: once(5_000n) }));
    chain.refuses(EVE, call.close({ grant: 1n }), errors.NotOver);
    chain.ok(BUYER, call.close({ grant: 1n }));
    expect([chain.reserved(BUYER), entriesOf(chain, BUYER)]).to.deep.equal([0n, []]);
  });

  it('comes with the last use where nothing renews it', () => {
    const chain = scene();
    chain.bought(BUYER, makeTerms({ ...BUNDLE, renewal: { tag: 'None' } }));
    chain.ok(BUYER, call.assignSeat({ ...GRANT, account: to(CAROL), uses: 1n }));
    spendUses(chain.ctx, 0n, 99n);
    chain.refuses(EVE, call.close(GRANT), errors.NotOver);
    spendUses(chain.ctx, 0n, 1n, who(CAROL));
    chain.ok(EVE, call.close(GRANT));
    chain.bought(BUYER, BUNDLE);
    spendUses(chain.ctx, 1n, 100n);
    chain.refuses(EVE, call.close({ grant: 1n }), errors.NotOver);
  });
});

describe('licensing: uses that are paid singly', () => {
  const steps = [
    { from: 0n, amount: 10n },
    { from: 100n, amount: 7n },
    { from: 1_000n, amount: 1n },
  ];
  const volume = makeTerms({ price: { tag: 'Volume', value: { steps } }, tiers: 4 });

  it('cost by how many there were before, whatever the parts in which they are settled', () => {
    expect(priceOfUses(volume.price, 0n, 100n)).to.equal(1_000n);
    expect(priceOfUses(volume.price, 90n, 20n)).to.equal(170n);
    expect(priceOfUses(volume.price, 0n, 1_010n)).to.equal(1_000n + 6_300n + 10n);
    expect(priceOfUses({ tag: 'PerUse', value: { amount: 3n } }, 500n, 7n)).to.equal(21n);
    expect(priceOfUses(once(9n), 0n, 7n)).to.equal(0n);
    let sum = 0n;
    for (let before = 0n; before < 1_100n; before += 11n) sum += priceOfUses(volume.price, before, 11n);
    expect(sum).to.equal(priceOfUses(volume.price, 0n, 1_100n));
  });

  it('are paid like any price, and count to what was paid and lost', () => {
    const chain = scene();
    chain.bought(BUYER, volume);
    payForUses(chain.ctx, 0n, who(CAROL), 12_345n);
    expect(chain.free(CAROL)).to.equal(START - 12_345n);
    expect([chain.earned(), chain.treasury()]).to.deep.equal([12_345n - 246n, 123n]);
    expect(grantIn(chain, 0n)).to.deep.include({ paid: 12_345n, lost: 246n });
  });
});
