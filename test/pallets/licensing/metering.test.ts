/** Grants whose uses a meter of another pallet counts: what stands still meanwhile, and what the end of it brings about. */
import { expect } from 'chai';
import { access, exhaust, meteredUses, meterUses, spendUses, unmeterUses } from '../../../pallets/licensing/index.ts';
import { DispatchFailure } from '../../../pallets/support/index.ts';
import {
  BUNDLE,
  BUYER,
  by,
  call,
  CAROL,
  entriesOf,
  errors,
  grantIn,
  makeTerms,
  MODEL,
  once,
  OWNER,
  RENTED,
  scene,
  type Scene,
  to,
  told,
  who,
} from './support.ts';

const fails = (what: () => void, error: keyof typeof errors): void => {
  expect(what).to.throw(DispatchFailure, error);
};
function metered(): Scene {
  const chain = scene();
  chain.bought(BUYER, BUNDLE);
  meterUses(chain.ctx, 0n, who(BUYER), 7);
  return chain;
}

describe('licensing: meters', () => {
  it('are for the holder of an open grant whose uses are bounded and not at their end', () => {
    const chain = scene();
    fails(() => meterUses(chain.ctx, 0n, who(BUYER), 7), 'UnknownGrant');
    const offer = chain.offered(BUNDLE);
    chain.ok(BUYER, call.buy({ asset: MODEL, offer, most: 10_000n }));
    fails(() => meterUses(chain.ctx, 0n, who(BUYER), 7), 'NotOpen');
    chain.ok(BUYER, call.open({ grant: 0n }));
    chain.ok(BUYER, call.assignSeat({ grant: 0n, account: to(CAROL), uses: 40n }));
    fails(() => meterUses(chain.ctx, 0n, who(CAROL), 7), 'NotHolder');
    fails(() => meterUses(chain.ctx, 0n, who(OWNER), 7), 'NotHolder');
    const bought = [chain.bought(BUYER, makeTerms({ price: once(5n) })), chain.bought(BUYER, RENTED)] as const;
    fails(() => meterUses(chain.ctx, bought[0], who(BUYER), 7), 'BadUses');
    chain.runToBlock(14);
    fails(() => meterUses(chain.ctx, bought[1], who(BUYER), 7), 'Expired');
    spendUses(chain.ctx, 0n, 60n);
    fails(() => meterUses(chain.ctx, 0n, who(BUYER), 7), 'UsesExhausted');
    expect(entriesOf(chain, BUYER).some(({ meter }) => meter !== undefined)).to.equal(false);
  });

  it('hold what is left where it is, but let it be spent and renewed', () => {
    const chain = metered();
    fails(() => meterUses(chain.ctx, 0n, who(BUYER), 7), 'Metered');
    expect(meteredUses(chain.ctx, 0n)).to.deep.equal({ meter: 7, usesLeft: 100n });
    expect(meteredUses(chain.ctx, 1n)).to.equal(undefined);
    chain.refuses(BUYER, call.assignSeat({ grant: 0n, account: to(CAROL), uses: 1n }), errors.Metered);
    chain.refuses(BUYER, call.transfer({ grant: 0n, to: to(CAROL) }), errors.Metered);
    const terms = chain.stored(makeTerms());
    chain.ok(OWNER, call.proposeAmendment({ grant: 0n, terms }));
    chain.refuses(BUYER, call.acceptAmendment({ grant: 0n, terms }), errors.Metered);
    spendUses(chain.ctx, 0n, 30n);
    expect(meteredUses(chain.ctx, 0n)?.usesLeft).to.equal(70n);
    chain.ok(BUYER, call.renew({ grant: 0n, most: 10_000n }));
    expect(meteredUses(chain.ctx, 0n)?.usesLeft).to.equal(170n);
    expect(access(chain.ctx, MODEL, who(BUYER))).to.deep.include({ usesLeft: 170n, reason: undefined });
  });

  it('exhaust the holder, until the grant is renewed; a seat keeps its part', () => {
    const chain = scene();
    chain.bought(BUYER, BUNDLE);
    chain.ok(BUYER, call.assignSeat({ grant: 0n, account: to(CAROL), uses: 40n }));
    meterUses(chain.ctx, 0n, who(BUYER), 7);
    const from = chain.events.length;
    exhaust(chain.ctx, 0n);
    expect(told(chain, from)).to.deep.equal(['MeterSet', 'UsesSpent']);
    expect(access(chain.ctx, MODEL, who(BUYER)).reason?.tag).to.equal('UsesExhausted');
    expect(access(chain.ctx, MODEL, who(CAROL)).usesLeft).to.equal(40n);
    expect(grantIn(chain, 0n).used).to.equal(60n);
    fails(() => exhaust(chain.ctx, 0n), 'NotMetered');
    fails(() => exhaust(chain.ctx, 1n), 'UnknownGrant');
    chain.ok(BUYER, call.renew({ grant: 0n, most: 10_000n }));
    expect(access(chain.ctx, MODEL, who(BUYER)).usesLeft).to.equal(100n);
    meterUses(chain.ctx, 0n, who(BUYER), 7);
  });

  it('end with what was used, and never take more than is left', () => {
    for (const [uses, left] of [
      [0n, 100n],
      [99n, 1n],
      [100n, 0n],
      [1n << 63n, 0n],
    ] as const) {
      const chain = metered();
      unmeterUses(chain.ctx, 0n, uses);
      expect(entriesOf(chain, BUYER)[0]).to.deep.include({ usesLeft: left, meter: undefined });
      expect(grantIn(chain, 0n).used).to.equal(100n - left);
      fails(() => unmeterUses(chain.ctx, 0n, 0n), 'NotMetered');
    }
  });

  it('are gone with a grant that its holder closes', () => {
    const chain = metered();
    chain.ok(BUYER, call.close({ grant: 0n }));
    expect(meteredUses(chain.ctx, 0n)).to.equal(undefined);
    fails(() => exhaust(chain.ctx, 0n), 'UnknownGrant');
    expect(chain.dispatch(by(BUYER), call.close({ grant: 0n }))).to.equal('Licensing.UnknownGrant');
  });
});
