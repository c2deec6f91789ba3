/** The base cannot be had twice: any division of the same money earns at most the same; and whatever is called, all of it adds up. */
import { expect } from 'chai';
import * as fc from 'fast-check';
import { freeOf, totalIssuance, transfer } from '../../../pallets/balances/index.ts';
import { freeze, restoreAsset, revokeAsset, thaw } from '../../../pallets/ownership/index.ts';
import { ESCROW } from '../../../pallets/royalty/index.ts';
import type { MockRuntime } from '../../../pallets/support/index.ts';
import { at } from '../../../primitives/at.ts';
import { largestRemainder } from '../../../primitives/money.ts';
import { by, checkAll, data, done, set, use, who } from '../../support/assets.ts';
import {
  back,
  backerOf,
  backingChain,
  burnOf,
  claim,
  DELAY,
  earnedBy,
  gain,
  issuance,
  leap,
  ONE,
  PER_BLOCK,
  promised,
  release,
  TAC,
  withdraw,
} from './backing.ts';

/** Money of somebody behind data that are its own. */
interface Slot {
  readonly name: string;
  readonly id: number;
  readonly weight: bigint;
}

const ACCOUNTS = ['self 0', 'self 1', 'self 2'];

/** Somebody who owns data 0 to 3 and all accounts of that name, beside a rival behind data 4. */
class World {
  readonly chain: MockRuntime = backingChain([...ACCOUNTS, 'rival'], false);
  readonly #slots: readonly Slot[];

  constructor(slots: readonly Slot[]) {
    this.#slots = slots;
    done(this.chain, 'rival', back(4, 10n ** 12n));
  }

  /** Each slot has a TAC of it, and its part of the rest. */
  back(amount: bigint): void {
    const weights = this.#slots.map(({ weight }) => weight);
    const parts = largestRemainder(amount - TAC * BigInt(weights.length), weights);
    this.#slots.forEach(({ name, id }, place) => done(this.chain, name, back(id, at(parts, place) + TAC)));
  }

  leave(): void {
    for (const { name, id } of this.#slots) {
      const { active = 0n } = backerOf(this.chain, id, name) ?? {};
      if (active > 0n) done(this.chain, name, withdraw(id, active));
    }
  }

  release(): void {
    for (const { name, id } of this.#slots) this.chain.dispatch(by(name), release(id));
  }

  claim(place: number): void {
    const { name, id } = at(this.#slots, place % this.#slots.length);
    this.chain.dispatch(by(name), claim(id));
  }

  get earned(): bigint {
    this.#slots.forEach((_, place) => this.claim(place));
    return ACCOUNTS.reduce((sum, name) => sum + gain(this.chain, name), earnedBy(this.chain, 0, 1, 2, 3));
  }
}

describe('pallets/royalty the base', () => {
  it('any division of the same money over data, accounts and calls earns at most the same, and less by units only', () => {
    const slot = fc.record({
      name: fc.constantFrom(...ACCOUNTS),
      id: fc.integer({ min: 0, max: 3 }),
      weight: fc.bigInt({ min: 0n, max: 1_000n }),
    });
    const slots = fc
      .uniqueArray(slot, { minLength: 1, maxLength: 12, selector: ({ name, id }) => `${name} ${id}` })
      .filter((list) => list.some(({ weight }) => weight > 0n));
    const step = fc.record({
      does: fc.constantFrom('back', 'back', 'leave', 'release', 'claim', 'claim', 'rival', 'wait'),
      amount: fc.bigInt({ min: 12n * TAC, max: 10n ** 13n }),
      blocks: fc.oneof(fc.integer({ min: 0, max: 30 }), fc.constantFrom(DELAY, DELAY + 1)),
      place: fc.nat({ max: 11 }),
    });
    const plan = fc.record({
      slots,
      share: fc.bigInt({ min: 0n, max: 10_000n }),
      budget: fc.bigInt({ min: 1n, max: 10n ** 9n }),
      halving: fc.bigInt({ min: 1n, max: 5_000n }),
      steps: fc.array(step, { minLength: 2, maxLength: 30 }),
    });
    let some = 0;
    fc.assert(
      fc.property(plan, ({ slots, share, budget, halving, steps }) => {
        const [whole, split] = [new World([{ name: at(ACCOUNTS, 0), id: 0, weight: 1n }]), new World(slots)];
        let lives = 1n;
        for (const { chain } of [whole, split]) {
          set(chain, 'BackersShare', share);
          set(chain, 'IssuancePerPeriod', budget);
          set(chain, 'IssuanceHalving', halving);
        }
        for (const { does, amount, blocks, place } of steps) {
          if (does === 'release') lives++;
          for (const world of [whole, split]) {
            if (does === 'back') world.back(amount);
            else if (does === 'leave') world.leave();
            else if (does === 'release') world.release();
            else if (does === 'rival') done(world.chain, 'rival', back(4, amount));
            else if (does === 'claim' && world === split) world.claim(place);
            if (blocks > 0) leap(world.chain, blocks);
          }
        }
        const [all, parts] = [whole.earned, split.earned];
        expect(parts <= all, `${parts} in parts, ${all} as one`).to.equal(true);
        expect(all - parts <= 2n * BigInt(slots.length) * lives, `${parts} in parts, ${all} as one`).to.equal(true);
        if (all > 0n) some++;
      }),
      { numRuns: 60 },
    );
    expect(some).to.be.above(30);
  });

  it('dust is worth nothing: what is below a TAC is not taken, and a hundred pieces earn what one does', () => {
    const earnedWith = (pieces: bigint): bigint => {
      const names = Array.from({ length: Number(pieces) }, (_, i) => `piece ${i}`);
      const chain = backingChain(names, false);
      for (const [place, name] of names.entries()) done(chain, name, back(place % 4, (100n * TAC) / pieces));
      leap(chain, 1_000_000);
      for (const [place, name] of names.entries()) chain.dispatch(by(name), claim(place % 4));
      return names.reduce((sum, name) => sum + gain(chain, name), earnedBy(chain, 0, 1, 2, 3));
    };
    const [one, many] = [earnedWith(1n), earnedWith(100n)];
    expect(one > 3n * TAC && many <= one && one - many <= 104n, `${many} of ${one}`).to.equal(true);
  });

  it('adds up after any calls of anyone, and is never more than a block may issue', () => {
    const people = ['anna', 'ben'];
    const step = fc.record({
      does: fc.constantFrom(
        'back',
        'back',
        'withdraw',
        'release',
        'release',
        'claim',
        'burn',
        'revoke',
        'restore',
        'freeze',
        'thaw',
        'use',
        'set',
      ),
      who: fc.constantFrom(...people),
      id: fc.constantFrom(0, 0, 1),
      amount: fc.oneof(fc.bigInt({ min: 0n, max: 3n * TAC }), fc.bigInt({ min: TAC, max: 10n ** 14n })),
      blocks: fc.oneof(fc.integer({ min: 0, max: 25 }), fc.constant(DELAY)),
    });
    const succeeded = new Set<string>();
    fc.assert(
      fc.property(fc.array(step, { minLength: 20, maxLength: 60 }), (steps) => {
        const chain = backingChain(people, false);
        set(chain, 'RevokedHold', 20n);
        for (const { does, who: name, id, amount, blocks } of steps) {
          const [before, start] = [issuance(chain).issued * ONE + promised(chain), chain.ctx.block];
          const supply = totalIssuance(chain.ctx) - issuance(chain).issued;
          const asset = data(id);
          const all = backerOf(chain, id, name)?.active ?? 0n;
          const outcome = chain.dispatch(
            by(name),
            {
              back: back(id, amount),
              withdraw: withdraw(id, amount % 2n === 0n ? all : amount),
              release: release(id),
              claim: claim(id),
              burn: burnOf(id),
            }[does as string] ?? claim(9),
          );
          if (outcome === 'ok') succeeded.add(does);
          if (does === 'revoke') revokeAsset(chain.ctx, asset);
          if (does === 'restore') restoreAsset(chain.ctx, asset);
          if (does === 'freeze') freeze(chain.ctx, asset, start + 40);
          if (does === 'thaw') thaw(chain.ctx, asset);
          if (does === 'use' && freeOf(chain.ctx, who(name)) > 10n * TAC) use(chain, asset, 5n, 3n, name);
          if (does === 'set') set(chain, 'BackersShare', amount % 10_001n);
          checkAll(chain);
          if (blocks > 0) leap(chain, blocks);
          const now = issuance(chain).issued * ONE + promised(chain);
          // What was counted in this step is of the blocks since the base was counted last.
          const counted = BigInt(issuance(chain).backing.at) * PER_BLOCK * ONE;
          expect(now <= counted).to.equal(true);
          // Promises become money, and nothing else does; only what burns takes any back.
          if (does !== 'burn' && does !== 'release') expect(now >= before).to.equal(true);
          if (does !== 'burn' && does !== 'use')
            expect(totalIssuance(chain.ctx) - issuance(chain).issued).to.equal(supply);
        }
        checkAll(chain);
      }),
      { numRuns: 50 },
    );
    expect([...succeeded].toSorted()).to.deep.equal(['back', 'burn', 'claim', 'release', 'withdraw']);
  });

  it('stands on money that the escrow must have, withdrawn or not', () => {
    const chain = backingChain(['fan'], false);
    done(chain, 'fan', back(0, 3n * TAC));
    done(chain, 'fan', withdraw(0, TAC));
    checkAll(chain);
    transfer(chain.ctx, ESCROW, who('other'), 1n, 'allowDeath');
    expect(() => checkAll(chain)).to.throw('owes 3000000');
  });
});
