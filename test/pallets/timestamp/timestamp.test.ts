import { expect } from 'chai';
import { aura, SLOT_DURATION, slotClaim } from '../../../pallets/aura/index.ts';
import { balances } from '../../../pallets/balances/index.ts';
import { session } from '../../../pallets/session/index.ts';
import { mockRuntime, Origin } from '../../../pallets/support/index.ts';
import { system } from '../../../pallets/system/index.ts';
import { now, timestamp } from '../../../pallets/timestamp/index.ts';

/** Block n has slot 10 n. */
const fresh = () =>
  mockRuntime(
    [system, balances, timestamp, session, aura],
    {},
    { digest: (block) => [slotClaim(10n * BigInt(block))] },
  );
const set = (time: bigint) => timestamp.call.set({ now: time });

describe('pallets/timestamp', () => {
  it("takes times within the block's slot only, once, and from nobody who signs", () => {
    const chain = fresh();
    const begins = 10n * SLOT_DURATION;
    chain.expectNoop(Origin.none, set(begins - 1n), timestamp.errors.WrongSlot);
    chain.expectNoop(Origin.none, set(begins + SLOT_DURATION), timestamp.errors.WrongSlot);
    chain.expectNoop(Origin.signed(new Uint8Array(32)), set(begins), 'BadOrigin');
    expect(chain.dispatch(Origin.none, set(begins + 5n))).to.equal('ok');
    expect(now(chain.ctx)).to.equal(begins + 5n);
    chain.expectNoop(Origin.none, set(begins + 6n), timestamp.errors.SetTwice);
    chain.runToBlock(2);
    chain.expectNoop(Origin.none, set(begins + 5n), timestamp.errors.NotIncreasing);
  });

  it('a block without a time cannot end', () => {
    expect(() => fresh().runToBlock(2)).to.throw('a block sets its time');
  });

  it('an author whose clock is wrong still makes a time within its slot', () => {
    const { ctx } = fresh();
    const made = (clock: bigint) => timestamp.inherentCall(ctx, clock)?.value.value as { now: bigint };
    expect(made(0n).now).to.equal(10n * SLOT_DURATION);
    expect(made(10n ** 15n).now).to.equal(11n * SLOT_DURATION - 1n);
    expect(made(10n * SLOT_DURATION + 77n).now).to.equal(10n * SLOT_DURATION + 77n);
  });
});
