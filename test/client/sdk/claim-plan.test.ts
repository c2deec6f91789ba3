import { expect } from 'chai';
import * as fc from 'fast-check';
import { LEAST_CLAIM } from '../../../client/sdk/claim.ts';
import {
  claimNow,
  exponential,
  openPlan,
  type Planned,
  planClaims,
  redrawn,
  sealPlan,
} from '../../../client/sdk/claim-plan.ts';
import { walletOf } from '../../../client/sdk/keys.ts';
import type { OwnNote } from '../../../client/sdk/notes/index.ts';
import { random } from '../../../client/sdk/random.ts';
import { littleEndian } from '../../../primitives/crypto/bytes.ts';
import { isDenomination } from '../../../primitives/proofs/denominations.ts';

const LARGEST = 1_000_000n;
const HOUR = 3_600_000;
const BIN_GAP_MS = 60_000;

const note = (number: number, more: Partial<OwnNote> & { in?: number; largest?: bigint } = {}): OwnNote => {
  const { in: place = number, largest = LARGEST, ...rest } = more;
  const bin = { class: 0, bin: place, first: 0, count: 64, digits: 3, root: new Uint8Array(32), largest };
  const tag = new Uint8Array(32).fill(number);
  const opening = { amount: 10n * LEAST_CLAIM, twin: 0, blinding: 1n };
  return { class: 0, number, amount: 10n * LEAST_CLAIM, tag, opening, spent: undefined, bin, ...rest } as OwnNote;
};
const spread = { meanMs: HOUR, now: 50_000, random };
const half = (n: number): Uint8Array => Uint8Array.of(128, ...new Uint8Array(n - 1));
/** What every wait is where chance says `half`. */
const WAIT = exponential({ meanMs: HOUR, random: half });
const planned = (number: number, due: number, more: Partial<Planned> = {}): Planned => ({
  class: 0,
  number,
  bin: number,
  amount: 200_000n,
  split: 0,
  due,
  tried: false,
  ...more,
});

describe('client/sdk/claim-plan', () => {
  it('takes what can be claimed, each note once and after a time of its own', () => {
    const spent = { claim: 1, amount: 1n, fee: 0n, destination: new Uint8Array(32) };
    const notes = [
      note(1),
      note(2, { spent }),
      note(3, { amount: LEAST_CLAIM - 1n }),
      note(4, { bin: undefined }),
      note(5),
    ];
    const plan = planClaims(notes, [], { ...spread, random: half });
    expect(plan.map(({ number }) => number).sort()).to.deep.equal([1, 5]);
    // the first one waits as well, and they do not wait for each other
    for (const { due } of plan) expect(due).to.equal(50_000 + WAIT);
  });

  it('takes a denomination that the note holds and its bin admits, whatever both are', () => {
    const amounts = fc.bigInt({ min: 1n, max: 1n << 46n });
    const largest = fc
      .tuple(fc.constantFrom(1n, 2n, 5n), fc.nat(9))
      .map(([digit, zeros]) => 20_000n * digit * 10n ** BigInt(zeros));
    const property = fc.property(amounts, largest, (amount, most) => {
      const [one] = planClaims([note(1, { amount, largest: most })], [], spread);
      if (amount < LEAST_CLAIM) {
        expect(one).to.equal(undefined);
        return;
      }
      expect(isDenomination(one!.amount) && one!.amount >= LEAST_CLAIM).to.equal(true);
      expect(one!.amount <= amount && one!.amount <= most).to.equal(true);
      // a note of eight largest amounts is split, no other
      if (amount >= 8n * most) expect(one!.split).to.be.within(1, 63);
      else expect(one!.split).to.equal(0);
    });
    fc.assert(property, { numRuns: 300 });
  });

  it('every amount of those that pay a note in full may come first', () => {
    const amounts = new Set<bigint>();
    for (let i = 0; i < 200; i++) amounts.add(planClaims([note(1, { amount: 730_000n })], [], spread)[0]!.amount);
    expect([...amounts].sort((a, b) => Number(a - b))).to.deep.equal([20_000n, 200_000n, 500_000n]);
  });

  it('keeps what was planned on its terms, and drops what is claimed or gone', () => {
    const before = [planned(1, 60_000), planned(2, 65_000, { amount: 100_000n, split: 7 }), planned(9, 70_000)];
    const spent = { claim: 1, amount: 1n, fee: 0n, destination: new Uint8Array(32) };
    const plan = planClaims([note(1, { spent }), note(2), note(3)], before, { ...spread, random: half });
    expect(plan[0]).to.deep.equal(before[1]);
    expect(plan.map(({ number }) => number)).to.deep.equal([2, 3]);
    const atOnce = planClaims([note(2)], before, { ...spread, meanMs: 0, now: 66_000 });
    expect(atOnce).to.deep.equal([{ ...before[1], due: 66_000 }]);
  });

  it('draws what is overdue anew, each by itself, and leaves the others', () => {
    const before = [planned(2, 10), planned(1, 49_999), planned(3, 50_001)];
    const plan = redrawn(before, { ...spread, random: half });
    expect(plan[0]).to.deep.equal(before[2]);
    expect(plan.slice(1).map(({ due }) => due)).to.deep.equal([50_000 + WAIT, 50_000 + WAIT]);
    const times = redrawn(before, spread).map(({ due }) => due);
    expect(new Set(times).size).to.equal(3);
    for (const due of times) expect(due).to.be.at.least(50_000);
  });

  it('draws anew what is farther than any wait: the clock was a year ahead when it was planned', () => {
    const near = planned(1, spread.now + 19 * HOUR);
    const far = planned(2, spread.now + 21 * HOUR);
    const plan = redrawn([near, far], { ...spread, random: half });
    expect(plan.map(({ number, due }) => [number, due])).to.deep.equal([
      [2, 50_000 + WAIT],
      [1, near.due],
    ]);
  });

  it('no two claims on one bin are near each other, those on different bins may be', () => {
    const notes = [note(1, { in: 7 }), note(2, { in: 7 }), note(3, { in: 7 }), note(4), note(5)];
    for (const chance of [half, random]) {
      const plan = planClaims(notes, [], { ...spread, random: chance });
      const times = plan.filter(({ bin }) => bin === 7).map(({ due }) => due);
      expect(times.length).to.equal(3);
      for (const [i, due] of times.entries()) if (i > 0) expect(due - times[i - 1]!).to.be.at.least(BIN_GAP_MS);
    }
    const standing = [planned(1, 50_000 + WAIT + 1, { bin: 7 })];
    const [, second] = planClaims(notes.slice(0, 2), standing, { ...spread, random: half });
    expect(second?.due).to.equal(50_000 + WAIT + 1 + BIN_GAP_MS);
    const dues = planClaims(notes.slice(3), [], { ...spread, random: half }).map(({ due }) => due);
    expect(dues[0]).to.equal(dues[1]);
  });

  it('waits are exponential, and come in an order of chance', () => {
    const waits = Array.from({ length: 4000 }, () => exponential({ meanMs: 1000, random }));
    expect(waits.reduce((a, b) => a + b) / waits.length).to.be.within(900, 1100);
    expect(waits.filter((ms) => ms < 693).length).to.be.within(1800, 2200);
    const [low, high] = [() => new Uint8Array(6), () => new Uint8Array(6).fill(255)];
    expect(exponential({ meanMs: 1000, random: low })).to.equal(20_000);
    expect(exponential({ meanMs: 1000, random: high })).to.equal(0);
    const notes = Array.from({ length: 20 }, (_, i) => note(i + 1));
    const orders = new Set(
      Array.from({ length: 5 }, () =>
        planClaims(notes, [], spread)
          .map(({ number }) => number)
          .join(),
      ),
    );
    expect(orders.size).to.equal(5);
  });

  it('is read back by its wallet only, for its chain only', () => {
    const [own, other] = [walletOf(random(32)), walletOf(random(32))];
    const [genesis, elsewhere] = [random(32), random(32)];
    const sent = planned(8, 124, { tried: true, destination: new Uint8Array(32).fill(5) });
    const plan = [planned(7, 123, { amount: 5_000_000_000n, split: 63 }), sent];
    const text = sealPlan(own, genesis, plan, random);
    expect(openPlan(own, genesis, text)).to.deep.equal(plan);
    expect(openPlan(own, elsewhere, text)).to.deep.equal([]);
    expect(text).not.to.equal(sealPlan(own, genesis, plan, random));
    const odd = sealPlan(own, genesis, [planned(7, 1, { amount: 3n })], random);
    const forged = sealPlan(own, genesis, [planned(7, 1, { split: 64 })], () => littleEndian(5n, 32));
    for (const bad of [
      () => openPlan(other, genesis, text),
      () => openPlan(own, genesis, text.slice(0, -4)),
      () => openPlan(own, genesis, odd),
      () => openPlan(own, genesis, forged),
      () => openPlan(own, genesis, ''),
    ])
      expect(bad).to.throw().with.property('code', 'sdk/bad-plan');
  });

  it('of which nothing says whether its claims were sent is one whose claims may have been', () => {
    const own = walletOf(new Uint8Array(32).fill(1));
    const genesis = new Uint8Array(32).fill(1);
    const { tried: _, ...old } = planned(7, 123);
    const text = sealPlan(own, genesis, [old as Planned], random);
    expect(openPlan(own, genesis, text)).to.deep.equal([planned(7, 123, { tried: true })]);
  });

  it('one claim at once takes what is wanted, or as much as it can, whatever was only planned', () => {
    const to = new Uint8Array(32).fill(9);
    const large = note(1, { amount: 70n * LEAST_CLAIM });
    const before = [planned(1, 99_000, { split: 3 }), planned(2, 99_000, { tried: true })];
    expect(claimNow(large, before, {}, 5)).to.deep.equal(planned(1, 5, { amount: 50n * LEAST_CLAIM }));
    const wish = { amount: LEAST_CLAIM, destination: to };
    expect(claimNow(large, before, wish, 5)).to.deep.equal(planned(1, 5, wish));
    expect(claimNow(note(1, { bin: undefined }), [], {}, 5)).to.deep.include({ bin: 0, amount: LEAST_CLAIM });
  });

  it('one claim at once of a note whose claim may have been heard of is that claim again, or none', () => {
    const to = new Uint8Array(32).fill(9);
    const [own, given] = [planned(1, 99_000, { split: 3, tried: true }), { destination: to, tried: true }];
    for (const wish of [{}, { amount: 200_000n }])
      expect(claimNow(note(1), [own], wish, 5)).to.deep.equal({ ...own, due: 5 });
    for (const wish of [{ destination: to }, { amount: 100_000n }])
      expect(() => claimNow(note(1), [own], wish, 5))
        .to.throw('200000')
        .with.property('code', 'sdk/claim-tried');
    for (const wish of [{}, { destination: to.slice() }])
      expect(claimNow(note(1), [planned(1, 9, given)], wish, 5).destination).to.deep.equal(to);
    expect(() => claimNow(note(1), [planned(1, 9, given)], { destination: new Uint8Array(32) }, 5))
      .to.throw()
      .with.property('code', 'sdk/claim-tried');
  });

  it('keeps the terms of a claim that was sent, where others are drawn', () => {
    const sent = planned(1, 9, { tried: true, split: 7, destination: new Uint8Array(32).fill(9) });
    const [again] = planClaims([note(1)], [sent], spread);
    expect({ ...again, due: 9 }).to.deep.equal(sent);
  });
});
