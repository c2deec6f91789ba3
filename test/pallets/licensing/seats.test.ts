/** Seats, and grants that go to other holders: how many accounts use one grant, with which part of its uses. */
import { expect } from 'chai';
import { access, grantsFor, spendUses, TIER } from '../../../pallets/licensing/index.ts';
import { DispatchFailure, type MockRuntime } from '../../../pallets/support/index.ts';
import {
  BUNDLE,
  BUYER,
  by,
  call,
  CAROL,
  DAVE,
  entriesOf,
  errors,
  EVE,
  grantIn,
  makeTerms,
  MODEL,
  once,
  OWNER,
  POOR,
  RENTED,
  scene,
  START,
  to,
  who,
} from './support.ts';

const seat = (n: number, uses?: bigint, grant = 0n) => call.assignSeat({ grant, account: to(n), uses });
const unseat = (n: number) => call.removeSeat({ grant: 0n, account: to(n) });
const move = (from: number, target: number) => call.moveSeat({ grant: 0n, from: to(from), to: to(target) });
const mayUse = (chain: MockRuntime, n: number): boolean => access(chain.ctx, MODEL, who(n)).tiers !== 0;
const SEAT = 50_000n;
/** Without an end. */
const TEAM = makeTerms({ price: once(5_000n), tiers: 4, seats: 3, transferable: true });
const WIDE = makeTerms({ price: once(5_000n), tiers: 4 });

describe('licensing: seats', () => {
  it('as many accounts as the terms say use a grant, its holder among them', () => {
    const chain = scene();
    chain.bought(BUYER, TEAM);
    const before = chain.reserved(BUYER);
    chain.ok(BUYER, seat(CAROL));
    chain.ok(BUYER, seat(DAVE));
    chain.refuses(BUYER, seat(EVE), errors.TooManySeats);
    expect([BUYER, CAROL, DAVE, EVE].map((n) => mayUse(chain, n))).to.deep.equal([true, true, true, false]);
    expect(chain.reserved(BUYER)).to.equal(before + 2n * SEAT);
  });

  it('only the holder gives seats, of a grant that is open, to accounts that do not use it yet', () => {
    const chain = scene();
    const offer = chain.offered(TEAM);
    chain.ok(BUYER, call.buy({ asset: MODEL, offer, most: START }));
    chain.refuses(BUYER, seat(CAROL), errors.NotOpen);
    chain.ok(BUYER, call.open({ grant: 0n }));
    chain.refuses(OWNER, seat(CAROL), errors.NotHolder);
    chain.refuses(BUYER, seat(BUYER), errors.SeatTaken);
    chain.ok(BUYER, seat(CAROL));
    chain.refuses(BUYER, seat(CAROL), errors.SeatTaken);
    chain.refuses(CAROL, seat(DAVE), errors.NotHolder);
    chain.refuses(BUYER, seat(DAVE, 5n), errors.BadUses);
  });

  it('an organisation admits 64 accounts, and its terms need no number', () => {
    const chain = scene();
    chain.bought(BUYER, WIDE);
    for (let n = 0; n < 64; n++) chain.ok(BUYER, seat(100 + n));
    chain.refuses(BUYER, seat(CAROL), errors.TooManySeats);
    expect(mayUse(chain, 163)).to.equal(true);
    chain.ok(BUYER, call.close({ grant: 0n }));
    expect([mayUse(chain, 163), mayUse(chain, BUYER), chain.reserved(BUYER)]).to.deep.equal([false, false, 0n]);
  });

  it('a seat is not lent around: it stays with its account for a while, also if that leaves', () => {
    const chain = scene();
    chain.bought(BUYER, TEAM);
    chain.ok(BUYER, seat(CAROL));
    for (const what of [move(CAROL, EVE), unseat(CAROL)]) chain.refuses(BUYER, what, errors.SeatIsYoung);
    chain.refuses(CAROL, unseat(CAROL), errors.SeatIsYoung);
    chain.runToBlock(600);
    chain.refuses(BUYER, move(CAROL, EVE), errors.SeatIsYoung);
    chain.runToBlock(601);
    chain.refuses(BUYER, move(EVE, CAROL), errors.NoSeat);
    chain.refuses(BUYER, move(CAROL, BUYER), errors.SeatTaken);
    chain.ok(BUYER, move(CAROL, EVE));
    expect([mayUse(chain, CAROL), mayUse(chain, EVE)]).to.deep.equal([false, true]);
    chain.refuses(BUYER, move(EVE, DAVE), errors.SeatIsYoung);
    chain.runToBlock(1_201);
    chain.refuses(DAVE, unseat(EVE), errors.NotHolder);
    chain.ok(EVE, unseat(EVE));
    expect([mayUse(chain, EVE), grantIn(chain, 0n).deposit]).to.deep.equal([false, 200_000n]);
  });

  it('an account has seats in four grants of an asset at most, and buys its own all the same', () => {
    const chain = scene();
    for (const n of [BUYER, CAROL, DAVE]) chain.bought(n, TEAM);
    for (const _ of [1, 2]) chain.bought(BUYER, TEAM);
    for (const [n, grant] of [
      [BUYER, 0n],
      [CAROL, 1n],
      [DAVE, 2n],
      [BUYER, 3n],
    ] as const)
      chain.ok(n, seat(EVE, undefined, grant));
    chain.refuses(BUYER, seat(EVE, undefined, 4n), errors.TooManyGrants);
    chain.bought(EVE, TEAM);
    expect(grantsFor(chain.ctx, MODEL, who(EVE), TIER.inference)).to.deep.equal([5n]);
    expect(access(chain.ctx, MODEL, who(EVE)).grant).to.equal(5n);
  });

  it('a seat is no licence of its own', () => {
    const chain = scene();
    chain.bought(BUYER, TEAM);
    chain.ok(BUYER, seat(CAROL));
    expect(grantsFor(chain.ctx, MODEL, who(CAROL), TIER.inference)).to.deep.equal([]);
    expect(grantsFor(chain.ctx, MODEL, who(BUYER), TIER.inference)).to.deep.equal([0n]);
  });

  it('attack: a grant that somebody passes on takes no use away that an account had', () => {
    const chain = scene();
    const named = { base: { tag: 'Custom' as const, value: who(9) }, price: once(1_000n) };
    const own = chain.bought(BUYER, makeTerms({ ...named, tiers: TIER.inference }));
    const gift = chain.bought(CAROL, makeTerms({ ...named, tiers: TIER.train, transferable: true }));
    chain.ok(CAROL, call.transfer({ grant: gift, to: to(BUYER) }));
    expect(access(chain.ctx, MODEL, who(BUYER))).to.include({ tiers: TIER.inference, grant: own });
    expect(grantsFor(chain.ctx, MODEL, who(BUYER), 0)).to.deep.equal([own, gift]);
    expect(grantsFor(chain.ctx, MODEL, who(BUYER), TIER.train)).to.deep.equal([gift]);
  });

  it('uses that all come back to the holder never pass what can be counted: a grant can always be closed', () => {
    const chain = scene();
    const most = (1n << 64n) - 1n;
    const grant = chain.bought(
      BUYER,
      makeTerms({
        base: { tag: 'Custom', value: who(9) },
        price: { tag: 'Bundle', value: { uses: most, amount: 10n } },
        renewal: { tag: 'Manual' },
      }),
    );
    chain.ok(BUYER, seat(CAROL, most, grant));
    chain.refuses(BUYER, call.renew({ grant, most: 10n }), errors.BadUses);
    chain.ok(BUYER, call.close({ grant }));
  });

  it('bounded uses are parted between the holder and the seats; none is lost, none comes to be', () => {
    const chain = scene();
    chain.bought(BUYER, BUNDLE);
    chain.refuses(BUYER, seat(CAROL), errors.BadUses);
    chain.refuses(BUYER, seat(CAROL, 101n), errors.UsesExhausted);
    chain.ok(BUYER, seat(CAROL, 40n));
    const left = () => [BUYER, CAROL].map((n) => access(chain.ctx, MODEL, who(n)).usesLeft);
    expect(left()).to.deep.equal([60n, 40n]);
    spendUses(chain.ctx, 0n, 60n);
    expect(() => spendUses(chain.ctx, 0n, 1n)).to.throw(DispatchFailure, 'UsesExhausted');
    expect(() => spendUses(chain.ctx, 0n, 41n, who(CAROL))).to.throw(DispatchFailure, 'UsesExhausted');
    spendUses(chain.ctx, 0n, 15n, who(CAROL));
    expect(() => spendUses(chain.ctx, 0n, 1n, who(DAVE))).to.throw(DispatchFailure, 'NoSeat');
    expect(access(chain.ctx, MODEL, who(BUYER)).reason?.tag).to.equal('UsesExhausted');
    chain.runToBlock(601);
    chain.ok(BUYER, unseat(CAROL));
    expect(left()).to.deep.equal([25n, undefined]);
    expect(grantIn(chain, 0n).used).to.equal(75n);
    expect(() => spendUses(chain.ctx, 0n, -1n)).to.throw(DispatchFailure, 'UsesExhausted');
    expect(() => spendUses(chain.ctx, 0n, 1n << 70n)).to.throw(DispatchFailure, 'UsesExhausted');
  });

  it('seats end with the grant, and follow its renewals', () => {
    const chain = scene();
    chain.bought(BUYER, RENTED);
    chain.ok(BUYER, seat(CAROL));
    const until = () => [BUYER, CAROL].map((n) => access(chain.ctx, MODEL, who(n)).until);
    expect(until()).to.deep.equal([14, 14]);
    chain.ok(BUYER, call.renew({ grant: 0n, most: 10_000n }));
    expect(until()).to.deep.equal([24, 24]);
    chain.runToBlock(23);
    expect(() => spendUses(chain.ctx, 0n, 1n, who(CAROL))).not.to.throw();
    chain.runToBlock(24);
    expect(() => spendUses(chain.ctx, 0n, 1n, who(CAROL))).to.throw(DispatchFailure, 'Expired');
    chain.refuses(BUYER, seat(DAVE), errors.Expired);
    chain.ok(EVE, call.close({ grant: 0n }));
    expect(entriesOf(chain, CAROL)).to.deep.equal([]);
  });
});

describe('licensing: grants that change hands', () => {
  const give = (n: number) => call.transfer({ grant: 0n, to: to(n) });

  it('go where the terms let them, with the deposit; seats and what is held for renewals do not', () => {
    const chain = scene();
    chain.bought(BUYER, RENTED);
    chain.ok(BUYER, seat(DAVE));
    chain.ok(BUYER, call.setRenewalFund({ grant: 0n, fund: 77_000n }));
    const [free, reserved] = [chain.free(CAROL), chain.reserved(CAROL)];
    chain.refuses(CAROL, give(EVE), errors.NotHolder);
    chain.refuses(BUYER, give(BUYER), errors.SeatTaken);
    chain.refuses(BUYER, give(OWNER), errors.OwnAsset);
    chain.ok(BUYER, give(CAROL));
    expect([chain.free(CAROL), chain.reserved(CAROL)]).to.deep.equal([free, reserved + 200_000n]);
    expect(chain.reserved(BUYER)).to.equal(0n);
    expect([BUYER, CAROL, DAVE].map((n) => mayUse(chain, n))).to.deep.equal([false, true, false]);
    expect(grantIn(chain, 0n)).to.deep.include({ holder: who(CAROL), fund: 0n, paid: 10_000n });
    chain.refuses(BUYER, give(EVE), errors.NotHolder);
  });

  it('stay where they are otherwise: by their terms, once over, and with what has no money to exist', () => {
    const chain = scene();
    chain.bought(BUYER, WIDE);
    chain.refuses(BUYER, give(CAROL), errors.NotTransferable);
    const rented = chain.bought(BUYER, RENTED);
    const giveRented = (n: number) => call.transfer({ grant: rented, to: to(n) });
    chain.expectNoop(by(BUYER), giveRented(POOR), 'Balances.InsufficientBalance');
    chain.ok(OWNER, call.revoke({ grant: rented, reason: who(1) }));
    chain.refuses(BUYER, giveRented(CAROL), errors.BeingRevoked);
    chain.ok(OWNER, call.takeBack({ grant: rented }));
    chain.runToBlock(14);
    chain.refuses(BUYER, giveRented(CAROL), errors.Expired);
  });

  it('a grant that others give to an account keeps it from nothing: it closes it, and has the deposit', () => {
    const chain = scene();
    for (const n of [BUYER, BUYER, DAVE, DAVE]) chain.bought(n, TEAM);
    const give = (grant: bigint) => call.transfer({ grant, to: to(EVE) });
    for (const [n, grant] of [
      [BUYER, 0n],
      [BUYER, 1n],
      [DAVE, 2n],
    ] as const)
      chain.ok(n, give(grant));
    // The last place is left for what it buys itself.
    chain.refuses(DAVE, give(3n), errors.TooManyGrants);
    const offer = chain.offered(TEAM);
    chain.ok(EVE, call.buy({ asset: MODEL, offer, most: START }));
    chain.refuses(EVE, call.buy({ asset: MODEL, offer, most: START }), errors.TooManyGrants);
    const before = chain.free(EVE);
    chain.ok(EVE, call.close({ grant: 1n }));
    expect(chain.free(EVE)).to.equal(before + 200_000n);
    chain.ok(EVE, call.buy({ asset: MODEL, offer, most: START }));
  });
});
