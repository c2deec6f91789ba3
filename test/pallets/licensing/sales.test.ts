/** Offers and sales: who may buy what for how much, where the money waits, where it goes, when it comes back. */
import { expect } from 'chai';
import { totalIssuance } from '../../../pallets/balances/index.ts';
import { access, licensing, spendUses } from '../../../pallets/licensing/index.ts';
import { freeze, ownership, revokeAsset, setOptedOut, suspend, thaw } from '../../../pallets/ownership/index.ts';
import { DispatchFailure } from '../../../pallets/support/index.ts';
import { acceptTitle } from '../../support/ownership.ts';
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
  makeTerms,
  MODEL,
  once,
  OWNER,
  scene,
  to,
  told,
  who,
} from './support.ts';

const SOLD = makeTerms({ price: once(10_001n), tiers: 7 });
const buyOf = (offer: bigint, most = 10_001n, asset = MODEL) => call.buy({ asset, offer, most });
const GRANT = 200_000n;
const GUARDED = makeTerms({ price: once(10_000n), approvers: [who(CAROL), who(DAVE), who(EVE)], approvals: 2 });

describe('licensing: sales', () => {
  it('a price waits in escrow, and goes to the asset, the treasury and nowhere at the first access', () => {
    const chain = scene();
    const offer = chain.offered(SOLD);
    const [free, reserved, issued] = [chain.free(BUYER), chain.reserved(BUYER), totalIssuance(chain.ctx)];
    chain.ok(BUYER, buyOf(offer));
    expect([chain.free(BUYER), chain.reserved(BUYER)]).to.deep.equal([free - 10_001n - GRANT, reserved + GRANT]);
    expect([chain.earned(), chain.treasury(), totalIssuance(chain.ctx)]).to.deep.equal([0n, 0n, issued]);
    expect(access(chain.ctx, MODEL, who(BUYER)).reason?.tag).to.equal('NotOpened');
    expect(access(chain.ctx, MODEL, who(BUYER)).tiers).to.equal(0);
    chain.refuses(CAROL, call.open({ grant: 0n }), errors.NotHolder);
    chain.ok(BUYER, call.open({ grant: 0n }));
    // 1% of 10,001 is 100, rounded down; what is left is the owner's, to the last unit
    expect([chain.earned(), chain.treasury(), totalIssuance(chain.ctx)]).to.deep.equal([9_801n, 100n, issued - 100n]);
    expect([grantIn(chain, 0n).paid, grantIn(chain, 0n).lost]).to.deep.equal([10_001n, 200n]);
    expect(access(chain.ctx, MODEL, who(BUYER))).to.deep.include({ tiers: 7, grant: 0n, reason: undefined });
    chain.refuses(BUYER, call.open({ grant: 0n }), errors.AlreadyOpen);
    chain.refuses(OWNER, call.refund({ grant: 0n }), errors.AlreadyOpen);
  });

  it('the buyer says what it pays at most: a discount that ends between reading and buying costs nothing unseen', () => {
    const chain = scene();
    const offer = chain.offered(SOLD);
    chain.refuses(BUYER, buyOf(offer, 10_000n), errors.PriceAbove);
    chain.ok(BUYER, buyOf(offer, 10_001n));
  });

  it('a stake makes it cheaper by what the chain takes at most: the owner gets the same', () => {
    for (const [discount, paid, treasury, burned] of [
      [50n, 9_950n, 100n, 50n],
      [150n, 9_850n, 50n, 0n],
      [2_000n, 9_800n, 0n, 0n],
    ] as const) {
      const chain = scene();
      chain.set('LicenceDiscount', discount);
      chain.set('LicenceDiscountBond', 1_000_000n);
      const offer = chain.offered(makeTerms({ price: once(10_000n), tiers: 7 }));
      const issued = totalIssuance(chain.ctx);
      chain.refuses(BUYER, buyOf(offer, paid), errors.PriceAbove);
      // terms of a million units' deposit: whatever is reserved counts
      while (chain.reserved(BUYER) < 1_000_000n) {
        const nth = Number(chain.reserved(BUYER) % 9_973n);
        chain.ok(BUYER, call.storeTerms({ terms: makeTerms({ seats: 2, duration: nth + 1 }) }));
      }
      chain.ok(BUYER, buyOf(offer, paid));
      chain.ok(BUYER, call.open({ grant: 0n }));
      expect([chain.earned(), chain.treasury()]).to.deep.equal([9_800n, treasury]);
      expect(totalIssuance(chain.ctx)).to.equal(issued - burned);
      expect(grantIn(chain, 0n)).to.deep.include({ paid, lost: treasury + burned });
    }
  });

  it('what a sale is split into stands from the day it was paid, whatever parameters become', () => {
    const chain = scene();
    chain.ok(BUYER, buyOf(chain.offered(SOLD)));
    chain.set('LicenceBurn', 2_000n);
    chain.ok(BUYER, call.open({ grant: 0n }));
    expect([chain.earned(), chain.treasury()]).to.deep.equal([9_801n, 100n]);
  });

  it('anyone has the price released after the time-out, not a block before, and time runs from there', () => {
    const chain = scene();
    chain.set('LicenceReleaseBlocks', 10n);
    chain.ok(BUYER, buyOf(chain.offered(makeTerms({ price: once(10_001n), duration: 5 }))));
    chain.runToBlock(10);
    chain.refuses(EVE, call.open({ grant: 0n }), errors.NotHolder);
    chain.runToBlock(11);
    chain.ok(EVE, call.open({ grant: 0n }));
    expect(access(chain.ctx, MODEL, who(BUYER)).until).to.equal(16);
    chain.runToBlock(15);
    expect(access(chain.ctx, MODEL, who(BUYER)).tiers).to.equal(31);
    chain.runToBlock(16);
    expect(access(chain.ctx, MODEL, who(BUYER)).reason?.tag).to.equal('Expired');
  });

  it('an offer that costs nothing and needs no word is open at once', () => {
    const chain = scene();
    const offer = chain.offered(makeTerms({ price: { tag: 'PerUse', value: { amount: 7n } } }));
    chain.ok(BUYER, buyOf(offer, 0n));
    expect(grantIn(chain, 0n).state.tag).to.equal('Open');
    expect(told(chain)).to.include.members(['Bought', 'Opened']);
  });

  it('a first use opens the grant', () => {
    const chain = scene();
    chain.ok(BUYER, buyOf(chain.offered(BUNDLE), 10_000n));
    spendUses(chain.ctx, 0n, 3n);
    expect(chain.earned()).to.equal(9_800n);
    expect(access(chain.ctx, MODEL, who(BUYER)).usesLeft).to.equal(97n);
  });

  it('the licensor refuses before the first access, and nobody else: all of it goes back, once', () => {
    const chain = scene();
    const offer = chain.offered(SOLD);
    const [free, reserved] = [chain.free(BUYER), chain.reserved(BUYER)];
    chain.ok(BUYER, buyOf(offer));
    for (const n of [BUYER, CAROL]) chain.expectNoop(by(n), call.refund({ grant: 0n }), 'Ownership.NotAllowed');
    chain.ok(OWNER, call.refund({ grant: 0n }));
    expect([chain.free(BUYER), chain.reserved(BUYER)]).to.deep.equal([free, reserved]);
    for (const again of [call.refund({ grant: 0n }), call.open({ grant: 0n }), call.close({ grant: 0n })])
      chain.refuses(OWNER, again, errors.UnknownGrant);
    expect(entriesOf(chain, BUYER)).to.deep.equal([]);
  });

  for (const [what, bar] of [
    ['frozen', freeze],
    ['under review', suspend],
  ] as const) {
    it(`an asset that is ${what} is not offered, bought, opened or released; anyone has the price go back`, () => {
      const chain = scene();
      const offer = chain.offered(SOLD);
      chain.ok(BUYER, buyOf(offer));
      bar(chain.ctx, MODEL, 20);
      chain.set('LicenceReleaseBlocks', 10n);
      const name = 'Ownership.Frozen';
      const terms = chain.stored(SOLD);
      chain.expectNoop(by(OWNER), call.offer({ asset: MODEL, terms, buyer: undefined, until: undefined }), name);
      chain.expectNoop(by(CAROL), buyOf(offer), name);
      chain.expectNoop(by(BUYER), call.open({ grant: 0n }), name);
      chain.ok(EVE, call.refund({ grant: 0n }));
      chain.runToBlock(20);
      chain.ok(CAROL, buyOf(offer));
    });
  }

  it('a sale of a frozen asset that nobody refunded goes on when it is free again', () => {
    const chain = scene();
    chain.ok(BUYER, buyOf(chain.offered(SOLD)));
    freeze(chain.ctx, MODEL, 1_000);
    thaw(chain.ctx, MODEL);
    chain.expectNoop(by(EVE), call.refund({ grant: 0n }), 'Ownership.NotAllowed');
    chain.ok(BUYER, call.open({ grant: 0n }));
  });

  it('an asset that a ruling took out of use gives no access, whatever was bought', () => {
    const chain = scene();
    const grant = chain.bought(BUYER, SOLD);
    revokeAsset(chain.ctx, MODEL);
    expect(access(chain.ctx, MODEL, who(BUYER))).to.deep.include({ tiers: 0, reason: { tag: 'AssetRevoked' } });
    expect(access(chain.ctx, MODEL, who(OWNER)).tiers).to.equal(0);
    expect(grantIn(chain, grant).state.tag).to.equal('Open');
  });

  it('attack: a gateway is told that training is allowed on what is closed to it', () => {
    const chain = scene();
    const tiersOf = (n: number) => access(chain.ctx, DATA, who(n)).tiers;
    chain.ok(OWNER, call.setTerms({ asset: DATA, terms: chain.stored(makeTerms({ tiers: 31 })) }));
    chain.bought(CAROL, makeTerms({ price: once(5_000n), tiers: 16 }), DATA);
    setOptedOut(chain.ctx, DATA, true);
    expect([OWNER, BUYER, CAROL].map(tiersOf)).to.deep.equal([7, 7, 7]);
    chain.ok(OWNER, call.setTerms({ asset: DATA, terms: undefined }));
    expect(access(chain.ctx, DATA, who(CAROL))).to.deep.include({ tiers: 0, reason: { tag: 'TrainingRefused' } });
    setOptedOut(chain.ctx, DATA, false);
    expect([OWNER, BUYER, CAROL].map(tiersOf)).to.deep.equal([31, 0, 16]);
  });

  it('an opt-out ends the sale of training, also what is paid and not opened; other sales go on', () => {
    const chain = scene();
    const training = chain.offered(makeTerms({ price: once(5_000n) }), undefined, DATA);
    const reading = chain.offered(makeTerms({ price: once(5_000n), tiers: 7 }), undefined, DATA);
    chain.ok(BUYER, buyOf(training, 5_000n, DATA));
    setOptedOut(chain.ctx, DATA, true);
    chain.refuses(CAROL, buyOf(training, 5_000n, DATA), errors.OptedOut);
    chain.refuses(BUYER, call.open({ grant: 0n }), errors.OptedOut);
    chain.ok(EVE, call.refund({ grant: 0n }));
    chain.ok(CAROL, buyOf(reading, 5_000n, DATA));
  });

  it('an offer ends with its block, with its owner, and, if it is for one account, with its sale', () => {
    const chain = scene();
    const terms = chain.stored(SOLD);
    const offer = (by: object) => call.offer({ asset: MODEL, terms, buyer: undefined, until: undefined, ...by });
    chain.refuses(OWNER, offer({ until: 1 }), errors.TooLate);
    chain.ok(OWNER, offer({ until: 3 }));
    chain.ok(OWNER, offer({ buyer: who(BUYER) }));
    chain.ok(OWNER, offer({}));
    chain.refuses(CAROL, buyOf(1n), errors.NotForYou);
    chain.ok(BUYER, buyOf(1n));
    chain.refuses(BUYER, buyOf(1n), errors.UnknownOffer);
    chain.runToBlock(3);
    chain.refuses(BUYER, buyOf(0n), errors.OfferEnded);
    chain.ok(OWNER, ownership.call.transfer({ asset: MODEL, to: to(CAROL) }));
    chain.ok(CAROL, acceptTitle(MODEL, who(OWNER)));
    chain.refuses(BUYER, buyOf(2n), errors.OfferEnded);
    chain.expectNoop(by(EVE), call.withdrawOffer({ asset: MODEL, offer: 2n }), 'Ownership.NotAllowed');
    chain.ok(CAROL, call.withdrawOffer({ asset: MODEL, offer: 2n }));
    chain.ok(OWNER, call.withdrawOffer({ asset: MODEL, offer: 0n }));
    expect(licensing.use(chain.ctx).store.offerCounts.has(MODEL)).to.equal(false);
  });

  it('an asset has 32 offers at most, and a withdrawn one makes room', () => {
    const chain = scene();
    for (let i = 0; i < 32; i++) chain.offered(SOLD);
    const next = call.offer({ asset: MODEL, terms: chain.stored(SOLD), buyer: undefined, until: undefined });
    chain.refuses(OWNER, next, errors.TooManyOffers);
    chain.ok(OWNER, call.withdrawOffer({ asset: MODEL, offer: 7n }));
    chain.ok(OWNER, next);
    chain.refuses(BUYER, buyOf(7n), errors.UnknownOffer);
  });

  it('only who decides over an asset offers it; its owner needs no grant of it', () => {
    const chain = scene();
    const terms = chain.stored(SOLD);
    const offer = call.offer({ asset: MODEL, terms, buyer: undefined, until: undefined });
    chain.expectNoop(by(BUYER), offer, 'Ownership.NotAllowed');
    chain.ok(OWNER, ownership.call.setDelegate({ asset: MODEL, delegate: to(CAROL), roles: 2 }));
    chain.ok(CAROL, offer);
    chain.refuses(OWNER, buyOf(0n), errors.OwnAsset);
    expect(access(chain.ctx, MODEL, who(OWNER)).tiers).to.equal(31);
  });

  it('an account holds four grants of an asset at most', () => {
    const chain = scene();
    const offer = chain.offered(SOLD);
    for (let i = 0; i < 4; i++) chain.ok(BUYER, buyOf(offer));
    chain.refuses(BUYER, buyOf(offer), errors.TooManyGrants);
    chain.ok(BUYER, call.open({ grant: 2n }));
    chain.ok(BUYER, call.close({ grant: 2n }));
    chain.ok(BUYER, buyOf(offer));
  });
});

describe('licensing: sales that others have to agree to', () => {
  it('count with the last approval that is needed, of different accounts, each once', () => {
    const chain = scene();
    chain.ok(BUYER, buyOf(chain.offered(GUARDED)));
    chain.refuses(BUYER, call.open({ grant: 0n }), errors.NotOpen);
    expect(() => spendUses(chain.ctx, 0n, 1n)).to.throw(DispatchFailure, 'NotOpen');
    chain.refuses(BUYER, call.approveSale({ grant: 0n }), errors.NotApprover);
    chain.ok(EVE, call.approveSale({ grant: 0n }));
    chain.refuses(EVE, call.approveSale({ grant: 0n }), errors.NotApprover);
    chain.refuses(BUYER, call.open({ grant: 0n }), errors.NotOpen);
    chain.ok(CAROL, call.approveSale({ grant: 0n }));
    chain.refuses(DAVE, call.approveSale({ grant: 0n }), errors.NotAsked);
    chain.ok(BUYER, call.open({ grant: 0n }));
  });

  it('go back to the buyer if nobody agrees in time: by anyone then, and no approval comes later', () => {
    const chain = scene();
    chain.set('LicenceApprovalBlocks', 10n);
    const before = chain.free(BUYER);
    chain.ok(BUYER, buyOf(chain.offered(GUARDED)));
    chain.ok(EVE, call.approveSale({ grant: 0n }));
    chain.runToBlock(10);
    chain.expectNoop(by(DAVE), call.refund({ grant: 0n }), 'Ownership.NotAllowed');
    chain.runToBlock(11);
    chain.refuses(CAROL, call.approveSale({ grant: 0n }), errors.TooLate);
    chain.ok(DAVE, call.refund({ grant: 0n }));
    expect(chain.free(BUYER)).to.equal(before);
  });

  it('have the whole time-out from the last approval on, and are not approved while the asset is frozen', () => {
    const chain = scene();
    chain.set('LicenceReleaseBlocks', 10n);
    chain.ok(BUYER, buyOf(chain.offered(GUARDED)));
    chain.ok(EVE, call.approveSale({ grant: 0n }));
    freeze(chain.ctx, MODEL, 5);
    chain.expectNoop(by(CAROL), call.approveSale({ grant: 0n }), 'Ownership.Frozen');
    chain.runToBlock(8);
    chain.ok(CAROL, call.approveSale({ grant: 0n }));
    chain.runToBlock(17);
    chain.refuses(DAVE, call.open({ grant: 0n }), errors.NotHolder);
    chain.runToBlock(18);
    chain.ok(DAVE, call.open({ grant: 0n }));
  });
});
